"""Who may come in: only whoever brings a token. A session's cookie opens nothing here, so there is nothing to forge."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from cycles.people.models import Membership
from cycles.people.rights import Rights
from cycles.refusals import ChangedMeanwhile, Refused
from hls.api import actions
from hls.api.etags import with_etag
from hls.api.models import ApiToken, Scope
from hls.limits import is_over
from hls.problems import problem

# Each person's calls in a minute, however many tokens; and of one address, tries without a token that is any good.
READS, WRITES, TRIES, WINDOW = 600, 120, 60, 60
ASK = {"WWW-Authenticate": 'Bearer realm="Cairn"'}


class TooMany(Exception):
    pass


class Bearer(HttpBearer):
    """A token, narrowed to its own place. `scope` is what the address asks of it; none: any token will do."""

    def __init__(self, scope=None, name="api", most=READS):
        super().__init__()
        self.scope, self.name, self.most = scope, name, most

    def __call__(self, request):
        found = super().__call__(request)
        if found is None:
            if is_over("api-tries", request, TRIES, WINDOW):
                raise TooMany
            if dead := getattr(request, "dead_token", None):
                actions.note_refusal(dead)
        return found

    def authenticate(self, request, said):
        token, now = ApiToken.behind(said), timezone.now()
        if token is None:
            return None
        rights = _rights(token)
        if not token.is_alive(now) or not rights.memberships:
            request.dead_token = token
            return None
        request.user, request.token, request.acting = token.user, token, rights.memberships[0]
        request.user.rights = rights
        if is_over(self.name, request, self.most, WINDOW):
            raise TooMany
        if self.scope and self.scope not in token.scopes:
            raise PermissionDenied(f"This token may not: {Scope(self.scope).label.lower()}.")
        actions.note_use(token, now)
        return token


def _rights(token):
    """What its person may do today in the one place that the token works in."""
    parts = Membership.objects.active(timezone.localdate()).filter(user=token.user, place=token.place)
    rows = list(parts.select_related("team", "place").order_by("from_on", "pk"))
    for row in rows:
        row.user = token.user
    return Rights.from_rows(token.user, rows)


ANY_TOKEN = Bearer()
READ_ISSUES = Bearer(Scope.READ_ISSUES)
SEARCH_ISSUES = Bearer(Scope.READ_ISSUES, "search", 240)
WRITE_ISSUES = Bearer(Scope.WRITE_ISSUES, "api-writes", WRITES)
READ_CYCLES = Bearer(Scope.READ_CYCLES)
READ_DEBRIEFS = Bearer(Scope.READ_DEBRIEFS)
READ_GROUPS = Bearer(Scope.READ_GROUPS)


# ------------------------------------------------------------ what comes back when it is no


class Wrong(Exception):
    """Fields to put right: [(name, words)]."""

    def __init__(self, errors):
        super().__init__()
        self.errors = errors


class Clash(Exception):
    """Someone saved first: what was sent, and what is there now."""

    def __init__(self, yours, theirs, version):
        super().__init__()
        self.yours, self.theirs, self.version = yours, theirs, version


class Stale(Clash):
    """It is not as it was when the reader got the tag that came in If-Match."""


class NothingRead(Exception):
    """Neither a version nor a tag says what the change was made on."""


def _not_understood(request, no):
    errors = [
        (".".join(str(part) for part in error["loc"][2:] or error["loc"][1:]), error["msg"]) for error in no.errors
    ]
    return problem(422, errors=errors)


def _clash(request, no):
    words = "Someone changed this while you were writing. Nothing was saved. Both texts are here."
    return problem(409, words, yours=no.yours, theirs=no.theirs, version=no.version)


def _stale(request, no):
    words = "It has changed since you read it. Nothing was saved. Both are here; read it again for its new ETag."
    return problem(412, words, yours=no.yours, theirs=no.theirs, version=no.version)


ANSWERS = {
    Stale: _stale,
    NothingRead: lambda request, no: problem(428, "Send the `version` that you read, or its ETag in If-Match."),
    AuthenticationError: lambda request, no: problem(401, "Send a token that is alive.", headers=ASK),
    HttpError: lambda request, no: problem(no.status_code),
    ValidationError: _not_understood,
    TooMany: lambda request, no: problem(429, "Wait a minute, then go on.", headers={"Retry-After": str(WINDOW)}),
    Wrong: lambda request, no: problem(422, errors=no.errors),
    Clash: _clash,
    ChangedMeanwhile: lambda request, no: problem(409, str(no)),
    Refused: lambda request, no: problem(409 if no.field is None else 422, str(no), errors=_named(no)),
    PermissionDenied: lambda request, no: problem(403, str(no)),
    Http404: lambda request, no: problem(404),
}
NAMES = {"owner_tier": "owner", "to_team": "to_group"}  # of our forms, as the API says them


def _named(no):
    return [(NAMES.get(no.field, no.field), str(no))] if no.field else []


def make_api(**about):
    api = NinjaAPI(urls_namespace="api", openapi_url=None, docs_url=None, **about)
    for kind, answer in ANSWERS.items():
        api.add_exception_handler(kind, answer)
    return api


def without_session(view):
    """Signing in is no use here, so nobody is led to the sign-in page; a wrong method is told as a problem too."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        answer = view(request, *args, **kwargs)
        if answer.status_code == 405:
            return problem(405, headers={"Allow": answer["Allow"]})
        return with_etag(request, answer)

    wrapped.login_required, wrapped.csrf_exempt = False, True
    return wrapped
