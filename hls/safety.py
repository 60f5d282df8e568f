"""What every request and every answer must be, whatever the page."""

from csp.constants import HEADER
from csp.utils import build_policy
from django.core.exceptions import SuspiciousOperation
from django.utils.http import http_date

NEVER_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"


class RefuseOddBytes:
    """A clear 400 for bytes that no form of ours sends: NULs in the address, and bodies that are not UTF-8.

    Django 5.2 turns a form post in another charset into a 500 inside its own error page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if charset not in ("utf-8", "utf8"):
            from hls.errors import bad_request

            return bad_request(request, SuspiciousOperation("charset"))
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            from hls.errors import bad_request

            return bad_request(request, SuspiciousOperation("NUL"))
        return self.get_response(request)


class ContentPolicy:
    """What a page may load: the same for every answer, so put together once. Scripts are files of ours; none is inline."""

    def __init__(self, get_response):
        self.get_response, self.policy = get_response, build_policy()

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.policy)
        return response


class PrivatePages:
    """Pages are kept by nobody: not by a shared cache, nor by Back after signing out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = NEVER_KEPT
            response.headers.setdefault("Expires", http_date())
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(self), payment=(), usb=()"
        )
        return response
