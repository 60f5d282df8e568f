"""What is told of meetings, promises, recommendations and cases before a forum. A life is a case here: no name, and
nothing that was said.
"""

from django.utils import timezone

from cycles.notices.models import Notice
from hls.governing.models import Promise
from hls.look.words import clock, day
from hls.notices.saying import Line, address, page, seen_by_each
from issues.forum_cases.models import ForumCase
from issues.meetings.models import AgendaItem, Meeting
from issues.pledges.models import Recommendation, commissions_in

Kind = Notice.Kind
State = Meeting.State


def _meetings(notices, **which):
    """To members alone: whoever reads along, such as a steward, is not called."""
    rows = Meeting.objects.filter(**which).select_related("team").defer("minutes")
    for notice, meeting in seen_by_each(notices, rows):
        if notice.user.rights.in_team(meeting.team_id):
            yield notice, meeting


def _when(meeting):
    return f"{day(meeting.on)} at {clock(meeting.begins_at)}" if meeting.begins_at else day(meeting.on)


def _meeting_called(notices):
    return {
        notice.pk: Line(f"{meeting.team} meets on {_when(meeting)}.", page(meeting))
        for notice, meeting in _meetings(notices, state__in=[State.PLANNED, State.LIVE])
    }


def _meeting_moved(notices):
    lines = {}
    for notice, meeting in _meetings(notices, state__in=[State.PLANNED, State.LIVE, State.OFF]):
        words = f"When or where {meeting.team} meets has changed: now {_when(meeting)}."
        if meeting.state == State.OFF:
            words = f"The meeting of {meeting.team} on {day(meeting.on)} is called off."
        lines[notice.pk] = Line(words, page(meeting))
    return lines


def _agenda_sent(notices):
    return {
        notice.pk: Line(f"The agenda of {meeting.team} for {_when(meeting)} is there to read.", page(meeting))
        for notice, meeting in _meetings(notices, state__in=[State.PLANNED, State.LIVE])
    }


def _minutes_ready(notices):
    return {
        notice.pk: Line(
            f"The minutes of {meeting.team}, {day(meeting.on)}, are ready.", address("meetings:minutes", meeting.pk)
        )
        for notice, meeting in _meetings(notices, state=State.HELD)
    }


def _promise_made(notices):
    return {
        notice.pk: Line(f"A promise was made for your group, for {day(promise.due_on)}.", page(promise))
        for notice, promise in seen_by_each(notices, Promise.objects.filter(state__in=Promise.OPEN))
        if notice.user.rights.in_team(promise.team_id)
    }


def _advice_asked(notices):
    return {
        notice.pk: Line(f"{advice.team} recommends something to commissioners, and asks for an answer.", page(advice))
        for notice, advice in _unanswered(notices)
    }


def _advice_waits(notices):
    return {
        notice.pk: Line(f"What {advice.team} recommended on {day(advice.sent_on)} waits for an answer.", page(advice))
        for notice, advice in _unanswered(notices)
    }


def _unanswered(notices):
    """To commissioners alone: others who may read it are not asked."""
    rows = Recommendation.objects.waiting().select_related("team")
    for notice, advice in seen_by_each(notices, rows):
        if advice.place_id in commissions_in(notice.user):
            yield notice, advice


def _case_brought(notices):
    """That there is one, to the forum's members: they read it from the meeting on that it comes to."""
    rows = ForumCase.objects.agreed().select_related("team").in_bulk({notice.subject_ref for notice in notices})
    lines = {}
    for notice in notices:
        case = rows.get(notice.subject_ref)
        if case and case.is_open and notice.user.rights.in_team(case.team_id):
            words = f"A case was brought to {case.team}. It goes on your next agenda."
            lines[notice.pk] = Line(words, address("meetings:list", case.team.slug))
    return lines


def _own_cases(notices):
    for notice, case in seen_by_each(notices, ForumCase.objects.agreed()):
        if case.brought_by_id == notice.user_id:
            yield notice, case


def _case_plan(notices):
    words = "There is a new plan for a case that you brought to a forum."
    return {notice.pk: Line(words, page(case)) for notice, case in _own_cases(notices)}


def _case_agenda(notices):
    """The next meeting that it comes to; where that one was called off, that it was."""
    own = list(_own_cases(notices))
    meets = _meets_on({case.pk for _, case in own})
    lines = {}
    for notice, case in own:
        if meeting := meets.get(case.pk):
            words = f"A case that you brought is before {meeting.team} on {_when(meeting)}."
            if meeting.state == State.OFF:
                words = (
                    f"{meeting.team} was to talk about a case that you brought on {day(meeting.on)}. It is called off."
                )
            lines[notice.pk] = Line(words, page(case))
    return lines


def _meets_on(cases):
    """{case: the meeting it comes to}: one that is to be held before one that was called off, the soonest first."""
    items = AgendaItem.objects.filter(forum_case__in=cases, meeting__on__gte=timezone.localdate())
    items = items.exclude(meeting__state=State.HELD)
    found = {}
    for item in items.select_related("meeting__team").order_by("meeting__on", "pk"):
        stands = found.get(item.forum_case_id)
        if stands is None or (stands.state == State.OFF and item.meeting.state != State.OFF):
            found[item.forum_case_id] = item.meeting
    return found


LOOK_UP = {
    Kind.MEETING_CALLED: _meeting_called,
    Kind.MEETING_MOVED: _meeting_moved,
    Kind.AGENDA_SENT: _agenda_sent,
    Kind.MINUTES_READY: _minutes_ready,
    Kind.PROMISE_MADE: _promise_made,
    Kind.ADVICE_ASKED: _advice_asked,
    Kind.ADVICE_WAITS: _advice_waits,
    Kind.CASE_BROUGHT: _case_brought,
    Kind.CASE_PLAN: _case_plan,
    Kind.CASE_AGENDA: _case_agenda,
}
