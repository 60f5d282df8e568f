"""Tokens come and go. Each change writes one audit entry in its own transaction; none of them holds the token."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cycles.people import audit
from cycles.people.models import hash_token
from cycles.refusals import Refused
from hls.api.models import ApiToken, Scope

MOST = 20  # of one person at a time
USED_GRAIN = timedelta(minutes=10)  # a row written on each call would cost more than the call


@transaction.atomic
def make_token(*, user, place, name, scopes, days, client_id=None):
    """The row and the token itself, which is never seen again; no token where the same form came twice."""
    user.__class__.objects.select_for_update().get(pk=user.pk)
    now = timezone.now()
    if client_id and (before := ApiToken.objects.filter(client_id=client_id, user=user).first()):
        return before, None
    if place.pk not in user.rights.places:
        raise Refused("Choose a place you belong to.", "place")
    if user.api_tokens.alive(now).count() >= MOST:
        raise Refused(f"You have {MOST} tokens. End one that is no longer used first.", "name")
    token = ApiToken.new_token()
    taken = client_id and ApiToken.objects.filter(client_id=client_id).exists()
    row = ApiToken.objects.create(
        user=user,
        place=place,
        name=name,
        scopes=[scope for scope in Scope.values if scope in scopes],
        token_hash=hash_token(token),
        made_at=now,
        expires_at=now + timedelta(days=days),
        **({"client_id": client_id} if client_id and not taken else {}),
    )
    audit.note("token made", by=user, place=place, on=row)
    return row, token


@transaction.atomic
def end_token(*, token, by):
    """From now on it opens nothing. Ending it twice is ending it once."""
    done = ApiToken.objects.filter(pk=token.pk, ended_at=None).update(ended_at=timezone.now(), ended_by=by)
    if done:
        audit.note("token ended", by=by, place=token.place, on=token)


@transaction.atomic
def end_tokens_of(*, user):
    """All that one person has: with a new password, when they say so."""
    for token in user.api_tokens.alive(timezone.now()).select_related("place"):
        end_token(token=token, by=user)


def note_use(token, now):
    """When it was last used, to some minutes, for its person and the place's administrators to see."""
    old = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_GRAIN)
    if token.last_used_at is None or token.last_used_at < now - USED_GRAIN:
        with transaction.atomic():
            if ApiToken.objects.filter(old, pk=token.pk).update(last_used_at=now):
                audit.note("token used", by=token.user, place=token.place, on=token)


def note_refusal(token):
    audit.note("token refused", by=token.user, place=token.place, on=token)
