from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cycles.asking import ask
from cycles.lives import actions, forms, permissions
from cycles.lives.models import Case, CasePerson
from cycles.refusals import Refused

PEOPLE = "cycles:people"


def case_to_change(request, pk, allowed=permissions.is_alongside):
    """A life in sight, and theirs to change. Its forms show its words, so opening one is a reading too."""
    case = get_object_or_404(
        Case.objects.visible_to(request.user).select_related("cycle__team", "cycle__place", "worker"), pk=pk
    )
    if not allowed(request.user, case):
        raise PermissionDenied
    if request.method != "POST":
        actions.note_read(case=case, by=request.user)
    return case


def about_case(case, **more):
    return {
        "back": case.get_absolute_url(),
        "back_label": case.alias,
        "readers_kind": "private",
        "readers": f"{case.worker} and those added to this page.",
        "tab": "A person’s page",  # no name in a window’s title or the browser’s history
    } | more


@require_safe
def person_list(request):
    """The lives this person is alongside. Nobody else's is named or counted."""
    which = request.GET.get("view", "")
    cases = Case.objects.of(request.user).select_related("worker", "cycle__team")
    page = {
        "cases": cases.filter(state="closed") if which == "closed" else cases.open(),
        "which": which,
        "can_open": bool(permissions.teams_to_open_for(request.user)),
        "find_form": forms.FindForm() if request.user.rights.teams else None,
    }
    return TemplateResponse(request, "cycles/lives/list.html", page)


def person_new(request):
    teams = permissions.teams_to_open_for(request.user)
    if not teams:
        raise PermissionDenied
    return ask(
        request,
        forms.NewCaseForm(request.POST or None, teams=teams),
        lambda said: actions.open_case(by=request.user, **said),
        title="Open a page for someone",
        lede="A name and a few words. No form to fill in, no test to pass.",
        button="Open it",
        said="It is open. You are alongside.",
        back=reverse(PEOPLE),
        back_label="People",
        readers_kind="private",
        readers="only you, until you add someone.",
    )


@require_POST
def person_find(request):
    """By the whole name, so that nobody browses. It leads to the page that asks for a reason."""
    form = forms.FindForm(request.POST)
    found = Case.objects.none()
    if form.is_valid():
        found = Case.objects.in_reach_of(request.user).filter(alias__iexact=form.cleaned_data["alias"].strip())
    case = found.order_by("pk").first()
    if case is None:
        messages.warning(request, "Nobody your team is alongside goes by that name.")
        return redirect(PEOPLE)
    return redirect(case)


def person_why(request, pk):
    """Someone of the team, not alongside, says why they need this page. Nothing of it is shown before."""
    case = get_object_or_404(Case.objects.in_reach_of(request.user).select_related("cycle__place", "worker"), pk=pk)
    if Case.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect(case)
    return ask(
        request,
        forms.WhyForm(request.POST or None),
        lambda said: actions.open_for_a_reason(case=case, by=request.user, **said) and case,
        title="This page belongs to someone’s life",
        lede="You are in the team, but not alongside this person. You can read the page today if you say why.",
        button="Open the page",
        back=reverse(PEOPLE),
        back_label="People",
        readers="the worker alongside. They see your name and your reason.",
    )


def person_edit(request, pk):
    case = case_to_change(request, pk)
    return ask(
        request,
        forms.CaseForm.of(case, request.POST or None),
        lambda said: actions.edit_case(case=case, by=request.user, **said),
        title=f"Change {case.alias}’s page",
        lede="Write it together if you can.",
        said="Saved.",
        **about_case(case),
    )


def person_readers(request, pk):
    case = case_to_change(request, pk, permissions.can_change_readers)
    readers = case.people.filter(until_on=None).select_related("user")
    here = [case.worker_id, *(reader.user_id for reader in readers)]
    form = forms.ReaderForm(request.POST or None, colleagues=actions.colleagues_of(case).exclude(pk__in=here))
    return ask(
        request,
        form,
        lambda said: actions.add_reader(case=case, by=request.user, **said) and None,
        template="cycles/lives/readers.html",
        title=f"Who can read {case.alias}’s page",
        button="Add them",
        said="Added. They can read it and add to it.",
        case=case,
        current=readers,
        openings=case.openings.select_related("by"),
        **about_case(case),
    )


