"""Words as they are typed: saved often, never overwritten unseen. The row that they rest on has `draft`, `revision`
and `saved_at`; locking and saving it is for whoever calls."""

from django.utils import timezone

CLASH = "These notes were also changed on another page or phone. Both are kept. Choose which words to keep."
NOT_WORDS = {"csrfmiddlewaretoken", "action", "revision", "writer", "seq"}


def words_of(data, is_many=lambda name: False):
    """What a form sent, as it was typed: plain values that can be kept and shown again. Bookkeeping is left out."""
    kept = {}
    for name, values in data.lists():
        if name not in NOT_WORDS and len(name) <= 80 and values:
            # A form sends its line ends as two signs and a script as one: the same words must stay the same.
            clean = [value.replace("\x00", "").replace("\r\n", "\n") for value in values]
            kept[name] = clean if is_many(name) else clean[-1]
    return kept


def lay_in(row, *, words, revision, writer="", seq=0):
    """Lay the words into the row, to be saved with what else changes on it. Answers whether they clashed.

    `revision` is the one that the page began from. `writer` names one open page, `seq` counts its saves: a page whose
    answer was lost on the way may send again, and go on typing, without being taken for another. Anyone else's change
    in between is a clash: both versions are kept, side by side, until the writer chooses.
    """
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
    """Without the ids that each page makes for itself and its panels: they are nobody's words."""
    return {name: value for name, value in words.items() if not _is_id(name)}


def _is_id(name):
    return name == "client_id" or name.endswith("-client")


def _goes_on(row, writer, seq):
    """A page without a script counts nothing; what it sends again after a problem is still its own."""
    before = row.draft.get("seq", 0)
    return bool(writer) and row.draft.get("writer") == writer and (seq > before or seq == before == 0)


def had_of(draft):
    """For the page: the newest save of which page lies here. A copy of it on the device that is no newer can go."""
    return f"{draft.get('writer', '')}:{draft.get('seq', 0)}"


def chosen(which, words, draft):
    """The words that the writer of two versions wants: these, the other ones, or both."""
    theirs = draft.get("other", {})
    return {"other": theirs, "both": joined(words, theirs)}.get(which, words)


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


def clash_of(form, draft):
    """The boxes that differ between the two versions, with both texts."""
    if "other" not in draft:
        return []
    mine, theirs = draft.get("words", {}), draft["other"]
    rows = []
    for name, field in form.fields.items():
        if field.widget.is_hidden or mine.get(name) == theirs.get(name) or not (mine.get(name) or theirs.get(name)):
            continue
        here, there = (_as_read(field, version.get(name)) for version in (mine, theirs))
        rows.append({"label": getattr(field, "told_as", field.label), "here": here, "there": there})
    return rows


def _as_read(field, value):
    labels = dict(getattr(field, "choices", ()))
    values = value if isinstance(value, list) else [value or ""]
    return ", ".join(str(labels.get(one, one)) for one in values if one)


def whole(text):
    """A count that a page sent, or 0 where it is none."""
    return int(text) if str(text or "").isdecimal() and len(str(text)) < 10 else 0


def page_of(data):
    """Which open page sent it, and the how manieth of its saves it was."""
    return {"writer": data.get("writer", "")[:40], "seq": whole(data.get("seq"))}
