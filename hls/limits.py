"""So many times in so long, for each person: for what costs the place money or the server its breath."""

from functools import wraps

from django.core.cache import cache
from django.shortcuts import render

WRITING = ("POST",)
ANY = ("GET", "POST")


def limited(name, most, seconds, methods=WRITING):
    """Let a view be called `most` times in `seconds` by one person; then the kind 429 page.

    `@limited("export", 30, 60, methods=ANY)`. Someone signed in is counted by account, so that an office behind
    one address is not slowed by a colleague; someone who is not, by address.
    """

    def decorate(view):
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            if request.method in methods and is_over(name, request, most, seconds):
                return too_many(request, seconds)
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def is_over(name, request, most, seconds, by=1):
    """Count this call, or what it brings; whether there were more than `most` of them lately."""
    return cache.count(f"limit-{name}-{_who(request)}", by, seconds) > most


def _who(request):
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    from allauth.account.adapter import get_adapter

    return f"at-{get_adapter(request).get_client_ip(request)}"


def too_many(request, seconds=60):
    answer = render(request, "429.html", status=429)
    answer["Retry-After"] = str(seconds)
    return answer
