"""Finding issues by the words people used. Ranking is done over a bounded set, so a common word stays fast."""

import re
from functools import cache, lru_cache

from django.contrib.postgres.search import SearchRank
from django.db.models import F, TextField

from cycles.prepared import Given, Prepared
from issues.log.filters import Asked, teams_to_read
from issues.log.models import Issue, IssueAccess
from issues.log.spelling import asked, either, nearest

RANKED_MOST = 1000  # of the newest that match: ranking every match of a common word takes most of a second
RANKED_OF_TEAM = 300  # of each of one's teams: these are found one by one along the team's own rows
SHOWN_MOST = 50
SIMILAR_AMONG = 300
SIMILAR_MOST = 4
WORDS_MOST = 12
STEMS_KEPT = 4096
CLOSEST_FIRST = f"""SELECT pk FROM ({{}}) AS found (pk, updated_at, search, said)
  ORDER BY ts_rank(search, said) DESC, updated_at DESC, pk DESC LIMIT {SHOWN_MOST}"""  # noqa: S608 - our own number


def newest(rows, said, heads=()):
    """The newest of `rows`, which match `said` already, put together for `closest` to rank.

    `heads` are access rows that match it, of each of one's teams: then the newest of each are looked at.
    """
    if not heads:
        some = rows.annotate(said=asked(said)).order_by("-updated_at", "-id")
        return Prepared(some.values_list("pk", "updated_at", "search", "said")[:RANKED_MOST], plans_anew=True)
    first, *others = [
        head.annotate(said=asked(said))
        .order_by("-updated_at", "-issue")
        .values_list("issue_id", "updated_at", "issue__search", "said")[:RANKED_OF_TEAM]
        for head in heads
    ]
    return Prepared(first.union(*others) if others else first, plans_anew=True)


def closest(newest, **given):
    """The keys of the best matches, best first. Ranked as they are found: each would be looked up again by its key."""
    return [key for (key,) in newest.told(CLOSEST_FIRST, **given)]


def _newest(rows, heads, most):
    if not heads:
        return rows.order_by("-updated_at", "-id").values("pk")[:most]
    first, *others = [head.order_by("-updated_at", "-issue").values("issue_id")[:most] for head in heads]
    return first.union(*others) if others else first


def similar(user, text, *, place=None, most=SIMILAR_MOST, but=None):
    """Open issues that say much the same as `text`, best first: at least half of its telling words.

    “Seen it before?” A person picks; nothing is ever joined by itself. A word misspelled, or spelled as others spell
    it, counts as the word. `but`: an issue that is not to find itself.
    """
    words = telling_words(text)
    if len(words) < 2:
        return []
    spellings = nearest(words, user.rights.places if place is None else [place.pk])
    any_of_them = either(one for word in words for one in (word, *spellings.get(word, ())))
    teams = teams_to_read(user, Asked(), place)
    if teams:
        given = {f"team{at}": team for at, team in enumerate(teams)}
        found = _alike(len(teams), most * 5).rows(**given, words=any_of_them)
    else:
        rows = Issue.objects.visible_in(user, place) if place else Issue.objects.visible_to(user)
        found = _closest_open(rows, (), asked(any_of_them), most * 5)
    need = max(2, -(-len(words) // 2))
    meant = [{crude_stem(one) for one in (word, *spellings.get(word, ()))} for word in words]
    return [issue for issue in found if issue != but and _shared(meant, issue.description) >= need][:most]


def _shared(meant, description):
    """How many of the words meant are in the description, in one spelling or another."""
    said = {crude_stem(word) for word in telling_words(description, most=200)}
    return sum(bool(spellings & said) for spellings in meant)


@cache
def _alike(teams, most):
    """Among the newest open ones of each of one's teams, by access rows; its SQL is put together once."""
    either = asked(Given("words", TextField()))
    heads = [IssueAccess.objects.filter(team=Given(f"team{at}")) for at in range(teams)]
    return Prepared(_closest_open(Issue.objects, heads, either, most), plans_anew=True)


def _closest_open(rows, heads, either, most):
    rows = rows.filter(status=Issue.Status.OPEN, search=either)
    heads = [head.filter(status=Issue.Status.OPEN, issue__search=either) for head in heads]
    return (
        Issue.objects.filter(pk__in=_newest(rows, heads, SIMILAR_AMONG), is_pattern=False)
        .annotate(rank=SearchRank(F("search"), either))
        .order_by("-rank", "-updated_at", "-id")
        .only("pk", "number", "place_id", "description", "updated_at", "is_pattern")[:most]
    )


def telling_words(text, most=WORDS_MOST):
    """Words long enough to mean something, each once."""
    words = re.findall(r"[^\W\d_]{4,}", text.lower())
    kept = {}
    for word in words:
        if word not in _EVERYDAY:
            kept.setdefault(crude_stem(word), word)
    return list(kept.values())[:most]


@lru_cache(STEMS_KEPT)
def crude_stem(word):
    """So that “letters” meets “letter”, and “waiting” meets “waits”. The index stems better; this only compares."""
    for ending, rest in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending) + rest
    return word


_ENDINGS = (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))
_EVERYDAY = frozenset(
    re.findall(
        r"\w+",
        """that this with from have they them their there then than when what which were been being because before after
        about again into only some very will would could should just also does each every more most much many other
        over such your ours even though still really where while who whom whose until under here these those people
        person someone nobody anyone everyone something nothing anything thing things cannot""",
    )
)
