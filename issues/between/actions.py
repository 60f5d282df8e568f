"""A question back to those who raised an issue, and a part of it split off. Neither takes the first from its path,
and neither touches what is done about it now: a countermeasure goes on while an issue climbs."""

import uuid

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.people.models import User
from cycles.refusals import ChangedMeanwhile, Refused
from issues.between.models import IssueQuestion, Split
from issues.log.actions import _lock, _step, accept, escalate, raise_issue
from issues.log.models import IssueAccess, IssueStep, Response, Sighting
from issues.patterns.under import evidence_of


@transaction.atomic
def ask_back(*, issue, team, text, by, client_id=None):
    """Ask the team that raised it. It stays with the asker, who answers the offer when they know."""
    row = _lock(issue)
    if client_id and (before := IssueQuestion.objects.filter(client_id=client_id, issue=row, by=by).first()):
        return before
    if not row.is_open:
        raise Refused("It is closed. Open it again first.")
    if row.team_id == team.pk:
        raise Refused("Your own team raised it. Ask each other.")
    if row.questions.filter(team=team, answered_at=None).exists():
        raise ChangedMeanwhile("Your group has asked something already, and waits for the answer. Your words are here.")
    taken = IssueQuestion.objects.filter(client_id=client_id).exists()
    question = row.questions.create(
        team=team, text=text, by=by, client_id=uuid.uuid4() if taken or client_id is None else client_id
    )
    step = _step(row, IssueStep.What.ASKED, by=by, words=text, team=team)
    _tell(step, row.team, by)  # raisers were told by the step; the same key tells each of the team once
    return question


@transaction.atomic
def answer_back(*, question, answer, by):
    """Once, by the team that raised it; the group that asked reads it where it left the issue."""
    row = _lock(question.issue)
    mine = IssueQuestion.objects.select_for_update(of=("self",)).select_related("team").get(pk=question.pk)
    if not mine.is_open:
        if (mine.answer, mine.answered_by_id) == (answer, by.pk):
            return mine
        raise ChangedMeanwhile(f"A colleague answered this a moment ago: “{mine.answer}” Your words are still here.")
    mine.answer, mine.answered_by, mine.answered_at = answer, by, timezone.now()
    mine.save(update_fields=["answer", "answered_by", "answered_at"])
    step = _step(row, IssueStep.What.REPLIED, by=by, words=answer, team=row.team)
    _tell(step, mine.team, by)
    return mine


def _tell(step, team, by):
    members = team.memberships.active(timezone.localdate())
    tell(
        users=User.objects.filter(memberships__in=members, is_active=True).exclude(pk=by.pk),
        place=step.issue.place,
        kind=Notice.Kind.ISSUE_STEP,
        subject_ref=step.pk,
        key=f"issue-step-{step.pk}",
    )


@transaction.atomic
def split_off(*, issue, team, description, why, by, countermeasure="", client_id=None):
    """The part that `team` can fix now becomes an issue of its own, held by it; the first goes on as it was.

    Whoever saw the first saw the part: they are told of both.
    """
    row = _lock(issue)
    # Back brings the page up with a new id: the same words by the same person are the same part.
    same = Q(part__client_id=client_id) | Q(part__description=description, team=team)
    if before := row.splits.filter(same, by=by).first():
        return before.part
    if not row.is_open:
        raise Refused("It is closed. Open it again first.")
    if not description.strip():
        raise Refused("Say which part can be fixed now.", "description")
    part = raise_issue(
        cycle=row.cycle,
        description=description,
        by=by,
        level=row.level,
        kind=row.kind,
        who_affected=row.who_affected,
        countermeasure=countermeasure,
        client_id=client_id,
    )
    _carry_sightings(row, part, by)
    split = Split.objects.create(issue=row, part=part, team=team, why=why, by=by)
    if team.pk != part.held_by_id:
        # The team that raised it said nothing here: what is said is said by those who take it on.
        move = escalate(issue=part, to_team=team, why=f"A part of {row.ref}.", asks="", by=by)
        accept(move=move, by=by, answer=why or f"Split off from {row.ref}: we fix this part now.")
        part.refresh_from_db()
    _step(row, IssueStep.What.SPLIT, by=by, words=why or f"{part.ref} goes on by itself.", team=team)
    return split.part


def _carry_sightings(first, part, by):
    """What was seen stays what was seen: no words are shown anew, and a group that was not in the room saw nothing.

    The teams that saw it and read the first, read the part. Under a pattern it is all that was gathered that was seen.
    """
    seen = list(Sighting.objects.filter(issue__in=evidence_of(first)).order_by("pk"))
    part.sightings.exclude(by__in=[row.by_id for row in seen]).delete() if seen else None
    here = set(part.sightings.values_list("by_id", flat=True))
    Sighting.objects.bulk_create(
        Sighting(
            issue=part,
            team_id=row.team_id,
            by_id=row.by_id,
            on=row.on,
            case_id=row.case_id,
            words=row.words,
            occasion_ref=row.occasion_ref,
        )
        for row in seen
        if row.by_id not in here
    )
    there = set(part.access.values_list("team", flat=True))
    saw = first.access.filter(team__in={row.team_id for row in seen} - there).values_list("team", flat=True)
    IssueAccess.objects.bulk_create(IssueAccess(issue=part, team_id=team) for team in saw)


def countermeasure_of(issue):
    """What is done now; the same row whatever happens between groups."""
    return issue.responses.filter(kind=Response.Kind.COUNTERMEASURE).first()
