"""What may stand in the day's letter, in families that a person can leave out of it one by one.

Every kind that waits for the letter is in one family; a test holds the two together. An unwanted family stands in
`Telling.not_by_mail` as its kinds, so that the sender need not know of families.
"""

from dataclasses import dataclass

from cycles.notices.models import Notice

Kind = Notice.Kind


@dataclass(frozen=True)
class Family:
    key: str
    words: str
    kinds: tuple


FAMILIES = (
    Family("issues", "What happens to issues I raised or follow", (Kind.ISSUE_STEP, Kind.ISSUE_BETTER)),
    Family("talk", "Someone writes on an issue I follow, or names me", (
        Kind.ISSUE_TALK, Kind.ISSUE_NAMED, Kind.OUTSIDE_REPLY,
    )),
    Family("asked", "What is asked of my groups", (
        Kind.ISSUE_OFFERED, Kind.ISSUE_WAITS, Kind.ISSUE_REVIEW, Kind.ADVICE_ASKED, Kind.ADVICE_WAITS,
    )),
    Family("meetings", "My groups meet, or a meeting moves", (
        Kind.MEETING_CALLED, Kind.MEETING_MOVED, Kind.AGENDA_SENT,
    )),
    Family("minutes", "The minutes of my groups", (Kind.MINUTES_READY,)),
    Family("promises", "Promises of my groups", (Kind.PROMISE_MADE, Kind.PROMISE_WAITS)),
    Family("cases", "Cases before a forum", (Kind.CASE_BROUGHT, Kind.CASE_PLAN, Kind.CASE_AGENDA)),
    Family("debriefs", "Debriefs to write up, and what they ask me to see to", (Kind.WRITE_UP, Kind.FOLLOW_UP)),
    Family("lessons", "Lessons between cycles", (Kind.LESSON_OFFERED, Kind.LESSON_ANSWERED, Kind.OFFER_WAITS)),
    Family("answers", "Answers to what I proposed or brought, and to cycles that join", (
        Kind.GUIDE_ANSWERED, Kind.VOICE_ANSWERED, Kind.LINK_ASKED, Kind.LINK_ANSWERED,
    )),
    Family("summaries", "A summary for the table", (Kind.SUMMARY_READY,)),
    Family("opened", "Someone opens the page of a person I am alongside", (Kind.CASE_READ,)),
)  # fmt: skip
BY_KEY = {family.key: family for family in FAMILIES}
OF_KIND = {kind.value: family for family in FAMILIES for kind in family.kinds}


def left_out(keys):
    """The kinds of these families, as `not_by_mail` holds them."""
    return [kind.value for key in keys for kind in BY_KEY[key].kinds]


def wanted_families(not_by_mail):
    """The keys of those of which nothing was left out."""
    return [family.key for family in FAMILIES if not any(kind.value in not_by_mail for kind in family.kinds)]


def families_of(kinds):
    """Those that some notices belong to, each once, in the order of the list."""
    found = {OF_KIND[kind].key for kind in kinds if kind in OF_KIND}
    return [family for family in FAMILIES if family.key in found]
