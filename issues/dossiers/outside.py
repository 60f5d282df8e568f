"""The one page that a body outside can open: what was put together for them, and a box to answer. No account, no trace.

The link is all the right there is. So the page sets no cookie and asks for none, sends no address on, is kept by
nobody, and looks the same as any unknown page once the link has ended.
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hls.limits import ANY, is_over, limited, too_many
from issues.dossiers import actions, sheets
from issues.dossiers.facts import facts_of, for_outside
from issues.dossiers.forms import ReplyForm
from issues.dossiers.models import OutsideLink
from issues.log.views.asking import SAVED, run

REPLIES, WHILE = 10, 3600
SECRETIVE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}


def secretively(view):
    """Whatever the answer is: an ended link must not differ in its headers either."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        for name, value in SECRETIVE.items():
            response[name] = value
        return response

    return wrapped


@login_not_required
@csrf_exempt  # the link itself is the right to answer, and a browser that sends no referrer sends no origin either
@require_http_methods(["GET", "HEAD", "POST"])
@limited("outside", 120, 600, methods=ANY)
@secretively
def read(request, token):
    link = _link(token)
    if link is None:
        return _gone(request)
    form, status = ReplyForm(), 200
    if request.method == "POST":
        if is_over("outside-reply", request, REPLIES, WHILE):
            return too_many(request, WHILE)
        form = ReplyForm(request.POST)
        status = run(form, lambda: actions.reply(link=link, **form.cleaned_data))
        if status == SAVED:
            return redirect(f"{request.path}#sent")
    elif not request.user.is_authenticated:  # somebody of the place who tries the link is not the body outside
        actions.note_read(link)
    context = {
        "link": link,
        "form": form,
        "sent": link.replies.order_by("pk"),
        **sheets.context(for_outside(facts_of(link.dossier))),
    }
    return TemplateResponse(request, "issues/dossiers/outside.html", context, status=status)


def _link(token):
    rows = OutsideLink.objects.for_token(token, timezone.now()).select_related("dossier__issue__place")
    return rows.defer("dossier__pdf", "dossier__issue__search").first()


def _gone(request):
    """The same for a link that ended and one that never was; what was typed meanwhile goes back to whoever typed it."""
    words = request.POST.get("words", "").strip()
    if not words:
        raise Http404
    return TemplateResponse(request, "issues/dossiers/gone.html", {"words": words}, status=404)
