"""Adding and retiring guides. A retired guide stays readable: people worked by it."""

from django.db import transaction
from django.utils import timezone

from cycles.guides.models import Guide
from cycles.sent import make_once

MANY_RULES = 5  # more than this and people stop reading them (DOMAIN.md 19)


def add_guide(*, cycle, kind, text, by, client_id=None, origin="", party=""):
    guide, _ = make_once(Guide, client_id, cycle=cycle, kind=kind, text=text, origin=origin, party=party, by=by)
    return guide


@transaction.atomic
def retire_guide(*, guide, by):
    """From today it is no longer in force. Pressing twice keeps the first day."""
    Guide.objects.filter(pk=guide.pk, retired_on=None).update(retired_on=timezone.localdate())


def too_many_rules(guides):
    return sum(guide.kind == Guide.Kind.RULE for guide in guides) > MANY_RULES
