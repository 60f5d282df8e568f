"""A dossier within the place: read, written, drawn on paper, and handed out by links that end."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.asking import number
from cycles.people import audit
from hls.htmx import htmx_partial
from hls.limits import ANY, limited
from issues.dossiers import actions, permissions, sheets, tasks
from issues.dossiers.facts import digest, earlier, facts_of, for_outside, stories_to_choose
from issues.dossiers.forms import DossierForm, LinkForm
from issues.dossiers.models import Dossier, OutsideLink
from issues.log.views.asking import CLASH, SAVED, find_issue, insist, keep_version, run

FORM_METHODS = require_http_methods(["GET", "HEAD", "POST"])
LINKS_SHOWN, VERSIONS_SHOWN = 200, 20


def _issue(request, ref):
    return find_issue(request, ref, "team", "held_by", "owner_agency")


def _dossier(issue):
    dossier = get_object_or_404(Dossier.objects.defer("pdf"), issue=issue)
    dossier.issue = issue
    return dossier


@htmx_partial("paper")
@require_safe
def dossier(request, ref):
    """As it stands now. Whoever sees the issue sees it."""
    issue = _issue(request, ref)
    dossier = _dossier(issue)
    facts = facts_of(dossier)
    is_drawn = dossier.pages > 0 and dossier.pdf_digest == digest(for_outside(facts))
    context = {
        "issue": issue,
        "dossier": dossier,
        "is_drawn": is_drawn,
        "could_not": dossier.tries >= tasks.MOST_TRIES and not dossier.asked_at,
        "can_write": permissions.can_write(request.user, issue),
        "can_share": permissions.can_share(request.user, issue),
        **sheets.context(facts),
    }
    return TemplateResponse(request, "issues/dossiers/dossier.html", context)


@require_safe
def before(request, ref):
    """How it read before it was changed: for those who may change it, so that a name taken out stays out."""
    issue = _issue(request, ref)
    insist(permissions.can_share(request.user, issue))
    dossier, start = _dossier(issue), number(request.GET.get("from", ""))
    rows = list(dossier.versions.all()[start : start + VERSIONS_SHOWN + 1])
    context = {
        "issue": issue,
        "versions": earlier(dossier, rows[:VERSIONS_SHOWN]),
        "older": f"?from={start + VERSIONS_SHOWN}" if len(rows) > VERSIONS_SHOWN else "",
        "newer": f"?from={max(0, start - VERSIONS_SHOWN)}" if start else "",
    }
    return TemplateResponse(request, "issues/dossiers/before.html", context)


@FORM_METHODS
def write(request, ref):
    issue = _issue(request, ref)
    insist(permissions.can_write(request.user, issue))
    stands = Dossier.objects.defer("pdf").filter(issue=issue).first()
    stories = stories_to_choose(issue)
    if request.method != "POST":
        form = DossierForm.over(stands, stories=stories) if stands else DossierForm(stories=stories)
        return _form_page(request, issue, form, stands)
    form = DossierForm(request.POST, stories=stories)
    status = run(form, lambda: _write(issue, request.user, form.cleaned_data))
    if status == SAVED:
        messages.success(request, "Kept. This is how it reads now.")
        return redirect("issues:dossier", ref=issue.ref)
    if status == CLASH:
        stands = Dossier.objects.defer("pdf").get(issue=issue)
        keep_version(form, stands.version)
    return _form_page(request, issue, form, stands, status, theirs=stands if status == CLASH else None)


def _write(issue, user, said):
    return actions.write_dossier(issue=issue, by=user, **{"stories": (), **said})


def _form_page(request, issue, form, stands, status=200, theirs=None):
    context = {"issue": issue, "form": form, "dossier": stands, "theirs": theirs}
    return TemplateResponse(request, "issues/dossiers/write.html", context, status=status)


@require_POST
@limited("dossier", 20, 3600)
def make_paper(request, ref):
    dossier = _dossier(_issue(request, ref))
    with transaction.atomic():
        actions.ask_for_pdf(dossier=dossier)
        transaction.on_commit(partial(tasks.nudge, dossier.pk))
    return redirect(f"{dossier.get_absolute_url()}#paper")


@require_safe
@limited("export", 20, 60, methods=ANY)
def pdf(request, ref):
    """The paper, if it says what the page says now; otherwise back to the page, which can have it drawn anew."""
    issue = _issue(request, ref)
    dossier = get_object_or_404(Dossier, issue=issue)
    dossier.issue = issue
    if not dossier.pages or dossier.pdf_digest != digest(for_outside(facts_of(dossier))):
        return redirect(dossier)
    audit.note("export", by=request.user, place=issue.place, on=dossier)
    return HttpResponse(
        bytes(dossier.pdf),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="dossier-{issue.ref}.pdf"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


# ---------------------------------------------------------------- links


@FORM_METHODS
@limited("outside-link", 20, 3600)
def share(request, ref):
    """Make a link for one body; its address is shown this once."""
    issue = _issue(request, ref)
    dossier = _dossier(issue)
    insist(permissions.can_share(request.user, issue))
    form, address, status = LinkForm(request.POST or None), "", 200
    if request.method == "POST":
        made = []
        status = run(form, lambda: made.append(_make(dossier, request.user, form.cleaned_data)))
        address = settings.SITE_URL + reverse("issues:outside", args=made) if made else ""
    context = {
        "issue": issue,
        "form": form if status != SAVED or not address else LinkForm(),
        "address": address,
        "links": dossier.links.live(timezone.now()).select_related("by"),
        "looks_after": permissions.looks_after_links(request.user),
    }
    return TemplateResponse(request, "issues/dossiers/share.html", context, status=status)


def _make(dossier, user, said):
    return actions.make_link(dossier=dossier, by=user, **said)


@require_safe
def links(request):
    """What is open to those outside, for whoever looks after the place. No words of any issue."""
    if not permissions.looks_after_links(request.user):
        raise PermissionDenied
    rights = request.user.rights
    live = OutsideLink.objects.live(timezone.now()).filter(place__in=rights.stewards | rights.administers)
    rows = live.select_related("dossier__issue", "by", "place").defer("dossier__pdf", "dossier__issue__search")
    rows = rows.order_by("expires_at", "pk")[:LINKS_SHOWN]
    return TemplateResponse(request, "issues/dossiers/links.html", {"links": rows, "opens": rights.stewards})


@require_POST
def end(request, pk):
    rows = OutsideLink.objects.visible_to(request.user).select_related("dossier__issue", "place")
    link = get_object_or_404(rows.defer("dossier__pdf"), pk=pk)
    actions.end_link(link=link, by=request.user)
    messages.success(request, "That link opens nothing now.")
    if request.POST.get("from") == "list" and permissions.looks_after_links(request.user):
        return redirect("issues:outside_links")
    try:
        return redirect("issues:dossier_share", ref=find_issue(request, link.dossier.issue.ref).ref)
    except Http404:
        return redirect("issues:outside_links")
