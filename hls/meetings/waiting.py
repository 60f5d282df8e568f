"""What waits for a group by the day it meets: the agenda builds itself from this, and from nothing anyone typed.

Every agenda starts with what changed and has one story; then what waits longest, what is due, what is always asked.
"""

from cycles.people.models import Team
from cycles.questions.models import Question
from hls.governing.models import Promise
from hls.leadership.models import Summary
from issues.forum_cases.models import ForumCase
from issues.log.models import IssueMove
from issues.meetings.actions import Waiting
from issues.meetings.models import AgendaItem, ItemKind, Meeting
from issues.meetings.naming import called
from issues.pledges.models import Pledge, Recommendation

MOST_ISSUES, MOST_PROMISES, MOST_CASES = 12, 6, 6
# What a group that has said nothing of its own has on every agenda.
ALWAYS = (
    Waiting(ItemKind.CHANGED, "What changed since last time", 10),
    Waiting(ItemKind.STORY, "A story, told with permission", 15),
    Waiting(ItemKind.REFLECT, "What did we learn, what must shift, what do we let go of?", 10),
)


def waiting_for(meeting):
    """Everything, in the order it goes on an agenda. As many queries however much waits."""
    team, standing = meeting.team, _standing(meeting.team)
    first = [one for one in standing if one.kind in (ItemKind.CHANGED, ItemKind.STORY)]
    last = [one for one in standing if one.kind not in (ItemKind.CHANGED, ItemKind.STORY)]
    summaries = _summaries(team)
    carried = _carried(team)
    taken = {one.key for one in carried}
    waits = [*_issues(team), *_cases(team, meeting.on), *_promises(team, meeting.on)]
    waits = [one for one in waits if one.key not in taken]
    if meeting.kind == Meeting.Kind.LEARNING:
        return [*first, *summaries, *carried, *waits, *last]
    return [*first, *carried, *waits, *_pledges(team, meeting.on), *_advice(team), *summaries, *last]


def _standing(team):
    rows = team.standing_items.all()
    return [Waiting(row.kind, row.text, row.length) for row in rows] or list(ALWAYS)


def _carried(team):
    """What was put off, and has not come up again since."""
    rows = (
        AgendaItem.objects.filter(
            meeting__team=team, meeting__state=Meeting.State.HELD, outcome=AgendaItem.Outcome.DEFERRED, carried_to=None
        )
        .select_related("meeting", "issue__place", "forum_case")
        .defer("issue__search")
        .order_by("settled_at", "pk")
    )
    return [
        Waiting(
            row.kind,
            called(row.issue) if row.issue else row.title,
            row.length,
            issue=row.issue,
            forum_case=row.forum_case,
            subject_ref=row.subject_ref,
            from_item=row,
            why="Put off last time",
        )
        for row in rows
        if (row.issue is None or row.issue.is_open)
        and (row.forum_case is None or (row.forum_case.is_open and row.forum_case.has_consent))
    ]


def _issues(team):
    """Raised to it and not answered, or taken on and not decided: the longest first."""
    moves = (
        IssueMove.objects.filter(to_team=team, waits=True)
        .select_related("issue__place", "from_team")
        .defer("issue__search")
        .order_by("at", "pk")
    )
    found = {}
    for move in moves[: MOST_ISSUES * 2]:
        asked = f"Asked by {move.from_team}"
        held = f"With {team}, not decided"
        why = asked if move.state == IssueMove.State.OFFERED else held
        found[move.issue_id] = Waiting(ItemKind.ISSUE, called(move.issue), 20, issue=move.issue, why=why)
    return list(found.values())[:MOST_ISSUES]


def _cases(team, on):
    """Brought and not planned yet, or to be looked at again by then. Never a name: an agenda is read by many."""
    if team.kind != Team.Kind.FORUM:
        return []
    rows = ForumCase.objects.agreed().filter(team=team, state__in=["brought", "live"]).select_related("agency")
    found = []
    for row in rows.prefetch_related("plans").order_by("brought_on", "pk"):
        plan = next(iter(row.plans.all()), None)
        if plan is None or (plan.look_again_on and plan.look_again_on <= on):
            whose = f"A case, brought by {row.agency}" if row.agency else "A person’s case"
            found.append(Waiting(ItemKind.CASE, whose, 30, forum_case=row, why="Brought with consent"))
    return found[:MOST_CASES]


def _promises(team, on):
    rows = Promise.objects.filter(team=team, state__in=Promise.OPEN, due_on__lte=on).order_by("due_on", "pk")
    return [
        Waiting(ItemKind.PROMISE, f"We promised: {row.text}"[:300], 5, subject_ref=row.pk, why="Due by then")
        for row in rows[:MOST_PROMISES]
    ]


def _pledges(team, on):
    due = Pledge.objects.open().filter(team=team, issue__isnull=False, due_on__lte=on)
    return [Waiting(ItemKind.PLEDGE, ItemKind.PLEDGE.label, 10, why="Due by then")] if due.exists() else []


def _advice(team):
    sent = Recommendation.objects.filter(team=team)
    last = Meeting.objects.held().filter(team=team).order_by("-on").first()
    fresh = sent.filter(answered_on__gte=last.on) if last else sent.exclude(answered_on=None)
    if sent.waiting().exists() or fresh.exists():
        return [Waiting(ItemKind.ADVICE, "What commissioners answered", 10, why="Sent by this group")]
    return []


def _summaries(team):
    """The newest pack that nobody has talked through yet."""
    row = (
        Summary.objects.filter(team=team, state=Summary.State.READY, discussed_on=None)
        .only("period_start", "period_end", "team_id")
        .order_by("-period_end", "-pk")
        .first()
    )
    if row is None:
        return []
    return [Waiting(ItemKind.SUMMARY, f"Summary: {row.period_words}", 20, subject_ref=row.pk, why="Not discussed yet")]


def reflect_questions(place):
    return Question.objects.in_set("reflect", place).worded(place).filter(is_asked=True)
