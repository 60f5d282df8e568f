"""Who is told of a case before a forum: its members that one was brought, its bringer of plan and day. Never whose it is."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from cycles.models import Notice
from hls.meetings.waiting import waiting_for
from hls.notices import sending
from issues.forum_cases import actions
from issues.meetings import actions as meetings
from tests.factories import CaseFactory, ForumCaseFactory, ForumFactory, MeetingFactory, MembershipFactory

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
EVENING = NOW.replace(hour=16, minute=30)
KINDS = ["case_brought", "case_plan", "case_agenda"]


@pytest.fixture(autouse=True)
def _surroundings(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.QUIET_HOURS = None
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def forum(here):
    return ForumFactory(place=here.place)


@pytest.fixture
def member(here, forum):
    return MembershipFactory(team=forum, place=here.place, role="caseworker").user


@pytest.fixture
def case(here):
    return CaseFactory(team=here.core, worker=here.worker, alias="Jo")


@pytest.fixture
def brought(here, forum, member, case):
    return ForumCaseFactory(case=case, team=forum, by=here.worker)


def day(after=0):
    return timezone.localdate() + timedelta(days=after)


def told(*kinds):
    return Notice.objects.filter(kind__in=kinds or KINDS)


def letters(at=EVENING):
    with time_machine.travel(at, tick=False):
        while sending.send_digests(timezone.now()):
            pass
    sent, mail.outbox[:] = list(mail.outbox), []
    return {letter.to[0]: letter.body for letter in sent}


def nothing_of_the_life(body):
    body = re.sub(r"https?://\S+", "", body)  # by chance the signature of a link may spell a name
    return not any(words in body for words in ("Jo", "threshold", "door that locks", "said no"))


def meets(forum, by, **words):
    meeting = MeetingFactory(team=forum, by=by, **{"on": day(7)} | words)
    assert meeting.items.filter(kind="case").exists()
    return meeting


# ------------------------------------------------------------------ brought


@pytest.mark.system(49)
def test_forum_members_are_told_once_that_a_case_was_brought_and_not_whose(here, forum, member, brought):
    assert {n.user for n in told()} == {member}, "no colleague, steward, leader or administrator"
    sent = letters()
    assert set(sent) == {member.email}
    assert f"A case was brought to {forum}." in sent[member.email]
    assert nothing_of_the_life(sent[member.email])
    assert not letters(EVENING + timedelta(days=1))


def test_consent_taken_back_before_the_letter_is_told_to_nobody(here, member, brought):
    actions.take_back_consent(forum_case=brought, by=here.worker)
    assert not letters()


def test_who_left_the_forum_is_not_told_of_a_case(here, member, brought):
    member.memberships.update(to_on=day())
    MembershipFactory(user=member, team=here.core, place=here.place)
    assert not letters()


# ------------------------------------------------------------------ its plan


def test_bringer_is_told_of_each_day_s_plans_in_one_line(here, member, brought):
    told().delete()
    actions.write_plan(forum_case=brought, text="A room on Friday", by=member)
    actions.write_plan(forum_case=brought, text="A room today", changed="It came free", number=1, by=member)
    sent = letters()
    assert set(sent) == {here.worker.email}
    assert sent[here.worker.email].count("There is a new plan for a case that you brought to a forum.") == 1
    assert brought.get_absolute_url() in sent[here.worker.email]
    assert nothing_of_the_life(sent[here.worker.email])
    assert "room" not in sent[here.worker.email]


def test_bringer_is_not_told_of_a_plan_of_their_own(here, member, brought):
    told().delete()
    actions.write_plan(forum_case=brought, text="A room", by=here.worker)
    assert not told().exists()


def test_a_bringer_who_left_the_place_is_told_nothing(here, member, brought):
    told().delete()
    meets(brought.team, member)
    actions.write_plan(forum_case=brought, text="A room", by=member)
    assert told().count() == 2
    here.worker.memberships.update(to_on=day())
    assert set(letters()) <= {member.email}


def test_a_bringer_who_moved_to_another_team_is_told_nothing(here, member, brought):
    told().delete()
    brought.case.worker = here.colleague
    brought.case.save()
    here.worker.memberships.update(team=here.working)
    actions.write_plan(forum_case=brought, text="A room", by=member)
    assert here.worker.email not in letters()


# ------------------------------------------------------------------ its meeting


def test_bringer_is_told_when_it_is_set_on_an_agenda_and_when_that_moves(here, forum, member, brought):
    told().delete()
    meeting = meets(forum, member, begins_at="10:00")
    assert {(n.user, n.kind) for n in told()} == {(here.worker, "case_agenda")}
    meetings.put(meeting=meeting, things=waiting_for(meeting), by=member)  # pressed again
    assert told().count() == 1
    sent = letters()[here.worker.email]
    assert f"A case that you brought is before {forum} on 8 March at 10:00am." in sent
    assert nothing_of_the_life(sent)

    meeting.refresh_from_db()
    about = {name: getattr(meeting, name) for name in ("begins_at", "length", "where", "kind")}
    meetings.change(meeting=meeting, version=meeting.version, by=member, on=day(9), **about)
    sent = letters(EVENING + timedelta(days=1))[here.worker.email]
    assert "on 10 March at 10:00am." in sent

    meetings.call_off(meeting=meeting, why="No room", by=member)
    sent = letters(EVENING + timedelta(days=2))[here.worker.email]
    assert f"{forum} was to talk about a case that you brought on 10 March. It is called off." in sent


def test_moved_before_the_letter_is_one_line(here, forum, member, brought):
    told().delete()
    meeting = meets(forum, member)
    meeting.refresh_from_db()
    about = {name: getattr(meeting, name) for name in ("begins_at", "length", "where", "kind")}
    meetings.change(meeting=meeting, version=meeting.version, by=member, on=day(9), **about)
    assert letters()[here.worker.email].count("A case that you brought") == 1


def test_taken_off_the_agenda_before_the_letter_is_not_told(here, forum, member, brought):
    told().delete()
    meeting = meets(forum, member)
    meetings.take_off(item=meeting.items.get(kind="case"), by=member)
    assert here.worker.email not in letters()


def test_nobody_but_the_bringer_hears_of_its_agenda(here, forum, member, brought):
    """The forum's other members are called to the meeting; what is on it they read there."""
    other = MembershipFactory(team=forum, place=here.place).user
    told().delete()
    meets(forum, member)
    assert {n.user for n in told()} == {here.worker}
    sent = letters()
    assert set(sent) == {here.worker.email, other.email}
    assert "case" not in sent[other.email]
