"""What a person asked of the issue log, cleaned, and the rows that answer it: the same for the page and the export."""

from dataclasses import dataclass, field, replace

from django.db.models import DateField, Exists, OuterRef
from django.utils import timezone

from cycles.prepared import Given
from issues.log.models import Issue, IssueAccess, IssueMove, Level, OwnerTier, Response, Sighting
from issues.log.spelling import asked as words_asked
from issues.log.spelling import question

NONE = "none"  # "not sure yet" and "nobody owns it" are answers, and can be asked for
WORDS_MOST = 400
NOTHING = "'the'"  # no word that the index keeps, and so it finds nothing
MINE_MOST = 1000
TODAY = Given("today", DateField())  # where the query is put together before anybody asks

VIEWS = {
    "": "All",
    "open": "Open",
    "mine": "Seen by me",
    "with-us": "With us",
    "waiting": "Waiting for an answer",
    "no-countermeasure": "No countermeasure yet",
    "no-owner": "Nobody owns it",
    "review": "Review date passed",
    "patterns": "Patterns",
    "new-normal": "New normal",
    "closed": "Closed",
}
LEVELS = {"ind": Level.IND, "sys": Level.SYS, "macro": Level.MACRO, NONE: None}
STATUSES = {"open": Issue.Status.OPEN, "closed": Issue.Status.CLOSED}
OWNERS = {tier.value: tier for tier in OwnerTier} | {NONE: ""}
LEVEL_OPTIONS = (("ind", "Ind"), ("sys", "Sys"), ("macro", "Macro"), (NONE, "Not sure yet"))
STATUS_OPTIONS = (("open", "Open"), ("closed", "Closed"))
OWNER_OPTIONS = (("team", "Team"), ("lship", "L’ship"), ("govt", "Govt"), (NONE, "Nobody owns it"))
ORDERS = {"": "Newest change", "seen": "Most seen", "longest": "Open longest", "number": "Number"}
ORDER_OPTIONS = tuple(ORDERS.items())
ORDER_WORDS = {
    "": "newest change first",
    "seen": "seen in most debriefs first",
    "longest": "open longest first",
    "number": "highest number first",
}
# Each ends in a unique column, so that a page can start exactly where the one before stopped.
ORDER_BY = {
    "": ("-updated_at", "-id"),
    "seen": ("-seen_in", "-id"),
    "longest": ("raised_on", "id"),
    "number": ("-number", "-id"),
}


@dataclass(frozen=True)
class Asked:
    """The cleaned filters. What was not understood is left out, so a mistyped address still shows the log."""

    view: str = ""
    level: str = ""
    status: str = ""
    owner: str = ""
    cycle: int | None = None
    barrier: bool = False
    leverage: bool = False
    order: str = ""
    q: str = ""

    @classmethod
    def of(cls, query):
        def one_of(name, allowed):
            value = query.get(name, "")
            return value if value in allowed else ""

        return cls(
            view=one_of("view", VIEWS),
            level=one_of("level", LEVELS),
            status=one_of("status", STATUSES),
            owner=one_of("owner", OWNERS),
            cycle=_id(query.get("cycle", "")),
            barrier=bool(query.get("barrier")),
            leverage=bool(query.get("leverage")),
            order=one_of("order", ORDERS),
            q=" ".join(query.get("q", "").replace("\x00", " ").split())[:WORDS_MOST],
        )

    def as_query(self):
        """What belongs in an address: everything but people's words (ARCHITECTURE, settled 16)."""
        said = {
            "view": self.view,
            "level": self.level,
            "status": self.status,
            "owner": self.owner,
            "cycle": self.cycle or "",
            "barrier": "yes" if self.barrier else "",
            "leverage": "yes" if self.leverage else "",
            "order": self.order,
        }
        return {name: str(value) for name, value in said.items() if value}

    @property
    def is_narrowed(self):
        """Whether anything but the order was asked for."""
        return bool(self.q) or set(self.as_query()) - {"order"} != set()

    def seen_as(self, **changes):
        return replace(self, **changes)

    def meant(self, places):
        """The same with its words as the index is asked for them: what filters rows takes only these."""
        return replace(self, q=question(self.q, places) or NOTHING) if self.q else self


@dataclass(frozen=True)
class Log:
    """The answer: `queryset` is filtered, ordered and only what the person may see.

    `asked` holds the words searched for as the index is asked for them.
    """

    queryset: object
    asked: Asked = field(default_factory=Asked)
    heads: tuple = ()  # the same rows as access rows of each of one's teams, where that is the quicker way


