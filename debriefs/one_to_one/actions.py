"""Acts of two people, and of a recorder upon what they let go to a measure. Nothing here tells anyone else."""

import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from cycles.measures.actions import add_reading
from cycles.refusals import ChangedMeanwhile, Refused
from debriefs.one_to_one.models import MeasureWords, OneToOne, WelfareNote, WelfareTheme

CLASH = "These words were also changed on another page or phone. Both are kept. Choose which to keep."


def open_talk(*, team, other, by, client_id=None):
    """Sent twice it is one talk. Raises Refused when the two are the same person."""
    if other.pk == by.pk:
        raise Refused("Choose someone else.", "other")
    talk, _ = OneToOne.objects.get_or_create(
        pk=client_id or uuid.uuid4(), defaults={"place": team.place, "team": team, "opened_by": by, "other": other}
    )
    if by.pk not in (talk.opened_by_id, talk.other_id):  # someone else's id, guessed or copied
        raise Refused("Open a new talk.", "other")
    return talk


def _lock(talk, by):
    rows = WelfareNote.objects.select_for_update().filter(talk=talk, author=by)
    if row := rows.first():
        return row
    try:
        with transaction.atomic():
            WelfareNote.objects.create(talk=talk, author=by)
    except IntegrityError:  # another page made it in between
        pass
    return rows.get()


@transaction.atomic
def write(*, talk, words, revision, by):
    """Keep what was typed. Words that began from an older revision are laid beside, never over."""
    row = _lock(talk, by)
    if row.words == words:
        return row
    if row.revision == revision:
        row.words = words
        row.revision += 1
    else:
        row.other_words = words
    row.saved_at = timezone.now()
    row.save()
    return row


@transaction.atomic
def give_to_read(*, talk, words, revision, by):
    """From now on the other person reads it, with what is changed later. Raises ChangedMeanwhile on a clash."""
    row = _lock(talk, by)
    if row.revision != revision and row.words != words:
        row.other_words = words
        row.save()
        raise ChangedMeanwhile(CLASH, row)
    row.words, row.other_words = words, ""
    row.revision += 1
    row.saved_at = timezone.now()
    row.shared_at = row.shared_at or row.saved_at
    row.save()
    return row


@transaction.atomic
def settle(*, talk, words, by):
    """The author has seen both versions and sent the words to keep."""
    row = _lock(talk, by)
    row.words, row.other_words = words, ""
    row.revision += 1
    row.saved_at = timezone.now()
    row.save()
    return row


@transaction.atomic
def take_away(*, talk, by):
    """The author's words go for good; a talk without words goes with them."""
    WelfareNote.objects.filter(talk=talk, author=by).delete()
    if not talk.notes.exists():
        OneToOne.objects.filter(pk=talk.pk).delete()


def let_theme_count(*, place, theme, sent_id):
    """Takes no person and no talk: what is not stored can't be found out."""
    month = timezone.localdate().replace(day=1)
    WelfareTheme.objects.get_or_create(sent_id=sent_id, defaults={"place": place, "theme": theme, "month": month})


def answer_measure(*, talk, measure, words, sent_id):
    """Into the recorder's tray, without the talk or who said it."""
    MeasureWords.objects.get_or_create(
        sent_id=sent_id, defaults={"team": talk.team, "measure": measure, "words": words}
    )


@transaction.atomic
def take_up(*, answer, by):
    """The recorder makes it a reading of its day. Pressed twice it is one."""
    row = MeasureWords.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    if row.settled_at:
        return row.reading
    row.reading = add_reading(
        measure=row.measure,
        by=by,
        client_id=row.sent_id,
        period_start=row.said_on,
        period_end=row.said_on,
        words=row.words,
        source="One-to-one debrief",
    )
    _settle(row, by)
    return row.reading


@transaction.atomic
def leave(*, answer, because, by):
    """Not a reading, and why."""
    row = MeasureWords.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    if row.settled_at is None:
        row.left_because = because
        _settle(row, by)


def _settle(row, by):
    row.settled_by, row.settled_at = by, timezone.now()
    row.save()
