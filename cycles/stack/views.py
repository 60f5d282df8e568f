from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cycles.asking import ask
from cycles.refusals import Refused
from cycles.stack import actions, forms, permissions
from cycles.stack.models import CycleLink, LearningCycle, Scale
from cycles.stack.words import readers_of

SCALES = list(Scale.values)


def cycle_to_change(request, pk):
    """A shared cycle in sight, and theirs to change."""
    cycle = get_object_or_404(
        LearningCycle.objects.visible_to(request.user).shared().select_related("team", "steward"), pk=pk
    )
    if not permissions.can_change(request.user, cycle):
        raise PermissionDenied
    return cycle


def about(cycle, **more):
    """What every form of a cycle says about where it belongs."""
    return {"back": cycle.get_absolute_url(), "back_label": cycle.title} | readers_of(cycle) | more


@require_safe
def cycle_list(request):
    """Cycles by scale, largest first; ended ones only when asked for. Lives are never listed here."""
    which = request.GET.get("view", "")
    cycles = LearningCycle.objects.visible_to(request.user).shared().select_related("team", "steward")
    cycles = cycles.filter(status="ended") if which == "ended" else cycles.going()
    by_scale = sorted(cycles, key=lambda cycle: -SCALES.index(cycle.scale))
    groups = [(Scale(scale).label, list(found)) for scale, found in groupby(by_scale, key=lambda cycle: cycle.scale)]
    page = {"groups": groups, "which": which, "can_open": permissions.can_open_any(request.user)}
    return TemplateResponse(request, "cycles/stack/list.html", page)


def cycle_new(request):
    if not permissions.can_open_any(request.user):
        raise PermissionDenied
    form = forms.CycleForm(request.POST or None, user=request.user)
    return ask(
        request,
        form,
        lambda said: actions.open_cycle(by=request.user, **said),
        title="Open a Learning Cycle",
        lede="Start with a purpose. Everything else can come later.",
        button="Open it",
        said="It is open.",
        back=reverse("cycles:list"),
        back_label="Learning Cycles",
        readers="the team you choose, the stewards of the place, and teams of the cycles joined to it.",
    )


def cycle_edit(request, pk):
    cycle = cycle_to_change(request, pk)
    form = forms.CycleEditForm.of(cycle, request.POST or None, place=cycle.place_id)
    return ask(
        request,
        form,
        lambda said: actions.edit_cycle(cycle=cycle, by=request.user, **said),
        title="Change the details",
        said="Saved.",
        **about(cycle),
    )


def cycle_purpose(request, pk):
    cycle = cycle_to_change(request, pk)
    form = forms.PurposeForm.of(cycle, request.POST or None)
    return ask(
        request,
        form,
        lambda said: actions.state_purpose(cycle=cycle, by=request.user, **said),
        title="Say the purpose anew",
        lede="How it was said before is kept.",
        said="The purpose is said anew.",
        **about(cycle),
    )


def cycle_stage(request, pk):
    cycle = cycle_to_change(request, pk)
    form = forms.StageForm(request.POST or None, initial={"to_stage": cycle.stage})
    return ask(
        request,
        form,
        lambda said: actions.move_stage(cycle=cycle, by=request.user, **said) and None,
        title="Move to another stage",
        lede="Any stage may follow any other. The path so far is kept.",
        button="Move",
        said="Moved. The path so far is kept.",
        **about(cycle),
    )


@require_POST
def cycle_go(request, pk):
    return _press(request, pk, actions.go_live, "It is live.")


@require_POST
def cycle_pause(request, pk):
    return _press(request, pk, actions.pause, "It is paused. Nothing is lost.")


def _press(request, pk, act, said):
    cycle = cycle_to_change(request, pk)
    try:
        act(cycle=cycle, by=request.user)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, said)
    return redirect(cycle)


def cycle_end(request, pk):
    cycle = cycle_to_change(request, pk)
    form = forms.EndForm(request.POST or None)
    return ask(
        request,
        form,
        lambda said: actions.end_cycle(cycle=cycle, by=request.user, **said),
        title="End this cycle",
        lede="An ended cycle stays readable, with all it learned.",
        button="End it",
        said="It has ended. What it learned stays.",
        **about(cycle),
    )


def link_new(request, pk):
    cycle = cycle_to_change(request, pk)
    others = LearningCycle.objects.visible_to(request.user).shared().going()
    others = others.filter(place=cycle.place_id).exclude(pk=cycle.pk)
    form = forms.LinkForm(request.POST or None, others=others)
    return ask(
        request,
        form,
        lambda said: actions.link_cycles(cycle=cycle, by=request.user, **said) and None,
        title="Join it to another cycle",
        button="Join them",
        said="They are joined.",
        **about(cycle),
    )


def link_reply(request, pk):
    """The other side's answer; seen by both."""
    seen = LearningCycle.objects.visible_to(request.user).shared()
    link = get_object_or_404(
        CycleLink.objects.filter(source__in=seen, target__in=seen).select_related("source", "target__team"), pk=pk
    )
    if not permissions.can_change(request.user, link.target):
        raise PermissionDenied
    form = forms.LinkReplyForm(request.POST or None, initial={"reply": link.reply})
    return ask(
        request,
        form,
        lambda said: actions.reply_to_link(link=link, by=request.user, **said) and None,
        title=f"Answer {link.source.title}",
        lede=link.why or "They asked to be joined to this cycle.",
        button="Send",
        said="They can read it now.",
        **about(link.target),
    )
