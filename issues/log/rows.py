"""A row of the issue log as HTML, put together here and not in a template: it is most of what the log page costs.

bench/ measured it: twenty-five rows by template took a third of the whole page. Everything that a person wrote goes
through `escape`; the rest is ours.
"""

from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape as escape
from django.utils.safestring import mark_safe
from django.utils.text import Truncator

from hls.look.words import ago_days, day
from issues.log.models import Level, OwnerTier, Response
from issues.log.seen import Seen

DESCRIPTION_MOST, ACTION_MOST = 240, 180
YES = '<span class="pip"></span><span class="sr">Yes</span>'
TAG = '<span class="tag{}">{}</span>'
OPEN, CLOSED = TAG.format(" open", "Open"), TAG.format(" closed", "Closed")
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


def rows_html(issues, counts):
    """The rows of the log's table. `issues` come with their responses and `held_by`, `counts` by their ids."""
    address = reverse("issues:issue", args=["REF"])
    today = timezone.localdate()
    return mark_safe("".join(_row(issue, counts.get(issue.pk, Seen()), address, today) for issue in issues))


def _row(issue, seen, address, today):
    responses = {response.kind: response for response in issue.responses.all()}
    return ROW.format(
        url=address.replace("REF", issue.ref),
        description=_short(issue.description, DESCRIPTION_MOST),
        meta=_meta(issue, seen, today),
        levels=LEVEL_CELLS[issue.level],
        status=OPEN if issue.is_open else CLOSED,
        owners=OWNER_CELLS[issue.owner_tier],
        now=_action(responses.get(Response.Kind.COUNTERMEASURE), today) or NONE_YET,
        new=_action(responses.get(Response.Kind.SYSTEM_CHANGE), today) or (NOT_YET if issue.is_open else NONE),
        elsewhere=_elsewhere(issue),
    )


def _meta(issue, seen, today):
    said = [issue.ref, str(seen)]
    if issue.is_open:
        said.append(f"Open {ago_days(issue.raised_on, today)}")
    said += ["Barrier"] * issue.is_barrier + ["Leverage"] * issue.is_leverage
    demo = TAG.format("", "Demo") if issue.is_demo else ""
    return "".join(f"<span>{words}</span>" for words in said) + demo


def _elsewhere(issue):
    """With whom it is, where that is not the team that raised it."""
    if issue.is_open and issue.held_by_id != issue.team_id:
        return f' <span class="tag">With {escape(issue.held_by.name)}</span>'
    return ""


def _action(response, today):
    return response and f"{_short(response.text, ACTION_MOST)} {response_tag(response, today)}"


def response_tag(response, today=None):
    """How far a response is; the same words as issues/response_tag.html."""
    state, kind = Response.State(response.state), Response.Kind(response.kind)
    if state == Response.State.IN_PLACE:
        since = "New normal since" if kind == Response.Kind.SYSTEM_CHANGE else "In place since"
        return TAG.format(" in-place", f"{since} {day(response.in_place_on, today)}")
    if state == Response.State.AGREED:
        starts = f", starts {day(response.starts_on, today)}" if response.starts_on else ""
        return TAG.format(" in-place", f"Agreed{starts}")
    return TAG.format(" not-yet" if state == Response.State.NOT_NEEDED else "", state.label)


def _short(text, most):
    return escape(text if len(text) <= most else Truncator(text).chars(most))
