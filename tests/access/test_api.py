"""The same secrets, asked for by programs: each person of both places reads the whole API with a token of theirs."""

import pytest
from django.test import Client
from django.urls import reverse

from cycles.people.models import Membership
from hls.api.actions import make_token
from hls.api.models import Scope
from tests.access.rows import PEOPLE, SECRET
from tests.access.table_api import ROWS

READ = [row for row in ROWS if row.token and not row.only_post]


class Seen:
    words = set()


def program(world, name):
    user = getattr(world, name)
    if not Membership.objects.filter(user=user, place=world.place).exists():
        return None
    _, token = make_token(user=user, place=world.place, name="All of it", scopes=Scope.values, days=1)
    return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)


@pytest.mark.parametrize("where", [0, 1], ids=["here", "elsewhere"])
@pytest.mark.parametrize("name", PEOPLE)
def test_a_program_reads_what_its_person_may_and_no_more(worlds, name, where):
    asker = program(worlds[where], name)
    leaks, statuses = set(), set()
    for home, world in enumerate(worlds):
        may = {secret.word for secret in world.secrets if name in secret.who and home == where}
        what = {secret.word: secret.what for secret in world.secrets}
        for row in READ:
            response = asker.get(row.url(world))
            statuses.add(response.status_code)
            met = set(SECRET.findall(response.content.decode())) & set(what)
            Seen.words |= met
            leaks |= {f"{what[word]} at {row.name}" for word in met - may}
            if home != where and row.has_id:
                assert response.status_code == 404, row.name
    assert leaks == set()
    assert statuses <= {200, 404}


def test_the_crawl_met_secrets_at_all(worlds):
    """Positive control: silence would prove nothing if nothing was ever read."""
    if not Seen.words:
        pytest.skip("the crawl did not run")
    met = {secret.what for secret in worlds[0].secrets if secret.word in Seen.words}
    assert {"issue within the team", "issue raised to leaders", "group name"} <= met


@pytest.mark.parametrize("name", ["worker", "leader", "steward"])
def test_foreign_and_unknown_look_the_same_to_a_program(worlds, name):
    """Everyone is told 404 above; here it is the same 404, byte for byte."""
    asker = program(worlds[0], name)
    for row in READ:
        if row.has_id:
            foreign = asker.get(row.url(worlds[1]))
            unknown = [asker.get(url) for url in row.unknown_urls(worlds[0])]
            assert {foreign.status_code, *(answer.status_code for answer in unknown)} == {404}, row.name
            assert {answer.content for answer in unknown} == {foreign.content}, row.name


@pytest.mark.parametrize("name", ["worker", "admin"])
def test_a_cookie_beside_a_token_adds_nothing(worlds, clients, name):
    """Signed in, with no token: the same 401 for every address. The table asks as everyone (test_table)."""
    for row in (row for row in ROWS if row.token):
        act = clients["here", name].post if row.only_post else clients["here", name].get
        assert act(row.url(worlds[0])).status_code in (401, 405), row.name
    assert clients["here", name].get(reverse("tokens")).status_code == 200
