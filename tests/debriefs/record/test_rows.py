"""Rows of what was held, on the list of debriefs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories as f
from tests.helpers.html import parse, text_of

HOSTILE = "<img src=x onerror=alert(1)>"
WRITTEN_UP = {"state": "written_up", "held_on": timezone.localdate(), "written_up_at": timezone.now()}


@pytest.mark.parametrize(
    ("about", "said", "not_said"),
    [
        ({"held": True}, ["To write up"], ["Hot debrief", "Demo", "Recorder"]),
        ({"held": True, "kind": "hot", "is_demo": True}, ["Hot debrief", "To write up", "Demo"], ["Written up"]),
        ({"state": "missed", "missed_because": "Snow"}, ["Did not happen"], ["To write up"]),
        (WRITTEN_UP, ["Written up"], ["To write up"]),
        ({**WRITTEN_UP, "kind": "confirmation"}, ["Living our guides"], ["To write up", "Written up"]),
    ],
)
def test_a_row_says_what_kind_it_was_and_how_far_it_is(client, here, about, said, not_said):
    about = about | ({"written_up_by": here.recorder} if "written_up_at" in about else {})
    f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() - timedelta(days=2), **about)
    client.force_login(here.worker)
    page = parse(client.get(reverse("debriefs:list")))
    row = text_of(next(part for part in page.iter("ul") if part.get("class") == "rows mt"))
    assert all(words in row for words in said)
    assert not [words for words in not_said if words in row]


def test_names_on_a_row_are_words_and_it_leads_to_its_debrief(client, here):
    here.core.name = f"Core {HOSTILE}"
    here.core.save()
    here.recorder.short_name = f"R {HOSTILE}"[:40]
    here.recorder.save()
    debrief = f.DebriefFactory(
        cycle=here.cycle, held=True, recorder=here.recorder, planned_for=timezone.now() - timedelta(days=2)
    )
    client.force_login(here.worker)
    page = client.get(reverse("debriefs:list")).content.decode()
    assert "<img" not in page
    assert "Recorder: R &lt;img" in page
    assert f'href="{debrief.get_absolute_url()}"' in page
