"""A row of the issue log as HTML, put together here and not in a template: it is most of what the log page costs.

bench/ measured it: twenty-five rows by template took a third of the whole page. Everything that a person wrote goes
through `escape`; the rest is ours.
"""

from functools import lru_cache
from html import escape

from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.text import Truncator

from hls.look.words import ago_days, day
from issues.log.models import Issue, Level, OwnerTier, Response, address_of, ref_of
from issues.log.seen import Seen

DESCRIPTION_MOST, ACTION_MOST = 240, 180
TAGS_KEPT = 2000  # the days of a few years, each in a few states
YES = '<span class="pip"></span><span class="sr">Yes</span>'
TAG = '<span class="tag{}">{}</span>'
OPEN, CLOSED = TAG.format(" open", "Open"), TAG.format(" closed", "Closed")
NOW, NEW = Response.Kind.COUNTERMEASURE, Response.Kind.SYSTEM_CHANGE
SINCE = {NOW: "In place since", NEW: "New normal since"}
STATE_TAGS = {
    state.value: TAG.format(" not-yet" if state == Response.State.NOT_NEEDED else "", state.label)
    for state in Response.State
}
WITH_EACH = '<span class="by">Each issue keeps its own</span>'
NONE_YET, NOT_YET, NONE = (TAG.format(" not-yet", words) for words in ("None yet", "Not worked out yet", "None"))

ROW = """
        <tr role="row">
          <th scope="row" class="issue" role="rowheader"><a href="{url}">{description}</a>
            <p class="meta">{meta}</p></th>
          {levels}
          <td role="cell" class="edge-l">{status}</td>
          {owners}
          <td role="cell" class="do edge-l" data-col="Countermeasure (now)">{now}</td>
          <td role="cell" class="do" data-col="System change (new normal)">{new}{elsewhere}</td>
        </tr>"""


def _ticks(group, choices):
    """For each answer, the three cells with its tick: worked out once, when the process starts."""

    def cell(choice, at, chosen):
        classes = "tick" + (" edge-l" if at == 0 else "") + ("" if chosen else " none")
        return f'<td role="cell" class="{classes}" data-col="{group}: {choice.label}">{YES if chosen else ""}</td>'

    def cells(value):
        return "".join(cell(choice, at, choice.value == value) for at, choice in enumerate(choices))

    return {value: cells(value) for value in [*(choice.value for choice in choices), None, ""]}


LEVEL_CELLS = _ticks("Level", Level)
OWNER_CELLS = _ticks("Owner", OwnerTier)


def rows_html(issues):
    """The rows of the log's table, of issues as `issues.log.reading.columns` reads them."""
    today = timezone.localdate()
    return mark_safe("".join(_row(issue, today) for issue in issues))


def _row(issue, today):
    ref, is_open = ref_of(issue.number), issue.status == Issue.Status.OPEN
    now = (NOW, issue.now__text, issue.now__state, issue.now__in_place_on, issue.now__starts_on)
    new = (NEW, issue.new__text, issue.new__state, issue.new__in_place_on, issue.new__starts_on)
    return ROW.format(
        url=address_of(ref),
        description=short(issue.description, DESCRIPTION_MOST),
        meta=_meta(issue, ref, is_open, today),
        levels=LEVEL_CELLS[issue.level],
        status=OPEN if is_open else CLOSED,
        owners=OWNER_CELLS[issue.owner_tier],
        now=_action(*now, today) or (WITH_EACH if issue.is_pattern else NONE_YET),
        new=_action(*new, today) or (NOT_YET if is_open else NONE),
        elsewhere=_elsewhere(issue, today) if is_open else "",
    )


def _meta(issue, ref, is_open, today):
    said = [ref] if issue.is_pattern else [ref, str(Seen.of(issue.seen))]
    if is_open:
        said.append(f"Open {ago_days(issue.raised_on, today)}")
    said += ["Pattern"] * issue.is_pattern + ["Barrier"] * issue.is_barrier + ["Leverage"] * issue.is_leverage
    demo = TAG.format("", "Demo") if issue.is_demo else ""
    return "".join(f"<span>{words}</span>" for words in said) + demo


def _elsewhere(issue, today):
    """With whom it is and for how long, where that is not the team that raised it."""
    if issue.held_by_id != issue.team_id:
        here = ago_days(issue.held_since, today)
        return f' <span class="tag">With {escape(issue.held_by__name)} {here}</span>'
    return ""


def _action(kind, text, state, in_place_on, starts_on, today):
    return state and f"{short(text, ACTION_MOST)} {response_tag(kind, state, in_place_on, starts_on, today)}"


def response_tag(kind, state, in_place_on, starts_on, today=None):
    """How far a response is; the same words as issues/response_tag.html."""
    return _response_tag(kind, state, in_place_on, starts_on, today or timezone.localdate())


@lru_cache(TAGS_KEPT)
def _response_tag(kind, state, in_place_on, starts_on, today):
    if state == Response.State.IN_PLACE:
        return TAG.format(" in-place", f"{SINCE[kind]} {day(in_place_on, today)}")
    if state == Response.State.AGREED:
        starts = f", starts {day(starts_on, today)}" if starts_on else ""
        return TAG.format(" in-place", f"Agreed{starts}")
    return STATE_TAGS[state]


def short(text, most):
    return escape(text if len(text) <= most else Truncator(text).chars(most))
