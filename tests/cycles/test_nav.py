import pytest

from hls.look.nav import bar


@pytest.mark.parametrize(
    ("door", "path", "lit"),
    [
        ("caseworker", "/experiments/3/", ["Cycles"]),
        ("caseworker", "/measures/", ["Cycles"]),
        ("recorder", "/measures/3/", ["Measures"]),
        ("evidence", "/stories/", ["Stories"]),
        ("caseworker", "/people/2/why/", ["People"]),
        ("caseworker", "/help/", []),
    ],
)
def test_what_hangs_from_a_cycle_lights_its_item(door, path, lit):
    assert [item.label for item in bar(door, path) if item.current] == lit


# DESIGN.md section 2, in its order; every one must lead to a page of this installation.
FIVE = {
    "caseworker": "Today Debriefs Issues People Cycles",
    "recorder": "Today Debriefs Issues Measures Cycles",
    "steward": "Triage Issues Cycles Groups Measures",
    "leader": "Overview Decisions Issues Cycles Summary",
    "evidence": "Measures People Issues Stories Summary",
}


@pytest.mark.parametrize(("door", "items"), FIVE.items())
def test_each_door_has_its_five_items(door, items):
    assert [item.label for item in bar(door, "/")] == items.split()


PEOPLE = {
    "worker": "caseworker",
    "recorder": "recorder",
    "steward": "steward",
    "leader": "leader",
    "evidence": "evidence",
}


@pytest.mark.parametrize(("who", "door"), PEOPLE.items())
def test_each_item_opens_for_whoever_has_it(client, here, who, door):
    client.force_login(getattr(here, who))
    for item in bar(door, "/"):
        assert client.get(item.url).status_code == 200, item.label
