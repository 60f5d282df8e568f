"""What a person was told, how they want to be told, and where an administrator sees that telling does not work."""

from datetime import UTC, datetime, timedelta
from functools import wraps

from django.conf import settings
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
from cycles.notices.families import BY_KEY, FAMILIES, left_out, wanted_families
from cycles.notices.mobile import is_offered, mobile_of
from cycles.notices.models import Notice
from cycles.notices.telling import Telling
from cycles.people.models import User
from cycles.refusals import ChangedMeanwhile, Refused
from hls.limits import ANY, limited
from hls.look.words import moment
from hls.mail import send_soon
from hls.notices.forms import BY_MAIL, CodeForm, MobileForm, TellingForm
from hls.notices.letters import lines_for, read_stop_token
from hls.notify import TextMessage

LOOK_BACK = timedelta(days=14)
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
    mine = mobile_of(request.user) if is_offered() else None
    has_mobile = bool(mine and mine.confirmed_at)
    form = TellingForm(request.POST or None, instance=Telling.of(request.user), has_mobile=has_mobile)
    status, theirs = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _choose(request.user, form)
            except ChangedMeanwhile as changed:
                form.add_error(None, str(changed))
                theirs, status = changed.current, 409
            else:
                messages.success(request, "Saved. It counts from now.")
                return redirect("telling")
    context = {
        "form": form,
        "theirs": theirs,
        "left_out": _left_out(theirs),
        "offers_texts": is_offered(),
        "mobile": mine,
    }
    return TemplateResponse(request, "notices/telling.html", context, status=status)


def _left_out(telling):
    wanted = wanted_families(telling.not_by_mail) if telling else BY_KEY
    return [family.words for family in FAMILIES if family.key not in wanted]


def _choose(user, form):
    sent = {name: value for name, value in form.cleaned_data.items() if name not in ("by_mail", "in_letter")}
    version = sent.pop("version") or 1
    choices.choose(user=user, version=version, not_by_mail=form.unwanted, **sent)


# ---------------------------------------------------------------- a mobile of one's own


def texts_are_on(view):
    """Where the place sends no texts, nobody is asked for a number."""

    @wraps(view)
    def wrapped(request):
        if not is_offered():
            raise Http404
        return view(request)

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@texts_are_on
@limited("mobile", 6, 3600)
def mobile(request):
    """Give a number; a code goes to it. Each costs money and may reach a stranger, so there are few an hour."""
    form = MobileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        code = choices.ask_mobile(user=request.user, number=number, now=timezone.now())
        words = f"{code} is your code for {settings.SITE_NAME}. Nobody from {settings.SITE_NAME} will ask you for it."
        send_soon(TextMessage(number, words), "mobile code")
        messages.success(request, "A code is on its way. It counts for ten minutes.")
        return redirect("mobile")
    return _mobile_page(request, form=form)


@require_POST
@texts_are_on
def mobile_confirm(request):
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            choices.confirm_mobile(user=request.user, code=form.cleaned_data["code"], now=timezone.now())
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, "It is yours. Now choose what is sent to it.")
            return redirect("telling")
    return _mobile_page(request, code=form)


@require_POST
@texts_are_on
def mobile_remove(request):
    choices.forget_mobile(user=request.user)
    messages.success(request, "Your number is gone. Mail comes as before.")
    return redirect("mobile")


def _mobile_page(request, *, form=None, code=None):
    mine = mobile_of(request.user)
    wrong = form if form and form.errors else code if code and code.errors else None
    context = {
        "mobile": mine,
        "form": form or MobileForm(),
        "code": code or CodeForm(),
        "wrong": wrong,
        "asked": bool(mine and mine.code_hash),
    }
    return TemplateResponse(request, "notices/mobile.html", context, status=422 if wrong else 200)


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
    words, kinds = _stoppable(what)
    if words is None or not User.objects.filter(pk=pk).exists():
        return TemplateResponse(request, "notices/stop.html", {"is_over": True}, status=404)
    if request.method == "POST":
        choices.stop(user_id=pk, kinds=kinds)
    return TemplateResponse(request, "notices/stop.html", {"words": words, "is_done": request.method == "POST"})


def _stoppable(what):
    """What a link from a letter stops, in words and as kinds: one kind, the day's letter, or a family within it."""
    if family := BY_KEY.get(what):
        return family.words, left_out([what])
    return dict(BY_MAIL).get(what), [what]


# ---------------------------------------------------------------- what did not go out


def stuck_for(user, now):
    """Only an administrator's own places."""
    places = user.rights.administers
    if not places:
        raise PermissionDenied("The place’s administrators look after this.")
    return Notice.objects.stuck(now).filter(place__in=places)


@require_safe
def failed(request):
    now = timezone.now()
    stuck = stuck_for(request.user, now).select_related("user").order_by("due_at", "pk")[: SHOWN + 1]
    rows = [{"notice": n, "is_parked": n.tries >= Notice.MOST_TRIES} for n in stuck]
    back = Notice.objects.came_back(now - LOOK_BACK).filter(place__in=request.user.rights.administers)
    context = {
        "rows": rows[:SHOWN],
        "more": len(rows) > SHOWN,
        "back": back.select_related("user").order_by("-came_back_at", "-pk")[:SHOWN],
    }
    return TemplateResponse(request, "notices/failed.html", context)


@require_POST
def try_again(request):
    """Take up again what was parked."""
    count = stuck_for(request.user, timezone.now()).update(tries=0, claimed_until=None)
    nudge()
    messages.success(request, "They are tried again now." if count else "There was nothing to try again.")
    return redirect("notices_failed")
