"""Rewording an issue, saying its level and owner, and what is done about it now and for good."""

from django.db import transaction
from django.utils import timezone

from cycles.refusals import ChangedMeanwhile, Refused
from issues.log.actions.steps import _lock, _step
from issues.log.models import DescriptionVersion, Issue, IssueMove, IssueStep, OwnerTier, Response, ResponseVersion


@transaction.atomic
def edit_issue(*, issue, version, by, **changes):
    """Change the words of an issue. `version` is the one the writer saw.

    Raises ChangedMeanwhile when someone saved in between; nothing is written then.
    """
    from issues.meetings import naming  # meetings know the log; the log asks them late

    agendas = naming.open_agendas(issue) if "description" in changes else ()
    row = _lock(issue)
    if row.version != version:
        raise ChangedMeanwhile
    changes = {name: value for name, value in changes.items() if getattr(row, name) != value}
    if not changes:
        return row
    if "description" in changes:
        DescriptionVersion.objects.create(issue=row, description=row.description, by=by)
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
    naming.name_again(row, agendas)
    _step(row, IssueStep.What.EDITED, by=by, tell_raisers=False)
    issue.refresh_from_db()
    return issue


@transaction.atomic
def set_level(*, issue, level, owner_tier, why, by, owner_agency=None, version=None):
    """Say which level an issue is at and who owns the next step; both may be "not sure yet".

    Writes an IssueMove with the reason. Owner "Govt" may name an agency; the holder stays its keeper.
    `version` is the one the writer saw; None does not ask.
    """
    row = _lock(issue)
    if not row.is_open:
        raise Refused("It is closed. Open it again first.")
    if owner_tier != OwnerTier.GOVT:
        owner_agency = None
    is_so = (row.level, row.owner_tier, row.owner_agency_id) == (level, owner_tier, owner_agency and owner_agency.pk)
    if is_so and (not why.strip() or row.moves.filter(by=by, why=why, to_level=level, to_owner=owner_tier).exists()):
        return None  # nothing new, or the second of two clicks
    if version is not None and row.version != version:
        raise ChangedMeanwhile  # even where both chose the same: the words of the second are not the first's
    if is_so and version is not None:
        raise Refused(
            "It has that level and owner already, so nobody would read this. Change one, or take your words out.", "why"
        )
    if is_so:
        return None
    if not why.strip():
        raise Refused("Say why. A few words is fine. It goes back to those who raised it.", "why")
    move = row.moves.create(
        state=IssueMove.State.DONE,
        from_level=row.level,
        to_level=level,
        from_owner=row.owner_tier,
        to_owner=owner_tier,
        from_team=row.held_by,
        to_team=row.held_by,
        why=why,
        by=by,
    )
    row.level, row.owner_tier, row.owner_agency = level, owner_tier, owner_agency
    row.save(update_fields=["level", "owner_tier", "owner_agency"])
    _step(row, IssueStep.What.LEVEL, by=by, words=why, team=row.held_by, move=move)
    issue.refresh_from_db()
    return move


KEEP = object()  # as it is, where None would empty it
_RESPONSE_STATE_OF_ISSUE = {
    Response.Kind.COUNTERMEASURE: "countermeasure_state",
    Response.Kind.SYSTEM_CHANGE: "system_change_state",
}


@transaction.atomic
def set_response(
    *,
    issue,
    kind,
    text,
    state,
    by,
    in_place_on=None,
    starts_on=None,
    leaves_behind="",
    owner=KEEP,
    review_on=KEEP,
    version=None,
    words="",
):
    """Say what is done now (countermeasure), or what should become normal (system change), and how far it is.

    The two move separately. `version` is the response's version that the writer saw, 0 where there was none yet;
    None does not ask.
    `owner` is the team or group that keeps it going, or works it out; it and `review_on` stay as they are unless
    they are named. `words` is the line for those who raised it;
    without it they read the text itself.
    """
    row = _lock(issue)
    if not row.is_open:
        raise Refused("It is closed. Open it again first.")
    if state not in Response.STATES_OF[kind]:
        raise Refused("Choose how far it is.", "state")
    response = row.responses.filter(kind=kind).select_related("owner").first()
    if owner is KEEP:
        owner = response and response.owner
    if review_on is KEEP:
        review_on = response and response.review_on
    if state == Response.State.WITH_GROUP and owner is None:
        raise Refused("Say which group has it in hand.", "owner")
    if state == Response.State.IN_PLACE:
        in_place_on = in_place_on or timezone.localdate()
    if state == Response.State.NOT_NEEDED:
        review_on = None
    is_since = response and response.state == Response.State.IN_PLACE and response.in_place_on
    words_now = (text, state, in_place_on, starts_on, leaves_behind, owner and owner.pk, review_on)
    if response is None:
        response = Response(issue=row, kind=kind)
    else:
        if words_now == (
            response.text,
            response.state,
            response.in_place_on,
            response.starts_on,
            response.leaves_behind,
            response.owner_id,
            response.review_on,
        ):
            return response
        if version is not None and response.version != version:
            raise ChangedMeanwhile
        ResponseVersion.objects.create(
            response=response,
            text=response.text,
            leaves_behind=response.leaves_behind,
            state=response.state,
            by=response.by,
            at=response.updated_at,
        )
        response.version += 1
    response.text, response.state, response.by = text, state, by
    response.in_place_on, response.starts_on, response.leaves_behind = in_place_on, starts_on, leaves_behind
    response.owner, response.review_on = owner, review_on
    response.updated_at = timezone.now()
    response.save()
    copied = {_RESPONSE_STATE_OF_ISSUE[Response.Kind(kind)]: state}
    if kind == Response.Kind.COUNTERMEASURE:
        copied["review_on"] = review_on
    Issue.objects.filter(pk=row.pk).update(**copied)
    what = IssueStep.What.COUNTERMEASURE if kind == Response.Kind.COUNTERMEASURE else IssueStep.What.SYSTEM_CHANGE
    _step(row, what, by=by, words=words or text, team=row.held_by, state=state)
    if kind == Response.Kind.SYSTEM_CHANGE and state == Response.State.IN_PLACE and in_place_on != is_since:
        from issues.receipts.actions import ask_where_late  # receipts know the log; the log asks them late

        ask_where_late(issue=row, since=in_place_on)
    issue.refresh_from_db()
    return response
