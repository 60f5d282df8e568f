"""What the frame of every page asks for by itself."""

from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from hls.sessions import SEEN, deadlines


@require_POST
def keep_session(request):
    """“Stay signed in”: someone is there, so the idle clock starts again. The ten hours do not."""
    now = timezone.now()
    request.session[SEEN] = now.isoformat()
    request.idle_until, absolute_until = deadlines(request.session, now)
    return JsonResponse({"idle_until": request.idle_until.isoformat(), "absolute_until": absolute_until.isoformat()})
