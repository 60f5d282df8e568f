"""Who may gather what. A pattern is changed as any issue is: by its team, the group that holds it, the stewards."""

from django.db.models import Q

from issues.log.models import Issue
from issues.log.permissions import can_change


def can_gather(user, issue):
    """Whoever may change an issue may say what it belongs to."""
    return not issue.is_pattern and can_change(user, issue)


def can_take_out(user, pattern, issue):
    """Those who look after either end."""
    return can_change(user, pattern) or can_change(user, issue)


def issues_to_gather(user):
    return Issue.objects.visible_to(user).filter(_changes(user), is_pattern=False)


def patterns_to_add_to(user):
    return Issue.objects.visible_to(user).filter(_changes(user), is_pattern=True, status=Issue.Status.OPEN)


def _changes(user):
    """The rule of `can_change`, for a list."""
    rights = user.rights
    return Q(team__in=rights.teams) | Q(held_by__in=rights.teams) | Q(place__in=rights.stewards)
