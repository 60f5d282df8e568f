"""A group that can act decides. Its words go back to everyone who raised the issue."""

from django.db import transaction
from django.utils import timezone

from cycles.refusals import ChangedMeanwhile, Refused
from issues.groups.models import Decision
from issues.log.actions import _lock, _step, accept, set_response
from issues.log.models import IssueMove, IssueStep, Response


@transaction.atomic
def decide(*, issue, team, outcome, words, by, new_normal="", starts_on=None, review_on=None, version=None):
    """Record what `team` decided about an issue it holds, or was offered (deciding takes it on).

    "Yes" needs the words of the new normal; every outcome needs words for those who raised it. `version` is the
    issue's own that the writer saw, so that two answers at once are not both taken; None does not ask.
    """
    row = _lock(issue)
    last = row.decisions.filter(team=team).first()
    if last and (last.outcome, last.words, last.by_id, last.new_normal) == (outcome, words, by.pk, new_normal):
        return last
    if version is not None and row.version != version:
        raise ChangedMeanwhile("Someone else answered this while you were writing. Your words are still here.")
    move = (
        row.moves.filter(to_team=team, state__in=[IssueMove.State.OFFERED, IssueMove.State.ACCEPTED])
        .order_by("-at")
        .first()
    )
    if move is not None and move.state == IssueMove.State.OFFERED:
        accept(move=move, by=by)
        row.refresh_from_db()
    if row.held_by_id != team.pk:
        raise Refused("This group does not hold it.")
    if not row.is_open:
        raise Refused("It is closed. Open it again first.")
    if not words.strip():
        raise Refused("Say what you decided and why. It goes back to those who raised it.", "words")
    if outcome == Decision.Outcome.AGREED and not new_normal.strip():
        raise Refused("Say what will be normal from now on.", "new_normal")
    if move is not None and hasattr(move, "decision"):
        move = None  # decided again: each decision keeps its own row
    decision = Decision.objects.create(
        issue=row,
        team=team,
        move=move,
        outcome=outcome,
        words=words,
        new_normal=new_normal,
        starts_on=starts_on,
        review_on=review_on,
        decided_on=timezone.localdate(),
        by=by,
    )
    _step(row, IssueStep.What.DECIDED, by=by, words=words, team=team, move=move, state=outcome)
    if outcome == Decision.Outcome.AGREED:
        set_response(
            issue=row,
            kind=Response.Kind.SYSTEM_CHANGE,
            text=new_normal,
            state=Response.State.AGREED,
            starts_on=starts_on,
            by=by,
            words=words,
        )
    issue.refresh_from_db()
    return decision
