"""What may happen to an issue. Each act writes the issue's path and tells those who raised it, in one transaction.

Sent twice, an act happens once: the same words by the same person answer with what is there already.
"""

import uuid
from functools import cache
from types import SimpleNamespace

from django.db import models, transaction
from django.db.models import F, UUIDField
from django.utils import timezone

from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.people.models import Place, Team, User
from cycles.prepared import Given, Prepared, add
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.stack.models import Scale
from issues.log.models import (
    DescriptionVersion,
    FitAnswer,
    Issue,
    IssueAccess,
    IssueMove,
    IssueStep,
    Level,
    OwnerTier,
    Response,
    ResponseVersion,
    Sighting,
)


@cache
def _reads():
    """What each act reads first; the SQL is put together once."""
    issues = Issue.objects.defer("search")
    return SimpleNamespace(
        locked=Prepared(issues.filter(pk=Given("issue")).select_for_update(of=("self",))),
        sent=Prepared(issues.filter(client_id=Given("client_id", UUIDField()))),
        log=Prepared(Place.objects.filter(pk=Given("place")).select_for_update(no_key=True)),
    )


def _lock(issue):
    (row,) = _reads().locked.rows(issue=issue.pk)
    return row


# What changes the issue's own words, level or state makes an open editor of them stale. Evidence does not,
# and each response keeps a version of its own.
_MAKES_STALE = {
    IssueStep.What.EDITED,
    IssueStep.What.LEVEL,
    IssueStep.What.ACCEPTED,
    IssueStep.What.DECIDED,
    IssueStep.What.CLOSED,
    IssueStep.What.REOPENED,
}


def _step(issue, what, *, by, words="", team=None, move=None, state="", tell_raisers=True):
    step = issue.steps.create(what=what, by=by, words=words, team=team, move=move, state=state)
    stale = {"version": F("version") + 1} if what in _MAKES_STALE else {}
    Issue.objects.filter(pk=issue.pk).update(updated_at=step.at, **stale)
    if tell_raisers:
        from issues.talk.watching import told_of  # talk knows the log; the log asks it late

        tell(
            users=told_of(issue).exclude(pk=by.pk),
            place=issue.place,
            kind=Notice.Kind.ISSUE_STEP,
            subject_ref=step.pk,
            key=f"issue-step-{step.pk}",
        )
    return step


def lock_log(place_id):
    """Writers of one place's log wait for each other here: numbers stay unique, and a second click finds the first."""
    (place,) = _reads().log.rows(place=place_id)
    return place


def next_numbers(place, count=1):
    """Take `count` numbers of a place's log, in order. `place` is locked."""
    first = place.issue_counter + 1
    place.issue_counter += count
    place.save(update_fields=["issue_counter"])
    return range(first, first + count)


def _own_client_id(model, client_id):
    """A fresh id where none was sent, or where someone else's was."""
    return uuid.uuid4() if client_id is None or model.objects.filter(client_id=client_id).exists() else client_id


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


@transaction.atomic
def edit_issue(*, issue, version, by, **changes):
    """Change the words of an issue. `version` is the one the writer saw.

    Raises ChangedMeanwhile when someone saved in between; nothing is written then.
    """
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
    issue.refresh_from_db()
    return response


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
    new = tracks.get(Response.Kind.SYSTEM_CHANGE)
    if how == Issue.ClosedHow.NEW_NORMAL and Response.Kind.SYSTEM_CHANGE not in placed:
        raise Refused("The system change is not in place yet. Say since when, or choose another ending.", "how")
    if how == Issue.ClosedHow.IN_PLACE and not placed:
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


# --------------------------------------------------------------- between groups


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
