from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from cycles.asking import ask
from cycles.guides import actions
from cycles.guides.forms import GuideForm
from cycles.guides.models import Guide
from cycles.stack import permissions
from cycles.stack.views import about, cycle_to_change


def guides(request, pk):
    """Those in force, the form for one more, and those that have been retired."""
    cycle = cycle_to_change(request, pk)
    found = Guide.objects.filter(cycle=cycle).select_related("by")
    in_force = list(found.in_force(timezone.localdate()))
    return ask(
        request,
        GuideForm(request.POST or None),
        lambda said: actions.add_guide(cycle=cycle, by=request.user, **said) and None,
        template="cycles/guides/guides.html",
        title="Rules and principles",
        button="Add it",
        said="Added. It is in force from today.",
        in_force=in_force,
        retired=found.exclude(pk__in=[guide.pk for guide in in_force]),
        too_many=actions.too_many_rules(in_force),
        **about(cycle),
    )


@require_POST
def guide_retire(request, pk):
    guide = get_object_or_404(Guide.objects.visible_to(request.user).select_related("cycle"), pk=pk)
    if not permissions.can_change(request.user, guide.cycle):
        raise PermissionDenied
    actions.retire_guide(guide=guide, by=request.user)
    messages.success(request, "Retired. It stays below, with its dates.")
    return redirect("cycles:guides", guide.cycle_id)
