"""What goes out: the same that a page shows this reader, and never who wrote or raised it."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from cycles.experiments.models import Experiment
from cycles.stack.models import LearningCycle, Scale, Stage
from debriefs.record.models import Debrief, FollowUp
from issues.groups.models import Decision
from issues.log.models import Issue, IssueStep, Level, OwnerTier, Response
from issues.log.path import SAID, history_line
from issues.log.permissions import sees_raiser
from issues.log.seen import Seen, seen_counts


def one_of(*values):
    """A choice among words, written into the document as such."""
    return Literal[tuple(str(value) for value in values if value != "")]


LEVEL_WORDS = {Level.IND: "ind", Level.SYS: "sys", Level.MACRO: "macro"}
LevelWord, OwnerWord = one_of(*LEVEL_WORDS.values()), one_of(*OwnerTier.values)
SINCE = Field(description="A moment, in ISO 8601 with its time zone.")


class Page(Schema):
    next: str | None = Field(description="Send this as `cursor` for the page after; null on the last page.")


class Group(Schema):
    slug: str
    name: str


class Agency(Schema):
    id: int
    name: str


class Me(Schema):
    """Whose hands this token is, as far as a program need know."""

    name: str = Field(description="What the token is called.")
    place: str
    scopes: list[str]
    expires_at: datetime


class ResponseOut(Schema):
    text: str
    state: one_of(*Response.State.values)
    in_place_on: date | None
    starts_on: date | None
    leaves_behind: str
    owner_group: Group | None = Field(description="The team or group that keeps it going, or works it out.")
    review_on: date | None
    working: one_of(*Response.Working.values) | None = Field(description="As the latest look at it says.")
    version: int = Field(description="Send it back with a change, so that nobody's words are lost.")


class IssueOut(Schema):
    ref: str = Field(description="Like A-014: stable in its place, and can be said aloud.")
    url: str
    description: str
    who_affected: str
    what_they_face: str
    how_many: str
    kind: one_of(*Issue.Kind.values) | None
    domain: str | None
    level: LevelWord | None
    owner: OwnerWord | None
    owner_agency: Agency | None
    status: one_of(*Issue.Status.values)
    team: Group
    held_by: Group
    held_since: date
    cycle: int | None = Field(description="Null where the cycle is out of this reader's sight.")
    is_barrier: bool
    is_leverage: bool
    leverage_note: str
    raised_on: date
    updated_at: datetime
    closed_on: date | None
    closed_how: one_of(*Issue.ClosedHow.values) | None
    closed_words: str
    seen: str = Field(description="How much it was seen, in words that point to nobody.")
    countermeasure: ResponseOut | None
    system_change: ResponseOut | None
    version: int = Field(description="Goes up when the issue's own words, level or state change.")


class IssuePage(Page):
    items: list[IssueOut]


class StepOut(Schema):
    what: str
    said: str = Field(description="The step in words.")
    at: datetime
    words: str
    group: Group | None
    state: str


class PathOut(Schema):
    issue: str
    steps: list[StepOut]


class CycleOut(Schema):
    id: int
    url: str
    title: str
    purpose: str
    old_purpose: str
    scale: one_of(*Scale.values)
    theme: str
    domain: str | None
    stage: one_of(*Stage.values)
    status: one_of(*LearningCycle.Status.values)
    turn: int
    team: Group
    opened_on: date
    ended_on: date | None
    stopped_reason: str
    embedded_words: str
    updated_at: datetime


class CyclePage(Page):
    items: list[CycleOut]


class ExperimentOut(Schema):
    id: int
    url: str
    cycle: int
    title: str
    question: str
    actions: str
    kind: str | None
    state: one_of(*Experiment.State.values)
    started_on: date | None
    ended_on: date | None
    learned: str
    updated_at: datetime


class ExperimentPage(Page):
    items: list[ExperimentOut]


class DebriefOut(Schema):
    id: int
    url: str
    kind: one_of(*Debrief.Kind.values)
    state: one_of(*Debrief.State.values)
    team: Group
    cycle: int
    planned_for: datetime
    held_on: date | None


class DebriefPage(Page):
    items: list[DebriefOut]


class AnswerOut(Schema):
    question: str
    words: str


class FollowUpOut(Schema):
    audience: one_of(*FollowUp.Audience.values)
    text: str
    state: one_of(*FollowUp.State.values)
    due_on: date | None


class WholeDebrief(DebriefOut):
    """What its team shared. Drafts, one-to-ones, belief and who wrote what stay where they are."""

    answers: list[AnswerOut]
    added_later: list[str]
    follow_ups: list[FollowUpOut]


class GroupOut(Group):
    kind: str
    cadence: str
    next_meeting_on: date | None


class GroupPage(Page):
    items: list[GroupOut]


class DecisionOut(Schema):
    issue: str
    outcome: one_of(*Decision.Outcome.values)
    words: str
    new_normal: str
    starts_on: date | None
    review_on: date | None
    decided_on: date


class WholeGroup(GroupOut):
    decisions: Annotated[list[DecisionOut], Field(description="The newest 50 that you may read.")]


# ------------------------------------------------------------ from rows


def group(team):
    return {"slug": team.slug, "name": team.name}


def issues_out(issues, user, page):
    """`issues` come with team, held_by, owner_agency, cycle and responses; `page` makes an address whole."""
    counts = seen_counts(issue.pk for issue in issues) if issues else {}
    return [_issue(issue, user, counts.get(issue.pk, Seen()), page) for issue in issues]


AS_IT_IS = (
    "ref", "description", "who_affected", "what_they_face", "how_many", "status", "held_since", "is_barrier",
    "is_leverage", "leverage_note", "raised_on", "updated_at", "closed_on", "closed_words", "version",
)  # fmt: skip


def _issue(issue, user, seen, page):
    responses = {response.kind: response for response in issue.responses.all()}
    sees_cycle = user.rights.in_team(issue.cycle.team_id) or issue.place_id in user.rights.stewards
    body = issue.owner_agency
    return {name: getattr(issue, name) for name in AS_IT_IS} | {
        "url": page(issue),
        "kind": issue.kind or None,
        "domain": issue.domain or None,
        "level": LEVEL_WORDS.get(issue.level),
        "owner": issue.owner_tier or None,
        "owner_agency": body and {"id": body.pk, "name": body.name},
        "team": group(issue.team),
        "held_by": group(issue.held_by),
        "cycle": issue.cycle_id if sees_cycle else None,
        "closed_how": issue.closed_how or None,
        "seen": str(seen),
        "countermeasure": response_out(responses.get(Response.Kind.COUNTERMEASURE)),
        "system_change": response_out(responses.get(Response.Kind.SYSTEM_CHANGE)),
    }


def response_out(response):
    if response is None:
        return None
    names = ("text", "state", "in_place_on", "starts_on", "leaves_behind", "review_on", "version")
    more = {"owner_group": response.owner and group(response.owner), "working": response.working or None}
    return {name: getattr(response, name) for name in names} | more


def steps_out(issue, steps, user):
    """As the history page tells them: a team's own words within the team, what was said to raisers for all."""
    shown = set(SAID)
    if sees_raiser(user, issue):
        shown |= {IssueStep.What.COUNTERMEASURE, IssueStep.What.SYSTEM_CHANGE}
    return [
        {
            "what": step.what,
            "said": history_line(step),
            "at": step.at,
            "words": step.words if step.what in shown else "",
            "group": step.team and group(step.team),
            "state": step.state,
        }
        for step in steps
    ]


