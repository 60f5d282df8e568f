"""What waits past a group's own clock: told to the group, once a step, more often the higher it sits."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cycles.models import Notice
from debriefs.models import Contribution
from hls.governing.models import Promise
from hls.notices import waiting
from hls.notices.tasks import send_due, tell_what_waits
from issues.groups.actions import decide
from issues.log.actions import accept, close_issue, escalate, hand_back, set_response
from issues.tracks.actions import look_at
from tests import factories as f

RAISED = datetime(2027, 3, 1, 10, tzinfo=UTC)
KINDS = ["issue_waits", "issue_review", "promise_waits", "offer_waits", "write_up"]


@pytest.fixture(autouse=True)
def _surroundings(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.QUIET_HOURS = None


def each_day(first, last):
    """The hourly task, once in each day between two days, counted from the day it was raised."""
    for number in range(first, last + 1):
        waiting.tell_what_waits(now=RAISED + timedelta(days=number))


def raised_to(here, team, owner_tier=""):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    with time_machine.travel(RAISED, tick=False):
        return escalate(
            issue=issue, to_team=team, why="We can't here.", asks="Decide.", by=here.worker, owner_tier=owner_tier
        )


def told(**more):
    return Notice.objects.filter(kind__in=KINDS, **more)


@pytest.mark.system(29)
@pytest.mark.parametrize(
    ("group", "owner", "steps"),
    [("working", "team", 4), ("leadership", "lship", 7), ("leadership", "govt", 13)],
)
def test_the_higher_it_sits_the_more_often_its_group_is_told(here, group, owner, steps):
    """Four weeks are the clock; then the next twelve weeks hold a step each 28, 14 or 7 days."""
    team = getattr(here, group)
    move = raised_to(here, team, owner)
    each_day(0, 27)
    assert not told().exists()
    each_day(28, 28 + 84)
    for again in (28, 56, 28 + 84):  # the task runs hourly, and after an outage again
        each_day(again, again)
    reader = {"working": here.helper, "leadership": here.leader}[group]
    assert {notice.user for notice in told()} == {reader}
    assert {(n.kind, n.channel, n.subject_ref) for n in told()} == {("issue_waits", "digest", move.pk)}
    assert told().count() == steps


def test_a_group_is_told_by_the_clock_it_agreed(here):
    here.leadership.answers_within = 10
    here.leadership.save()
    raised_to(here, here.leadership)
    each_day(0, 9)
    assert not told().exists()
    each_day(10, 10)
    assert told().count() == 1


def test_nobody_is_told_about_someone_elses_work(here):
    """Its own members only: not the team that raised it, its operational lead, a steward or the place's administrator."""
    raised_to(here, here.leadership)
    f.OfferFactory(to=here.cycle, on=RAISED.date())
    each_day(28, 40)
    assert {n.user for n in told(kind="issue_waits")} == {here.leader}
    assert {n.user for n in told(kind="offer_waits")} == {here.worker, here.colleague, here.recorder, here.op_lead}
    assert not told(user__in=[here.steward, here.admin, here.evidence, here.helper]).exists()


def test_the_letter_names_the_thing_and_no_person(here):
    with time_machine.travel(RAISED + timedelta(days=29), tick=False):
        move = raised_to(here, here.leadership)
    with time_machine.travel(RAISED + timedelta(days=28, hours=7), tick=False):
        tell_what_waits()
        send_due()
    (letter,) = mail.outbox
    assert letter.to == [here.leader.email]
    assert f"{move.issue.ref} was raised to your group on 1 March and is not answered yet." in letter.body
    for person in (here.worker, here.colleague, here.op_lead):
        assert person.name not in letter.body
        assert person.email not in str(letter.message())


def test_what_was_answered_meanwhile_is_not_told(here):
    back, kept = raised_to(here, here.leadership), raised_to(here, here.leadership)
    each_day(28, 28)
    with time_machine.travel(RAISED + timedelta(days=28, hours=1), tick=False):
        hand_back(move=back, by=here.leader, answer="Ask the council first.")
        accept(move=kept, by=here.leader)
    with time_machine.travel(RAISED + timedelta(days=28, hours=7), tick=False):
        send_due()
    (letter,) = [one for one in mail.outbox if one.to == [here.leader.email]]
    assert back.issue.ref not in letter.body
    assert f"{kept.issue.ref} was raised to your group on 1 March and is not decided yet." in letter.body
    with time_machine.travel(RAISED + timedelta(days=30), tick=False):
        decide(
            issue=kept.issue,
            team=here.leadership,
            by=here.leader,
            outcome="as_is",
            words="It stays, because of the law.",
        )
    each_day(31, 60)
    assert told().count() == 2


def test_an_outage_makes_no_flood(here):
    raised_to(here, here.leadership, "govt")
    waiting.tell_what_waits(now=RAISED + timedelta(days=28 + 70))
    assert told().count() == 1


