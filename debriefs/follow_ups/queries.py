"""What waits, for whom, and what was answered. Narrowed to what the reader may see."""

from datetime import timedelta
from functools import cache

from django.db.models import DateTimeField

from cycles.people.models import Role
from cycles.prepared import Asking, Given, GivenSet, Prepared, asking, someone
from debriefs.record.models import Debrief, FollowUp
from debriefs.record.queries import follow_ups_for

MOST = 200
ON_TODAY = 5
LATELY = timedelta(days=90)  # how long a need that nobody took stands on an operational lead's Today


def waiting(user):
    """What is not answered yet; what has a day comes first."""
    rows = follow_ups_for(user).select_related("owner")
    return rows.order_by("due_on", "-debrief__planned_for", "pk")[:MOST]


def answered(user):
    """What was done, and what is not being done and why; the newest answer first."""
    rows = FollowUp.objects.visible_to(user).exclude(state=FollowUp.State.TO_DO)
    rows = rows.select_related("debrief__team", "owner")
    return rows.order_by("-answered_on", "-pk")[:MOST]


def asked_of(user, now):
    """To ask for what is this person's by name; and for an operational lead, what their teams need and nobody has taken."""
    leads = user.rights.roles.get(Role.OP_LEAD, ())
    return Asking(_asked_of(bool(leads)), **asking(user), leads=leads, since=now - LATELY)


@cache
def _asked_of(is_lead):
    """Each part finds its few rows by an index of its own; an OR over both would read all that ever waited."""
    user = someone()
    wanted = FollowUp.objects.filter(owner=user).order_by().values("pk")
    if is_lead:
        lately = Debrief.objects.filter(team__in=GivenSet("leads"), planned_for__gte=Given("since", DateTimeField()))
        needed = FollowUp.objects.filter(owner=None, audience=FollowUp.Audience.OP_LEAD, debrief__in=lately)
        wanted = wanted.union(needed.order_by().values("pk"))
    rows = FollowUp.objects.visible_to(user).to_do().filter(pk__in=wanted).select_related("debrief__team")
    return Prepared(rows.order_by("due_on", "-debrief__planned_for", "pk")[:ON_TODAY])
