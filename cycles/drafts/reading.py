"""A draft as plain reading: what its author typed, for the day when the form itself is out of reach."""

from cycles.drafts.keeping import joined, prompt_of
from cycles.drafts.models import CHOSEN

TICKS = {"on", "true", "false"}


def said_in(draft, labels=None):
    """[(what it was typed into, the words)]. Of two versions that lie side by side, both; and what was put aside.

    Choices and ids are no words; whom or what they pointed at may be out of sight by now, so they are not looked up.
    """
    words = joined(draft.get("words", {}), draft.get("other", {}))
    return [
        (_label(name, labels or {}), text.strip())
        for some in (words, *draft.get("aside", []))
        for name, text in some.items()
        if is_said(name, text)
    ]


def is_said(name, text):
    return (
        isinstance(text, str)
        and name not in CHOSEN
        and not name.endswith(("-client", "-same", "-direction", "-level", "-owner_tier"))
        and text.strip().lower() not in TICKS
        and any(sign.isalpha() for sign in text)
    )


def _label(name, labels):
    return labels.get(name) or labels.get(prompt_of(name)) or _plain(name)


def _plain(name):
    """A box is named for what it asks: "what_stops-3" is shown as "What stops"."""
    said = name.rstrip("0123456789").replace("_", " ").replace("-", " ").strip()
    return said[:1].upper() + said[1:]
