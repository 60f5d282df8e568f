"""What is done with an experiment. Its page is put together in hls/pages, where issues and debriefs are known."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from cycles.asking import ask
from cycles.drafts.pages import Kept
from cycles.experiments import actions, bubble, forms, limits
from cycles.experiments.models import Experiment, Limit
from cycles.stack import permissions
from cycles.stack.views import about, cycle_to_change

WITH_CYCLE = ("cycle__team", "cycle__steward", "cycle__case__worker")


def find_experiment(request, pk, *related):
    found = Experiment.objects.visible_to(request.user).select_related(*WITH_CYCLE, *related)
    return get_object_or_404(found, pk=pk)


def experiment_to_change(request, pk):
    experiment = find_experiment(request, pk)
    if not permissions.can_change(request.user, experiment.cycle):
        raise PermissionDenied
    return experiment


def find_limit(request, pk):
    """A limit in sight, of an experiment in sight."""
    of_cycle = ("experiment__cycle__team", "experiment__cycle__steward", "experiment__cycle__case__worker")
    found = Limit.objects.visible_to(request.user).select_related(*of_cycle)
    return get_object_or_404(found, pk=pk)


def about_experiment(experiment):
    return about(experiment.cycle) | {"back": experiment.get_absolute_url(), "back_label": experiment.title}


def experiment_new(request, pk):
    cycle = cycle_to_change(request, pk)
    kept = _kept_card(request, cycle)
    return ask(
        request,
        forms.NewCardForm(request.POST or None, initial=kept.words, cycle=cycle),
        lambda said: actions.design_experiment(cycle=cycle, by=request.user, **said),
        title="Design an experiment together",
        lede="Only the question and a short name are needed now. You can fill in the rest as you go.",
        button="Keep this card",
        said="The card is kept. Two ticks start it.",
        kept=kept,
        **about(cycle),
    )


@require_POST
def experiment_new_draft(request, pk):
    """What the page sends by itself as someone types."""
    return _kept_card(request, cycle_to_change(request, pk)).typed()


def _kept_card(request, cycle):
    return Kept(
        request,
        f"card-{cycle.pk}",
        called="An experiment",
        url=reverse("cycles:experiment_new_draft", args=[cycle.pk]),
        page=reverse("cycles:experiment_new", args=[cycle.pk]),
        back=about(cycle)["back"],
        cycle=cycle,
    )


def experiment_edit(request, pk):
    shown = experiment_to_change(request, pk)
    return ask(
        request,
        forms.EditCardForm.of(shown, request.POST or None, cycle=shown.cycle),
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


def experiment_resume(request, pk):
    shown = experiment_to_change(request, pk)
    return ask(
        request,
        forms.ResumeForm(request.POST or None),
        lambda said: limits.resume(experiment=shown, by=request.user, **said),
        title="Go on with it",
        lede="It was paused because a limit was crossed. Whoever said so can read what you write here.",
        button="Go on",
        said="It goes on.",
        **about_experiment(shown),
    )


def limit_new(request, pk):
    shown = experiment_to_change(request, pk)
    return ask(
        request,
        forms.LimitForm(request.POST or None),
        lambda said: limits.set_limit(experiment=shown, by=request.user, **said) and shown,
        title="Set a limit",
        lede="Anyone who can see the experiment may say it was crossed. That pauses it and calls a hot debrief.",
        button="Set it",
        said="The limit holds from now on.",
        **about_experiment(shown),
    )


def limit_lift(request, pk):
    limit = find_limit(request, pk)
    if not permissions.can_change(request.user, limit.experiment.cycle):
        raise PermissionDenied
    return ask(
        request,
        forms.LiftForm(request.POST or None),
        lambda said: limits.lift_limit(limit=limit, by=request.user, **said) and limit.experiment,
        title="Lift this limit",
        lede=limit.text,
        button="Lift it",
        said="Lifted. It stays on the page, with your reason.",
        **about_experiment(limit.experiment),
    )


def experiment_take_in(request, pk):
    shown = find_experiment(request, pk)
    if not bubble.can_take_in(request.user, shown):
        raise PermissionDenied
    form = forms.TakeInForm(request.POST or None, cases=bubble.lives_to_take_in(request.user, shown))
    return ask(
        request,
        form,
        lambda said: bubble.take_in(experiment=shown, by=request.user, **said) and shown,
        title="Take a life in",
        lede="Only lives that you are alongside are here. Ask the person first.",
        button="Take it in",
        said="Taken in.",
        **about_experiment(shown)
        | {
            "readers": "those alongside this life. Everyone else sees a number, never below five.",
            "readers_kind": "private",
        },
    )
