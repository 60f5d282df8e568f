"""What the page of a cycle shows of its rules and principles."""

from django.utils import timezone

from cycles.guides.models import Guide


def on_cycle(user, cycle):
    return {"guides": Guide.objects.filter(cycle=cycle).in_force(timezone.localdate())}
