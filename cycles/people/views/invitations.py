"""Coming in by invitation. Opening the link changes nothing; only the button does."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cycles.people.actions import accept
from cycles.people.forms import JoinForm
from cycles.people.models import Invitation, User
from cycles.refusals import Refused
from hls.limits import limited


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@limited("join", 60, 60)
def invitation(request, token):
    found = Invitation.objects.for_token(token, timezone.now()).select_related("place", "team").first()
    if found is None:
        return _ended(request)
    if request.user.is_authenticated:
        return _take_up(request, found, token)
    if User.objects.filter(email__iexact=found.email).exists():
        return TemplateResponse(request, "people/invitation.html", {"invitation": found, "must_sign_in": True})
    return _join(request, found, token)


def _ended(request):
    return TemplateResponse(request, "people/invitation_ended.html", status=404)


def _take_up(request, found, token):
    """Someone with an account takes the new part; the mail was meant for them and nobody else."""
    is_theirs = request.user.email.casefold() == found.email.casefold()
    if request.method == "POST" and is_theirs:
        try:
            accept(token=token, user=request.user)
        except Refused:
            return _ended(request)
        messages.success(request, f"You are in: {found.get_role_display()}, {found.team or found.place}.")
        return redirect("people:account")
    status = 403 if request.method == "POST" else 200
    context = {"invitation": found, "is_theirs": is_theirs}
    return TemplateResponse(request, "people/invitation.html", context, status=status)


def _join(request, found, token):
    form = JoinForm(request.POST or None, email=found.email)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            user = accept(token=token, name=told["name"], short_name=told["short_name"], password=told["password"])
        except Refused:
            return _ended(request)
        get_adapter(request).login(request, user)
        return HttpResponseRedirect("/")
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "people/invitation.html", {"invitation": found, "form": form}, status=status)
