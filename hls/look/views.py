"""What the frame of every page asks for by itself."""

from django.http import JsonResponse
from django.views.decorators.http import require_POST


@require_POST
def keep_session(request):
    """“Stay signed in”: being here has moved the idle deadline; say where both deadlines are now."""
    return JsonResponse(
        {"idle_until": request.idle_until.isoformat(), "absolute_until": request.absolute_until.isoformat()}
    )
