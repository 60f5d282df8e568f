"""What lies under a pattern now."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from issues.log.models import Issue
from issues.patterns.models import Gathering


def gathered_under(pattern):
    """The ids of the issues that a pattern gathers now."""
    return Gathering.objects.filter(pattern=pattern).current().values("issue")


def evidence_of(issue):
    """The ids of the issues whose sightings speak for this one: its own, or all those under a pattern."""
    return gathered_under(issue.pk) if issue.is_pattern else [issue.pk]


def over(issue, user):
    """The pattern an issue lies under, for whoever may read that too: an expression for a query of issues."""
    rows = Issue.objects.open_to(user).filter(gathered__issue=OuterRef(issue), gathered__until_at=None)
    told = JSONObject(number="number", words="description", held_by="held_by__name", held_since="held_since")
    return Subquery(rows.values(told=told)[:1])
