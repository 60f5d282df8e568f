"""What stands beside the queue of triage: where else issues wait, and the agenda of the meeting that comes next.

Two queries however much there is: the groups and every count come with one, meetings and agenda with the other.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, DateField, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.safestring import mark_safe

from cycles.people.models import Place, Team
from cycles.prepared import Given, Prepared, asking, someone
from hls.addresses import address
from hls.look.words import clock, day
from hls.templatetags.look import icon
from issues.log.filters import Asked, narrowed
from issues.log.many import Many
from issues.log.models import Issue
from issues.log.rows import short
from issues.meetings.models import AgendaItem, ItemKind, Meeting
from issues.meetings.permissions import can_run
from issues.meetings.sending import Sending, sending_of
from issues.saved.stuck import PLACES_OF_WAITING

COUNTED_MOST = 100
MANY = Many()

# ------------------------------------------------------------------ where issues wait


class _HowMany(Subquery):
    """How many rows a query finds, no further than its own limit."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS found)"
    output_field = BigIntegerField()


def of_place(place, queue, *kind):
    """The groups that can act, as (key, name), and how many issues there are, none further than counted.

    The counts: of the part of the queue that is shown, whose rows are `queue(place, *kind)`, and of each place of
    waiting. What is more than is counted is not counted again for a minute.
    """
    asked = [kind, *(view for view, *_ in PLACES_OF_WAITING)]
    unknown = tuple(what for what in asked if not MANY.knows((place, what)))
    ((groups, *counts),) = _told(queue, unknown).rows(place=place, today=timezone.localdate())
    found = dict.fromkeys(asked, COUNTED_MOST + 1) | dict(zip(unknown, counts, strict=True))
    for what in unknown:
        if found[what] > COUNTED_MOST:
            MANY.remember((place, what))
    return [(group["pk"], group["name"]) for group in groups], list(found.values())


@lru_cache(200)
def _told(queue, asked):
    here, user = Given("place"), someone()
    log, groups = Issue.objects.filter(place=here), Team.objects.filter(place=here).that_can_act().order_by("name")
    rows = [narrowed(log, Asked(view=what), user) if isinstance(what, str) else queue(here, *what) for what in asked]
    told = {"groups": ArraySubquery(groups.values(told=JSONObject(pk="pk", name="name")))}
    for at, some in enumerate(rows):
        told[f"found{at}"] = _HowMany(some.order_by().values("pk")[: COUNTED_MOST + 1])
    return Prepared(Place.objects.filter(pk=here).annotate(**told).values_list(*told))


WAIT = '\n          <li><a href="{}">{}</a><span class="by">{}</span></li>'


def waits_html(counts):
    """Each place of waiting as a line that leads to its part of the log."""
    log = address("issues:list")
    return mark_safe(
        "".join(
            WAIT.format(f"{log}?view={view}", words, _count_words(count))
            for (view, words, _), count in zip(PLACES_OF_WAITING, counts, strict=True)
        )
    )


def _count_words(count):
    if count > COUNTED_MOST:
        return f"More than {COUNTED_MOST}"
    return {0: "None", 1: "1 issue"}.get(count, f"{count} issues")


# ------------------------------------------------------------------ the meeting that comes next

MEETINGS_MOST, ITEMS_MOST, TITLE_MOST = 4, 12, 110
KINDS = {kind.value: kind.label for kind in ItemKind}
OUTCOMES = {outcome.value: outcome.label for outcome in AgendaItem.Outcome}
ITEM = """
          <li id="item-{pk}" data-item="{pk}"><div><a class="strong over" href="{url}">{title}</a><p class="by">{about}</p></div>{moves}</li>"""
MOVES = '<span class="move">{}</span>'
MOVE = (
    '<button class="button quiet square" form="agenda-order" name="{way}" value="{pk}" id="{way}-{pk}"{off}>{icon}'
    '<span class="sr">Move “{title}” {way}</span></button>'
)


@dataclass(frozen=True)
class Next:
    """A meeting to come, as triage shows it."""

    meeting: Any
    runs: bool  # whether who asks may put its agenda in order
    rows: str
    more: int
    sending: Sending
    rest: str  # the keys of those that are not shown: what is dragged here is put before them
    minutes: int
    said: str  # where something has just been moved to
    others: list  # the meetings after it

    @property
    def when(self):
        at = f", {clock(self.meeting.begins_at)}" if self.meeting.begins_at else ""
        return f"{self.meeting.on:%A} {day(self.meeting.on)}{at}"


def next_meeting(user, place, moved=None):
    """The next meeting of a group that one is in, or else of any group of the place; `moved`: the item just moved."""
    today = timezone.localdate()
    found = _coming().rows(**asking(user), place=place.pk, today=today)
    if not found:
        return None
    found.sort(key=lambda meeting: not can_run(user, meeting.team))
    first, *others = found
    runs, items = can_run(user, first.team), first.agenda
    return Next(
        meeting=first,
        runs=runs,
        rows=_agenda(first, items, runs),
        more=max(0, len(items) - ITEMS_MOST),
        rest=",".join(str(item["pk"]) for item in items[ITEMS_MOST:]),
        sending=sending_of(first, ((item["pk"], item["title"], item["length"]) for item in items)),
        minutes=sum(item["length"] for item in items),
        said=_moved_words(items, moved),
        others=sorted(others, key=lambda meeting: meeting.on),
    )


@cache
def _coming():
    user = someone()
    items = AgendaItem.objects.filter(meeting=OuterRef("pk")).order_by("position", "pk")
    told = JSONObject(pk="pk", title="title", kind="kind", length="length", outcome="outcome")
    rows = Meeting.objects.visible_to(user).coming().filter(place=Given("place")).select_related("team")
    rows = rows.filter(Q(on__gte=Given("today", DateField())) | Q(state=Meeting.State.LIVE))
    rows = rows.annotate(agenda=ArraySubquery(items.values(told=told)))
    return Prepared(rows.defer("minutes").order_by("on", "begins_at", "pk")[:MEETINGS_MOST])


def _agenda(meeting, items, runs):
    shown, last = items[:ITEMS_MOST], len(items) - 1
    return mark_safe("".join(_item(meeting, item, runs, at == 0, at == last) for at, item in enumerate(shown)))


def _item(meeting, item, runs, is_first, is_last):
    title, kind, outcome = item["title"], KINDS[item["kind"]], item["outcome"]
    about = [kind] if kind != title else []
    about += [f"{item['length']} min"] + ([OUTCOMES[outcome]] if outcome else [])
    return ITEM.format(
        pk=item["pk"],
        url=address("meetings:live", meeting.pk, item["pk"]),
        title=short(title, TITLE_MOST),
        about=" · ".join(about),
        moves=MOVES.format(_move("up", item, is_first) + _move("down", item, is_last)) if runs else "",
    )


def _move(way, item, is_at_the_end):
    return MOVE.format(
        way=way,
        pk=item["pk"],
        off=" disabled" if is_at_the_end else "",
        icon=icon(way, "small"),
        title=escape(item["title"][:60]),
    )


def _moved_words(items, moved):
    """The new place of what was moved, for those who can't see it jump."""
    for at, item in enumerate(items, 1):
        if item["pk"] == moved:
            return f"“{item['title'][:60]}” is number {at} of {len(items)} now."
    return ""
