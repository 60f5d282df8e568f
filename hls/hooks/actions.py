"""What an administrator does with web hooks. The secret is handed out once, to be shown once."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cycles.people import audit
from cycles.refusals import ChangedMeanwhile, Refused
from hls.hooks.models import TRY_OUT, HookMessage, WebHook, new_secret

MOST = 10  # of a place
OVERLAP = timedelta(days=1)


@transaction.atomic
def add_hook(*, place, name, address, kinds, by, client_id=None):
    """The row and its secret; no secret where the same form came twice."""
    place.__class__.objects.select_for_update(no_key=True).get(pk=place.pk)
    if client_id and (before := WebHook.objects.filter(client_id=client_id, place=place).first()):
        return before, None
    if WebHook.objects.filter(place=place).going().count() >= MOST:
        raise Refused(f"There are {MOST} already. End one first.", "name")
    secret = new_secret()
    taken = client_id and WebHook.objects.filter(client_id=client_id).exists()
    more = {"client_id": client_id} if client_id and not taken else {}
    hook = WebHook.objects.create(
        place=place, name=name, address=address, kinds=kinds, secret=secret, made_by=by, **more
    )
    audit.note("web hook added", by=by, place=place, on=hook)
    return hook, secret


def _lock(hook):
    return WebHook.objects.select_for_update(of=("self",)).select_related("place").get(pk=hook.pk)


@transaction.atomic
def change_hook(*, hook, version, name, address, kinds, by):
    row = _lock(hook)
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    if (row.name, row.address, row.kinds) == (name, address, kinds):
        return row
    row.name, row.address, row.kinds, row.version = name, address, kinds, row.version + 1
    row.save(update_fields=["name", "address", "kinds", "version"])
    audit.note("web hook changed", by=by, place=row.place, on=row)
    return row


@transaction.atomic
def new_secret_for(*, hook, by):
    """The old one signs beside it for a day, so that nothing is turned away while the receiver is told.

    None while that lasts: a second click would put the receiver's own secret out of use.
    """
    row, now = _lock(hook), timezone.now()
    if row.old_until and row.old_until > now:
        return None
    secret = new_secret()
    row.old_secret, row.old_until, row.secret = row.secret, now + OVERLAP, secret
    row.save(update_fields=["old_secret", "old_until", "secret"])
    audit.note("web hook secret", by=by, place=row.place, on=row)
    return secret


@transaction.atomic
def end_hook(*, hook, by):
    done = WebHook.objects.going().filter(pk=hook.pk).update(ended_at=timezone.now())
    if done:
        audit.note("web hook ended", by=by, place=hook.place, on=hook)


@transaction.atomic
def try_out(*, hook, by):
    """One message that tells of nothing. While one waits, asking again adds none."""
    row = _lock(hook)
    waiting = row.messages.filter(TRY_OUT, sent_at=None).first()
    if waiting is None:
        return row.messages.create()
    HookMessage.objects.filter(pk=waiting.pk).update(tries=0, due_at=timezone.now())
    return waiting


@transaction.atomic
def send_again(*, hook, by, message=None):
    """All that did not arrive, or one message, arrived or not. A hook that was stopped goes on."""
    row, now = _lock(hook), timezone.now()
    messages = row.messages.filter(pk=message.pk) if message else row.messages.open()
    messages.update(tries=0, due_at=now, sent_at=None, claimed_until=None)
    WebHook.objects.filter(pk=row.pk).update(stopped_at=None)
    audit.note("web hook sent again", by=by, place=row.place, on=row)
