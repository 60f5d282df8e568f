"""Is it alive, is it ready: for supervisors and load balancers. No sign-in, no facts about anyone."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def live(request):
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def ready(request):
    """Ready when the database answers. Redis may be away: pages and saving work without it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return HttpResponse("database away", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
