"""A row of the debriefs that were held as HTML, put together here and not in a template, as the log's are.

Everything that a person wrote goes through `escape`; the rest is ours.
"""

from html import escape

from django.utils.safestring import mark_safe

from debriefs.record.models import Debrief, address_of
from hls.look.words import moment

COLUMNS = (
    "id", "kind", "state", "planned_for", "is_demo",
    "team__name", "recorder_id", "recorder__short_name", "recorder__name",
)  # fmt: skip
TAG = '<span class="tag{}">{}</span>'
DEMO = TAG.format("", "Demo")
KINDS = {
    Debrief.Kind.HOT: TAG.format(" hot", "Hot debrief"),
    Debrief.Kind.CONFIRMATION: TAG.format(" learn", "Living our guides"),
}
STATES = {
    Debrief.State.WRITTEN_UP: TAG.format(" closed", "Written up"),
    Debrief.State.MISSED: TAG.format("", "Did not happen"),
}
TO_WRITE_UP = TAG.format(" open", "To write up")
ROW = '<li><a class="strong" href="{url}">{team}, {at}</a><p class="meta">{kind}{state}{recorder}{demo}</p></li>'


def rows_html(debriefs):
    """Rows of debriefs as `COLUMNS` reads them."""
    return mark_safe("".join(map(_row, debriefs)))


def _row(one):
    return ROW.format(
        url=address_of(one.id),
        team=escape(one.team__name),
        at=moment(one.planned_for),
        kind=KINDS.get(one.kind, ""),
        state=_state(one),
        recorder=f"<span>Recorder: {escape(one.recorder__short_name or one.recorder__name)}</span>"
        if one.recorder_id
        else "",
        demo=DEMO if one.is_demo else "",
    )


def _state(one):
    """A look at guides has nothing to write up."""
    if one.kind == Debrief.Kind.CONFIRMATION and one.state == Debrief.State.WRITTEN_UP:
        return ""
    return STATES.get(one.state, TO_WRITE_UP)
