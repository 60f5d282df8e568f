"""Who comes in, as what, and until when. Every change of rights writes one audit entry in its own transaction."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cycles.people import audit
from cycles.people.models import Invitation, Membership, Place, Role, User, hash_token
from cycles.refusals import Refused

INVITED_FOR = timedelta(days=7)
LAST_ADMIN = "This is the only place administrator. Make someone else one first."


def _lock(place):
    """Changes of rights in one place come one after the other, or two could each remove the other's last guard."""
    return Place.objects.select_for_update().get(pk=place.pk)


@transaction.atomic
def add_membership(*, user, place, role, team, by, from_on=None):
    """Give someone a part. Asked for twice it is still one."""
    _lock(place)
    membership, is_new = Membership.objects.get_or_create(
        user=user, place=place, role=role, team=team, to_on=None, defaults={"from_on": from_on or timezone.localdate()}
    )
    if is_new:
        audit.note("part given", by=by, place=place, on=membership)
    return membership


@transaction.atomic
def end_membership(*, membership, on, by):
    """From `on` it no longer counts. The last administrator stays."""
    _lock(membership.place)
    if on < membership.from_on:
        raise Refused("Give a day on or after the day it began.", "on")
    if membership.role == Role.PLACE_ADMIN and not _other_admins(membership.place, membership.user):
        raise Refused(LAST_ADMIN, "on")
    membership.to_on = on
    membership.save(update_fields=["to_on"])
    audit.note("part ended", by=by, place=membership.place, on=membership)


def _other_admins(place, user):
    """Does anyone else look after this place, today and with no end in sight?"""
    return (
        Membership.objects.active(timezone.localdate())
        .filter(place=place, role=Role.PLACE_ADMIN, to_on=None, user__is_active=True)
        .exclude(user=user)
        .exists()
    )


@transaction.atomic
def deactivate(*, person, place, by):
    """Close an account: every session of it ends with its next request."""
    _lock(place)
    looks_after = Membership.objects.active(timezone.localdate()).filter(user=person, role=Role.PLACE_ADMIN)
    for membership in looks_after.select_related("place"):
        if not _other_admins(membership.place, person):
            raise Refused(LAST_ADMIN)
    User.objects.filter(pk=person.pk).update(is_active=False, sessions_epoch=F("sessions_epoch") + 1)
    audit.note("account closed", by=by, place=place, on=person)


@transaction.atomic
def reactivate(*, person, place, by):
    User.objects.filter(pk=person.pk).update(is_active=True)
    audit.note("account opened", by=by, place=place, on=person)


@transaction.atomic
def end_other_sessions(*, user):
    """The caller keeps this one by storing the new hash in its session."""
    User.objects.filter(pk=user.pk).update(sessions_epoch=F("sessions_epoch") + 1)
    user.refresh_from_db(fields=["sessions_epoch"])
    audit.note("other sessions ended", by=user, on=user)


@transaction.atomic
def invite(*, place, email, role, team, by):
    """Ask someone in; returns the invitation and its token, or no token if the same is already on its way."""
    _lock(place)
    now = timezone.now()
    same = Invitation.objects.open(now).filter(place=place, email__iexact=email, role=role, team=team).first()
    if same:
        return same, None
    token = Invitation.new_token()
    invitation = Invitation.objects.create(
        place=place,
        email=email.lower(),
        role=role,
        team=team,
        invited_by=by,
        token_hash=hash_token(token),
        expires_at=now + INVITED_FOR,
    )
    audit.note("invited", by=by, place=place, on=invitation)
    return invitation, token


@transaction.atomic
def withdraw(*, invitation, by):
    done = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
    if done:
        audit.note("invitation withdrawn", by=by, place=invitation.place, on=invitation)


@transaction.atomic
def invite_again(*, invitation, by):
    """A new link in place of one that was lost; the old one stops working."""
    withdraw(invitation=invitation, by=by)
    return invite(place=invitation.place, email=invitation.email, role=invitation.role, team=invitation.team, by=by)


@transaction.atomic
def accept(*, token, user=None, name="", short_name="", password=""):
    """Take up an invitation, once: as `user`, or as a new account. Returns who came in."""
    invitation = Invitation.objects.for_token(token, timezone.now()).select_for_update(of=("self",)).first()
    if invitation is None:
        raise Refused("This invitation has ended. Ask for a new one.")
    if user is None:
        user = User.objects.create_user(invitation.email, password, name=name, short_name=short_name or name.split()[0])
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    audit.note("invitation accepted", by=user, place=invitation.place, on=invitation)
    add_membership(user=user, place=invitation.place, role=invitation.role, team=invitation.team, by=user)
    return user
