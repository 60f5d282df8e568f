"""Sends what is due, each message until one try succeeds. Rows carry the promise, as with notices.

A claim is one message for a minute and a half, far longer than a call may take. A hook that fails is left alone for the
rest of the round, so that one dead machine holds up nobody else's messages.
"""

import json
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F, Max, Min, Q
from django.utils import timezone

from hls.hooks import guard
from hls.hooks.models import MOST_TRIES, HookMessage, WebHook
from hls.hooks.signing import headers
from issues.log.models import ref_of

log = structlog.get_logger(__name__)
LEASE = timedelta(seconds=90)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
KEPT = timedelta(days=30)
GONE = 410  # the receiver says: never again
PING, IMPORTED = "ping", "issues.imported"


def body_of(message):
    """Kind, numbers and the time. What was written stays here: whoever may read it asks the API for it."""
    kind, data = PING, {"place": message.hook.place.slug}
    if step := message.step:
        kind = f"issue.{step.what}"
        data |= {"issue": step.issue.ref, "step": step.pk, "what": step.what, "state": step.state}
    elif batch := message.batch:
        kind = IMPORTED
        data |= {"import": batch.pk, "added": batch.added, **_first_and_last(batch)}
    said = {"type": kind, "timestamp": message.made_at.isoformat(), "data": data}
    return json.dumps(said, separators=(",", ":")).encode()


def _first_and_last(batch):
    """An import takes its numbers in one go, so two refs name all that came in."""
    ends = batch.rows.aggregate(first=Min("issue__number"), last=Max("issue__number"))
    return {name: number and ref_of(number) for name, number in ends.items()}


def send_one(now, leave=()):
    """Claim and send the message that is due longest, of a hook that is not in `leave`. Answers its hook, and whether
    it arrived; None where nothing is due."""
    message = _claim(now, leave)
    if message is None:
        return None
    try:
        body = body_of(message)
        status = guard.post(message.hook.address, body, headers(message, body, timezone.now()))
    except guard.NotAllowed:
        return message.hook_id, _failed(message, "address not allowed")
    except guard.NotDelivered as no:
        return message.hook_id, _failed(message, str(no))
    if 200 <= status < 300:
        return message.hook_id, _arrived(message, status)
    return message.hook_id, _failed(message, str(status), is_gone=status == GONE)


@transaction.atomic
def _claim(now, leave):
    due = HookMessage.objects.due(now).exclude(hook__in=leave).order_by("due_at", "pk")
    found = due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True).first()
    if found is None:
        return None
    HookMessage.objects.filter(pk=found).update(claimed_until=timezone.now() + LEASE, tries=F("tries") + 1)
    return (
        HookMessage.objects.select_related("hook__place", "step__issue", "batch")
        .defer("step__issue__search")
        .get(pk=found)
    )


@transaction.atomic
def _arrived(message, status):
    now = timezone.now()
    HookMessage.objects.filter(pk=message.pk).update(sent_at=now, claimed_until=None, answer=str(status))
    WebHook.objects.filter(pk=message.hook_id).update(last_ok_at=now)
    return True


@transaction.atomic
def _failed(message, why, is_gone=False):
    """Later, again; after the last try it waits for a person, and so does a hook where nothing arrived meanwhile."""
    now = timezone.now()
    HookMessage.objects.open().filter(pk=message.pk).update(
        claimed_until=None, due_at=now + wait_after(message.tries), answer=why
    )
    if is_gone or message.tries >= MOST_TRIES:
        silent = Q(last_ok_at=None) | Q(last_ok_at__lt=message.made_at)
        hooks = WebHook.objects.filter(pk=message.hook_id, stopped_at=None)
        (hooks if is_gone else hooks.filter(silent)).update(stopped_at=now)
    log.warning("hook_failed", hook=message.hook_id, message=message.pk, tries=message.tries, why=why)
    return False


def wait_after(tries):
    return min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)


def forget_old(now):
    """What arrived, and what nobody sent again in a month: the numbers are in the log itself."""
    return HookMessage.objects.filter(made_at__lt=now - KEPT, due_at__lt=now - KEPT).delete()[0]
