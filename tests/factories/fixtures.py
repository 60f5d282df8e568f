"""A small place with one person in each part, for tests that need neighbours."""

from types import SimpleNamespace

import pytest

from cycles.models import Membership, Team, User
from tests import factories as f


def make_place():
    """A place with a core team, a working and a leadership group, and one person for each front door."""
    place = f.PlaceFactory()
    # Most tests begin with one of these: the rows of a kind go in together.
    core, working, leadership, evidence = Team.objects.bulk_create(
        f.TeamFactory.build(place=place, **kind)
        for kind in ({}, {"working": True}, {"leadership": True}, {"evidence": True})
    )
    members = {
        "worker": ("caseworker", core),
        "colleague": ("caseworker", core),
        "recorder": ("recorder", core),
        "op_lead": ("op_lead", core),
        "helper": ("caseworker", working),
        "leader": ("leader", leadership),
        "evidence": ("evidence", evidence),
        "steward": ("steward", None),
        "admin": ("place_admin", None),
    }
    people = User.objects.bulk_create(f.UserFactory.build_batch(len(members)))
    Membership.objects.bulk_create(
        f.MembershipFactory.build(user=user, place=place, team=team, role=role)
        for user, (role, team) in zip(people, members.values(), strict=True)
    )
    return SimpleNamespace(
        place=place,
        core=core,
        working=working,
        leadership=leadership,
        evidence_team=evidence,
        **dict(zip(members, people, strict=True)),
        cycle=f.LearningCycleFactory(team=core),
    )


@pytest.fixture
def here(db):
    return make_place()


@pytest.fixture
def elsewhere(db):
    """Another place in the same database, whose people must see nothing of `here`."""
    return make_place()
