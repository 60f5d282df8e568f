"""Which of a few issues look like the same thing: for the eye of whoever reads them, nothing is ever joined by itself."""

from collections import defaultdict
from functools import lru_cache
from itertools import combinations, permutations

from rapidfuzz.distance import OSA

from issues.log.search import crude_stem, telling_words

SHARED_LEAST = 2
SHARED_PART = 0.6  # of the shorter one's telling words
WORDS_KEPT = 4096
LONG = 6  # letters, beyond which a word with a slip is still known


def alike(issues):
    """{issue id: the others among these that look like it}"""
    said = [{crude_stem(word) for word in telling_words(issue.description, most=60)} for issue in issues]
    slips = _slips(set().union(*said))
    found = {issue.id: [] for issue in issues}
    for (one, of_one), (other, of_other) in combinations(zip(issues, said, strict=True), 2):
        if _much_shared(of_one, of_other, slips):
            found[one.id].append(other)
            found[other.id].append(one)
    return found


def _much_shared(one, other, slips):
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    need, shared = max(SHARED_LEAST, SHARED_PART * len(few)), len(few & many)
    if shared >= need or not slips:
        return shared >= need
    return shared + sum(not slips[word].isdisjoint(many) for word in slips.keys() & few - many) >= need


def _slips(words):
    """{long word: those that are one slip away from it}. Words a slip apart become one when each loses a letter."""
    cut = defaultdict(list)
    for word in words:
        if len(word) >= LONG:
            for rest in _cuts(word):
                cut[rest].append(word)
    slips = defaultdict(set)
    for some in cut.values():
        if len(some) > 1:
            for word, other in permutations(some, 2):
                if len(word) > LONG and OSA.distance(word, other, score_cutoff=1) < 2:
                    slips[word].add(other)
    return slips


@lru_cache(WORDS_KEPT)
def _cuts(word):
    """It, and what it is without one of its letters, each once."""
    return tuple({word, *(word[:at] + word[at + 1 :] for at in range(len(word)))})
