"""What became of the issues that one person saw in the work: the loop closed, on their own page."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.db.models.lookups import IsNull
from django.utils.dateparse import parse_date

from cycles.prepared import Given, Prepared
from hls.leadership.facts.bands import lives_words
from issues.log.filters import HEADS_MOST
from issues.log.models import FitAnswer, Issue, IssueAccess, IssueStep, Response, Sighting

READ, OPEN, ECHOES = 24, 5, 4
EVER = datetime(1970, 1, 1, tzinfo=UTC)
NEWEST = 500  # of a team's issues, among which most people find their own
SHOWN = (
    "number", "description", "level", "status", "system_change_state", "held_by", "is_demo", "is_pattern", "updated_at",
)  # fmt: skip
# Steps that say nothing new to whoever raised it.
OWN = [IssueStep.What.RAISED, IssueStep.What.SEEN, IssueStep.What.EDITED]


@dataclass
class Echo:
    """You said, and what changed; or honestly where it has got to."""

    issue: Issue
    said: str
    said_on: date
    changed: str = ""
    waiting: str = ""
    thanked: bool = False


def issues_of(user):
    """One query: the issues this person raised or saw too, the latest news first."""
    rights = user.rights
    if rights.stewards or not 0 < len(rights.teams) <= HEADS_MOST:
        mine = Issue.objects.visible_to(user).seen_by(user).order_by("-updated_at", "-pk").values("pk")[:READ]
        return list(_told(Issue.objects.filter(pk__in=mine), user))
    teams = {f"team{at}": team for at, team in enumerate(sorted(rights.teams))}
    if len(teams) == 1:
        newest = _of_newest().rows(user=user.pk, **teams)
        if len(newest) == READ or any(issue.is_all for issue in newest):
            return newest
    return _of_teams(len(teams)).rows(user=user.pk, **teams)


@cache
def _of_newest():
    """One's own among the newest of a team: where they are enough, all that the team ever saw need not be looked at.

    Each row is asked for in turn until there are enough (an EXISTS would be joined, and first read all of both sides).
    `is_all` says on each that the team has no others.
    """
    user, rows = Given("user"), IssueAccess.objects.filter(team=Given("team0")).order_by("-updated_at", "-issue")
    oldest = Subquery(rows.values("updated_at")[NEWEST : NEWEST + 1])
    own = Subquery(Sighting.objects.filter(issue=OuterRef("issue"), by=user).order_by().values("pk")[:1])
    mine = rows.filter(updated_at__gte=Coalesce(oldest, EVER)).alias(own=own).filter(own__isnull=False)
    issues = Issue.objects.filter(pk__in=mine.values("issue")[:READ])
    return Prepared(_told(issues.annotate(is_all=IsNull(oldest, True)), user))


@cache
def _of_teams(teams):
    """The same among the rows that one's teams may read, which are in order already; its SQL is put together once."""
    user = Given("user")
    own = Exists(Sighting.objects.filter(issue=OuterRef("issue"), by=user))
    first, *others = [
        IssueAccess.objects.filter(own, team=Given(f"team{at}"))
        .order_by("-updated_at", "-issue")
        .values("issue")[:READ]
        for at in range(teams)
    ]
    mine = Issue.objects.filter(pk__in=first.union(*others) if others else first)
    return Prepared(_told(mine, user))


def _told(issues, user):
    """What Today says of each: this person's words, the latest news, the evidence and whether they answered."""
    mine = Sighting.objects.filter(issue=OuterRef("pk"), by=user).order_by("-on", "-pk")
    news = IssueStep.objects.filter(issue=OuterRef("pk")).exclude(what__in=OWN).order_by("-at", "-pk")
    evidence = (
        Sighting.objects.filter(issue=OuterRef("pk"))
        .order_by()
        .values("issue")
        .annotate(
            seen=JSONObject(
                times=Count("pk"), debriefs=Count("occasion_ref", distinct=True), lives=Count("case", distinct=True)
            )
        )
    )
    return (
        issues.only(*SHOWN)
        .annotate(
            with_whom=F("held_by__name"),
            said=Subquery(mine.values(said=JSONObject(words="words", on="on"))[:1]),
            news=Subquery(
                news.values(news=JSONObject(what="what", words="words", state="state", team=F("team__name")))[:1]
            ),
            seen=Subquery(evidence.values("seen")),
            fits=Subquery(FitAnswer.objects.filter(issue=OuterRef("pk"), by=user).values("fits")[:1]),
        )
        .order_by("-updated_at", "-pk")[:READ]
    )


def open_ones(issues):
    shown = [issue for issue in issues if issue.is_open][:OPEN]
    for issue in shown:
        issue.seen_words = seen_words(issue)
    return shown


def echoes(issues):
    """What changed comes before where things have got to; each with the person's own words above it."""
    told = [echo_of(issue) for issue in issues if issue.news]
    told.sort(key=lambda echo: (not echo.changed, echo.thanked))
    return told[:ECHOES]


def echo_of(issue):
    echo = Echo(
        issue=issue,
        said=issue.said["words"] or issue.description,
        said_on=parse_date(issue.said["on"]),
        thanked=bool(issue.fits),
    )
    changed = _changed(issue)
    words = " ".join(part for part in (_lead(issue.news), issue.news["words"]) if part)
    if changed:
        echo.changed = words
    else:
        echo.waiting = words
    return echo


def _changed(issue):
    """Something is different in the work now: a new normal, or an end with a reason."""
    return not issue.is_open or issue.system_change_state == Response.State.IN_PLACE


def _lead(news):
    """The step in our words, before theirs."""
    team = news["team"] or "The group"
    leads = {
        IssueStep.What.LEVEL: "Its level or owner was set.",
        IssueStep.What.OFFERED: f"It is with {team}, who will answer.",
        IssueStep.What.ACCEPTED: f"{team} took it on.",
        IssueStep.What.HANDED_BACK: f"{team} handed it back.",
        IssueStep.What.WITHDRAWN: "The offer was taken back.",
        IssueStep.What.COUNTERMEASURE: "What we do now:",
        IssueStep.What.DECIDED: f"{team} decided:",
        IssueStep.What.SHOWN_OUTSIDE: "It was shown to",
        IssueStep.What.SAID_OUTSIDE: "A reply came from",
        IssueStep.What.CLOSED: "It is closed.",
        IssueStep.What.REOPENED: "It is open again.",
        IssueStep.What.RECEIVED: f"{team} has seen it." if news["team"] else "Your stewards have seen it.",
        IssueStep.What.GATHERED: "It was gathered with others like it.",
        IssueStep.What.UNGATHERED: "It stands by itself again.",
        IssueStep.What.LOOKED_AT: "The way round it was looked at:",
        IssueStep.What.NOT_BETTER: "Someone who saw it says it is no better:",
    }
    if news["what"] == IssueStep.What.SYSTEM_CHANGE:
        return {"in_place": "New normal:", "agreed": "Agreed:"}.get(news["state"], "Being worked out:")
    return leads.get(news["what"], "")


def seen_words(issue):
    seen = issue.seen or {"times": 0, "debriefs": 0, "lives": 0}
    many = seen["debriefs"] or seen["times"]
    where = (
        f"in {many} debrief{'' if many == 1 else 's'}"
        if seen["debriefs"]
        else ("once" if many == 1 else f"{many} times")
    )
    lives = lives_words(seen["lives"])
    return f"Seen {where}, {lives}" if lives else f"Seen {where}"
