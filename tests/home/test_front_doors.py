"""Whoever signs in comes to a page of theirs, and no item of their bar leads nowhere."""

import pytest

from cycles.people.models import Role
from hls.look.nav import bar
from hls.people import DOORS
from tests.factories import MembershipFactory


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_a_door_and_a_bar_that_opens(client, here, role):
    team = None if role in ("steward", "place_admin") else here.leadership
    client.force_login(MembershipFactory(team=team, place=here.place, role=role).user)
    first = client.get("/", follow=True)
    assert first.status_code == 200, role
    items = bar(DOORS[role], first.request["PATH_INFO"])
    assert [item.url for item in items if item.current], f"the page that {role} lands on is in their bar"
    assert {item.label: client.get(item.url).status_code for item in items} == {item.label: 200 for item in items}