def log_of(user, query, *, place=None):
    """The part of the issue log that `user` asks for with `query` (a dict or QueryDict), newest change first.

    `place` is the one whose log this is; without it, every place the person belongs to. With words in
    `q` the rows match them, in the order asked for: ranking is the page's own (`issues.log.search`).
    """
    asked = Asked.of(query)
    meant = asked.meant(user.rights.places if place is None else [place.pk])
    rows = Issue.objects.visible_in(user, place) if place else Issue.objects.visible_to(user)
    rows = narrowed(rows, meant, user)
    return Log(rows.order_by(*ORDER_BY[asked.order]), meant, _heads(user, meant, place))


HEADS_MOST = 4
NOT_ON_ACCESS = ("mine", "waiting", "review", "patterns")
REVIEWS_MOST = 1000  # the longest past come first in the reading; a page shows them as any other


def _heads(user, asked, place):
    teams = teams_to_read(user, asked, place)
    return heads_of(teams, asked, user) if teams else ()


def teams_to_read(user, asked, place):
    """Whose access rows make up the page, or none where those do not hold what was asked for.

    They carry what is filtered and sorted on; cycles and one's own sightings are not there.
    """
    if place is None or place.pk in user.rights.stewards or asked.cycle or asked.view in NOT_ON_ACCESS:
        return []
    teams = sorted({m.team_id for m in user.rights.memberships if m.team_id and m.place_id == place.pk})
    return teams if len(teams) <= HEADS_MOST else []


def heads_of(teams, asked, user=None):
    rows = [IssueAccess.objects.filter(team=team) for team in teams]  # a team is of one place, and so is its access
    return tuple(_filtered(_viewed(some, asked, user), asked) for some in rows)


def narrowed(rows, asked, user=None):
    return _filtered(_viewed(rows, asked, user), asked)


def _viewed(rows, asked, user):
    if asked.view in STATUSES:
        return rows.filter(status=asked.view)
    if asked.view == "mine":
        # Read first: one person's sightings are few, and a plan that walks the log to find them is slow.
        own = Sighting.objects.filter(by=user).order_by("-on", "-pk").values_list("issue", flat=True)
        return rows.filter(pk__in=list(own[:MINE_MOST]))
    if asked.view == "with-us":
        held = {"is_holder": True} if rows.model is IssueAccess else {"held_by__in": user.rights.teams}
        return rows.filter(status=Issue.Status.OPEN, **held)
    if asked.view == "waiting":
        offers = IssueMove.objects.filter(issue=OuterRef("pk"), state=IssueMove.State.OFFERED)
        return rows.filter(Exists(offers))
    if asked.view == "no-countermeasure":
        # A pattern has none of its own: each issue under it keeps its way round.
        of_issue = "issue__is_pattern" if rows.model is IssueAccess else "is_pattern"
        return rows.filter(**{of_issue: False}, status=Issue.Status.OPEN, countermeasure_state="")
    if asked.view == "no-owner":
        return rows.filter(status=Issue.Status.OPEN, owner_tier="")
    if asked.view == "review":
        today = TODAY if isinstance(user, Given) else timezone.localdate()
        passed = rows.filter(status=Issue.Status.OPEN, review_on__lte=today)
        return rows.filter(pk__in=passed.order_by("review_on", "pk").values("pk")[:REVIEWS_MOST])
    if asked.view == "patterns":
        return rows.filter(is_pattern=True)
    if asked.view == "new-normal":
        return rows.filter(system_change_state=Response.State.IN_PLACE)
    return rows


def _filtered(rows, asked):
    if asked.level:
        rows = rows.filter(level=LEVELS[asked.level]) if asked.level != NONE else rows.filter(level=None)
    if asked.status:
        rows = rows.filter(status=asked.status)
    elif asked.order == "longest" and not asked.view:
        rows = rows.filter(status=Issue.Status.OPEN)  # only what is open can have been open longest
    if asked.owner:
        rows = rows.filter(owner_tier=OWNERS[asked.owner])
    if asked.cycle:
        rows = rows.filter(cycle=asked.cycle)
    if asked.barrier:
        rows = rows.filter(is_barrier=True)
    if asked.leverage:
        rows = rows.filter(is_leverage=True)
    if asked.q:
        rows = rows.filter(**{"issue__search" if rows.model is IssueAccess else "search": words_asked(asked.q)})
    return rows


def _id(text):
    """A row's id, or None for anything that can't be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
