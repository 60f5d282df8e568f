"""What one person may do, worked out from their memberships in one query."""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rights:
    """The sets that every `visible_to` asks. Ids only, so that querysets stay one SELECT."""

    roles: dict = field(default_factory=dict)  # role -> ids of the teams it is held in (None: the whole place)
    places: frozenset = frozenset()
    teams: frozenset = frozenset()
    stewards: frozenset = frozenset()  # places whose steward this is
    administers: frozenset = frozenset()  # places whose administrator this is
    leads: frozenset = frozenset()  # places where this is a leader of a leadership group
    sees_overview: frozenset = frozenset()  # places whose overview and summaries are open to this person
    memberships: tuple = ()

    @classmethod
    def of(cls, user, today):
        return cls.from_rows(
            user, user.memberships.active(today).select_related("team", "place").order_by("from_on", "pk")
        )

    @classmethod
    def from_rows(cls, user, memberships):
        """From this user's active memberships, for whoever has read many users' at once."""
        if not user.is_active:
            return cls()
        rows = tuple(memberships)
        roles = defaultdict(set)
        for row in rows:
            roles[row.role].add(row.team_id)

        def places_with(*wanted):
            return frozenset(row.place_id for row in rows if row.role in wanted)

        return cls(
            roles={role: frozenset(teams) for role, teams in roles.items()},
            places=frozenset(row.place_id for row in rows),
            teams=frozenset(row.team_id for row in rows if row.team_id),
            stewards=places_with("steward"),
            administers=places_with("place_admin"),
            leads=places_with("leader"),
            sees_overview=places_with("leader", "steward", "evidence"),
            memberships=rows,
        )

    def has(self, role):
        return role in self.roles

    def in_team(self, team_id):
        return team_id in self.teams

    def holds(self, role, team_id):
        return team_id in self.roles.get(role, ())
