"""A person's own tokens, those that work in a place, and the document that says what a token opens."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.people.views.place import administered
from cycles.refusals import Refused
from hls.api import actions, door
from hls.api.document import document
from hls.api.forms import TokenForm
from hls.api.models import ApiToken
from hls.limits import limited
from hls.mail import send_soon
from hls.problems import problem

ONCE = "new_token"  # in the session, taken out by the page that shows it


@require_http_methods(["GET", "HEAD", "POST"])
@limited("tokens", 30, 3600)
def tokens(request):
    form = TokenForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            row, token = actions.make_token(user=request.user, **form.about())
        except Refused as no:
            form.add_error(no.field, str(no))
        else:
            if token:
                keep_to_show(request, ONCE, token)
                _tell(request.user)
                messages.success(request, f"The token “{row}” is made.")
            return redirect("tokens")
    return _page(request, form)


def _page(request, form):
    mine = request.user.api_tokens.alive(timezone.now()).select_related("place")
    context = {
        "form": form,
        "tokens": mine,
        "shown": show_once(request, ONCE),
        "many_places": len(request.user.rights.places) > 1,
    }
    return TemplateResponse(request, "api/tokens.html", context, status=422 if form.is_bound else 200)


def _seal():
    """Sessions rest in the database, so what waits in one to be shown is sealed with a key that does not."""
    return Fernet(urlsafe_b64encode(sha256(f"shown once {settings.SECRET_KEY}".encode()).digest()))


def keep_to_show(request, name, secret):
    request.session[name] = _seal().encrypt(secret.encode()).decode()


def show_once(request, name):
    sealed = request.session.pop(name, "") if request.method == "GET" else ""
    try:
        return _seal().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        return ""


def _tell(user):
    """By mail, so that whoever did not make it finds out."""
    send_soon(EmailMessage("A new token in your account", render_to_string("api/made.txt"), to=[user.email]), "token")


@require_POST
def end(request, pk):
    """Its person ends it, or an administrator of the place that it works in."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.user).select_related("place"), pk=pk)
    actions.end_token(token=token, by=request.user)
    messages.success(request, f"The token “{token}” opens nothing from now on.")
    return redirect("tokens" if token.user_id == request.user.pk else "place_tokens")


@require_safe
def place_tokens(request):
    where = administered(request)
    alive = ApiToken.objects.visible_to(request.user).filter(place=where).alive(timezone.now())
    context = {"place": where, "tokens": alive.select_related("user", "place").order_by("user__name", "-made_at", "pk")}
    return TemplateResponse(request, "api/place_tokens.html", context)


@require_safe
def openapi(request):
    """For whoever brings a token: it need not be allowed anything."""
    try:
        if door.ANY_TOKEN(request) is None:
            return problem(401, "Send a token that is alive.", headers=door.ASK)
    except door.TooMany as no:
        return door.ANSWERS[door.TooMany](request, no)
    return HttpResponse(document(), content_type="application/json")


@require_safe
def openapi_here(request):
    """The same for a person who is signed in, to read or to hand to whoever writes the program."""
    kept = {"Content-Disposition": 'attachment; filename="cairn-openapi.json"'}
    return HttpResponse(document(), content_type="application/json", headers=kept)
