"""Counts of lives, coarse enough that no two views can be subtracted to find a few people.

Every count is given in steps of five, from its lower end. The difference of two such counts never says
that one to four people lie between them: that is what `possible_differences` lets a test prove.
"""

STEP = 5  # fewer lives than this could point to someone


def lives_words(count):
    if not count:
        return ""
    if count < STEP:
        return f"fewer than {STEP} people"
    return f"{count - count % STEP:,} or more people"


def behind(words):
    """Every count that a reader of these words must think possible."""
    if not words:
        return range(1)
    if words.startswith("fewer"):
        return range(1, STEP)
    lowest = int(words.split()[0].replace(",", ""))
    return range(lowest, lowest + STEP)


def possible_differences(one, other):
    """What a reader of two views can work out: all the differences that fit what they were shown."""
    return {abs(a - b) for a in behind(one) for b in behind(other)}
