"""What the room needs to see of one item: the words, what is done about it now, and what was asked.

A case shows only to those who may see it; on everyone else's screen it is a line with no name.
"""

from cycles.questions.models import Answer
from cycles.stories.models import Story
from hls.governing.models import Promise
from hls.leadership.models import Summary
from hls.meetings.waiting import reflect_questions
from issues.forum_cases.actions import risks_of
from issues.forum_cases.models import ForumCase
from issues.groups.models import Decision
from issues.groups.queue import Item, add_decisions, add_evidence
from issues.log.models import Issue, IssueMove, Response
from issues.meetings.models import ItemKind, Meeting
from issues.pledges.models import Pledge, Recommendation

SHOWN = 12


def about(item, user):
    """What one item is about, as this reader may see it."""
    find = _FIND.get(item.kind)
    return find(item, user) if find else {}


def _issue(item, user):
    rows = Issue.objects.visible_to(user).select_related("team", "held_by", "place", "cycle")
    issue = rows.prefetch_related("responses").defer("search").filter(pk=item.issue_id).first()
    if issue is None:
        return {}
    move = (
        IssueMove.objects.filter(issue=issue, to_team=item.meeting.team_id)
        .select_related("from_team", "to_team")
        .order_by("-at", "-pk")
        .first()
    )
    seen = Item(issue, move)
    add_evidence([seen])
    add_decisions([seen], [item.meeting.team_id])
    return {
        "on_issue": seen,
        "questions": issue.questions.select_related("team"),
        "pledges": issue.pledges.select_related("agency"),
        "advice": issue.recommendations.select_related("to"),
    }


def _case(item, user):
    rows = ForumCase.objects.visible_to(user).select_related("case", "team", "agency", "brought_by", "place")
    shown = rows.filter(pk=item.forum_case_id).first()
    if shown is None:
        return {"hidden_case": True}
    return {
        "on_case": shown,
        "plan": shown.plans.first(),
        "risks": list(risks_of(shown).values()),
        "pledges": shown.pledges.select_related("agency"),
    }


def _promise(item, user):
    return {"on_promise": Promise.objects.visible_to(user).select_related("team").filter(pk=item.subject_ref).first()}


def _summary(item, user):
    return {"on_summary": Summary.objects.visible_to(user).defer("pdf").filter(pk=item.subject_ref).first()}


def _story(item, user):
    stories = Story.objects.visible_to(user).filter(place=item.meeting.place_id).shared_with_place()
    return {"stories": stories.order_by("-written_on", "-pk")[:3]}


def _pledges(item, user):
    rows = Pledge.objects.open().filter(team=item.meeting.team_id, issue__isnull=False, due_on__lte=item.meeting.on)
    return {"due": rows.select_related("agency")[:SHOWN]}


def _advice(item, user):
    rows = Recommendation.objects.filter(team=item.meeting.team_id).select_related("to")
    return {"advice": rows[:SHOWN]}


def _reflect(item, user):
    meeting = item.meeting
    said = Answer.objects.filter(team=meeting.team_id, question__set="reflect", on=meeting.on)
    return {
        "asked": reflect_questions(meeting.place),
        "answers": said.select_related("question").order_by("question__order", "pk"),
    }


def _changed(item, user):
    return {"changed": changed_since_last(item.meeting)}


def changed_since_last(meeting):
    """What became normal, was kept or was done since the group last met, or at all."""
    last = Meeting.objects.held().filter(team=meeting.team_id, on__lt=meeting.on).order_by("-on").first()
    since = {"on": last.on} if last else {}
    normal = Response.objects.filter(
        kind=Response.Kind.SYSTEM_CHANGE,
        state=Response.State.IN_PLACE,
        issue__access__team=meeting.team_id,
    )
    kept = Promise.objects.filter(team=meeting.team_id, state=Promise.State.KEPT)
    done = Pledge.objects.filter(team=meeting.team_id, issue__isnull=False, state=Pledge.State.DONE)
    if since:
        normal = normal.filter(in_place_on__gte=last.on)
        kept = kept.filter(steps__state="kept", steps__at__date__gte=last.on).distinct()
        done = done.filter(answered_on__gte=last.on)
    return {
        "since": last.on if last else None,
        "normal": normal.select_related("issue__place").defer("issue__search").order_by("-in_place_on", "-pk")[:SHOWN],
        "kept": kept.order_by("-pk")[:SHOWN],
        "done": done.select_related("agency").order_by("-answered_on", "-pk")[:SHOWN],
    }


_FIND = {
    ItemKind.ISSUE: _issue,
    ItemKind.CASE: _case,
    ItemKind.PROMISE: _promise,
    ItemKind.SUMMARY: _summary,
    ItemKind.STORY: _story,
    ItemKind.PLEDGE: _pledges,
    ItemKind.ADVICE: _advice,
    ItemKind.REFLECT: _reflect,
    ItemKind.CHANGED: _changed,
}


def decided_here(item):
    """What this group decided about it in this meeting, newest first."""
    began = item.meeting.started_at
    if not item.issue_id or began is None:
        return Decision.objects.none()
    ended = item.meeting.ended_at
    rows = Decision.objects.filter(issue=item.issue_id, team=item.meeting.team_id, at__gte=began)
    return rows.filter(at__lte=ended) if ended else rows
