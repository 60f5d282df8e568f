"""Raising an issue, with “Seen it before?” on the way."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cycles.drafts.keeping import whole
from cycles.drafts.pages import Kept
from cycles.lives.models import Case
from hls.htmx import htmx_partial
from hls.limits import limited
from issues.log import actions
from issues.log.forms import RaiseForm
from issues.log.models import Issue
from issues.log.permissions import can_see_too, may_raise
from issues.log.search import similar
from issues.log.seen import Seen, seen_counts
from issues.log.views.asking import INVALID, SAVED, insist, place_of, run


@require_http_methods(["GET", "HEAD", "POST"])
def new_issue(request):
    insist(may_raise(request.user))
    kept = _kept(request)
    if answer := kept.answer():
        return answer
    if request.method != "POST":
        # Only what the address names: an empty value would hide what the form itself begins with.
        given = {name: request.GET[name] for name in ("cycle", "case") if request.GET.get(name)}
        form = RaiseForm(user=request.user, initial={"client_id": uuid.uuid4()} | given | kept.words)
        return _page(request, form, 200, kept)
    form = RaiseForm(request.POST, user=request.user)
    if same := request.POST.get("same"):
        return _seen_before(request, form, same, kept)
    if form.is_valid() and _ask_first(request, form):
        return _page(request, form, 200, kept, alike=_alike(request, form.cleaned_data["description"]))
    raised = []
    status = run(form, lambda: raised.append(_raise(request, form, kept)))
    if status != SAVED:
        return _page(request, form, status, kept)
    issue = raised[0]
    messages.success(request, f"{issue.ref} is in the log. Your team can see it now.")
    return redirect(issue)


@transaction.atomic
def _raise(request, form, kept):
    issue = actions.raise_issue(by=request.user, **form.about())
    kept.done(request.POST.get("client_id", ""))
    return issue


@require_POST
def new_issue_draft(request):
    """What the page sends by itself as someone types."""
    insist(may_raise(request.user))
    return _kept(request).typed()


def _kept(request):
    """Words that name a life go when it goes: only one's own can be chosen."""
    case = None
    if chosen := whole(request.POST.get("case")):
        case = Case.objects.of(request.user).filter(pk=chosen).select_related("cycle").first()
    return Kept(
        request,
        "issue-new",
        called="An issue",
        url=reverse("issues:new_draft"),
        page=reverse("issues:new"),
        back=reverse("issues:list"),
        cycle=case and case.cycle,
        many=True,
    )


def _ask_first(request, form):
    """Without script nobody was asked while typing, so “Seen it before?” comes once, before it is kept."""
    if not request.POST.get("plain") or request.POST.get("looked"):
        return False
    return bool(similar(request.user, form.cleaned_data["description"], place=place_of(request)))


def _seen_before(request, form, ref, kept):
    """They picked one that is in the log: their words become evidence for it."""
    issue = _visible(request, ref)
    form.is_valid()
    said = form.cleaned_data
    if "description" not in said or issue is None:
        return _page(request, form, INVALID, kept)
    insist(can_see_too(request.user, issue))
    with transaction.atomic():
        actions.see_too(
            issue=issue,
            team=_team_of(request.user, issue),
            by=request.user,
            words=said["description"],
            case=said.get("case"),
            client_id=said.get("client_id"),
        )
        kept.done(request.POST.get("client_id", ""))
    messages.success(request, f"Added to {issue.ref}: you have seen this too.")
    return redirect(issue)


def _visible(request, ref):
    number = Issue.number_from_ref(ref)
    rows = Issue.objects.visible_to(request.user).select_related("place").defer("search")
    return rows.filter(number=number, place=place_of(request)).first() if number else None


def _team_of(user, issue):
    """The team that saw it: the issue's own where one is in it, else the first of one's teams there."""
    teams = [m.team for m in user.rights.memberships if m.team_id and m.place_id == issue.place_id]
    return next((team for team in teams if team.pk == issue.team_id), teams[0])


def _page(request, form, status, kept, alike=()):
    if form.is_bound:
        form.fit_to_choices()
    context = {"form": form, "alike": alike, "asking": bool(alike), "kept": kept.beside(form)}
    return TemplateResponse(request, "issues/new.html", context, status=status)


@require_POST
@limited("similar", 240, 60)
@htmx_partial("alike")
def similar_issues(request):
    """What looks the same, while they type. Posted, because it carries people's words."""
    insist(may_raise(request.user))
    alike = _alike(request, request.POST.get("description", ""))
    context = {"form": None, "alike": alike, "asking": False, "kept": None}
    return TemplateResponse(request, "issues/new.html", context)


def _alike(request, text):
    found = similar(request.user, text[:4000], place=place_of(request))
    counts = seen_counts(issue.pk for issue in found)
    return [{"issue": issue, "seen": counts.get(issue.pk, Seen())} for issue in found]
