"""Where an administrator sees that telling people does not work. Names whom it is for and what kind, never words."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cycles.notices.actions import nudge
from cycles.notices.models import Notice

LATE = timedelta(minutes=15)
SHOWN = 100


def stuck_for(user, now):
    """Only an administrator's own places."""
    places = user.rights.administers
    if not places:
        raise PermissionDenied("The place’s administrators look after this.")
    return Notice.objects.stuck(now, LATE).filter(place__in=places)


@require_safe
def failed(request):
    stuck = stuck_for(request.user, timezone.now()).select_related("user").order_by("due_at", "pk")[: SHOWN + 1]
    rows = [{"notice": n, "is_parked": n.tries >= Notice.MOST_TRIES} for n in stuck]
    return TemplateResponse(request, "notices/failed.html", {"rows": rows[:SHOWN], "more": len(rows) > SHOWN})


@require_POST
def try_again(request):
    """Take up again what was parked."""
    count = stuck_for(request.user, timezone.now()).update(tries=0, claimed_until=None)
    nudge()
    messages.success(request, "They are tried again now." if count else "There was nothing to try again.")
    return redirect("notices_failed")
