"""allauth's own views for signing in and passwords, answering with the status that each answer means."""

from functools import wraps

from allauth.account import views as allauth

from hls.limits import too_many

TOO_MANY = "too_many_login_attempts"
BLOCKED_FOR = 300


def honest(view):
    """422 for a form to put right and 429 for one tried too often, where allauth says 200 to both."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and form is not None and form.errors:
            response.status_code = 422
            if form.has_error("__all__", TOO_MANY):
                response.status_code = 429
                response["Retry-After"] = str(BLOCKED_FOR)
        elif response.status_code == 429 and not response.has_header("Retry-After"):
            return too_many(request)
        return response

    return wrapped


login = honest(allauth.login)
logout = allauth.logout
inactive = allauth.account_inactive
password_change = honest(allauth.password_change)
password_reset = honest(allauth.password_reset)
password_reset_done = allauth.password_reset_done
password_reset_from_key = honest(allauth.password_reset_from_key)
password_reset_from_key_done = allauth.password_reset_from_key_done
