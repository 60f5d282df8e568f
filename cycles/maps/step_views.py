"""The work as it really goes, step by step: what helps the person and what does not (DOMAIN.md 58)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cycles.asking import ask
from cycles.lives.models import Case
from cycles.maps import forms, permissions, step_actions
from cycles.maps.models import MapStep
from cycles.maps.patterns import in_lives
from cycles.maps.reach import about_steps, map_to_change, map_to_read, row_to_change
from cycles.refusals import Refused
from cycles.stack.models import Scale
from hls.charts import flow, flow_words


def steps(request, pk):
    """The steps in order and drawn as a flow; the form adds several at the end."""
    cycle = map_to_change(request, pk) if request.method == "POST" else map_to_read(request, pk)
    rows = list(cycle.mapsteps.all())
    standing = [step for step in rows if step.removed_on is None]
    drawn = [(step.activity, step.value) for step in standing]
    title = "The work as it really goes"
    return ask(
        request,
        forms.StepsForm(request.POST or None),
        lambda said: step_actions.add_steps(cycle=cycle, by=request.user, **said) and None,
        template="cycles/maps/steps.html",
        title=title,
        said="Added.",
        cycle=cycle,
        is_life=cycle.scale == Scale.PERSON,
        can_change=permissions.can_change(request.user, cycle),
        steps=standing,
        gone=[step for step in rows if step.removed_on],
        flow_svg=flow(f"flow-{cycle.pk}", title, drawn),
        flow_words=flow_words(drawn) if drawn else "",
        differs=_differs(request.user, cycle),
        **about_steps(cycle, back=cycle.get_absolute_url(), back_label=_name(cycle)),
    )


def _name(cycle):
    return cycle.case.alias if cycle.scale == Scale.PERSON else cycle.title


def _differs(user, cycle):
    """For the team of a shared cycle: in how many of its lives what was asked differs from what it was about."""
    if cycle.scale == Scale.PERSON or not user.rights.in_team(cycle.team_id):
        return ""
    said = list(
        Case.objects.filter(cycle__team=cycle.team_id, is_mismatch__isnull=False).values_list("is_mismatch", flat=True)
    )
    return in_lives(sum(said), len(said), few="")


def step_edit(request, pk):
    step = row_to_change(request, MapStep, pk)
    return ask(
        request,
        forms.StepForm.of(step, request.POST or None),
        lambda said: step_actions.change_step(step=step, by=request.user, **said) and None,
        title="Change this step",
        lede="What it was before is kept, with the day.",
        said="Changed. What it was before is kept.",
        **about_steps(step.cycle),
    )


@require_POST
def step_move(request, pk):
    step = row_to_change(request, MapStep, pk)
    places = -1 if request.POST.get("way") == "up" else 1
    return _press(
        request,
        step.cycle,
        lambda: step_actions.move_step(step=step, by_places=places, by=request.user),
        lambda place: f"“{step.activity}” is now step {place}.",
    )


def step_remove(request, pk):
    step = row_to_change(request, MapStep, pk)
    return ask(
        request,
        forms.RemoveForm(request.POST or None),
        lambda said: step_actions.remove_step(step=step, by=request.user, **said) and None,
        title="Take this step out",
        lede=f"“{step.activity}”. It stays in the steps of every day before today, and you can put it back.",
        button="Take it out",
        said="Taken out. It stays in the steps of every day before.",
        **about_steps(step.cycle),
    )


@require_POST
def step_back(request, pk):
    step = row_to_change(request, MapStep, pk)
    return _press(
        request,
        step.cycle,
        lambda: step_actions.put_step_back(step=step, by=request.user),
        lambda _: "It is back where it was.",
    )


def _press(request, cycle, act, said):
    try:
        done = act()
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, said(done))
    return redirect("cycles:steps", cycle.pk)
