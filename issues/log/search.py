"""Finding issues by the words people used. Ranking is done over a bounded set, so a common word stays fast."""

import re

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

from issues.log.models import Issue

RANKED_MOST = 1000  # of the newest that match: ranking every match of a common word takes most of a second
SHOWN_MOST = 50
SIMILAR_AMONG = 300
SIMILAR_MOST = 4
WORDS_MOST = 12


def words_query(text):
    return SearchQuery(text, search_type="websearch", config="english")


def closest(rows, text, most=SHOWN_MOST, heads=()):
    """The best matches of `text` among the newest that match, best first. `rows` already match it.

    `heads` are access rows that match it, of each of one's teams: then the newest of each are looked at.
    """
    return (
        Issue.objects.filter(pk__in=_newest(rows, heads, RANKED_MOST))
        .annotate(rank=SearchRank(F("search"), words_query(text)))
        .order_by("-rank", "-updated_at", "-id")[:most]
    )


def _newest(rows, heads, most):
    if not heads:
        return rows.order_by("-updated_at", "-id").values("pk")[:most]
    first, *others = [head.order_by("-updated_at", "-issue").values("issue_id")[:most] for head in heads]
    return first.union(*others) if others else first


def similar(user, text, *, place=None, most=SIMILAR_MOST):
    """Open issues that say much the same as `text`, best first: at least half of its telling words.

    “Seen it before?” A person picks; nothing is ever joined by itself.
    """
    words = telling_words(text)
    if len(words) < 2:
        return []
    rows = Issue.objects.visible_in(user, place) if place else Issue.objects.visible_to(user)
    either = words_query(" or ".join(words))
    newest = rows.open().filter(search=either).order_by("-updated_at", "-id").values("pk")[:SIMILAR_AMONG]
    found = (
        Issue.objects.filter(pk__in=newest)
        .annotate(rank=SearchRank(F("search"), either))
        .order_by("-rank", "-updated_at", "-id")
        .only("pk", "number", "place_id", "description", "updated_at")[: most * 5]
    )
    need = max(2, -(-len(words) // 2))
    return [issue for issue in found if len(words & telling_words(issue.description)) >= need][:most]


def telling_words(text):
    """Words long enough to mean something, cut to a crude stem so that “letters” meets “letter”."""
    words = re.findall(r"[^\W\d_]{4,}", text.lower())
    kept = dict.fromkeys(word.removesuffix("s") for word in words if word not in _EVERYDAY)
    return set(list(kept)[:WORDS_MOST])


_EVERYDAY = frozenset(
    re.findall(
        r"\w+",
        """that this with from have they them their there then than when what which were been being because before after
        about again into only some very will would could should just also does each every more most much many other
        over such your ours even though still really where while who whom whose until under here these those people
        person someone nobody anyone everyone something nothing anything thing things cannot""",
    )
)