def cycle_out(cycle, page):
    names = (
        "title", "purpose", "old_purpose", "scale", "theme", "stage", "status", "turn", "opened_on", "ended_on",
        "stopped_reason", "embedded_words", "updated_at",
    )  # fmt: skip
    more = {"id": cycle.pk, "url": page(cycle), "domain": cycle.domain or None, "team": group(cycle.team)}
    return {name: getattr(cycle, name) for name in names} | more


def experiment_out(experiment, page):
    names = ("title", "question", "actions", "state", "started_on", "ended_on", "learned", "updated_at")
    more = {"id": experiment.pk, "url": page(experiment), "cycle": experiment.cycle_id, "kind": experiment.kind or None}
    return {name: getattr(experiment, name) for name in names} | more


def debrief_out(debrief, page):
    names = ("kind", "state", "planned_for", "held_on")
    more = {"id": debrief.pk, "url": page(debrief), "team": group(debrief.team), "cycle": debrief.cycle_id}
    return {name: getattr(debrief, name) for name in names} | more


def group_out(team):
    more = {"kind": team.kind, "cadence": team.cadence_note, "next_meeting_on": team.next_meeting_on}
    return group(team) | more


def decision_out(decision):
    names = ("outcome", "words", "new_normal", "starts_on", "review_on", "decided_on")
    return {"issue": decision.issue.ref} | {name: getattr(decision, name) for name in names}
