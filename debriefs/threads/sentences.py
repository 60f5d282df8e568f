"""An answer in its sentences, so that one can be picked. Nothing is changed: put together they are the answer."""

import re

# A sentence ends at its stop and what closes it, before white space; a line ends one too.
PIECE = re.compile(r"[^\n]*?[.!?…]+[\"”’')\]]*(?=\s|$)|[^\n]+")
SHORT = re.compile(r"(?:\b(?:e\.g|i\.e|etc|approx|no|nr|mr|mrs|ms|dr|st|vs)|\b[A-Z])\.$", re.IGNORECASE)
GAP = " … "


def sentences(text):
    """The sentences of a text in their order, without the white space around them."""
    found = []
    for line in text.splitlines():
        whole = ""
        for piece in PIECE.findall(line):
            whole += piece
            if not SHORT.search(whole.rstrip()):
                found.append(whole.strip())
                whole = ""
        found.append(whole.strip())
    return [one for one in found if one]


def picked(text, numbers):
    """The sentences with these numbers as one text; a gap is shown where some were left out. None means all."""
    every = sentences(text)
    chosen = sorted({number for number in numbers if 0 <= number < len(every)})
    if not chosen:
        return text.strip()
    words, before = every[chosen[0]], chosen[0]
    for number in chosen[1:]:
        words += (" " if number == before + 1 else GAP) + every[number]
        before = number
    return words
