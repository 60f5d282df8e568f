"""A case before a forum, as its own people and the forum's members of that meeting see it. Nobody else does."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.asking import ask
from cycles.drafts.pages import Kept
from cycles.lives.models import Case
from cycles.stack.models import LearningCycle
from issues.forum_cases import actions, forms, permissions
from issues.forum_cases.models import ForumCase
from issues.log.models import Issue
from issues.meetings.models import Meeting

TAB = "A case at a forum"  # no name in a window's title or the browser's history


def _found(request, pk):
    rows = ForumCase.objects.visible_to(request.user).select_related(
        "case__cycle__team", "case__worker", "team", "agency", "brought_by", "place"
    )
    return get_object_or_404(rows, pk=pk)


def about(forum_case):
    return {
        "back": forum_case.get_absolute_url(),
        "back_label": "The case",
        "tab": TAB,
        "readers_kind": "private",
        "readers": _readers(forum_case),
    }


def _readers(forum_case):
    if not forum_case.has_consent:
        return "the person’s own people. Consent was taken back: the forum sees nothing of it."
    alongside = dict.fromkeys([str(forum_case.case.worker), str(forum_case.brought_by)])
    return (
        f"{', '.join(alongside)}, those added to this life, and the members of "
        f"{forum_case.team} who sit in a meeting it is brought to. Nobody else, no steward and no leader."
    )


def _allowed(rule, request, forum_case):
    if not rule(request.user, forum_case):
        raise PermissionDenied


@require_safe
def forum_case(request, pk):
    shown = _found(request, pk)
    is_own = permissions.is_own(request.user, shown)
    actions.note_read(shown, request.user)
    plans = list(shown.plans.select_related("by"))
    meetings = Meeting.objects.visible_to(request.user).filter(items__forum_case=shown).order_by("-on")
    steps = shown.steps.select_related("issue")
    seen = set(
        Issue.objects.visible_to(request.user)
        .filter(pk__in=[step.issue_id for step in steps if step.issue_id])
        .values_list("pk", flat=True)
    )
    page = {
        "shown": shown,
        "is_own": is_own,
        "plan": plans[0] if plans else None,
        "earlier": plans[1:],
        "risks": actions.risks_of(shown).values(),
        "pledges": shown.pledges.select_related("agency").order_by("due_on", "pk"),
        "meetings": meetings,
        "steps": [{"step": step, "is_open": step.issue_id in seen} for step in steps],
        "can_plan": permissions.can_plan(request.user, shown),
        "can_send_on": permissions.can_send_on(request.user, shown),
        "can_pledge": permissions.can_plan(request.user, shown),
        "readers": _readers(shown),
        "today": timezone.localdate(),
    }
    return TemplateResponse(request, "issues/forum_cases/page.html", page)


def _case_to_bring(request, pk):
    case = get_object_or_404(
        Case.objects.visible_to(request.user).select_related("cycle__team", "cycle__place", "worker"), pk=pk
    )
    if not permissions.can_bring(request.user, case):
        raise PermissionDenied("Those who are alongside bring a case.")
    return case


@require_POST
def bring_draft(request, pk):
    """What the page sends by itself as someone types."""
    return _kept(request, _case_to_bring(request, pk)).typed()


def _kept(request, case):
    """Named for nobody, and gone when the life goes."""
    return Kept(
        request,
        f"forum-{case.pk}",
        called=TAB,
        url=reverse("issues:forum_bring_draft", args=[case.pk]),
        page=reverse("issues:forum_bring", args=[case.pk]),
        back=case.get_absolute_url(),
        cycle=case.cycle,
    )


def bring(request, pk):
    """From a person's page: with their yes, to a forum of the place."""
    case = _case_to_bring(request, pk)
    forums = permissions.forums_for(case)
    kept = _kept(request, case)
    form = forms.BringForm(request.POST or None, initial=kept.words, forums=forums, place=case.cycle.place_id)
    return ask(
        request,
        form,
        lambda said: actions.bring(case=case, by=request.user, **said),
        title="Bring it to a forum",
        lede="A last resort, when everyone has said no or passed on. You stay with them: nothing is handed on.",
        button="Bring it",
        said="Brought. It goes on the forum’s next agenda; its members see it from then on.",
        note="" if forums.exists() else "This place has no forum yet. An administrator of the place sets one up.",
        back=case.get_absolute_url(),
        back_label="Their page",
        tab=TAB,
        readers_kind="private",
        readers="those alongside; and the forum’s members who sit in the meeting it comes to.",
        kept=kept,
    )


