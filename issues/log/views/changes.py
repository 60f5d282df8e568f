"""Changing one issue. Each is a plain page with one form; a rule that says no lands beside its field."""

import uuid
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from cycles.refusals import Refused
from hls.htmx import htmx_partial
from issues.log import actions, permissions
from issues.log.forms import (
    CloseForm,
    EditForm,
    EscalateForm,
    FitForm,
    LevelForm,
    QuoteForm,
    ReopenForm,
    ResponseForm,
    SeenForm,
)
from issues.log.models import IssueMove, Response
from issues.log.views.asking import CLASH, SAVED, find_issue, insist, keep_version, run

FORM_METHODS = require_http_methods(["GET", "HEAD", "POST"])


def changing(view):
    """Find the issue; whoever sees it but may not change it is refused before anything is read."""

    @FORM_METHODS
    @wraps(view)
    def wrapped(request, ref, **kwargs):
        issue = find_issue(request, ref, "team", "held_by", "cycle", "owner_agency")
        insist(permissions.can_change(request.user, issue))
        return view(request, issue, **kwargs)

    return wrapped


def _page(request, name, status=200, **context):
    return TemplateResponse(request, f"issues/{name}.html", context, status=status)


def _told(request, words, issue):
    messages.success(request, words)
    return redirect(issue)


@changing
def edit(request, issue):
    if request.method != "POST":
        return _page(request, "edit", issue=issue, form=EditForm(instance=issue, initial={"version": issue.version}))
    form = EditForm(request.POST, instance=type(issue)(place=issue.place))
    version = form.data.get("version")
    status = run(
        form,
        lambda: actions.edit_issue(
            issue=issue, version=form.cleaned_data["version"], by=request.user, **form.changes()
        ),
    )
    if status == SAVED:
        return _told(request, "Saved. Everyone who can see this issue reads the new words.", issue)
    if status == CLASH:
        issue.refresh_from_db(fields=[*EditForm.Meta.fields, "version"])
        version = issue.version
        keep_version(form, version)
    return _page(request, "edit", status, issue=issue, form=form, theirs=issue if status == CLASH else None)


@changing
def level(request, issue):
    began = {
        "version": issue.version,
        "level": issue.level or "",
        "owner_tier": issue.owner_tier,
        "owner_agency": issue.owner_agency_id,
    }
    if request.method != "POST":
        return _page(request, "level", issue=issue, form=LevelForm(issue=issue, initial=began))
    form = LevelForm(request.POST, issue=issue)

    def act():
        said = dict(form.cleaned_data)
        actions.set_level(issue=issue, by=request.user, **said)

    status = run(form, act)
    if status == SAVED:
        return _told(request, "Saved. Those who raised it read why.", issue)
    said = ""
    if status == CLASH:
        issue.refresh_from_db(fields=["level", "owner_tier", "owner_agency", "version"])
        keep_version(form, issue.version)
        as_it_is = issue.moves.filter(to_level=issue.level, to_owner=issue.owner_tier).order_by("-at", "-pk")
        said = as_it_is.values_list("why", flat=True).first() or ""
    return _page(request, "level", status, issue=issue, form=form, theirs=status == CLASH, said_meanwhile=said)


@changing
def respond(request, issue, kind):
    """Countermeasure or system change: the words, how far it is, and since when."""
    kind = Response.Kind(kind)
    current = issue.responses.filter(kind=kind).first()
    began = {"version": current.version if current else 0}
    if current:
        began |= {
            name: getattr(current, name)
            for name in ("text", "state", "in_place_on", "starts_on", "leaves_behind", "owner_id", "review_on")
        }
        began["owner"] = began.pop("owner_id")
    if request.method != "POST":
        form = ResponseForm(kind=kind, issue=issue, initial=began)
        return _page(request, "respond", issue=issue, kind=kind, form=form)
    form = ResponseForm(request.POST, kind=kind, issue=issue)
    status = run(
        form,
        lambda: actions.set_response(
            issue=issue, kind=kind, by=request.user, version=form.cleaned_data["version"], **form.about()
        ),
    )
    if status == SAVED:
        return _told(request, "Saved. Those who raised it read it on their Today page.", issue)
    theirs = None
    if status == CLASH:
        theirs = issue.responses.get(kind=kind)
        keep_version(form, theirs.version)
    return _page(request, "respond", status, issue=issue, kind=kind, form=form, theirs=theirs)


@changing
def close(request, issue):
    form = CloseForm(request.POST or None, issue=issue)
    if request.method == "POST":
        status = run(form, lambda: actions.close_issue(issue=issue, by=request.user, **form.cleaned_data))
        if status == SAVED:
            return _told(request, "Closed. What you wrote goes back to those who raised it.", issue)
        return _page(request, "close", status, issue=issue, form=form)
    return _page(request, "close", issue=issue, form=form)


