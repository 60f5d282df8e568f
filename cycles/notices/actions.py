"""Telling people: rows first, the queue is only nudged afterwards."""

from datetime import timedelta

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone

from cycles.notices.mobile import wants_text
from cycles.notices.models import Notice

log = structlog.get_logger(__name__)
TEXT_FOR = timedelta(hours=1)
SEND_DUE = "hls.notices.tasks.send_due"  # by name: the rooms don't know the floor above


def tell(*, users, place, kind, subject_ref, key, channel=Notice.Channel.DIGEST, due_at=None, stale_at=None):
    """Write one Notice for each user, once: the same `key` and user never make a second.

    Must run inside the transaction of the act it tells of. `key` names the act, for example
    ``issue-step-412``; the user's id is added to it.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a notice is written with its act or not at all")
    due_at, is_now = due_at or timezone.now(), due_at is None
    rows = [
        Notice(
            user=user,
            place=place,
            kind=kind,
            channel=channel,
            subject_ref=subject_ref,
            key=f"{key}-{user.pk}",
            due_at=due_at,
            stale_at=stale_at,
        )
        for user in set(users)
    ]
    if channel == Notice.Channel.AT_ONCE:
        rows += with_text(rows)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if channel == Notice.Channel.AT_ONCE and (is_now or due_at <= timezone.now()):
        transaction.on_commit(nudge, robust=True)


def untell(begins):
    """What was told under keys that begin so says nothing now: in no letter that is yet to go, and not on Today."""
    now, before = timezone.now(), Notice.objects.filter(key__startswith=begins)
    before.open().update(dropped_at=now)
    before.filter(seen_at=None).update(seen_at=now)


def with_text(rows):
    """A further row for each of these that its reader wants as a text message too. Late, a text is no use."""
    readers = {kind: wants_text(kind, {row.user_id for row in rows}) for kind in {row.kind for row in rows}}
    return [
        Notice(
            user_id=row.user_id,
            place_id=row.place_id,
            kind=row.kind,
            channel=Notice.Channel.TEXT,
            subject_ref=row.subject_ref,
            key=f"{row.key}-text",
            due_at=row.due_at,
            stale_at=min(row.stale_at or row.due_at + TEXT_FOR, row.due_at + TEXT_FOR),
        )
        for row in rows
        if row.user_id in readers[row.kind]
    ]


def nudge():
    """Wake the sender now. When the queue is away nothing is lost: the next scan finds the rows."""
    try:
        with quick_connection() as connection:
            current_app.send_task(SEND_DUE, connection=connection, retry=False, expires=60)
    except Exception as away:
        log.warning("nudge_failed", why=type(away).__name__)


def quick_connection():
    """A person is waiting for their page, so a silent queue is given half a second."""
    patience = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "max_retries": 0}
    connection = current_app.connection_for_write()
    connection.transport_options = {**connection.transport_options, **patience}
    return connection
