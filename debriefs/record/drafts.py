"""Notes as they are typed: saved often, never overwritten unseen."""

from functools import cache

from django.db import IntegrityError, transaction
from django.utils import timezone

from cycles.prepared import Given, Prepared, add
from cycles.refusals import ChangedMeanwhile, Refused
from debriefs.record.models import Contribution

SHARED = "These notes are shared already. You can put them right on the debrief’s page."
CLASH = "These notes were also changed on another page or phone. Both are kept. Choose which words to keep."


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
    """Keep what was typed. `revision` is the one that the page began from.

    `writer` names one open page, `seq` counts its saves: a page whose answer was lost on the way may send again,
    and go on typing, without being taken for another. Anyone else's change in between is a clash: both versions are
    kept, side by side, until the writer chooses. Answers (contribution, clashed).
    """
    return save_locked(lock_notes(debrief, by), words=words, revision=revision, writer=writer, seq=seq)


def save_locked(row, **typed):
    clashed = keep_locked(row, **typed)
    row.save(update_fields=["draft", "revision", "saved_at"])
    return row, clashed


def keep_locked(row, *, words, revision, writer="", seq=0):
    """Lay the words into the row, to be saved with what else changes on it. Answers whether they clashed."""
    if row.shared_at:
        raise Refused(SHARED)
    now = timezone.now()
    if _said(row.draft.get("words", {})) == _said(words):
        clashed = False
    elif row.revision == revision or _goes_on(row, writer, seq):
        times = times_of(row.draft, words, now)
        row.draft = {**row.draft, "words": words, "writer": writer, "seq": seq, "times": times}
        row.revision += 1
        row.saved_at = now
        clashed = False
    else:
        row.draft = {**row.draft, "other": _beside(row.draft, words, writer), "other_at": now.isoformat()}
        row.draft["other_writer"] = writer
        clashed = True
    row.saved_at = row.saved_at or now
    return clashed


def _beside(draft, words, writer):
    """What lies beside the notes until the writer chooses; a third page's words join the second's, over nothing."""
    waiting = draft.get("other", {})
    return words if draft.get("other_writer") == writer else joined(words, waiting)


def prompt_of(name):
    """The prompt that a box belongs to: a panel under an answer to the answer, each audience to what happens now."""
    return name.partition("-")[0]


TYPED_IN_PANELS = ("-description", "-text", "-countermeasure", "-system_change", "-words")


def _is_typed(name):
    """Words of someone: what a panel chose before anyone touched it is none."""
    return "-" not in name or name.startswith("next-") or name.endswith(TYPED_IN_PANELS)


def times_of(draft, words, now):
    """{prompt: when its words were last kept}, as text: only what changed gets a new time."""
    before, times = draft.get("words", {}), dict(draft.get("times", {}))
    for name in words.keys() | before.keys():
        if not _is_typed(name):
            continue
        if words.get(name) != before.get(name) and (words.get(name) or before.get(name)):
            times[prompt_of(name)] = now.isoformat()
    return times


def _said(words):
    """Without the ids that each page makes for its panels: they are nobody's words."""
    return {name: value for name, value in words.items() if not name.endswith("-client")}


def _goes_on(row, writer, seq):
    return bool(writer) and row.draft.get("writer") == writer and seq > row.draft.get("seq", 0)


@transaction.atomic
def settle(*, debrief, words, revision, by):
    """The writer has seen both versions and sent the words to keep."""
    row = lock_notes(debrief, by)
    if row.shared_at:
        raise Refused(SHARED)
    if row.revision != revision:
        raise ChangedMeanwhile(CLASH)
    row.saved_at = timezone.now()
    row.draft = {"words": words, "times": times_of(row.draft, words, row.saved_at)}
    row.revision += 1
    row.save(update_fields=["draft", "revision", "saved_at"])
    return row


def joined(mine, theirs):
    """Both versions in one: the same words once, different ones under each other, ticks of both."""
    both = dict(theirs)
    for name, value in mine.items():
        other = theirs.get(name)
        if isinstance(value, list):
            both[name] = list(dict.fromkeys([*(other or []), *value]))
        elif not other or other in value:
            both[name] = value
        elif value and value not in other:
            # Ticked answers and ids are not words: the page in front of the writer wins.
            both[name] = f"{other}\n\n{value}" if " " in other or " " in value else value
    return both


@transaction.atomic
def delete_notes(*, debrief, by):
    """Throw the draft away; what was made of it stays where it is."""
    row = lock_notes(debrief, by)
    if row.shared_at:
        raise Refused(SHARED)
    row.draft, row.deleted_at = {}, timezone.now()
    row.save(update_fields=["draft", "deleted_at"])
