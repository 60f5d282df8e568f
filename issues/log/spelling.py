"""What someone typed as a question to the index, with slips forgiven.

Stemming is PostgreSQL's own. British and American spellings are known by rule; other slips by the place's own words
(issues/log/vocabulary.py), from which only those a slip away are read, and the nearest taken. The words found are
never shown: they only look further, among what the person may see anyway.
"""

import re
from functools import cache

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db.models import CharField
from rapidfuzz.distance import OSA

from cycles.prepared import Given, GivenSet, Prepared
from issues.log.vocabulary import LONGEST, SHORTEST, TWO_SLIPS_FROM, Word, shortened

NEAREST = 3
LOOKED_UP_MOST = 8  # words of one question
SHORTENED_TWICE_MOST = 12  # letters: a long word has hundreds of forms without two letters
PARTS = re.compile(r'(?P<minus>-)?"(?P<phrase>[^"]*)"|(?P<not>-)?(?P<word>[^\s"]+)')
LETTERS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# One way to write a sound, and the other. Each pair is tried in both directions, at the end of a word.
ENDINGS = (
    ("isation", "ization"), ("isations", "izations"), ("ise", "ize"), ("ised", "ized"), ("ises", "izes"),
    ("ising", "izing"), ("yse", "yze"), ("ysed", "yzed"), ("our", "or"), ("ours", "ors"), ("oured", "ored"),
    ("ouring", "oring"), ("tre", "ter"), ("tres", "ters"), ("ence", "ense"), ("ogue", "og"), ("ogues", "ogs"),
    ("amme", "am"), ("ammes", "ams"), ("elling", "eling"), ("elled", "eled"), ("eller", "eler"), ("dgement", "dgment"),
)  # fmt: skip


def question(text, places):
    """The text as a raw tsquery: every word must be there, in one of its spellings; “or”, quotes and minus as usual."""
    parts, joined = [], ""
    near = nearest([match["word"] for match in PARTS.finditer(text) if match["word"] and not match["not"]], places)
    for match in PARTS.finditer(text):
        if match["word"] and match["word"].lower() == "or" and parts:
            joined = " | "
            continue
        said = _part(match, near)
        if said:
            parts.append((joined or " & ") + said if parts else said)
            joined = ""
    return "".join(parts)


def _part(match, near):
    words = LETTERS.findall(match["phrase"] if match["word"] is None else match["word"])
    if not words:
        return ""
    if match["minus"] or match["not"] or match["word"] is None or len(words) > 1:
        said = " <-> ".join(_quoted(word) for word in words)
        return f"!({said})" if match["minus"] or match["not"] else f"({said})"
    return either([words[0], *near.get(words[0].lower(), ())])


def either(words):
    """Any of these words."""
    return "(" + " | ".join(_quoted(word) for word in dict.fromkeys(words)) + ")"


def _quoted(word):
    return "'" + word.replace("’", "'").replace("'", "''").replace("\\", "") + "'"


def asked(said):
    return SearchQuery(said, search_type="raw", config="english")


def nearest(words, places):
    """{word: other spellings of it}, of the words that may have one; one query for all of them."""
    wanted = {found[0].lower() for word in words if len(found := LETTERS.findall(word)) == 1}
    wanted = sorted(word for word in wanted if SHORTEST <= len(word) <= LONGEST)[:LOOKED_UP_MOST]
    if not wanted or not places:
        return {word: sorted(british(word)) for word in wanted}
    slips = sorted(set().union(*(shortened(word, SHORTENED_TWICE_MOST) for word in wanted)))
    known = {word for (word,) in _near().rows(places=list(places), slips=slips)}
    return {word: [*sorted(british(word)), *_best(word, known)] for word in wanted}


@cache
def _near():
    slips = Given("slips", ArrayField(CharField(max_length=LONGEST)))
    rows = Word.objects.filter(place__in=GivenSet("places"), near__overlap=slips)
    return Prepared(rows.order_by("word").values_list("word").distinct()[:500])


def _best(word, known):
    """The nearest few. A word the place uses itself is only widened by one slip, and where it is long."""
    is_known = word in known or word.removesuffix("s") in known
    if is_known and len(word) < TWO_SLIPS_FROM:
        return []
    most = 1 if is_known or len(word) < TWO_SLIPS_FROM else 2
    found = sorted((OSA.distance(word, other, score_cutoff=most), other) for other in known - {word})
    found = [(far, other) for far, other in found if far <= most]
    nearest_of_all = found[0][0] if found else 0
    return [other for far, other in found if far == nearest_of_all][:NEAREST]


def british(word):
    """The same word as it is written on the other side of the sea."""
    found = set()
    for ours, theirs in ENDINGS:
        for one, other in ((ours, theirs), (theirs, ours)):
            if word.endswith(one) and len(word) > len(one) + 2:
                found.add(word.removesuffix(one) + other)
    return found - {word}
