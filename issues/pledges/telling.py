"""Commissioners are told once that something is asked of them. What they answer is told by the issue's own steps."""

from django.utils import timezone

from cycles.notices.actions import tell, untell
from cycles.notices.models import Notice
from cycles.people.models import Membership, Role, User


def commissioners_of(place, today):
    sits = Membership.objects.active(today).filter(place=place, role=Role.COMMISSIONER)
    return User.objects.filter(memberships__in=sits, is_active=True).distinct()


def asked(recommendation, by):
    tell(
        users=commissioners_of(recommendation.place, timezone.localdate()).exclude(pk=by.pk),
        place=recommendation.place,
        kind=Notice.Kind.ADVICE_ASKED,
        subject_ref=recommendation.pk,
        key=f"advice-{recommendation.pk}-asked",
    )


def answered(recommendation):
    """Nobody is asked any more."""
    untell(f"advice-{recommendation.pk}-")
    untell(f"{Notice.Kind.ADVICE_WAITS}-{recommendation.pk}-")
