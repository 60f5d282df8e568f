"""Saved views: kept, shared by their address, opened with each reader's own rights."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.asking import ask
from hls.limits import limited
from issues.log.filters import VIEWS, Asked
from issues.log.paging import page_of
from issues.log.views.asking import insist, place_of
from issues.log.views.log import log_page
from issues.saved import actions
from issues.saved.forms import FILTERS, ChangeForm, SaveForm
from issues.saved.models import SavedView

PAGE = 30
READERS = "those you choose. It holds what you asked for, never what was found."


@require_safe
def view_list(request):
    rows = SavedView.objects.visible_to(request.user).select_related("team", "place")
    page = page_of(rows, ("-id",), request.GET, PAGE)
    context = {
        "mine": [_told(view) for view in page.rows if view.by_id == request.user.pk],
        "shared": [_told(view) for view in page.rows if view.by_id != request.user.pk],
        "older": f"?after={page.older}" if page.older else "",
        "newer": f"?before={page.newer}" if page.newer else "",
    }
    return TemplateResponse(request, "issues/saved/list.html", context)


def _told(view):
    asked = Asked.of(view.asked)
    return {"view": view, "asked": VIEWS.get(asked.view, "All"), "searches": bool(asked.q)}


@require_safe
@limited("search", 240, 60, methods=("GET",))
def saved_view(request, pk):
    """The log as it was asked for, with the rows that this reader may see now."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user).select_related("place"), pk=pk)
    marks = {name: request.GET[name] for name in ("after", "before") if name in request.GET}
    return log_page(request, view.asked | marks, saved=view)


@require_http_methods(["GET", "HEAD", "POST"])
def new_view(request):
    place = place_of(request)
    insist(place is not None)
    if request.method == "POST" and "name" not in request.POST:
        # Straight from a search: its words come in the body, so that they are never in an address.
        return _ask_new(request, place, None, request.POST, request.GET)
    if request.method != "POST":
        return _ask_new(request, place, None, {}, request.GET)
    return _ask_new(request, place, request.POST, {}, {})


def _ask_new(request, place, data, said, in_address):
    given = {name: in_address.get(name, "") for name in FILTERS if name != "q"} | {"q": said.get("q", "")}
    form = SaveForm(data, user=request.user, place=place, initial=given)
    about = {
        "title": "Save this view",
        "back": reverse("issues:list"),
        "back_label": "Issue log",
        "readers": READERS,
    }
    if data is None:
        page = {
            "form": form,
            "button": "Save",
            "beside": [],
            "lede": "",
            "readers_kind": "shared",
            "note": "",
            "tab": "",
        }
        return TemplateResponse(request, "cycles/ask.html", page | about)
    return ask(
        request,
        form,
        lambda _: actions.save_view(place=place, by=request.user, **form.about()),
        said="Saved. Its address can be shared with those you chose.",
        **about,
    )


def change_view(request, pk):
    view = _own(request, pk)
    began = {"name": view.name, "reach": view.reach, "team": view.team_id, "version": view.version}
    return ask(
        request,
        ChangeForm(request.POST or None, user=request.user, place=view.place, initial=began),
        lambda said: actions.change_view(view=view, **said),
        title="Change this view",
        said="Saved.",
        back=view.get_absolute_url(),
        back_label=view.name,
        readers=READERS,
        template="issues/saved/change.html",
        view=view,
    )


@require_POST
def delete_view(request, pk):
    view = SavedView.objects.visible_to(request.user).filter(pk=pk, by=request.user)
    if not view.exists():
        raise Http404
    view.delete()
    messages.success(request, "Deleted. The issues are untouched.")
    return redirect("issues:views")


def _own(request, pk):
    """Someone else's is in sight where it is shared, but not theirs to change."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user).select_related("place", "team"), pk=pk)
    insist(view.by_id == request.user.pk)
    return view
