"""What a person was told, how they want to be told, and where an administrator sees that telling does not work."""

from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.notices import choices
from cycles.notices.actions import nudge
from cycles.notices.models import Notice
from cycles.notices.telling import Telling
from cycles.people.models import User
from cycles.refusals import ChangedMeanwhile
from hls.limits import ANY, limited
from hls.look.words import moment
from hls.notices.forms import BY_MAIL, TellingForm
from hls.notices.letters import lines_for, read_stop_token

LATE = timedelta(minutes=15)
SHOWN = 100
A_PAGE = 30


# ---------------------------------------------------------------- one's own messages


@require_safe
def notices(request):
    """Everything the person was told, newest first, under the rights they have now."""
    now = timezone.now()
    rows = Notice.objects.visible_to(request.user).filter(due_at__lte=now).order_by("-due_at", "-pk")
    if before := _mark(request.GET.get("before", "")):
        rows = rows.filter(Q(due_at__lt=before[0]) | Q(due_at=before[0], pk__lt=before[1]))
    page = list(rows[: A_PAGE + 1])
    more, page = len(page) > A_PAGE, page[:A_PAGE]
    for row in page:
        row.user = request.user  # whose rights are read already
    told = lines_for(page)
    telling = Telling.of(request.user)
    context = {
        "rows": [{"notice": row, "line": told[row.pk]} for row in page if row.pk in told],
        "older": f"?before={page[-1].due_at:%Y%m%dT%H%M%S%f}-{page[-1].pk}" if more else "",
        "telling": telling,
        "snoozed": telling.snoozed_until if telling.snoozed_until and telling.snoozed_until > now else None,
        "unseen": any(row.seen_at is None for row in page),
    }
    return TemplateResponse(request, "notices/list.html", context)


def _mark(text):
    """Where an older page begins: (moment, id), or None for what is no such place."""
    at, _, pk = text.rpartition("-")
    try:
        return datetime.strptime(at, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC), int(pk[:18])
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def telling(request):
    form = TellingForm(request.POST or None, instance=Telling.of(request.user))
    status, theirs = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _choose(request.user, dict(form.cleaned_data))
            except ChangedMeanwhile as changed:
                form.add_error(None, str(changed))
                theirs, status = changed.current, 409
            else:
                messages.success(request, "Saved. It counts from now.")
                return redirect("telling")
    return TemplateResponse(request, "notices/telling.html", {"form": form, "theirs": theirs}, status=status)


def _choose(user, sent):
    wanted = sent.pop("by_mail")
    version = sent.pop("version") or 1
    unwanted = [key for key, _ in BY_MAIL if key not in wanted]
    choices.choose(user=user, version=version, not_by_mail=unwanted, **sent)


@require_POST
def snooze(request):
    length = request.POST.get("for", "")
    if length and length not in choices.SNOOZES:
        raise Http404
    until = choices.until(length) if length else None
    choices.snooze(user=request.user, until=until)
    messages.success(request, f"No mail until {moment(until)}." if until else "Mail comes again.")
    return redirect("notices")


@login_not_required
@csrf_exempt  # RFC 8058: the mail program posts this for its reader; the signed token is what allows it
@require_http_methods(["GET", "HEAD", "POST"])
@limited("stop-telling", 60, 600, methods=ANY)
def stop(request, token):
    """One kind of mail, stopped from the mail itself. Opening the link changes nothing; the button does."""
    pk, what = read_stop_token(token) or (None, None)
    words = dict(BY_MAIL).get(what)
    if words is None or not User.objects.filter(pk=pk).exists():
        return TemplateResponse(request, "notices/stop.html", {"is_over": True}, status=404)
    if request.method == "POST":
        choices.stop(user_id=pk, what=what)
    return TemplateResponse(request, "notices/stop.html", {"words": words, "is_done": request.method == "POST"})


# ---------------------------------------------------------------- what did not go out


def stuck_for(user, now):
    """Only an administrator's own places."""
    places = user.rights.administers
    if not places:
        raise PermissionDenied("The place’s administrators look after this.")
    return Notice.objects.stuck(now, LATE).filter(place__in=places)


@require_safe
def failed(request):
    stuck = stuck_for(request.user, timezone.now()).select_related("user").order_by("due_at", "pk")[: SHOWN + 1]
    rows = [{"notice": n, "is_parked": n.tries >= Notice.MOST_TRIES} for n in stuck]
    return TemplateResponse(request, "notices/failed.html", {"rows": rows[:SHOWN], "more": len(rows) > SHOWN})


@require_POST
def try_again(request):
    """Take up again what was parked."""
    count = stuck_for(request.user, timezone.now()).update(tries=0, claimed_until=None)
    nudge()
    messages.success(request, "They are tried again now." if count else "There was nothing to try again.")
    return redirect("notices_failed")
