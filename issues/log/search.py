"""Finding issues by the words people used. Ranking is done over a bounded set, so a common word stays fast."""

import re
from functools import cache

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, TextField

from cycles.prepared import Given, Prepared
from issues.log.filters import Asked, teams_to_read
from issues.log.models import Issue, IssueAccess

RANKED_MOST = 1000  # of the newest that match: ranking every match of a common word takes most of a second
RANKED_OF_TEAM = 300  # of each of one's teams: these are found one by one along the team's own rows
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
        Issue.objects.filter(pk__in=_newest(rows, heads, RANKED_OF_TEAM if heads else RANKED_MOST))
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
    either = " or ".join(words)
    teams = teams_to_read(user, Asked(), place)
    if teams:
        given = {f"team{at}": team for at, team in enumerate(teams)}
        found = _alike(len(teams), most * 5).rows(**given, words=either)
    else:
        rows = Issue.objects.visible_in(user, place) if place else Issue.objects.visible_to(user)
        found = _closest_open(rows, (), words_query(either), most * 5)
    need = max(2, -(-len(words) // 2))
    return [issue for issue in found if len(words & telling_words(issue.description)) >= need][:most]


@cache
def _alike(teams, most):
    """Among the newest open ones of each of one's teams, by access rows; its SQL is put together once."""
    either = words_query(Given("words", TextField()))
    heads = [IssueAccess.objects.filter(team=Given(f"team{at}")) for at in range(teams)]
    return Prepared(_closest_open(Issue.objects, heads, either, most))


def _closest_open(rows, heads, either, most):
    rows = rows.filter(status=Issue.Status.OPEN, search=either)
    heads = [head.filter(status=Issue.Status.OPEN, issue__search=either) for head in heads]
    return (
        Issue.objects.filter(pk__in=_newest(rows, heads, SIMILAR_AMONG))
        .annotate(rank=SearchRank(F("search"), either))
        .order_by("-rank", "-updated_at", "-id")
        .only("pk", "number", "place_id", "description", "updated_at")[:most]
    )


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
