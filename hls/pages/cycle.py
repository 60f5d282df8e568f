"""A Learning Cycle with what every room and floor knows of it (mock-up 07).

Each part is a function of its own room, `on_cycle(user, cycle)`, that gives what its piece of the page needs in
a fixed number of queries. A new part is one line here and one include in `cycles/pages/cycle.html`.
"""

from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cycles.experiments.on_cycle import on_cycle as experiments
from cycles.guides.on_cycle import on_cycle as guides
from cycles.lessons.on_cycle import on_cycle as lessons
from cycles.maps.on_cycle import on_cycle as maps
from cycles.measures.on_cycle import on_cycle as measures
from cycles.questions.on_cycle import on_cycle as questions
from cycles.stack.models import LearningCycle, Scale
from cycles.stack.on_cycle import on_cycle as stack
from cycles.statements.weighing import on_cycle as statements
from debriefs.record.on_cycle import on_cycle as debriefs
from hls.governing.on_cycle import on_cycle as governing
from hls.pages.joined import on_cycle as joined
from issues.log.on_cycle import on_cycle as issues

PARTS = [
    stack,
    lessons,
    statements,
    maps,
    experiments,
    measures,
    issues,
    debriefs,
    guides,
    questions,
    governing,
    joined,
]


@require_safe
def cycle(request, pk):
    shown = get_object_or_404(
        LearningCycle.objects.visible_to(request.user).select_related("team", "steward", "case__worker"), pk=pk
    )
    if shown.scale == Scale.PERSON:
        return redirect(shown.case)
    page = {"cycle": shown}
    for part in PARTS:
        page |= part(request.user, shown)
    return TemplateResponse(request, "cycles/pages/cycle.html", page)
