"""Web hooks, as the administrators of a place look after them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.people.views.place import administered
from cycles.refusals import ChangedMeanwhile, Refused
from hls.api.views import keep_to_show, show_once
from hls.hooks import actions
from hls.hooks.forms import HookForm
from hls.hooks.models import HookMessage, WebHook
from hls.limits import limited
from hls.sealed import NoKey

SHOWN = 50
ONCE = "new_hook_secret"
page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def hooks(request):
    where = administered(request)
    mine = WebHook.objects.visible_to(request.user).going().filter(place=where)
    return TemplateResponse(request, "hooks/list.html", {"place": where, "hooks": mine})


@page
@limited("hooks", 30, 3600)
def new(request):
    where = administered(request)
    form = HookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = form.about() | {"client_id": form.cleaned_data["client_id"]}
            hook, secret = actions.add_hook(place=where, by=request.user, **sent)
        except Refused as no:
            form.add_error(no.field, str(no))
        except NoKey:
            form.add_error(None, "No secret can be kept here yet. Whoever runs Cairn has to set FIELD_KEYS first.")
        else:
            if secret:
                keep_to_show(request, f"{ONCE}-{hook.pk}", secret)
                messages.success(request, f"“{hook}” is told from now on.")
            return redirect(hook)
    return TemplateResponse(request, "hooks/edit.html", {"form": form}, status=422 if form.is_bound else 200)


def _hook(request, pk):
    return get_object_or_404(_mine(request).going(), pk=pk)


def _mine(request):
    return WebHook.objects.visible_to(request.user).select_related("place")


@require_safe
def hook(request, pk):
    found = _hook(request, pk)
    sent = found.messages.select_related("step__issue").defer("step__issue__search")
    context = {
        "hook": found,
        "secret": show_once(request, f"{ONCE}-{found.pk}"),
        "rows": sent[:SHOWN],
        "waiting": found.messages.open().count(),
        "parked": found.messages.parked().count(),
        "old_until": found.old_until if found.old_until and found.old_until > timezone.now() else None,
    }
    return TemplateResponse(request, "hooks/hook.html", context)


@page
def edit(request, pk):
    found, theirs, status = _hook(request, pk), None, 200
    began = {name: getattr(found, name) for name in ("name", "address", "kinds", "version")}
    form = HookForm(request.POST or None, initial=began)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                version = form.cleaned_data["version"]
                actions.change_hook(hook=found, version=version, by=request.user, **form.about())
            except ChangedMeanwhile as no:
                form.add_error(None, str(no))
                theirs, status = no.current, 409
                form.data = form.data.copy()
                form.data["version"] = theirs.version
            else:
                messages.success(request, "Saved.")
                return redirect(found)
    context = {"form": form, "hook": found, "theirs": theirs}
    return TemplateResponse(request, "hooks/edit.html", context, status=status)


@require_POST
def end(request, pk):
    found = get_object_or_404(_mine(request), pk=pk)  # ended already, by the first of two clicks
    actions.end_hook(hook=found, by=request.user)
    messages.success(request, f"“{found}” is told nothing from now on.")
    return redirect("hooks")


@require_POST
@limited("hooks", 30, 3600)
def secret(request, pk):
    found = _hook(request, pk)
    if made := actions.new_secret_for(hook=found, by=request.user):
        keep_to_show(request, f"{ONCE}-{found.pk}", made)
    return redirect(found)


@require_POST
@limited("hooks", 30, 3600)
def try_out(request, pk):
    found = _hook(request, pk)
    actions.try_out(hook=found, by=request.user)
    messages.success(request, "A try-out goes out within a minute or so. What comes back is listed below.")
    return redirect(found)


@require_POST
@limited("hooks", 30, 3600)
def again(request, pk):
    """Everything that did not arrive, or the one message that was named."""
    found = _hook(request, pk)
    named = request.POST.get("message", "")
    message = None
    if named:
        if not (named.isascii() and named.isdigit() and len(named) < 19):
            raise Http404
        message = get_object_or_404(HookMessage.objects.filter(hook=found), pk=int(named))
    actions.send_again(hook=found, by=request.user, message=message)
    messages.success(request, "It goes out again within a minute or so.")
    return redirect(found)
