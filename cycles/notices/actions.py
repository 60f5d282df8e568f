"""Telling people: rows first, the queue is only nudged afterwards."""

from django.db import transaction

from cycles.notices.models import Notice


def tell(*, users, place, kind, subject_ref, key, channel=Notice.Channel.DIGEST, due_at=None, stale_at=None):
    """Write one Notice for each user, once: the same `key` and user never make a second.

    Must run inside the transaction of the act it tells of. `key` names the act, for example
    ``issue-step-412``; the user's id is added to it.
    """
    assert transaction.get_connection().in_atomic_block, "a notice is written with its act or not at all"
    more = {"due_at": due_at} if due_at else {}
    Notice.objects.bulk_create(
        [
            Notice(
                user=user,
                place=place,
                kind=kind,
                channel=channel,
                subject_ref=subject_ref,
                key=f"{key}-{user.pk}",
                stale_at=stale_at,
                **more,
            )
            for user in set(users)
        ],
        ignore_conflicts=True,
    )
