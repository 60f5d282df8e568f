"""A hot debrief: a day for someone to join it; then it is a planned one, and never overdue."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.models import Guide, Notice
from debriefs.models import Debrief, DebriefAnswer, GuideTag
from debriefs.plans.follow import follow_plans
from debriefs.record import hot, queries
from tests import factories as f
from tests.debriefs.record.test_pages import hot_form

HOT = "debriefs:hot"


@pytest.fixture
def writer(client, here):
    client.force_login(here.worker)
    return client


def call(client, **words):
    assert client.post(reverse(HOT), hot_form(client) | {"issue": "Agents rang Joe."} | words).status_code == 302
    return Debrief.objects.get(kind="hot")


def answer(client, debrief, how):
    return client.post(reverse("debriefs:hot_answer", args=[debrief.pk]), {"how": how}, follow=True)


@pytest.mark.system(25)
def test_the_whole_team_and_its_operational_leads_are_told_at_once(writer, here):
    debrief = call(writer, asked=[str(here.colleague.pk)])
    told = Notice.objects.filter(kind="hot_debrief", channel="at_once", subject_ref=debrief.pk)
    assert {notice.user for notice in told} == {here.colleague, here.recorder, here.op_lead}
    assert all(notice.due_at <= timezone.now() for notice in told)
    assert list(debrief.needed.all()) == [here.colleague]
    assert list(debrief.present.all()) == [here.worker]  # nobody is said to have been there before they were


@pytest.mark.system(25)
def test_it_waits_a_day_and_someone_joins_in_one_tap(client, writer, here):
    debrief = call(writer)
    assert timedelta(hours=23) < debrief.open_until - timezone.now() <= timedelta(hours=24)
    client.force_login(here.op_lead)
    assert "Can you talk?" in client.get(debrief.get_absolute_url()).text
    page = answer(client, debrief, "join")
    assert "You are in it." in page.text
    assert "Can you talk?" not in page.text
    assert set(debrief.present.all()) == {here.worker, here.op_lead}
    hot.plan_the_unanswered(timezone.now() + timedelta(days=3))
    debrief.refresh_from_db()
    assert debrief.state == "held"


@pytest.mark.system(25)
def test_if_nobody_can_it_becomes_a_planned_one_with_its_words(writer, here):
    debrief = call(writer)
    later = timezone.now() + timedelta(hours=24, minutes=1)
    coming = f.DebriefFactory(cycle=here.cycle, planned_for=later + timedelta(hours=5))
    hot.plan_the_unanswered(later - timedelta(minutes=10))
    debrief.refresh_from_db()
    assert debrief.state == "held"
    follow_plans(now=later)
    debrief.refresh_from_db()
    assert (debrief.state, debrief.planned_for, debrief.open_until) == ("planned", coming.planned_for, None)
    assert DebriefAnswer.objects.get().text == "Agents rang Joe."
    assert debrief in queries.debriefs_to_come(here.colleague, later)
    page = writer.get(debrief.get_absolute_url()).text
    assert "That is no fault." in page
    for word in ("overdue", "late", "missed"):
        assert word not in page.lower().replace("later", "").replace("template", "").replace("related", "")


def test_without_a_planned_one_it_is_set_for_nine_on_the_next_weekday(here):
    friday = timezone.make_aware(timezone.datetime(2030, 3, 1, 15))
    at = timezone.localtime(hot.next_time(here.core, friday))
    assert (at.weekday(), at.hour, at.minute) == (0, 9, 0)


def test_it_is_reminded_of_like_any_planned_one(writer, here):
    debrief = call(writer)
    answer(writer, debrief, "plan")
    debrief.refresh_from_db()
    assert debrief.state == "planned"
    follow_plans(now=debrief.planned_for - timedelta(hours=3))
    soon = Notice.objects.filter(kind="debrief_soon", subject_ref=debrief.pk)
    assert {notice.user for notice in soon} == {here.worker, here.colleague, here.recorder, here.op_lead}


def test_when_nobody_could_then_either_it_asks_what_got_in_the_way(writer, here):
    debrief = call(writer)
    answer(writer, debrief, "plan")
    debrief.refresh_from_db()
    follow_plans(now=debrief.planned_for + timedelta(hours=25))
    debrief.refresh_from_db()
    assert debrief.state == "missed"
    page = writer.get(debrief.get_absolute_url()).text
    assert "What got in the way?" in page
    assert "Agents rang Joe." in page


def test_notes_of_someone_else_end_the_wait(client, writer, here):
    debrief = call(writer)
    client.force_login(here.colleague)
    client.post(reverse("debriefs:write", args=[debrief.pk]), {"action": "share", "learn": "We rang together."})
    debrief.refresh_from_db()
    assert (debrief.state, debrief.open_until) == ("held", None)


def test_the_caller_says_that_they_have_talked(writer, here):
    debrief = call(writer)
    assert "We have talked" in writer.get(debrief.get_absolute_url()).text
    answer(writer, debrief, "join")
    debrief.refresh_from_db()
    assert debrief.open_until is None


def test_answering_what_is_settled_changes_nothing(writer, here):
    held = f.DebriefFactory(cycle=here.cycle, held=True)
    assert "This one is settled already." in answer(writer, held, "plan").text
    held.refresh_from_db()
    assert held.state == "held"


@pytest.mark.system(25)
def test_guides_may_be_ticked_when_calling(writer, here):
    rule = Guide.objects.create(kind="rule", text="Do no harm", cycle=here.cycle, by=here.worker)
    debrief = call(writer, **{"issue-blocked": [str(rule.pk)]})
    tag = GuideTag.objects.get()
    assert (tag.guide, tag.how, tag.answer.debrief) == (rule, "blocked", debrief)


def test_what_got_in_the_way_becomes_learning_or_an_issue_in_one_step(writer, here):
    from cycles.models import Lesson
    from debriefs.models import Produced
    from issues.models import Issue

    missed = f.DebriefFactory(cycle=here.cycle, state="missed", planned_for=timezone.now() - timedelta(days=2))
    url = reverse("debriefs:missed", args=[missed.pk])
    for _ in range(2):
        writer.post(url, {"words": "Two of us were at court.", "becomes": "lesson"})
    lesson = Lesson.objects.get()
    assert (lesson.text, lesson.kind) == ("Two of us were at court.", "method")
    writer.post(url, {"words": "Court takes every Tuesday.", "becomes": "issue"})
    assert (Issue.objects.get().description, Issue.objects.get().kind) == ("Court takes every Tuesday.", "method")
    assert Produced.objects.filter(contribution=None).count() == 2  # the thread names nobody
    page = writer.get(missed.get_absolute_url()).text
    assert lesson.get_absolute_url() in page
    empty = writer.post(url, {"words": " ", "becomes": "issue"})
    assert empty.status_code == 422
    assert "Say what got in the way first." in empty.text
    assert Issue.objects.count() == 1
