"""Experiments as a portfolio: end point by contact, with what is going on, what is an idea and what has ended.

It counts and ranks nobody. Experiments of a single life are never here: they stay with the life.
"""

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cycles.asking import number
from cycles.experiments.models import Experiment
from cycles.stack.models import LearningCycle
from cycles.stack.permissions import can_change
from cycles.stack.views import about

SHOWN = 5  # of each group; the rest is one press away
PAGE = 30
GROUPS = {
    "going": ("Going on", Experiment.GOING),
    "idea": ("Ideas", (Experiment.State.IDEA,)),
    "ended": ("Ended, and what they taught", Experiment.ENDINGS),
}
GLOSS = {
    "Training": "We know where it ends: skills or tools, in the background.",
    "Project": "We know where it ends: a known fix, put in with people.",
    "Enquiry": "We do not know where it ends: we look deeply into how the system works.",
    "Prototype": "We do not know where it ends: we test, learn and change it, with people.",
}
KINDS = {name.lower(): cell for cell, name in Experiment.KINDS.items()}
GROUP_OF = {state: group for group, (_, states) in GROUPS.items() for state in states}


@require_safe
def experiments(request):
    """The whole place's."""
    return _portfolio(request, Experiment.objects.visible_to(request.user).shared(), cycle=None)


@require_safe
def cycle_experiments(request, pk):
    cycle = get_object_or_404(LearningCycle.objects.shared_with(request.user).select_related("team"), pk=pk)
    return _portfolio(request, Experiment.objects.filter(cycle=cycle), cycle=cycle)


def _portfolio(request, found, cycle):
    kind, group = request.GET.get("kind", ""), request.GET.get("state", "")
    here = reverse("cycles:cycle_experiments", args=[cycle.pk]) if cycle else reverse("cycles:experiments")
    page = {
        "cycle": cycle,
        "here": here,
        "can_change": bool(cycle) and can_change(request.user, cycle),
        "readers": "those who can see each cycle.",
        "readers_kind": "shared",
        **(about(cycle) if cycle else {"back": reverse("cycles:list"), "back_label": "Learning Cycles"}),
    }
    if kind in (*KINDS, "unsaid") and group in GROUPS:
        page |= _one_group(found, kind, group, here, number(request.GET.get("page", "")) or 1)
        return TemplateResponse(request, "cycles/experiments/portfolio_group.html", page)
    return TemplateResponse(request, "cycles/experiments/portfolio.html", page | _grid(found))


def _grid(found):
    """Four cells and the experiments of which nobody said yet; two queries, however many there are."""
    counts, rows = {}, {}
    for end_point, contact, state, n in (
        found.order_by().values_list("end_point", "contact", "state").annotate(n=Count("pk"))
    ):
        key = _key(end_point, contact), GROUP_OF[state]
        counts[key] = counts.get(key, 0) + n
    for experiment in _first_few(found):
        rows.setdefault((_key(experiment.end_point, experiment.contact), GROUP_OF[experiment.state]), []).append(
            experiment
        )
    cells = [_cell(name, rows, counts) for name in Experiment.KINDS.values()]
    return {"cells": cells, "unsaid": _cell("", rows, counts), "is_empty": not counts}


def _key(end_point, contact):
    return Experiment.KINDS.get((end_point, contact), "")


def _first_few(found):
    newest = [F("opened_on").desc(), F("pk").desc()]
    ranked = found.annotate(
        place_in_group=Window(RowNumber(), partition_by=["end_point", "contact", "state"], order_by=newest)
    )
    few = ranked.filter(place_in_group__lte=SHOWN).select_related("cycle", "parent")
    return few.order_by("-opened_on", "-pk")


def _cell(name, rows, counts):
    groups = []
    for group, (label, _) in GROUPS.items():
        n = counts.get((name, group), 0)
        shown = rows.get((name, group), [])[:SHOWN]
        if n:
            query = f"?kind={name.lower() or 'unsaid'}&state={group}"
            groups.append({"key": group, "label": label, "rows": shown, "n": n, "more": query if n > SHOWN else ""})
    return {"name": name, "gloss": GLOSS.get(name, ""), "groups": groups}


def _one_group(found, kind, group, here, page):
    label, states = GROUPS[group]
    rows = found.filter(state__in=states)
    if kind == "unsaid":
        rows = rows.exclude(end_point__gt="", contact__gt="")
    else:
        end_point, contact = KINDS[kind]
        rows = rows.filter(end_point=end_point, contact=contact)
    page = min(page, 1000)
    some = list(rows.select_related("cycle", "parent")[(page - 1) * PAGE : page * PAGE + 1])
    query = f"{here}?kind={kind}&state={group}&page="
    return {
        "title": f"{'Kind not said yet' if kind == 'unsaid' else kind.title()}: {label[:1].lower()}{label[1:]}",
        "rows": some[:PAGE],
        "older": f"{query}{page + 1}" if len(some) > PAGE else "",
        "newer": f"{query}{page - 1}" if page > 1 else "",
        "all": here,
    }
