"""What people see when something is wrong. Each answer must work when much else does not."""

import sys
from urllib.parse import urlsplit

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from hls.problems import for_a_program, problem

SECRET = ("password", "code", "secret")
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field, not a token


def bad_request(request, exception=None):
    """Plain on purpose: Django's own page reads the form again to check its token, which can fail twice."""
    if for_a_program(request):
        return problem(400)
    return HttpResponse(loader.get_template("400.html").render({}), status=400)


def permission_denied(request, exception=None):
    why = str(exception) if exception else ""
    return render(request, "403.html", {"why": why}, status=403)


def not_found(request, exception=None):
    if for_a_program(request):
        return problem(404)
    return render(request, "404.html", status=404)


def server_error(request):
    # Django calls this while the exception is being handled; a database that is away is not our fault alone.
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return problem(500) if for_a_program(request) else _standalone("500.html", 500)


def unavailable(request, exception=None):
    """The database is away, for a minute we hope."""
    answer = problem(503) if for_a_program(request) else _standalone("503.html", 503)
    answer["Retry-After"] = "30"
    return answer


def _standalone(name, status):
    """No request, no context, no database; and if even the template fails, plain words."""
    reference = structlog.contextvars.get_contextvars().get("request_id", "")
    try:
        page = loader.get_template(name).render({"reference": reference})
    except Exception:
        page = "<!doctype html><html lang=en-GB><title>Something broke</title><h1>Something broke, and it was us</h1>"
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})


@requires_csrf_token
def csrf_failure(request, reason=""):
    """The page was open too long, or the person signed in again elsewhere: give the words back with a fresh token.

    Only a form of our own is given back. Words that another site sent are not, or that site could borrow
    the person's hand to send them.
    """
    typed = _typed(request) if _is_ours(request) else None
    answer = render(request, "403_csrf.html", {"typed": typed}, status=403)
    answer["Cache-Control"] = "no-store"
    return answer


def _is_ours(request):
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    came_from = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(came_from).netloc == request.get_host()


def _typed(request):
    """Each value that was posted, as (name, label, value, kind); a body that can't be read has none."""
    try:
        posted = list(request.POST.lists())
    except Exception:
        return []
    return fields_again([(name, value) for name, values in posted for value in values])


def fields_again(pairs):
    """What someone sent, as the fields of a form that sends it again."""
    return [
        {"name": name, "label": _label(name), "value": value, "kind": _kind(name, value)}
        for name, value in pairs
        if name != TOKEN
    ]


def _label(name):
    return name.rpartition("-")[2].replace("_", " ").strip().capitalize() or name


def _kind(name, value):
    """Words are shown to be read again; ids, ticks and choices ride along; secrets are asked for again."""
    if any(word in name.lower() for word in SECRET):
        return "secret"
    return "words" if " " in value.strip() or "\n" in value or len(value) > 60 else "quiet"