@pytest.mark.parametrize(("days", "every", "step"), [(-1, 7, None), (0, 7, 0), (2, 7, 0), (3, 7, None), (7, 7, 1)])
def test_a_step_is_told_in_its_first_days_only(days, every, step):
    today = date(2027, 3, 1)
    assert waiting.step_on(today, today - timedelta(days=days), every) == step


def test_a_promise_past_its_day_is_asked_of_the_group_that_made_it(here, client):
    promise = Promise.objects.create(
        cycle=here.cycle, team=here.leadership, text="We open the form.", by=here.leader,
        made_on=RAISED.date(), due_on=RAISED.date() + timedelta(days=5),
    )  # fmt: skip
    each_day(0, 5)
    assert not told().exists()
    each_day(6, 6 + 28)
    assert {n.user for n in told()} == {here.leader}
    assert told().count() == 3
    client.force_login(here.leader)
    with time_machine.travel(timezone.now(), tick=False):
        Notice.objects.update(due_at=timezone.now())
        page = client.get(reverse("notices")).content.decode()
        assert "A promise of your group was for 6 March 2027. Say what became of it." in page
        Promise.objects.filter(pk=promise.pk).update(state="kept")
        assert "A promise of your group" not in client.get(reverse("notices")).content.decode()


def test_a_recorder_is_asked_once_to_write_up_what_was_shared(here):
    shared, empty = (f.DebriefFactory(cycle=here.cycle, planned_for=RAISED, recorder=here.recorder) for _ in range(2))
    for debrief, at in ((shared, RAISED), (empty, None)):
        Contribution.objects.create(debrief=debrief, author=here.worker, shared_at=at, saved_at=RAISED)
    waiting.tell_what_waits(now=RAISED + timedelta(hours=23))
    assert not told().exists()
    each_day(1, 9)
    assert [(n.user, n.kind, n.subject_ref) for n in told()] == [(here.recorder, "write_up", shared.pk)]


# ------------------------------------------------------------ a countermeasure to look at again


def to_look_at(here, owner=None, **about):
    """One whose day to be looked at is the day that the other things of this file are raised."""
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker, **about)
    return set_response(
        issue=issue, kind="countermeasure", text="Ring first", state="in_place", owner=owner,
        review_on=RAISED.date(), by=here.worker,
    )  # fmt: skip


def test_a_countermeasure_is_asked_about_on_its_day_of_the_team_that_keeps_it_going(here, client):
    now = to_look_at(here, owner=here.working)
    escalate(issue=now.issue, to_team=here.working, why="Theirs too.", asks="Keep it?", by=here.worker)
    each_day(-3, -1)
    assert not told().exists()
    each_day(0, 27)
    reviews = told(kind="issue_review")
    assert [(n.user, n.subject_ref) for n in reviews] == [(here.helper, now.pk)]
    each_day(28, 28)
    assert reviews.all().count() == 2
    with time_machine.travel(RAISED, tick=False):
        client.force_login(here.helper)
        page = client.get(reverse("today")).content.decode()
        assert "A countermeasure of your team is to be looked at again." in page
        shown = client.get(reverse("issues:list"), {"view": "review"}).content.decode()
        assert now.issue.ref in shown


def test_a_keeper_that_can_not_read_the_issue_is_not_asked_about_it(here):
    to_look_at(here, owner=here.working)
    each_day(0, 0)
    assert {n.user for n in told()} == {here.worker, here.colleague, here.recorder, here.op_lead}


def test_the_day_to_look_again_is_told_the_more_often_the_higher_the_issue_sits(here):
    to_look_at(here, owner_tier="govt")
    each_day(0, 28)
    assert told(user=here.worker).count() == 5


def test_the_letter_asks_whether_it_works_until_somebody_has_looked(here):
    now = to_look_at(here)
    with time_machine.travel(RAISED, tick=False):
        waiting.tell_what_waits(now=RAISED)
    with time_machine.travel(RAISED + timedelta(hours=7), tick=False):
        send_due()
    (letter,) = [one for one in mail.outbox if one.to == [here.worker.email]]
    assert f"The countermeasure of {now.issue.ref} was to be looked at on 1 March" in letter.body
    assert reverse("issues:upkeep", args=[now.issue.ref]) in letter.body
    assert "Ring first" not in letter.body
    with time_machine.travel(RAISED + timedelta(days=28), tick=False):
        waiting.tell_what_waits(now=timezone.now())
        look_at(issue=now.issue, by=here.colleague, working="yes")
    assert not told(seen_at=None).exists()
    assert not told(sent_at=None, dropped_at=None).exists()


def test_what_is_closed_is_not_asked_about(here):
    now = to_look_at(here)
    close_issue(issue=now.issue, how="in_place", words="Enough", by=here.worker)
    each_day(0, 3)
    assert not told().exists()