@changing
def reopen(request, issue):
    form = ReopenForm(request.POST or None)
    if request.method == "POST":
        status = run(form, lambda: actions.reopen_issue(issue=issue, by=request.user, **form.cleaned_data))
        if status == SAVED:
            return _told(request, "Open again. All that happened before stays on its path.", issue)
        return _page(request, "reopen", status, issue=issue, form=form)
    return _page(request, "reopen", issue=issue, form=form)


@changing
def escalate(request, issue):
    groups = actions.groups_that_can_act(issue)
    if request.method != "POST":
        form = EscalateForm(groups=groups, initial={"level": issue.level or ""})
        return _page(request, "escalate", issue=issue, form=form, seen=None)
    form = EscalateForm(request.POST, groups=groups)
    status = run(form, lambda: actions.escalate(issue=issue, by=request.user, **form.cleaned_data))
    if status == SAVED:
        group = form.cleaned_data["to_team"]
        return _told(request, f"Raised to {group}. It stays with {issue.held_by} until they answer.", issue)
    return _page(request, "escalate", status, issue=issue, form=form)


@FORM_METHODS
def withdraw(request, ref):
    """Take an offer back before it is answered; asked first, because the other group may be reading it."""
    issue = find_issue(request, ref, "held_by")
    offer = issue.moves.filter(state=IssueMove.State.OFFERED).select_related("to_team", "issue").first()
    if offer is None and request.method != "POST":
        raise Http404
    insist(permissions.can_change(request.user, issue))
    if request.method != "POST":
        return _page(request, "withdraw", issue=issue, offer=offer)
    try:
        if offer is None:
            raise Refused("There is no offer to take back: it was answered, or taken back already.")
        actions.withdraw(move=offer, by=request.user)
    except Refused as no:
        messages.error(request, str(no))
        return redirect(issue)
    return _told(request, f"Taken back. It is no longer in front of {offer.to_team}.", issue)


@FORM_METHODS
def see_too(request, ref):
    """Anyone who sees it and works in a team here may say they have seen it too."""
    issue = find_issue(request, ref, "team")
    insist(permissions.can_see_too(request.user, issue))
    if request.method != "POST":
        form = SeenForm(user=request.user, place=issue.place, initial={"client_id": uuid.uuid4()})
        return _page(request, "seen", issue=issue, form=form)
    form = SeenForm(request.POST, user=request.user, place=issue.place)
    status = run(form, lambda: _add_sighting(issue, request.user, dict(form.cleaned_data)))
    if status == SAVED:
        return _told(request, "Added. It counts as evidence from now on.", issue)
    return _page(request, "seen", status, issue=issue, form=form)


def _add_sighting(issue, user, said):
    quote = said.pop("quote", "")
    sighting = actions.see_too(issue=issue, by=user, **said)
    if quote:
        actions.release_quote(sighting=sighting, quote=quote, by=user)


@FORM_METHODS
def quote(request, ref, pk):
    """Share one's own words on purpose, or take them back everywhere. Nobody else's can be reached here."""
    issue = find_issue(request, ref, "team")
    sighting = get_object_or_404(issue.sightings.filter(by=request.user), pk=pk)
    if request.method != "POST":
        return _page(
            request, "quote", issue=issue, sighting=sighting, form=QuoteForm(initial={"quote": sighting.quote})
        )
    form = QuoteForm(request.POST)
    status = run(
        form,
        lambda: actions.release_quote(sighting=sighting, quote=form.cleaned_data["quote"], by=request.user),
    )
    if status != SAVED:
        return _page(request, "quote", status, issue=issue, sighting=sighting, form=form)
    shared = "Shared with everyone who can see this issue." if form.cleaned_data["quote"] else "Taken back everywhere."
    return _told(request, shared, issue)


@FORM_METHODS
@htmx_partial("fit")
def fit(request, ref):
    """ "Does this fix it?", asked of those who saw it. `next` leads back to where it was asked."""
    issue = find_issue(request, ref, "team")
    if not issue.sightings.filter(by=request.user).exists():
        raise PermissionDenied("Only those who saw it in the work are asked.")
    mine = issue.fit_answers.filter(by=request.user).first()
    if request.method != "POST":
        form = FitForm(initial={"fits": mine.fits, "words": mine.words} if mine else None)
        return _page(request, "fit", issue=issue, form=form, mine=mine, again="again" in request.GET)
    form = FitForm(request.POST)
    status = run(form, lambda: actions.answer_fit(issue=issue, by=request.user, **form.cleaned_data))
    if status != SAVED:
        return _page(request, "fit", status, issue=issue, form=form, mine=mine, again=True)
    return redirect(_next(request) or request.path)


def _next(request):
    to = request.POST.get("next", "")
    safe = to.startswith("/") and url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure())
    return to if safe else ""
