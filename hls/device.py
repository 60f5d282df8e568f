"""Whether this phone or computer is one person's own: said by them, remembered by the device, believed for them alone."""

from django.conf import settings

COOKIE = "__Host-own-device" if settings.HTTPS else "own-device"
SALT = "cairn.own-device"
KEPT = 365 * 24 * 60 * 60


def is_own(request):
    """Only for whoever said so here: a colleague who signs in on the same device is no owner of it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    return request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEPT) == str(user.pk)


def remember(request, response, is_own_now):
    """Keep or forget it on this device. No script reads it: pages say what they need to know."""
    if is_own_now:
        response.set_signed_cookie(
            COOKIE,
            str(request.user.pk),
            salt=SALT,
            max_age=KEPT,
            httponly=True,
            secure=settings.HTTPS,
            samesite="Lax",
        )
    elif is_own(request):
        response.delete_cookie(COOKIE, samesite="Lax")
        response["Clear-Site-Data"] = '"storage"'  # what rested there goes with it
    return response
