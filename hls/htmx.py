"""Page and piece from one template: views never ask whether htmx is there."""

from functools import wraps

from django.utils.cache import patch_vary_headers


def htmx_partial(name):
    """For htmx requests, point the view's TemplateResponse at the named partial of its template.

    The whole page is served when htmx restores history, or Back would show a bare fragment.
    """

    def decorate(view):
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            if request.htmx and not request.htmx.history_restore_request and hasattr(response, "template_name"):
                response.template_name = f"{response.template_name}#{name}"
            patch_vary_headers(response, ["HX-Request"])
            return response

        return wrapped

    return decorate
