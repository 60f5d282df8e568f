"""Who is told of a meeting, of its minutes and of a promise made in it: the group's own members, once, in the day's letter."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cycles.models import Notice
from hls.governing.models import Promise
from hls.notices import sending
from issues.log.actions import escalate
from issues.meetings import actions
from issues.models import Meeting
from tests.factories import IssueFactory, MeetingFactory, MembershipFactory
from tests.helpers.queries import queries_of

KINDS = ["meeting_called", "meeting_moved", "minutes_ready", "promise_made"]
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
EVENING = NOW.replace(hour=16, minute=30)


@pytest.fixture(autouse=True)
def _surroundings(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.QUIET_HOURS = None
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def second(here):
    """Another member of the leadership group, who did nothing."""
    return MembershipFactory(place=here.place, team=here.leadership, role="leader").user


@pytest.fixture
def meeting(here, second):
    return MeetingFactory(
        team=here.leadership, by=here.leader, on=day(7), begins_at="10:00", length=60, where="Town hall"
    )


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


def move(meeting, by, **words):
    meeting.refresh_from_db()
    about = {name: getattr(meeting, name) for name in ("on", "begins_at", "length", "where", "kind")}
    return actions.change(meeting=meeting, version=meeting.version, by=by, **about | words)


# ------------------------------------------------------------------ its day


@pytest.mark.system(29)
def test_members_are_told_once_that_a_meeting_is_called_and_nobody_else(here, second, meeting):
    assert {n.user for n in told()} == {second}, "whoever called it knows; no steward, administrator or other team"
    sent = letters()
    assert set(sent) == {second.email}
    assert f"{here.leadership} meets on 8 March at 10:00am." in sent[second.email]
    assert meeting.get_absolute_url() in sent[second.email]
    assert not letters(EVENING + timedelta(days=1))


def test_a_meeting_that_is_moved_before_the_letter_is_one_line_in_it(here, second, meeting):
    move(meeting, here.leader, on=day(8))
    move(meeting, here.leader, on=day(9), where="Library")
    sent = letters()[second.email]
    assert sent.count(here.leadership.name) == 1
    assert f"When or where {here.leadership} meets has changed: now 10 March at 10:00am." in sent
    assert told().filter(sent_at__isnull=False).count() == 1
    assert "Library" not in sent, "what people typed stays in Cairn"


def test_what_moves_nobody_tells_nobody(here, second, meeting):
    letters()
    move(meeting, here.leader, length=90)
    move(meeting, here.leader, where="Town hall")
    assert not told("meeting_moved").exists()
    move(meeting, here.leader, where="Library")
    assert told("meeting_moved").count() == 1


def test_a_meeting_called_off_is_told_once_and_its_reason_is_not_mailed(here, second, meeting):
    letters()
    for _ in range(2):
        actions.call_off(meeting=meeting, why="Ann is ill", by=here.leader)
    assert told("meeting_moved").count() == 1
    sent = letters(EVENING + timedelta(days=1))[second.email]
    assert f"The meeting of {here.leadership} on 8 March is called off." in sent
    assert "Ann" not in sent


def test_planned_twice_by_two_clicks_is_told_once(client, here, second):
    client.force_login(here.leader)
    sent = {"client_id": "5b0e7c1e-0000-4000-8000-00000000000a", "on": day(3).isoformat(), "length": 60,
            "kind": "formal", "begins_at": "", "where": ""}  # fmt: skip
    for _ in range(2):
        client.post(reverse("meetings:plan", args=[here.leadership.slug]), sent)
    assert Meeting.objects.count() == 1
    assert [n.user for n in told()] == [second]


def test_a_meeting_put_in_afterwards_calls_nobody(here, second):
    MeetingFactory(team=here.leadership, by=here.leader, on=day(-1))
    MeetingFactory(team=here.leadership, by=here.leader, on=day(), begins_at="08:00")
    assert not told().exists()


def test_who_left_the_group_before_the_letter_gets_none(here, second, meeting):
    second.memberships.update(to_on=day())
    MembershipFactory(place=here.place, team=here.core, user=second)
    assert not letters()
    assert told().get().dropped_at


def test_a_steward_who_was_a_member_is_not_called(here, second, meeting):
    """A steward reads along; the meeting is the members' own."""
    second.memberships.update(team=None, role="steward")
    assert not letters()