@require_POST
def reader_remove(request, pk):
    reader = get_object_or_404(
        CasePerson.objects.filter(case__in=Case.objects.visible_to(request.user)).select_related("case__cycle"), pk=pk
    )
    if not permissions.can_change_readers(request.user, reader.case):
        raise PermissionDenied
    actions.remove_reader(reader=reader, by=request.user)
    messages.success(request, "Removed. They can no longer see it.")
    return redirect("cycles:person_readers", reader.case_id)


def person_step(request, pk):
    case = case_to_change(request, pk)
    return ask(
        request,
        forms.StepForm(request.POST or None, initial={"step": case.step, "version": case.version}),
        lambda said: actions.set_step(case=case, by=request.user, **said),
        title="Where are you together?",
        said="Kept.",
        **about_case(case),
    )


def contact_new(request, pk):
    case = case_to_change(request, pk)
    return ask(
        request,
        forms.ContactForm(request.POST or None, place=case.cycle.place_id),
        lambda said: actions.add_contact(case=case, by=request.user, **said) and case,
        title="Add what happened",
        button="Add it",
        said="Added.",
        **about_case(case),
    )


def spend_new(request, pk):
    case = case_to_change(request, pk)
    return ask(
        request,
        forms.SpendForm(request.POST or None),
        lambda said: actions.add_spend(case=case, by=request.user, **said) and case,
        title="Add what was spent",
        button="Add it",
        said="Added.",
        **about_case(case),
    )


def person_pause(request, pk):
    case = case_to_change(request, pk)
    return ask(
        request,
        forms.PauseForm(request.POST or None),
        lambda said: actions.pause_case(case=case, by=request.user, **said),
        title="Pause for now",
        button="Pause",
        said="Paused. Pick it up whenever they like.",
        **about_case(case),
    )


@require_POST
def person_resume(request, pk):
    case = case_to_change(request, pk)
    try:
        actions.resume_case(case=case, by=request.user)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "You go on where you left off.")
    return redirect(case)


def person_close(request, pk):
    case = case_to_change(request, pk)
    return ask(
        request,
        forms.CloseForm(request.POST or None),
        lambda said: actions.close_case(case=case, by=request.user, **said),
        title="End it by agreement",
        button="We agreed",
        said="Kept. They can come back at any time.",
        **about_case(case),
    )


def person_reopen(request, pk):
    case = case_to_change(request, pk, permissions.can_hand_over)
    form = forms.WorkerForm(
        request.POST or None, colleagues=actions.colleagues_of(case), initial={"worker": case.worker_id}
    )
    return ask(
        request,
        form,
        lambda said: actions.reopen_case(case=case, by=request.user, **said),
        title="Open it again",
        lede="The same worker, unless there is a reason.",
        button="Open it again",
        said="It is open again.",
        **about_case(case),
    )


def person_worker(request, pk):
    case = case_to_change(request, pk, permissions.can_hand_over)
    form = forms.WorkerForm(
        request.POST or None, colleagues=actions.colleagues_of(case), initial={"worker": case.worker_id}
    )
    return ask(
        request,
        form,
        lambda said: actions.hand_over(case=case, by=request.user, **said) and None,
        title="Someone else keeps hold",
        button="Hand over",
        said="Handed over.",
        **about_case(case) | {"back": reverse(PEOPLE), "back_label": "People"},
    )


def read_case(request, pk):
    """The life to show, or nothing while a reason is missing; out of the team it does not exist.

    Each reading is logged before anything is shown.
    """
    case = (
        Case.objects.visible_to(request.user)
        .select_related("cycle__team", "cycle__place", "worker")
        .filter(pk=pk)
        .first()
    )
    if case is None:
        if not Case.objects.in_reach_of(request.user).filter(pk=pk).exists():
            raise Http404
        return None
    actions.note_read(case=case, by=request.user)
    return case
