"""Who may be asked to do something, by whom it is for."""

from django.utils import timezone

from cycles.people.models import Membership, Role, Team
from debriefs.record.models import FollowUp
from debriefs.record.notes import people_of

Audience = FollowUp.Audience


def owners_for(follow_up):
    """[(heading, [(id, words)])]: those it is meant for first, then the rest of the team, who can pass it on."""
    team = follow_up.debrief.team
    people = people_of(team, timezone.localdate())
    if follow_up.audience == Audience.OP_LEAD:
        leads = [(pk, label) for pk, label, role in people if role == Role.OP_LEAD]
        others = [(pk, label) for pk, label, role in people if role != Role.OP_LEAD]
        return _groups(("Operational leads", leads), (f"Others in {team}", others))
    own = [(pk, label) for pk, label, _ in people]
    if follow_up.audience == Audience.LEADERS:
        here = {pk for pk, _ in own}
        leaders = [one for one in _leaders(team.place_id) if one[0] not in here]
        return _groups(("Leaders", leaders), (f"Someone in {team} who tells them", own))
    if follow_up.audience == Audience.OTHERS:
        return _groups((f"Someone in {team} who tells them", own))
    return _groups((f"{team}", own))


def _groups(*groups):
    return [(heading, people) for heading, people in groups if people]


def _leaders(place):
    """People of the place's leadership groups, each once."""
    rows = Membership.objects.active(timezone.localdate()).filter(
        place=place, role=Role.LEADER, team__kind=Team.Kind.LEADERSHIP, user__is_active=True
    )
    rows = rows.order_by("user__name", "user").values_list("user", "user__name", "team__name")
    found = {}
    for pk, name, team in rows:
        found.setdefault(pk, (pk, f"{name}, {team}"))
    return list(found.values())
