"""Putting an issue in the log, and saying that one has seen it too."""

import uuid

from django.db import transaction
from django.utils import timezone

from cycles.prepared import add
from cycles.refusals import Refused
from cycles.stack.models import Scale
from issues.log.actions.changing import set_response
from issues.log.actions.steps import _lock, _own_client_id, _reads, _step, lock_log, next_numbers
from issues.log.models import Issue, IssueAccess, IssueStep, Response, Sighting


@transaction.atomic
def raise_issue(
    *,
    cycle,
    description,
    by,
    level=None,
    owner_tier="",
    owner_agency=None,
    countermeasure="",
    system_change="",
    case=None,
    words="",
    occasion_ref=None,
    client_id=None,
    **about,
):
    """Put an issue in the log of the cycle's team, seen once by whoever raises it.

    Nothing but the description is needed. `client_id` is made on the device: sent twice, it is one issue.
    `about` may hold who_affected, what_they_face, how_many, kind, domain, is_barrier.
    """
    if cycle.scale == Scale.PERSON:
        raise Refused("A life keeps its own page. Choose a cycle of your team.", "cycle")
    place = lock_log(cycle.place_id)
    before = next(iter(_reads().sent.rows(client_id=client_id)), None) if client_id else None
    if before and before.raised_by_id == by.pk:
        return before
    (number,) = next_numbers(place)
    issue = add(
        Issue(
            place=place,
            number=number,
            cycle=cycle,
            team=cycle.team,
            held_by=cycle.team,
            description=description,
            level=level,
            owner_tier=owner_tier,
            owner_agency=owner_agency,
            raised_by=by,
            client_id=uuid.uuid4() if before or client_id is None else client_id,
            **about,
        )
    )
    seen = {"case": case, "words": words or description, "occasion_ref": occasion_ref}
    add(IssueAccess(issue=issue, team=cycle.team))
    add(Sighting(issue=issue, team=cycle.team, by=by, **seen))
    add(IssueStep(issue=issue, what=IssueStep.What.RAISED, by=by, team=cycle.team, at=issue.updated_at))
    if countermeasure:
        set_response(
            issue=issue, kind=Response.Kind.COUNTERMEASURE, text=countermeasure, state=Response.State.TRYING, by=by
        )
    if system_change:
        set_response(
            issue=issue, kind=Response.Kind.SYSTEM_CHANGE, text=system_change, state=Response.State.WORKING_OUT, by=by
        )
    return issue


@transaction.atomic
def see_too(*, issue, team, by, words="", case=None, occasion_ref=None, client_id=None, on=None):
    """Add "I have seen this too": evidence, with or without a debrief."""
    if _lock(issue).is_pattern:
        raise Refused("A pattern is seen in its issues. Open the one you have seen, and say so there.")
    if before := Sighting.objects.filter(client_id=client_id, by=by, issue=issue).first():
        return before
    client_id = _own_client_id(Sighting, client_id)
    sighting = Sighting.objects.create(
        issue=issue,
        team=team,
        by=by,
        words=words,
        case=case,
        occasion_ref=occasion_ref,
        client_id=client_id,
        on=on or timezone.localdate(),
    )
    IssueAccess.objects.get_or_create(issue=issue, team=team)
    _step(issue, IssueStep.What.SEEN, by=by, team=team, tell_raisers=False)
    return sighting


@transaction.atomic
def release_quote(*, sighting, quote, by):
    """Let a sentence leave the team, on purpose. An empty quote takes it back everywhere."""
    if sighting.by_id != by.pk:
        raise Refused("Only the person whose words they are can share them.", "quote")
    sighting.quote = quote
    sighting.quote_released_on = timezone.localdate() if quote else None
    sighting.save(update_fields=["quote", "quote_released_on"])
