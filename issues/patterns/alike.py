"""Which of a few issues look like the same thing: for the eye of whoever reads them, nothing is ever joined by itself."""

from itertools import combinations

from rapidfuzz.distance import OSA

from issues.log.search import crude_stem, telling_words

SHARED_LEAST = 2
SHARED_PART = 0.4  # of the shorter one's telling words
LONG = 6  # letters, beyond which a word with a slip is still known


def alike(issues):
    """{issue id: the others among these that look like it}"""
    said = [{crude_stem(word) for word in telling_words(issue.description, most=60)} for issue in issues]
    found = {issue.id: [] for issue in issues}
    for (one, of_one), (other, of_other) in combinations(zip(issues, said, strict=True), 2):
        if _much_shared(of_one, of_other):
            found[one.id].append(other)
            found[other.id].append(one)
    return found


def _much_shared(one, other):
    few, many = sorted((one, other), key=len)
    need = max(SHARED_LEAST, SHARED_PART * len(few))
    shared = len(few & many)
    if shared >= need:
        return True
    long = [word for word in few - many if len(word) > LONG]
    return shared + len(long) >= need and shared + sum(_slipped(word, many) for word in long) >= need


def _slipped(word, others):
    """A long word one slip away from another."""
    return any(abs(len(word) - len(other)) < 2 and OSA.distance(word, other, score_cutoff=1) < 2 for other in others)
