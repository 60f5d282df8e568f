"""What every page's frame needs. Nothing here asks the database: it reads what the request already knows."""

from django.conf import settings

from hls.device import is_own
from hls.look import nav
from hls.people import DOORS

NO_FRAME = {
    "nav_items": [],
    "who": "",
    "front_door": "",
    "team_label": "",
    "place_name": "",
    "place_is_demo": False,
    "duty_line": "",
    "idle_until": "",
    "absolute_until": "",
}


def shell(request):
    user = _signed_in(request)
    return {
        "site_name": settings.SITE_NAME,
        "theme": user.theme if user else "",
        "signed_in": user is not None,
        "own_device": is_own(request),
        **(NO_FRAME | _frame(request, user) if user else NO_FRAME),
    }


def _signed_in(request):
    """Whoever is signed in. An error page may be asked for before anybody has been looked up."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def _frame(request, user):
    return {
        "who": user.get_short_name(),
        "idle_until": _stamp(getattr(request, "idle_until", None)),
        "absolute_until": _stamp(getattr(request, "absolute_until", None)),
        **_door(request, getattr(request, "acting", None)),
    }


def _door(request, acting):
    """The bar and the labels of the membership whose front door is open."""
    if acting is None:
        return {}
    return {
        "nav_items": nav.bar(DOORS.get(acting.role), request.path),
        "front_door": acting.get_role_display(),
        "team_label": acting.team.name if acting.team else "",
        "place_name": acting.place.name,
        "place_is_demo": acting.place.is_demo,
        "duty_line": acting.place.duty_line,
    }


def _stamp(moment):
    return moment.isoformat() if moment else ""
