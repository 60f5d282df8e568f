"""Laws with no room, and how they were lawfully met: so that “it is the law” can be looked up."""

from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cycles.asking import ask, number
from cycles.guides import actions, forms, permissions
from cycles.guides.models import Law
from cycles.people.models import Place
from cycles.stack.models import LearningCycle
from cycles.stack.words import readers_of

PAGE = 40
# Addresses that anyone may type are shown as words; these alone are known well enough to lead somewhere.
KNOWN = ("legislation.gov.uk", "gov.uk", "gov.scot", "gov.wales", "ico.org.uk")


def leads_to(link):
    """The address, where it is one of the law's own houses; else nothing."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    known = any(host == one or host.endswith(f".{one}") for one in KNOWN)
    return link if parts.scheme == "https" and known else ""


@require_safe
def law_list(request):
    laws = Law.objects.visible_to(request.user).select_related("cycle", "place")
    of_cycle = None
    if asked := request.GET.get("cycle", ""):
        of_cycle = get_object_or_404(_cycles(request.user), pk=number(asked))
        laws = laws.filter(cycle=of_cycle) | laws.filter(cycle=None, place=of_cycle.place_id)
    found = list(laws[: PAGE + 1])
    page = {
        "laws": found[:PAGE],
        "is_cut": len(found) > PAGE,
        "of_cycle": of_cycle,
        "may_note": permissions.can_note_law(request.user, of_cycle)
        if of_cycle
        else permissions.can_note_law_of_place(request.user),
    }
    return TemplateResponse(request, "cycles/guides/laws.html", page)


def _cycles(user):
    return LearningCycle.objects.shared_with(user).select_related("team")


@require_safe
def law(request, pk):
    shown = _law(request, pk)
    page = {
        "law": shown,
        "link": leads_to(shown.link),
        "versions": shown.versions.select_related("by"),
        "may_change": permissions.can_change_law(request.user, shown),
        **_about(shown),
    }
    return TemplateResponse(request, "cycles/guides/law.html", page)


def _law(request, pk):
    laws = Law.objects.visible_to(request.user).select_related("cycle__team", "place", "by")
    return get_object_or_404(laws, pk=pk)


def _about(law):
    return {"back": reverse("cycles:laws"), "back_label": "Laws with no room", **_readers(law.cycle)}


def _readers(cycle):
    return readers_of(cycle) if cycle else {"readers_kind": "shared", "readers": "everyone in the place."}


def law_new(request):
    """Of one cycle where it is asked for in the address, else of the whole place."""
    cycle = None
    if asked := request.GET.get("cycle", ""):
        cycle = get_object_or_404(_cycles(request.user), pk=number(asked))
    allowed = (
        permissions.can_note_law(request.user, cycle) if cycle else permissions.can_note_law_of_place(request.user)
    )
    if not allowed:
        raise PermissionDenied
    place = cycle.place if cycle else _place(request)
    return ask(
        request,
        forms.LawForm(request.POST or None),
        lambda said: actions.note_law(place=place, cycle=cycle, by=request.user, **said),
        template="cycles/guides/law_form.html",
        title="Write down a law with no room",
        lede="Most of what we call law is habit. Where it truly is the law, say what it demands and how it was met.",
        button="Keep it",
        said="Kept.",
        action=request.get_full_path(),
        back=reverse("cycles:laws"),
        back_label="Laws with no room",
        **_readers(cycle),
    )


def _place(request):
    """The place whose door is open, else the first."""
    if request.acting:
        return request.acting.place
    return Place.objects.filter(pk__in=request.user.rights.places).order_by("pk").first()


def law_edit(request, pk):
    shown = _law(request, pk)
    if not permissions.can_change_law(request.user, shown):
        raise PermissionDenied
    return ask(
        request,
        forms.LawEditForm.of(shown, request.POST or None),
        lambda said: actions.edit_law(law=shown, by=request.user, **said),
        title="Tell it anew",
        lede="How it was told before is kept.",
        said="Saved.",
        **_about(shown) | {"back": shown.get_absolute_url(), "back_label": shown.name},
    )
