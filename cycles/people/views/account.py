"""One's own account: what to be called, how it looks, which door is open, which sessions live."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.people.actions import end_other_sessions
from cycles.people.forms import AccountForm
from hls import device
from hls.errors import fields_again
from hls.kept import kept_for
from hls.people import ACTING


@require_http_methods(["GET", "HEAD", "POST"])
def account(request):
    form = AccountForm(
        request.POST or None,
        instance=request.user.__class__.objects.get(pk=request.user.pk),
        initial={"own_device": device.is_own(request)},
    )
    if request.method == "POST" and form.is_valid():
        if not form.is_stale:
            form.save()
            messages.success(request, "Saved.")
            return device.remember(request, redirect("people:account"), form.cleaned_data["own_device"])
        return _account_page(request, form.with_both(), 409)
    return _account_page(request, form, 422 if form.is_bound else 200)


def _account_page(request, form, status):
    return TemplateResponse(
        request,
        "people/account.html",
        {
            "form": form,
            "clash": form.differences() if status == 409 else None,
            "parts": request.user.rights.memberships,
        },
        status=status,
    )


@require_POST
def switch(request):
    """Open another front door. Only a door of one's own."""
    chosen = request.POST.get("membership", "")
    mine = {str(m.pk): m for m in request.user.rights.memberships}
    if chosen not in mine:
        raise Http404
    request.session[ACTING] = mine[chosen].pk
    return redirect("front_door")


@require_POST
def sign_out_others(request):
    end_other_sessions(user=request.user)
    update_session_auth_hash(request, request.user)
    messages.success(request, "Every other phone or computer is signed out.")
    return redirect("people:account")


@require_safe
def kept_words(request):
    """What someone had just sent when their session had ended, to read and send again."""
    sheet = kept_for(request)
    if sheet is None:
        return TemplateResponse(request, "people/kept.html", {"to": "", "fields": []}, status=404)
    return TemplateResponse(request, "people/kept.html", {"to": sheet["to"], "fields": fields_again(sheet["pairs"])})
