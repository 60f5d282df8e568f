"""A statement of what we think we learned, with what speaks for and against it; debriefs only for their own team."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cycles.stack.permissions import can_change
from cycles.stack.views import about
from cycles.statements.permissions import can_take_back
from cycles.statements.views import find_statement
from cycles.statements.weighing import evidence_of
from debriefs.learning.queries import words_behind


@require_safe
def statement(request, pk):
    shown = find_statement(request, pk)
    sides = evidence_of(shown, request.user)
    rows = [row for side in sides for row in side["rows"]]
    behind = words_behind([row for row in rows if row.kind == row.Kind.DEBRIEF], request.user)
    for row in rows:
        row.debrief, row.words = behind.get(row.pk, (None, ""))
        row.can_take_back = can_take_back(request.user, row)
    steps = list(shown.steps.select_related("by"))
    seen = {row.pk for row in rows}
    for step in steps:
        step.is_seen = step.evidence_id in seen
    page = {
        "statement": shown,
        "cycle": shown.cycle,
        "sides": sides,
        "steps": steps,
        "reopened": next((step for step in steps if step.what == step.What.REOPENED), None),
        "can_change": can_change(request.user, shown.cycle),
        **about(shown.cycle),
    }
    return TemplateResponse(request, "cycles/pages/statement.html", page)
