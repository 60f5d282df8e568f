"""A cycle's purpose and how it was said before: which stands, and what changed from one to another."""

import re
from difflib import SequenceMatcher

from cycles.stack.models import PurposeVersion

PIECES = re.compile(r"\s+|[^\s\w]|\w+(?:[’'-]\w+)*")


def purpose_now(cycle):
    """The purpose that stands. A row made outside `open_cycle` gets its first one from its own words."""
    standing = cycle.purposes.first()
    if standing is None:
        standing, _ = PurposeVersion.objects.get_or_create(
            cycle=cycle, number=1, defaults={"purpose": cycle.purpose, "old_purpose": cycle.old_purpose}
        )
    return standing


def changes(before, after):
    """Both texts in one, word by word: pieces that are kept, gone or new, in reading order."""
    old, new = PIECES.findall(before), PIECES.findall(after)
    found = []
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(("kept", "".join(old[old_from:old_to])))
            continue
        found += [("gone", "".join(old[old_from:old_to])), ("new", "".join(new[new_from:new_to]))]
    return [(what, words) for what, words in found if words]
