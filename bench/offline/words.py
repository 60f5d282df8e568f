"""What is typed, when each part of it was, and where it must not be found."""

import time
from dataclasses import dataclass, field

BOXES = ("now", "learn", "need")
ODD = [
    "ŵyl",
    "Tŷ",
    "naïve",
    "“they said”",
    "it’s",
    '"quoted"',
    "🪨",
    "👩🏽‍⚕️",
    "<b>",
    "&amp;",
    "50%",
    "\\n",
    "{{ x }}",
    "—",
    "tŷ’r",
]
VOWELS, REST = "aeiou", "bcdfghjklmnpqrstvwxz"


class Words:
    """A text for each box. A made-up stem, of this run alone, is in every third word of it."""

    def __init__(self, chance, letters):
        self.chance = chance
        self.stem = "".join(chance.choice(REST) + chance.choice(VOWELS) for _ in range(4))
        share = letters // len(BOXES)
        self.text = {box: self._text(share) for box in BOXES}

    def _word(self):
        kind = self.chance.random()
        if kind < 0.33:
            return self.stem + self.chance.choice(REST) + self.chance.choice(VOWELS)
        if kind < 0.45:
            return self.chance.choice(ODD)
        return "".join(self.chance.choice(REST + VOWELS) for _ in range(self.chance.randint(2, 9)))

    def _text(self, letters):
        text = self.stem.capitalize()
        while len(text) < letters:
            text += ("\n" if self.chance.random() < 0.01 else " ") + self._word()
        return text + "."

    def parts(self):
        """(box, a few letters), in the order of writing: each box, and at the end each again."""
        for share in (0, 1):
            for box in BOXES:
                cut = len(self.text[box]) * 3 // 4
                rest = self.text[box][cut:] if share else self.text[box][:cut]
                while rest:
                    n = self.chance.randint(2, 24)
                    yield box, rest[:n]
                    rest = rest[n:]


@dataclass
class Typed:
    """What has been typed, and by when."""

    keys: list = field(default_factory=list)  # (moment, box, letters)

    def add(self, box, letters):
        self.keys.append((time.monotonic(), box, letters))

    @property
    def letters(self):
        return sum(len(letters) for _, _, letters in self.keys)

    def by(self, moment):
        """What stood in each box then."""
        return {box: "".join(part for at, of, part in self.keys if of == box and at <= moment) for box in BOXES}


def lost(wanted, found):
    """How many letters of what was typed are not there, from the first one that is missing or other."""
    return sum(len(text) - _same(text, found.get(box, "")) for box, text in wanted.items())


def _same(one, other):
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def plain_in(folder, stem):
    """The files under a folder that hold the stem in the clear, as bytes of UTF-8 or UTF-16.

    Browsers press some of their files together (Snappy, LZ4). Both leave what comes for the first time as it is, and a
    made-up stem comes for the first time somewhere; `--break plain` shows that it is found all the same.
    """
    sought = [form.encode(code) for form in (stem, stem.capitalize()) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            held = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        except OSError:  # gone meanwhile
            continue
        if any(one in held for one in sought):
            found.append(str(path.relative_to(folder)))
    return found
