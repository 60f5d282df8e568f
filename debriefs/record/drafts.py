"""Notes as they are typed: saved often, never overwritten unseen."""

from functools import cache

from django.db import IntegrityError, transaction
from django.utils import timezone

from cycles.drafts.keeping import CLASH, lay_in, times_of
from cycles.prepared import Given, Prepared, add
from cycles.refusals import ChangedMeanwhile, Refused
from debriefs.record.models import Contribution

SHARED = "These notes are shared already. You can put them right on the debrief’s page."


OWN = Contribution.objects.filter(debrief=Given("debrief"), author=Given("author"), deleted_at=None)


@cache
def _own():
    return Prepared(OWN)


@cache
def _own_locked():
    return Prepared(OWN.select_for_update())


def notes_of(debrief, user):
    return next(iter(_own().rows(debrief=debrief, author=user)), None)


def lock_notes(debrief, by):
    """The one row of this author, made at the first word, locked until the transaction ends."""
    if rows := _own_locked().rows(debrief=debrief, author=by):
        return rows[0]
    try:
        with transaction.atomic():
            return add(Contribution(debrief=debrief, author=by))
    except IntegrityError:  # another page made it in between
        return _own_locked().rows(debrief=debrief, author=by)[0]


@transaction.atomic
def save_notes(*, debrief, words, revision, by, writer="", seq=0):
    """Keep what was typed. Answers (contribution, clashed); what a clash is, keeping.py says."""
    row = lock_notes(debrief, by)
    clashed = keep_locked(row, words=words, revision=revision, writer=writer, seq=seq)
    row.save(update_fields=["draft", "revision", "saved_at"])
    return row, clashed


def keep_locked(row, **typed):
    """Lay the words into the row, to be saved with what else changes on it. Answers whether they clashed."""
    if row.shared_at:
        raise Refused(SHARED)
    return lay_in(row, **typed)


@transaction.atomic
def settle(*, debrief, words, revision, by, writer="", seq=0):
    """The writer has seen both versions and sent the words to keep."""
    row = lock_notes(debrief, by)
    if row.shared_at:
        raise Refused(SHARED)
    if row.revision != revision:
        raise ChangedMeanwhile(CLASH)
    row.saved_at = timezone.now()
    times = times_of(row.draft, words, row.saved_at)
    row.draft = {"words": words, "times": times, "writer": writer, "seq": seq}
    row.revision += 1
    row.save(update_fields=["draft", "revision", "saved_at"])
    return row


@transaction.atomic
def delete_notes(*, debrief, by):
    """Throw the draft away; what was made of it stays where it is."""
    row = lock_notes(debrief, by)
    if row.shared_at:
        raise Refused(SHARED)
    row.draft, row.deleted_at = {}, timezone.now()
    row.save(update_fields=["draft", "deleted_at"])
