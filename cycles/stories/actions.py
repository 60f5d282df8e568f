"""Stories: written, checked by whoever told them, shared as far as they say, taken back at any time."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cycles.refusals import ChangedMeanwhile, Refused
from cycles.sent import make_once
from cycles.stories.models import Story

Reach = Story.Reach


def write_story(*, cycle, by, case=None, client_id=None, **words):
    """A draft, for its writer and the life's people only, until its teller has checked it."""
    story, _ = make_once(Story, client_id, cycle=cycle, case=case, place=cycle.place, written_by=by, **words)
    return story


def _lock(story):
    return Story.objects.select_for_update(of=("self",)).get(pk=story.pk)


def _save(row, *fields):
    row.version = F("version") + 1
    row.save(update_fields=[*fields, "version"])
    row.refresh_from_db()
    return row


@transaction.atomic
def edit_story(*, story, version, by, **words):
    """Change the words. What the teller has not read again is no longer shared."""
    row = _lock(story)
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    if all(getattr(row, name) == value for name, value in words.items()):
        return row
    for name, value in words.items():
        setattr(row, name, value)
    row.checked_by_teller_on, row.reach = None, Reach.WORKER
    return _save(row, *words, "checked_by_teller_on", "reach")


@transaction.atomic
def check_story(*, story, version, checked_by_teller_on, reach, by):
    """The teller has read these words and says how far they may go."""
    row = _lock(story)
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    if checked_by_teller_on > timezone.localdate():
        raise Refused("Give the day they read it, today or before.", "checked_by_teller_on")
    row.checked_by_teller_on, row.reach, row.withdrawn_on = checked_by_teller_on, reach, None
    return _save(row, "checked_by_teller_on", "reach", "withdrawn_on")


@transaction.atomic
def withdraw_story(*, story, by):
    """Take it back, everywhere and at once. Pressing twice keeps the first day."""
    row = _lock(story)
    if row.withdrawn_on:
        return row
    row.withdrawn_on, row.reach = timezone.localdate(), Reach.WORKER
    return _save(row, "withdrawn_on", "reach")
