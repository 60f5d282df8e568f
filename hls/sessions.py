"""Sessions end after 30 idle minutes and after 10 hours, whichever comes first; nothing typed is lost by it."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from hls.kept import keep

STARTED, SEEN = "started_at", "seen_at"
# Writing the session on each request would cost a row a page; a minute is near enough for 30.
GRAIN = timedelta(minutes=1)


def deadlines(session, now):
    """When this session will end by idling and in any case."""
    started = datetime.fromisoformat(session[STARTED]) if STARTED in session else now
    seen = datetime.fromisoformat(session[SEEN]) if SEEN in session else now
    return seen + settings.SESSION_IDLE, started + settings.SESSION_ABSOLUTE


def is_background(request):
    """A request that the page makes by itself, which shows nobody is there."""
    return request.headers.get("X-Background") == "1"


class SessionTimeouts:
    """Sign out a session past its deadline; the sign-in page then leads back to where the person was."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.ended_for = None
        if request.user.is_authenticated:
            now = timezone.now()
            session = request.session
            if now >= min(deadlines(session, now)):
                request.ended_for = request.user.pk
                logout(request)
            else:
                self._keep(session, now, is_background(request))
                request.idle_until, request.absolute_until = deadlines(session, now)
        response = self.get_response(request)
        if getattr(request, "idle_until", None) and request.user.is_authenticated:
            response.headers.setdefault("X-Idle-Until", request.idle_until.isoformat())
        return response

    @staticmethod
    def _keep(session, now, by_itself):
        if STARTED not in session:
            session[STARTED] = session[SEEN] = now.isoformat()
        elif not by_itself and now - datetime.fromisoformat(session[SEEN]) >= GRAIN:
            session[SEEN] = now.isoformat()


class SignInFirst(LoginRequiredMiddleware):
    """Lead to the sign-in page and back: to the page the person was on, or to the words they had just sent."""

    def handle_no_permission(self, request, view_func):
        if is_background(request):
            return HttpResponse(status=401)
        back = reverse("people:kept_words") if request.method == "POST" and keep(request) else _page_of(request)
        to_sign_in = redirect_to_login(back, reverse(settings.LOGIN_URL))
        if not request.htmx:
            return to_sign_in
        # A redirect would put the sign-in page inside the page; this makes htmx load it in its place.
        return HttpResponse(status=401, headers={"HX-Redirect": to_sign_in["Location"], "Vary": "HX-Request"})


def _page_of(request):
    """The page someone was on, as a path of ours."""
    if request.htmx and request.htmx.current_url_abs_path:
        return request.htmx.current_url_abs_path
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path if came_from.netloc == request.get_host() and came_from.path else "/"
