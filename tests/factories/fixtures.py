"""A small place with one person in each part, for tests that need neighbours."""

from types import SimpleNamespace

import pytest

from tests import factories as f


def make_place():
    """A place with a core team, a working and a leadership group, and one person for each front door."""
    place = f.PlaceFactory()
    core, working, leadership, evidence = (
        f.TeamFactory(place=place),
        f.TeamFactory(place=place, working=True),
        f.TeamFactory(place=place, leadership=True),
        f.TeamFactory(place=place, evidence=True),
    )

    def person(role, team):
        return f.MembershipFactory(place=place, team=team, role=role).user

    return SimpleNamespace(
        place=place,
        core=core,
        working=working,
        leadership=leadership,
        evidence_team=evidence,
        worker=person("caseworker", core),
        colleague=person("caseworker", core),
        recorder=person("recorder", core),
        op_lead=person("op_lead", core),
        helper=person("caseworker", working),
        leader=person("leader", leadership),
        evidence=person("evidence", evidence),
        steward=person("steward", None),
        admin=person("place_admin", None),
        cycle=f.LearningCycleFactory(team=core),
    )


@pytest.fixture
def here(db):
    return make_place()


@pytest.fixture
def elsewhere(db):
    """Another place in the same database, whose people must see nothing of `here`."""
    return make_place()
