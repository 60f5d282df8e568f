from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cycles.asking import ask
from cycles.experiments import actions, forms
from cycles.experiments.models import Experiment
from cycles.guides.models import Guide
from cycles.lessons.models import Lesson
from cycles.measures.models import Measure
from cycles.stack import permissions
from cycles.stack.views import about, cycle_to_change

PLAN = [
    ("people", "Who helps design it?"),
    ("actions", "What actions are we trying?"),
    ("data_plan", "What data will we gather?"),
    ("sense_plan", "How will we make sense of it, and with whom?"),
    ("safe_to_fail", "How do we make it safe to fail?"),
    ("protection", "What countermeasure protects the space?"),
]
WITH_CYCLE = ("cycle__team", "cycle__steward")


def experiment_to_change(request, pk):
    experiment = get_object_or_404(Experiment.objects.visible_to(request.user).select_related(*WITH_CYCLE), pk=pk)
    if not permissions.can_change(request.user, experiment.cycle):
        raise PermissionDenied
    return experiment


def about_experiment(experiment):
    return about(experiment.cycle) | {"back": experiment.get_absolute_url(), "back_label": experiment.title}


@require_safe
def experiment(request, pk):
    """Learning above plan: what it teaches comes before what was meant."""
    shown = get_object_or_404(Experiment.objects.visible_to(request.user).select_related(*WITH_CYCLE, "parent"), pk=pk)
    may_become = actions.MAY_BECOME.get(shown.state, set())
    page = {
        "experiment": shown,
        "cycle": shown.cycle,
        "can_change": permissions.can_change(request.user, shown.cycle),
        "lessons": Lesson.objects.filter(experiment=shown),
        "guides": Guide.objects.filter(cycle=shown.cycle).in_force(timezone.localdate()),
        "measures": Measure.objects.filter(experiment=shown, retired_on=None),
        "moves": shown.moves.select_related("by"),
        "children": shown.children.all(),
        "plan": [{"ask": ask, "lines": getattr(shown, name).splitlines()} for name, ask in PLAN],
        "start_form": forms.StartForm(auto_id="start_%s") if shown.state == "idea" else None,
        "next_form": forms.NextForm(may_become=may_become, auto_id="next_%s") if may_become else None,
        **about(shown.cycle),
    }
    return TemplateResponse(request, "cycles/experiments/experiment.html", page)


def experiment_new(request, pk):
    cycle = cycle_to_change(request, pk)
    return ask(
        request,
        forms.NewCardForm(request.POST or None),
        lambda said: actions.design_experiment(cycle=cycle, by=request.user, **said),
        title="Design an experiment together",
        lede="Only the question and a short name are needed now. You can fill in the rest as you go.",
        button="Keep this card",
        said="The card is kept. Two ticks start it.",
        **about(cycle),
    )


def experiment_edit(request, pk):
    shown = experiment_to_change(request, pk)
    return ask(
        request,
        forms.EditCardForm.of(shown, request.POST or None),
        lambda said: actions.edit_card(experiment=shown, by=request.user, **said),
        title="Change the plan",
        said="The plan is changed.",
        **about_experiment(shown),
    )


def experiment_start(request, pk):
    shown = experiment_to_change(request, pk)
    return ask(
        request,
        forms.StartForm(request.POST or None),
        lambda said: actions.start(experiment=shown, by=request.user, **said),
        title="Start it",
        lede="Two ticks start it. Nobody has to approve it.",
        button="Start it",
        said="It has started.",
        **about_experiment(shown),
    )


def experiment_next(request, pk):
    shown = experiment_to_change(request, pk)
    form = forms.NextForm(request.POST or None, may_become=actions.MAY_BECOME.get(shown.state, set()))
    return ask(
        request,
        form,
        lambda said: actions.decide_next(experiment=shown, by=request.user, **said),
        title="What happens next?",
        button="Record what we decided",
        said="Recorded.",
        **about_experiment(shown),
    )
