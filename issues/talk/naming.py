"""Naming a colleague in a comment: “@Rowan”, or the whole name. Only those who may see the issue can be named."""

import re
from collections import defaultdict

from cycles.people.models import User
from cycles.refusals import Refused
from issues.talk.watching import who_may_see

SIGN = re.compile(r"(?<![\w@.])@(?=\w)")
NAME_MOST = 60  # letters after the sign that may be a name
SHOWN = 3


def named_in(words, *, issue, today):
    """The people whom these words name. Refused, beside the words, where that is nobody, or nobody who may read it."""
    tails = [words[found.end() : found.end() + NAME_MOST] for found in SIGN.finditer(words)]
    if not tails:
        return []
    readers = list(who_may_see(issue, today))
    return list(dict.fromkeys(_who(tail, readers, issue) for tail in tails))


def _who(tail, readers, issue):
    found = _called(tail, readers)
    if len(found) == 1:
        return found[0]
    if found:
        names = " or ".join(f"@{person.name}" for person in found[:SHOWN])
        raise Refused(f"More than one person here goes by that name. Write {names}.", "words")
    said = tail.split()[0].rstrip(".,;:!?)")
    if _called(tail, User.objects.of(issue.place_id).filter(is_active=True)):
        raise Refused(
            f"{said} can’t see this issue, so they would not be told. Take the @ away, or raise it to their group first.",
            "words",
        )
    raise Refused(f"Nobody here is called {said}. Write a name as it is shown here, or take the @ away.", "words")


def _called(tail, people):
    """Whose name the words begin with; the longest name wins, so that “@Ana Silva” is not just any Ana."""
    by_length = defaultdict(list)
    for person in people:
        fits = [name for name in {person.name, person.short_name} if name and _begins_with(tail, name)]
        if fits:
            by_length[max(map(len, fits))].append(person)
    return by_length[max(by_length)] if by_length else []


def _begins_with(tail, name):
    rest = tail[len(name) :]
    return tail[: len(name)].casefold() == name.casefold() and not (rest and (rest[0].isalnum() or rest[0] == "_"))
