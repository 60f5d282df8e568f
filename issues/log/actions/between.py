"""Issues go between groups: raised to one that can act, taken on, handed back with a reason, or taken back."""

from django.db import transaction
from django.utils import timezone

from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.people.models import Team, User
from cycles.refusals import ChangedMeanwhile, Refused
from issues.log.actions.steps import _lock, _step
from issues.log.models import IssueAccess, IssueMove, IssueStep, OwnerTier


@transaction.atomic
def escalate(*, issue, to_team, why, asks, by, level=None, owner_tier=""):
    """Raise an issue to the group that can act. It waits in that group's queue; the old holder keeps it till then."""
    row = _lock(issue)
    if not row.is_open:
        raise Refused("It is closed. Open it again first.")
    if to_team.pk == row.held_by_id:
        raise Refused("That group holds it already.", "to_team")
    if to_team.place_id != row.place_id or to_team.kind == Team.Kind.CORE:
        raise Refused("Choose a group of this place that can act.", "to_team")
    if offer := row.moves.filter(state=IssueMove.State.OFFERED).first():
        if (offer.to_team_id, offer.by_id, offer.why) == (to_team.pk, by.pk, why):
            return offer
        raise Refused("It is already waiting for a group to answer.", "to_team")
    if not why.strip():
        raise Refused("Say what stopped you changing it here.", "why")
    move = row.moves.create(
        state=IssueMove.State.OFFERED,
        from_level=row.level,
        to_level=level if level is not None else row.level,
        from_owner=row.owner_tier,
        to_owner=owner_tier or (OwnerTier.LSHIP if to_team.kind == Team.Kind.LEADERSHIP else row.owner_tier),
        from_team=row.held_by,
        to_team=to_team,
        why=why,
        asks=asks,
        by=by,
    )
    IssueAccess.objects.get_or_create(issue=row, team=to_team)
    if row.is_pattern:
        from issues.patterns.actions import open_with_pattern  # patterns know the log; the log asks them late

        open_with_pattern(row, to_team, by)
    _step(row, IssueStep.What.OFFERED, by=by, words=why, team=to_team, move=move)
    tell(
        users=User.objects.filter(
            memberships__in=to_team.memberships.active(timezone.localdate()), is_active=True
        ).exclude(pk=by.pk),
        place=row.place,
        kind=Notice.Kind.ISSUE_OFFERED,
        subject_ref=move.pk,
        key=f"issue-offered-{move.pk}",
    )
    return move


def _answer(move, state, *, by, answer):
    changed = IssueMove.objects.filter(pk=move.pk, state=IssueMove.State.OFFERED).update(
        state=state, answered_by=by, answered_at=timezone.now(), answer=answer
    )
    move.refresh_from_db()
    if not changed and (move.state, move.answered_by_id, move.answer) != (state, by.pk, answer):
        raise ChangedMeanwhile("Someone else answered this a moment ago. Your words are still here.")
    return bool(changed)


@transaction.atomic
def accept(*, move, by, answer=""):
    """Take an issue on: from now it is held here, and the days are counted from the offer."""
    row = _lock(move.issue)
    if not _answer(move, IssueMove.State.ACCEPTED, by=by, answer=answer):
        return move
    row.held_by, row.held_since = move.to_team, timezone.localdate(move.at)
    # What someone set since the offer was made stands.
    if row.level == move.from_level:
        row.level = move.to_level
    if row.owner_tier == move.from_owner:
        row.owner_tier = move.to_owner
    if row.owner_tier != OwnerTier.GOVT:
        row.owner_agency = None
    row.save(update_fields=["held_by", "held_since", "level", "owner_tier", "owner_agency"])
    _step(row, IssueStep.What.ACCEPTED, by=by, words=answer, team=move.to_team, move=move)
    return move


@transaction.atomic
def hand_back(*, move, by, answer):
    """Give an offer back with a reason; the issue never left its holder."""
    if not answer.strip():
        raise Refused("Say why, so that those who raised it know what to try next.", "answer")
    row = _lock(move.issue)
    if _answer(move, IssueMove.State.HANDED_BACK, by=by, answer=answer):
        _step(row, IssueStep.What.HANDED_BACK, by=by, words=answer, team=move.to_team, move=move)
    return move


@transaction.atomic
def withdraw(*, move, by, answer=""):
    """Take an offer back before it is answered."""
    row = _lock(move.issue)
    if _answer(move, IssueMove.State.WITHDRAWN, by=by, answer=answer):
        _step(row, IssueStep.What.WITHDRAWN, by=by, words=answer, team=move.from_team, move=move, tell_raisers=False)
    return move


def groups_that_can_act(issue):
    """Where this issue may be raised to, from here."""
    return Team.objects.filter(place=issue.place).that_can_act().exclude(pk=issue.held_by_id)
