from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cycles.asking import ask
from cycles.drafts.pages import Kept
from cycles.refusals import Refused
from cycles.stack import actions, forms, permissions
from cycles.stack.models import CycleLink, LearningCycle, Scale, Stage
from cycles.stack.purposes import changes
from cycles.stack.words import readers_of

SCALES = list(Scale.values)


def cycle_to_change(request, pk):
    """A shared cycle in sight, and theirs to change."""
    cycle = get_object_or_404(LearningCycle.objects.shared_with(request.user).select_related("team", "steward"), pk=pk)
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
    cycles = LearningCycle.objects.shared_with(request.user).select_related("team", "steward")
    by_scale = sorted(_narrowed(cycles, which, request.user), key=lambda cycle: -SCALES.index(cycle.scale))
    groups = [(Scale(scale).label, list(found)) for scale, found in groupby(by_scale, key=lambda cycle: cycle.scale)]
    views = STEWARDS_VIEWS if request.user.rights.stewards else VIEWS
    page = {
        "groups": groups,
        "views": views,
        "which": which if which in dict(views) else "",
        "can_open": permissions.can_open_any(request.user),
    }
    return TemplateResponse(request, "cycles/stack/list.html", page)


VIEWS = [("", "Going on"), ("ended", "Ended")]
STEWARDS_VIEWS = [("", "Going on"), ("care", "In my care"), ("none", "No steward yet"), ("ended", "Ended")]


def _narrowed(cycles, which, user):
    if which == "ended":
        return cycles.filter(status=LearningCycle.Status.ENDED)
    if which == "care":
        return cycles.going().filter(steward=user)
    if which == "none":
        return cycles.going().filter(steward=None, place__in=user.rights.stewards)
    return cycles.going()


def cycle_new(request):
    kept = _kept_new(request)
    form = forms.CycleForm(request.POST or None, initial=kept.words, user=request.user)
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
        kept=kept,
    )


@require_POST
def cycle_new_draft(request):
    """What the page sends by itself as someone types."""
    return _kept_new(request).typed()


def _kept_new(request):
    if not permissions.can_open_any(request.user):
        raise PermissionDenied
    return Kept(
        request,
        "cycle-new",
        called="Open a Learning Cycle",
        url=reverse("cycles:new_draft"),
        page=reverse("cycles:new"),
        back=reverse("cycles:list"),
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


@require_safe
def cycle_purposes(request, pk):
    """How the purpose was said, each time it was said; any two beside each other; what set out to serve each."""
    cycle = get_object_or_404(LearningCycle.objects.shared_with(request.user).select_related("team", "steward"), pk=pk)
    versions = list(cycle.purposes.select_related("by").prefetch_related("experiments", "measures"))
    if not versions:  # only a row that no action made
        return redirect(cycle)
    newer = _chosen(versions, request.GET.get("new"), versions[0])
    older = _chosen(versions, request.GET.get("old"), versions[min(1, len(versions) - 1)])
    if older.number > newer.number:
        older, newer = newer, older
    page = {
        "cycle": cycle,
        "versions": versions,
        "older": older,
        "newer": newer,
        "purpose_changes": changes(older.purpose, newer.purpose),
        "old_purpose_changes": changes(older.old_purpose, newer.old_purpose),
        "can_change": permissions.can_change(request.user, cycle),
        **readers_of(cycle),
    }
    return TemplateResponse(request, "cycles/stack/purposes.html", page)


def _chosen(versions, asked, otherwise):
    return next((version for version in versions if str(version.number) == asked), otherwise)


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


def stage_note(request, pk):
    cycle = cycle_to_change(request, pk)
    asked = request.GET.get("stage", "")
    stage = asked if asked in Stage.values else cycle.stage
    form = forms.StageNoteForm(request.POST or None, initial={"stage": stage})
    return ask(
        request,
        form,
        lambda said: actions.note_stage(cycle=cycle, by=request.user, **said) and None,
        title="Say where a stage has got to",
        lede="It stays at its stage. What was said before is kept.",
        button="Keep it",
        said="Kept.",
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
    others = LearningCycle.objects.shared_with(request.user).going()
    others = others.filter(place=cycle.place_id).exclude(pk=cycle.pk)
    form = forms.LinkForm(request.POST or None, others=others)
    return ask(
        request,
        form,
        lambda said: actions.link_cycles(cycle=cycle, by=request.user, **said) and None,
        title="Join it to another cycle",
        button="Join them",
        said="They are joined. The other team owes you an answer.",
        **about(cycle),
    )


def _link_to_change(request, pk, whose):
    """A link between two cycles in sight, and theirs to change: `whose` names the cycles that may."""
    seen = LearningCycle.objects.shared_with(request.user)
    link = get_object_or_404(
        CycleLink.objects.filter(source__in=seen, target__in=seen).select_related("source__team", "target__team"), pk=pk
    )
    theirs = [cycle for cycle in whose(link) if permissions.can_change(request.user, cycle)]
    if not theirs:
        raise PermissionDenied
    return link, theirs[0]


def link_reply(request, pk):
    """The other side's answer; seen by both."""
    link, asked = _link_to_change(request, pk, lambda link: [link.asked])
    form = forms.LinkReplyForm(request.POST or None, initial={"reply": link.reply})
    return ask(
        request,
        form,
        lambda said: actions.reply_to_link(link=link, by=request.user, **said) and None,
        title=f"Answer {link.asking.title}",
        lede=link.why or "They asked to be joined to this cycle.",
        button="Send",
        said="They can read it now.",
        **about(asked) | {"readers": f"{link.source.team}, {link.target.team} and the stewards of the place."},
    )


def link_part(request, pk):
    """Either side may end it, with a because that both can read."""
    link, mine = _link_to_change(request, pk, lambda link: [link.source, link.target])
    return ask(
        request,
        forms.PartForm(request.POST or None),
        lambda said: actions.part_cycles(link=link, by=request.user, **said) and None,
        title=f"End the link between {link.source.title} and {link.target.title}",
        lede="Neither team reads the other’s page after that. You can join them again.",
        button="End the link",
        said="They are no longer joined. What was said is kept.",
        **about(mine) | {"readers": f"{link.source.team}, {link.target.team} and the stewards of the place."},
    )
