"""Guides as they are laid out on a page: by kind, by party, and by how far each has come."""

from dataclasses import dataclass, field

from cycles.guides.actions import too_many_rules
from cycles.guides.models import Guide

KINDS = {
    Guide.Kind.RULE: ("Rules", "Yes or no, and few."),
    Guide.Kind.PRINCIPLE: ("Principles", "A guide, open to talk."),
    Guide.Kind.BEHAVIOUR: ("Behaviours", "How we act. We reflect on them by example; nobody is scored."),
    Guide.Kind.COMMITMENT: ("Commitments", "What we will do."),
}
PROMISERS = [party for party in Guide.Party if party]


@dataclass
class Laid:
    """One list of guides, read in one query and laid out in several ways."""

    guides: list
    today: object
    by_kind: list = field(init=False)
    promise: list = field(init=False)

    def __post_init__(self):
        now = self.in_force
        shared = [guide for guide in now if not guide.party]
        self.by_kind = [
            {"title": title, "gloss": gloss, "guides": found}
            for kind, (title, gloss) in KINDS.items()
            if (found := [guide for guide in shared if guide.kind == kind])
        ]
        self.promise = _by_party(now)

    def _in(self, *states):
        return [guide for guide in self.guides if guide.state in states]

    @property
    def in_force(self):
        return [guide for guide in self._in(Guide.State.ADOPTED) if guide.active_from <= self.today]

    @property
    def proposed(self):
        return self._in(Guide.State.PROPOSED)

    @property
    def put_aside(self):
        """Not taken on, or retired: kept with the reason."""
        return self._in(Guide.State.NOT_ADOPTED, Guide.State.RETIRED)

    @property
    def too_many(self):
        return too_many_rules(self.in_force)


def _by_party(guides):
    """The three sides of the promise, all three as soon as one has said something (DOMAIN.md 69)."""
    sides = [{"party": p.label, "guides": [guide for guide in guides if guide.party == p]} for p in PROMISERS]
    return sides if any(side["guides"] for side in sides) else []
