"""Who sat where an issue was seen. The log knows an occasion by its number alone; the floor that holds occasions says
who was in one (debriefs/apps.py puts it here), so that they hear of what they saw together.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from issues.log.models import Sighting
from issues.patterns.under import evidence_of


@dataclass
class Company:
    """Two questions, each answered by queries of keys: nothing is read before the query that they are part of."""

    people_of: Any = None  # of a query of occasions: queries of the people who were in one
    occasions_of: Any = None  # of a person: queries of the occasions that they were in


company = Company()


def sat_where_it_was_seen(issue):
    """Queries of the keys of those who were in a debrief in which it was seen, their own words on it or none."""
    occasions = Sighting.objects.filter(issue__in=evidence_of(issue), occasion_ref__isnull=False).order_by()
    return [people.order_by() for people in company.people_of(occasions.values("occasion_ref"))]


def was_there(user):
    """Of issues: whether this person was in a debrief in which it was seen."""
    seen, found = Sighting.objects.filter(issue=OuterRef("pk")), Q()
    for occasions in company.occasions_of(user):
        found |= Q(Exists(seen.filter(occasion_ref__in=occasions)))
    return found
