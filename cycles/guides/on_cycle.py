"""What the page of a cycle shows of its rules and principles, its team's own among them."""

from django.utils import timezone

from cycles.guides.models import Guide


def on_cycle(user, cycle):
    today = timezone.localdate()
    found = list(
        Guide.objects.visible_to(user)
        .for_cycle(cycle)
        .filter(state__in=[Guide.State.ADOPTED, Guide.State.PROPOSED])
        .in_order()
    )
    return {
        "guides": [guide for guide in found if guide.state == Guide.State.ADOPTED and guide.active_from <= today],
        "guides_proposed": sum(guide.state == Guide.State.PROPOSED and guide.cycle_id == cycle.pk for guide in found),
    }
