"""A talk without a screen: one side of A4, and one page to type it in."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from debriefs.models import BeliefNote, Contribution, Debrief, DebriefAnswer, FollowUp
from tests import factories as f
from tests.helpers.html import forms
from tests.helpers.queries import assert_queries_stay_flat

ENTER = "debriefs:paper_enter"


@pytest.fixture
def recorder(client, here):
    client.force_login(here.recorder)
    return client


def form_of(client):
    url = reverse(ENTER)
    return next(one for one in forms(client.get(url), url) if "now" in one.names).data()


def test_the_sheet_has_the_six_prompts_the_day_and_who_was_there(recorder, here):
    planned = f.DebriefFactory(cycle=here.cycle, where="North hub")
    page = recorder.get(reverse("debriefs:paper_of", args=[planned.pk])).text
    for number in range(1, 7):
        assert f"<h3>{number}. " in page
    for name in ("North hub", str(here.worker), "Op lead", "Leaders", "No name with this one."):
        assert name in page
    assert recorder.get(reverse("debriefs:paper")).status_code == 200


@pytest.mark.system(24)
def test_a_sheet_typed_in_is_a_debrief_of_that_day_with_all_six_answers(recorder, here):
    sent = form_of(recorder) | {
        "on": timezone.localdate().isoformat(),
        "present": [str(here.worker.pk), str(here.colleague.pk)],
        "now": "Eleven people.",
        "need": "A name to ring.",
        "well": "Tired.",
        "learn": "Sit with them.",
        "belief": "Still high.",
        "next-op_lead": "Ask revenues.",
    }
    first, again = (recorder.post(reverse(ENTER), sent) for _ in range(2))
    debrief = Debrief.objects.get()
    assert first.url == again.url == debrief.get_absolute_url()
    assert (debrief.state, debrief.held_on) == ("held", timezone.localdate())
    assert {here.worker, here.colleague} <= set(debrief.present.all())
    assert set(DebriefAnswer.objects.values_list("text", flat=True)) == {
        "Eleven people.",
        "A name to ring.",
        "Tired.",
        "Sit with them.",
    }
    assert BeliefNote.objects.get().text == "Still high."
    assert FollowUp.objects.get().audience == "op_lead"


def test_it_becomes_the_debrief_that_was_planned_that_day(recorder, here):
    planned = f.DebriefFactory(cycle=here.cycle)
    sent = form_of(recorder) | {"on": timezone.localdate(planned.planned_for).isoformat(), "now": "On paper."}
    for _ in range(2):
        assert recorder.post(reverse(ENTER), sent).url == planned.get_absolute_url()
    assert (Debrief.objects.count(), DebriefAnswer.objects.count()) == (1, 1)


def test_notes_begun_on_a_screen_are_never_written_over(recorder, here):
    planned = f.DebriefFactory(cycle=here.cycle)
    Contribution.objects.create(
        debrief=planned, author=here.recorder, draft={"words": {"now": "Begun."}}, saved_at=timezone.now()
    )
    sent = form_of(recorder) | {"now": "On paper."}
    refused = recorder.post(reverse(ENTER), sent)
    assert refused.status_code == 422
    assert "You have notes for this debrief already." in refused.text
    assert "On paper.</textarea>" in refused.text
    assert Contribution.objects.get().draft == {"words": {"now": "Begun."}}


@pytest.mark.parametrize("wrong", [{"on": "2999-01-01"}, {"on": "1999-01-01"}, {"on": "soon"}, {}])
def test_an_odd_day_or_an_empty_sheet_keeps_what_was_typed(recorder, here, wrong):
    sent = form_of(recorder) | ({"now": "Kept."} | wrong if wrong else {})
    refused = recorder.post(reverse(ENTER), sent)
    assert refused.status_code == 422
    assert not Debrief.objects.exists()
    assert ("Kept.</textarea>" in refused.text) is bool(wrong)


def test_who_is_no_member_was_not_there(recorder, here, elsewhere):
    refused = recorder.post(reverse(ENTER), form_of(recorder) | {"now": "x", "present": [str(elsewhere.worker.pk)]})
    assert refused.status_code == 422


def test_the_pages_take_as_many_queries_for_three_people_as_for_one(recorder, here):
    def add():
        f.MembershipFactory(place=here.place, team=here.core)

    assert_queries_stay_flat(recorder, reverse(ENTER), add)
    assert_queries_stay_flat(recorder, reverse("debriefs:paper"), add)


@pytest.mark.browser
def test_it_prints_on_one_side_of_a4(page, live_server, sign_in, transactional_db, live_server_settings):
    from cycles.questions.sets import load_questions
    from tests.factories.fixtures import make_place

    load_questions("default")
    here = make_place()
    for _ in range(4):
        f.MembershipFactory(place=here.place, team=here.core)
    sign_in(here.worker, reverse("debriefs:paper"))
    sheet = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet)) == 1