def test_what_is_over_by_the_letter_is_not_told(here, second):
    MeetingFactory(team=here.leadership, by=here.leader, on=day(), begins_at="14:00")
    assert told().count() == 1
    with time_machine.travel(EVENING, tick=False):
        sending.drop_stale(timezone.now())
    assert not letters()


def test_who_wants_no_letter_reads_it_in_cairn(client, here, second, meeting):
    from cycles.notices.choices import stop

    stop(user_id=second.pk, kinds=["meeting_called"])
    with time_machine.travel(EVENING, tick=False):
        sending.keep_in_app(timezone.now())
    assert not letters()
    client.force_login(second)
    assert f"{here.leadership} meets on 8 March" in client.get(reverse("notices")).content.decode()
    today = client.get(reverse("today")).content.decode()
    assert "Your group is to meet." in today
    assert meeting.get_absolute_url() in today


def test_today_forgets_a_meeting_whose_day_has_come(client, here, second, meeting):
    client.force_login(second)
    assert "Your group is to meet." in client.get(reverse("today")).content.decode()
    with time_machine.travel(NOW + timedelta(days=8), tick=False):
        client.force_login(second)
        assert "Your group is to meet." not in client.get(reverse("today")).content.decode()


# ------------------------------------------------------------------ its minutes


def held(meeting, by):
    row = actions.begin(meeting=meeting, by=by)
    return actions.end(meeting=row, by=by, minutes_of=lambda row: {"said": []})


def test_members_are_told_once_that_the_minutes_are_ready(client, here, second, meeting):
    held(meeting, here.leader)
    actions.end(meeting=meeting, by=here.leader, minutes_of=dict)  # the second of two clicks
    actions.correct(meeting=meeting, text="It was Tuesday", by=here.leader)
    assert [n.user for n in told("minutes_ready")] == [second]
    sent = letters()
    assert set(sent) == {second.email}
    assert f"The minutes of {here.leadership}, 1 March, are ready." in sent[second.email]  # begun a week early
    assert reverse("meetings:minutes", args=[meeting.pk]) in sent[second.email]
    assert "meets on" not in sent[second.email], "its day is over, so only the minutes are told of"


def test_who_left_before_the_letter_is_not_told_of_minutes(here, second, meeting):
    held(meeting, here.leader)
    second.memberships.update(to_on=day())
    assert not letters()


# ------------------------------------------------------------------ a promise made in it


def promised(client, here, team):
    issue = IssueFactory(cycle=here.cycle, raised_by=here.worker)
    escalate(issue=issue, to_team=here.leadership, why="Policy", asks="May it wait?", by=here.worker)
    live = MeetingFactory(team=here.leadership, by=here.leader, is_live=True)
    Notice.objects.update(dropped_at=timezone.now())
    client.force_login(here.leader)
    sent = {"text": "Marie rings first", "team": team.pk, "due_on": day(7).isoformat()}
    for _ in range(2):
        client.post(
            reverse("meetings:promise", args=[live.items.get(issue=issue).pk]),
            sent | {"client_id": "5b0e7c1e-0000-4000-8000-00000000000b"},
        )
    return Promise.objects.get()


def test_the_group_that_promised_in_a_meeting_is_told_once(client, here, second):
    promise = promised(client, here, here.leadership)
    assert [n.user for n in told("promise_made")] == [second], "whoever wrote it down was there"
    sent = letters()[second.email]
    assert "A promise was made for your group, for 8 March." in sent
    assert promise.get_absolute_url() in sent
    assert "Marie" not in sent


def test_another_group_hears_what_was_promised_for_it(client, here, second):
    promised(client, here, here.working)
    assert [n.user for n in told("promise_made")] == [here.helper]


def test_a_promise_kept_before_the_letter_is_not_told(client, here, second):
    Promise.objects.filter(pk=promised(client, here, here.leadership).pk).update(state="kept")
    assert not letters()


def test_messages_page_asks_as_often_for_three_meetings_as_for_one(client, here, second, meeting):
    client.force_login(second)
    client.get(reverse("notices"))
    one = len(queries_of(client, reverse("notices")))
    for after in (14, 21):
        MeetingFactory(team=here.leadership, by=here.leader, on=day(after))
    assert len(queries_of(client, reverse("notices"))) == one
