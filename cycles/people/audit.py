"""The security log: ids, actor, act and time. No words, no names, no addresses; no page shows it."""

from cycles.people.models import AuditEntry


def note_each(act, *, by, rows):
    """One entry for each (place's id, row), in one go."""
    AuditEntry.objects.bulk_create(
        AuditEntry(act=act, kind=row._meta.model_name, target_ref=row.pk, actor_ref=by.pk, place_ref=place)
        for place, row in rows
    )


def note(act, *, by=None, place=None, on=None):
    """Write one entry, in the transaction of the act. `on` is a row, or a pair of its kind and id."""
    kind, ref = on if isinstance(on, tuple) else (on._meta.model_name, on.pk) if on is not None else ("", None)
    AuditEntry.objects.create(
        act=act,
        kind=kind,
        target_ref=ref,
        actor_ref=by.pk if by is not None else None,
        place_ref=place.pk if place is not None else None,
    )
