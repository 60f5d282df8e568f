"""Agencies that act as one: who they are, what they go by, the cycles they run and what travelled (DOMAIN.md 55)."""

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cycles.guides.models import Guide
from cycles.guides.permissions import sees_team
from cycles.lessons.models import Offer
from cycles.lives.models import Case
from cycles.people.models import Role, Team
from cycles.stack.models import LearningCycle, Scale
from hls.look.words import lives

LESSONS = 8
STEWARDS = (Role.STEWARD, Role.LEADER)  # "four trusting chiefs": those who hold the space


def partnerships_seen_by(user):
    """Their own; the stewards of the place; whoever may read one of its cycles."""
    rights = user.rights
    cycles = LearningCycle.objects.shared_with(user).filter(team=OuterRef("pk"))
    return Team.objects.filter(kind=Team.Kind.PARTNERSHIP).filter(
        Q(pk__in=rights.teams) | Q(place__in=rights.stewards) | Exists(cycles)
    )


@require_safe
def partnership(request, pk):
    user = request.user
    team = get_object_or_404(partnerships_seen_by(user), pk=pk)
    cycles = LearningCycle.objects.shared_with(user).filter(team=team).select_related("steward")
    page = {
        "team": team,
        "agencies": team.agencies.all(),
        "stewards": _stewards(team),
        "cycles": sorted(cycles, key=lambda cycle: -list(Scale).index(cycle.scale)),
        "guides": _guides(user, team),
        "sees_guides": sees_team(user, team),
        "shared": Offer.objects.visible_to(user)
        .passed()
        .standing()
        .filter(Q(lesson__cycle__team=team) & ~Q(lesson__cycle__scale=Scale.PERSON) | Q(to__team=team))
        .select_related("lesson__cycle", "to")[:LESSONS],
        "alongside": lives(Case.objects.in_reach_of(user).filter(cycle__team=team).open().count())
        if user.rights.in_team(team.pk)
        else "",
    }
    return TemplateResponse(request, "cycles/pages/partnership.html", page)


def _stewards(team):
    held = team.memberships.active(timezone.localdate()).filter(role__in=STEWARDS, user__is_active=True)
    return held.select_related("user").order_by("user__name", "pk")


def _guides(user, team):
    """What they go by, gathered by whose promise it is."""
    found = {}
    for guide in Guide.objects.visible_to(user).of_team(team).in_force(timezone.localdate()):
        found.setdefault(guide.get_party_display(), []).append(guide)
    return list(found.items())
