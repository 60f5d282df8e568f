"""What every page's frame needs. Nothing here asks the database: it reads what the request already knows."""

from django.conf import settings

from hls.look import nav


def shell(request):
    signed_in = _user(request) is not None
    return {
        "site_name": getattr(settings, "SITE_NAME", "Cairn"),
        "csp_nonce": getattr(
            request, "csp_nonce", ""
        ),  # the name that django-htmx and Django 6 use
        "theme": getattr(_user(request), "theme", "") or "",
        "signed_in": signed_in,
        **(_frame(request) if signed_in else EMPTY_FRAME),
    }


EMPTY_FRAME = {
    "nav_items": [],
    "who": "",
    "front_door": "",
    "team_label": "",
    "place_name": "",
    "idle_until": "",
    "absolute_until": "",
}


def _user(request):
    """Whoever is signed in; an error page may be asked for before anybody has been looked up."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def _frame(request):
    user = request.user
    rights = getattr(request, "rights", None)
    role = getattr(rights, "role", "") or ""
    return {
        "nav_items": nav.bar(role, request.path),
        "who": user.get_short_name(),
        "front_door": getattr(rights, "role_label", "") or "",
        "team_label": getattr(rights, "team_label", "") or "",
        "place_name": getattr(rights, "place_name", "") or "",
        "idle_until": _stamp(getattr(request, "idle_until", None)),
        "absolute_until": _stamp(getattr(request, "absolute_until", None)),
    }


def _stamp(moment):
    return moment.isoformat() if moment else ""
