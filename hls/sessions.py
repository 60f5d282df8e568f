"""Sessions end after 30 idle minutes and after 10 hours, whichever comes first."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.utils import timezone

STARTED, SEEN = "started_at", "seen_at"
# Writing the session on each request would cost a row a page; a minute is near enough for 30.
GRAIN = timedelta(minutes=1)


def deadlines(session, now):
    """When this session will end by idling and in any case."""
    started = datetime.fromisoformat(session[STARTED]) if STARTED in session else now
    seen = datetime.fromisoformat(session[SEEN]) if SEEN in session else now
    return seen + settings.SESSION_IDLE, started + settings.SESSION_ABSOLUTE


class SessionTimeouts:
    """Sign out a session past its deadline; the sign-in page then leads back to where the person was.

    Requests that the page makes by itself (marked `X-Background`) do not keep a session alive.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = timezone.now()
            session = request.session
            if now >= min(deadlines(session, now)):
                logout(request)
            else:
                self._keep(session, now, request.headers.get("X-Background") == "1")
                request.idle_until, request.absolute_until = deadlines(session, now)
        return self.get_response(request)

    @staticmethod
    def _keep(session, now, is_background):
        if STARTED not in session:
            session[STARTED] = session[SEEN] = now.isoformat()
        elif not is_background and now - datetime.fromisoformat(session[SEEN]) >= GRAIN:
            session[SEEN] = now.isoformat()
