"""Closing an issue once both tracks are answered, opening it again, and “does this fix it?”."""

from django.db import models, transaction
from django.utils import timezone

from cycles.refusals import Refused
from issues.log.actions.changing import set_response
from issues.log.actions.steps import _lock, _step
from issues.log.models import FitAnswer, Issue, IssueMove, IssueStep, Level, Response


class Stays(models.TextChoices):
    """What happens to the countermeasure when the issue is closed."""

    YES = "stays", "It stays in place"
    NO = "not_needed", "It is no longer needed"


@transaction.atomic
def close_issue(*, issue, how, words, by, countermeasure=""):
    """Close by the rules of DOMAIN.md 3.4: both tracks are answered.

    A countermeasure or system change is in place, or a reason is given; Sys and Macro also need words for the
    new normal, or "accepted as it is, because…". `countermeasure` says whether it stays: asked where it is still
    being tried. Raises Refused with the field that is missing.
    """
    row = _lock(issue)
    if not row.is_open:
        if (row.closed_how, row.closed_words) == (how, words):
            return row
        raise Refused("It is closed already.")
    if row.moves.filter(state=IssueMove.State.OFFERED).exists():
        raise Refused("It is waiting for a group to answer. Take the offer back first, or wait for their answer.")
    if not words.strip():
        raise Refused("Say what happened. It goes back to those who raised it.", "words")
    how = Issue.ClosedHow(how)
    tracks = {response.kind: response for response in row.responses.all()}
    now = tracks.get(Response.Kind.COUNTERMEASURE)
    if now and now.state == Response.State.TRYING and not countermeasure:
        raise Refused(
            "The countermeasure is still being tried. Say if it stays, or is no longer needed.", "countermeasure"
        )
    placed = {kind for kind, response in tracks.items() if response.state == Response.State.IN_PLACE}
    if now and countermeasure == Stays.YES:
        placed.add(Response.Kind.COUNTERMEASURE)
    if countermeasure == Stays.NO:
        placed.discard(Response.Kind.COUNTERMEASURE)
    new = tracks.get(Response.Kind.SYSTEM_CHANGE)
    if how == Issue.ClosedHow.NEW_NORMAL and Response.Kind.SYSTEM_CHANGE not in placed:
        raise Refused("The system change is not in place yet. Say since when, or choose another ending.", "how")
    if how == Issue.ClosedHow.IN_PLACE and not placed:
        if now and countermeasure == Stays.NO:
            raise Refused(
                "If what you did now is enough, it stays in place. If nobody needs it, choose another ending.",
                "countermeasure",
            )
        raise Refused("Nothing is in place yet. Say what is, or choose another ending.", "how")
    if (
        how == Issue.ClosedHow.IN_PLACE
        and row.level in (Level.SYS, Level.MACRO)
        and Response.Kind.SYSTEM_CHANGE not in placed
    ):
        raise Refused(
            "At this level it needs a new normal. If it will stay as it is, choose “Accepted as it is, because…”.",
            "how",
        )
    if how == Issue.ClosedHow.IN_PLACE and new and new.state != Response.State.IN_PLACE:
        raise Refused(
            f"The system change is not in place: {new.get_state_display().lower()}. Say since when it is normal, or "
            "choose “Accepted as it is, because…”.",
            "how",
        )
    _end_countermeasure(row, now, countermeasure, by)
    row.status, row.closed_on, row.closed_how, row.closed_words = Issue.Status.CLOSED, timezone.localdate(), how, words
    row.save(update_fields=["status", "closed_on", "closed_how", "closed_words"])
    _step(row, IssueStep.What.CLOSED, by=by, words=words, team=row.held_by)
    issue.refresh_from_db()
    return issue


def _end_countermeasure(issue, now, stays, by):
    """What the closing says of it is what it is from now on."""
    to = {Stays.YES: Response.State.IN_PLACE, Stays.NO: Response.State.NOT_NEEDED}.get(stays)
    if now is None or to is None or now.state in (to, Response.State.NOT_NEEDED):
        return
    set_response(
        issue=issue,
        kind=now.kind,
        text=now.text,
        state=to,
        by=by,
        in_place_on=now.in_place_on,  # since when it was is part of what it took
        leaves_behind=now.leaves_behind,
    )


@transaction.atomic
def reopen_issue(*, issue, why, by):
    """Open it again; everything that happened before stays on its path."""
    row = _lock(issue)
    if row.is_open:
        last = row.steps.filter(what=IssueStep.What.REOPENED).last()
        if last and (last.by_id, last.words) == (by.pk, why):
            return row
        raise Refused("It is open already.")
    if not why.strip():
        raise Refused("Say what is still getting in the way.", "why")
    row.status, row.closed_on, row.closed_how, row.closed_words = Issue.Status.OPEN, None, "", ""
    row.save(update_fields=["status", "closed_on", "closed_how", "closed_words"])
    _step(row, IssueStep.What.REOPENED, by=by, words=why, team=row.held_by)
    issue.refresh_from_db()
    return issue


@transaction.atomic
def answer_fit(*, issue, fits, by, words=""):
    """ "Does this fix it?" from someone who raised it; asking again keeps the latest."""
    if not issue.sightings.filter(by=by).exists():
        raise Refused("Only those who saw it in the work are asked.")
    answer, _ = FitAnswer.objects.update_or_create(
        issue=issue, by=by, defaults={"fits": fits, "words": words, "at": timezone.now()}
    )
    return answer