def change(request, pk):
    shown = _found(request, pk)
    _allowed(permissions.is_own, request, shown)
    return ask(
        request,
        forms.ChangeForm.of(shown, request.POST or None),
        lambda said: actions.change(forum_case=shown, by=request.user, **said),
        title="Why it is here, and what blocks",
        said="Kept.",
        **about(shown),
    )


def plan(request, pk):
    shown = _found(request, pk)
    _allowed(permissions.can_plan, request, shown)
    last = shown.plans.first()
    began = {"text": last.text, "version": last.number} if last else {"version": 0}
    return ask(
        request,
        forms.PlanForm(request.POST or None, initial=began),
        lambda said: _write_plan(shown, said, request.user),
        title="The plan we make together",
        lede="Each time you keep it, it is a new version. The ones before stay to be read.",
        button="Keep this plan",
        said="Kept as a new version.",
        **about(shown),
    )


def _write_plan(shown, said, by):
    said["number"] = said.pop("version")
    actions.write_plan(forum_case=shown, by=by, **said)
    return shown


def risks(request, pk):
    shown = _found(request, pk)
    _allowed(permissions.can_plan, request, shown)
    current = actions.risks_of(shown)
    newest = max((mark.pk for mark in current.values()), default=0)
    form = forms.RisksForm(request.POST or None, risks=current, seen=newest)
    return ask(
        request,
        form,
        lambda said: actions.mark_risks(forum_case=shown, marks=form.marks(), seen=said["seen"], by=request.user),
        template="issues/forum_cases/risks.html",
        title="Risks, before and now",
        lede="Marked as people in the room see them. Nothing is added up and nobody is ranked.",
        said="Kept, with today’s date.",
        newest=newest,
        **about(shown),
    )


def state(request, pk):
    shown = _found(request, pk)
    if not shown.has_consent:
        raise PermissionDenied
    form = forms.StateForm.of(shown, request.POST or None)
    form.initial["is_avoidable"] = {True: "yes", False: "no"}.get(shown.is_avoidable, "")
    return ask(
        request,
        form,
        lambda said: _say(shown, said, request.user),
        title="How does it go?",
        said="Kept.",
        **about(shown),
    )


def _say(shown, said, by):
    said["words"] = said.pop("state_words")
    return actions.say_how_it_goes(forum_case=shown, by=by, **said)


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request, pk):
    """Asked once more, because the forum loses it at once; then it is done."""
    shown = _found(request, pk)
    _allowed(permissions.is_own, request, shown)
    if request.method == "POST":
        actions.take_back_consent(forum_case=shown, by=request.user)
        messages.success(request, "Taken back. The forum sees nothing of it from now on.")
        return redirect(shown)
    page = {"shown": shown, **about(shown)}
    return TemplateResponse(request, "issues/forum_cases/consent.html", page)


def pattern(request, pk):
    shown = _found(request, pk)
    _allowed(permissions.can_send_on, request, shown)
    here = LearningCycle.objects.filter(place=shown.place_id).shared().going()
    own = LearningCycle.objects.visible_to(request.user).values("pk")
    cycles = here.filter(Q(pk__in=own) | Q(team=shown.case.cycle.team_id) | Q(team=shown.team_id)).order_by(
        "title", "pk"
    )
    form = forms.PatternForm(request.POST or None, forum=shown.team, cycles=cycles)
    return ask(
        request,
        form,
        lambda said: actions.send_pattern(forum_case=shown, by=request.user, **said) and None,
        title="Send on what is behind it",
        lede="When the same gap comes up again, it goes to those who can close it. No life goes with it.",
        button="Send it on",
        said="Sent on. It waits on their agenda.",
        **about(shown)
        | {
            "readers_kind": "shared",
            "readers": "the group it goes to, the team of that cycle, and the stewards of the place.",
        },
    )
