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
