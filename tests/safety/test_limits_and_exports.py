"""What leaves the building is written down, and nobody can ask for it, or for what is dear, without end."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.people.models import AuditEntry
from hls.leadership.models import Summary
from tests import factories as f


def read(response):
    """Its status, once a download has been read to its end, which is what closes its file."""
    if response.streaming:
        for _ in response.streaming_content:
            pass
    return response.status_code


def exports():
    return list(AuditEntry.objects.filter(act="export").values_list("actor_ref", "place_ref", "kind", "target_ref"))


@pytest.mark.parametrize("name", ["issues:export_csv", "issues:export_xlsx"])
def test_taking_the_log_out_is_written_down(client, here, name):
    f.IssueFactory(cycle=here.cycle)
    client.force_login(here.worker)
    read(client.get(reverse(name)))
    assert exports() == [(here.worker.pk, here.place.pk, "issue", None)]


def test_taking_a_summary_out_is_written_down_and_a_refusal_is_not(client, here):
    on = date(2026, 11, 20)
    pack = Summary.objects.create(
        place=here.place,
        team=here.leadership,
        period_start=on,
        period_end=on,
        key="k",
        state="ready",
        built_at=timezone.now(),
        agenda={"purpose": "Words"},
        pages=1,
        pdf=b"%PDF",
    )
    client.force_login(here.worker)
    assert client.get(reverse("summary_pdf", args=[pack.pk])).status_code == 404
    assert exports() == []
    client.force_login(here.leader)
    assert client.get(reverse("summary_pdf", args=[pack.pk])).status_code == 200
    assert exports() == [(here.leader.pk, here.place.pk, "summary", pack.pk)]


DEAR = {
    "issues:export_csv": ("worker", "get", {}, 20),
    "issues:export_xlsx": ("worker", "get", {}, 20),
    "issues:list": ("worker", "post", {"q": "letters"}, 240),
    "debriefs:search": ("worker", "post", {"q": "letters"}, 240),
    "issues:similar": ("worker", "post", {"description": "letters"}, 240),
    "summaries": ("leader", "post", {}, 20),
}


@pytest.mark.parametrize("name", DEAR)
def test_what_is_dear_is_slowed_down_for_one_person_and_kindly(client, here, name):
    from django.core.cache import cache

    who, method, data, most = DEAR[name]
    user = getattr(here, who)
    client.force_login(user)
    act = getattr(client, method)
    assert read(act(reverse(name), data)) in (200, 422)
    kind = {"export_csv": "export", "export_xlsx": "export", "summaries": "summary", "list": "search"}
    key = f"limit-{kind.get(name.rpartition(':')[2], name.rpartition(':')[2])}-user-{user.pk}"
    assert cache.get(key) == 1
    cache.set(key, most - 1)
    assert read(act(reverse(name), data)) in (200, 422), "the last one that is allowed"
    slowed = act(reverse(name), data)
    assert slowed.status_code == 429
    assert int(slowed["Retry-After"]) >= 60
    assert "Wait a few minutes" in slowed.content.decode()
    # Reading goes on, and so does a colleague.
    assert client.get(reverse("issues:list")).status_code == 200
    client.force_login(here.leader if who != "leader" else here.steward)
    assert read(act(reverse(name), data)) != 429


def test_reading_and_saving_drafts_are_never_slowed_down(client, here):
    debrief = f.DebriefFactory(cycle=here.cycle)
    client.force_login(here.worker)
    for _ in range(3):
        client.get(reverse("issues:list"))
        client.get(reverse("debriefs:write", args=[debrief.pk]))
        client.post(reverse("debriefs:draft", args=[debrief.pk]), {"now": "Words", "revision": "0"})
    from django.core.cache import cache

    names = ("search", "export", "summary", "similar")
    assert [name for name in names if cache.get(f"limit-{name}-user-{here.worker.pk}")] == []
