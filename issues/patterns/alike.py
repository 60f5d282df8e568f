"""Which of a few issues look like the same thing: for the eye of whoever reads them, nothing is ever joined by itself."""

from rapidfuzz.distance import OSA

from issues.log.search import crude_stem, telling_words

SHARED_LEAST = 2
SHARED_PART = 0.4  # of the shorter one's telling words


def alike(issues):
    """{issue id: the others among these that look like it}"""
    said = {issue: {crude_stem(word) for word in telling_words(issue.description, most=60)} for issue in issues}
    found = {issue.pk: [] for issue in issues}
    for at, one in enumerate(issues):
        for other in issues[at + 1 :]:
            if _much_shared(said[one], said[other]):
                found[one.pk].append(other)
                found[other.pk].append(one)
    return found


def _much_shared(one, other):
    few, many = sorted((one, other), key=len)
    shared = sum(word in many or _slipped(word, many) for word in few)
    return shared >= max(SHARED_LEAST, SHARED_PART * len(few))


def _slipped(word, others):
    """A long word one slip away from another."""
    return len(word) > 6 and any(
        abs(len(word) - len(other)) < 2 and OSA.distance(word, other, score_cutoff=1) < 2 for other in others
    )
