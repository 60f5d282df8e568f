"""A prepared query answers what the plain one answers, with the values of each asking."""

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from cycles.people.models import Membership, Team
from cycles.prepared import Given, GivenSet, Prepared, asking, someone
from cycles.stack.models import LearningCycle
from tests import factories as f


def test_a_prepared_query_answers_for_the_values_of_each_asking(here, elsewhere):
    teams = Prepared(Team.objects.filter(place=Given("place")).order_by("pk"))

    for there in (here, elsewhere):
        assert teams.rows(place=there.place.pk) == list(Team.objects.filter(place=there.place).order_by("pk"))
    assert teams.rows(place=0) == []
    assert teams.count(place=here.place.pk) == 4


def test_related_rows_come_along(here):
    held = Prepared(Membership.objects.filter(user=Given("user")).select_related("team", "place"))
    (row,) = held.rows(user=here.worker.pk)

    with CaptureQueriesContext(connection) as seen:
        assert (row.team, row.place) == (here.core, here.place)
    assert len(seen) == 0


def test_values_and_annotations_come_as_they_do_without_it(here):
    plain = Team.objects.filter(place=here.place).order_by("pk")
    asked = Team.objects.filter(place=Given("place")).order_by("pk")
    people = {"people": Count("memberships")}

    for way in (
        lambda rows: rows.annotate(**people).values("name", "people"),
        lambda rows: rows.annotate(**people).values_list("name", "people"),
        lambda rows: rows.annotate(**people).values_list("name", "people", named=True),
        lambda rows: rows.values_list("name", flat=True),
    ):
        assert Prepared(way(asked)).rows(place=here.place.pk) == list(way(plain))


def test_a_query_that_can_find_nothing_asks_nothing(db, django_assert_num_queries):
    nothing = Prepared(Team.objects.filter(pk__in=[]))

    with django_assert_num_queries(0):
        assert (nothing.rows(), nothing.count()) == ([], 0)


def test_a_value_is_never_read_as_sql(here):
    named = Prepared(Team.objects.filter(name=Given("name")))

    assert named.rows(name="'); DELETE FROM cycles_team; --") == []
    assert named.rows(name=here.core.name) == [here.core]


def test_a_missing_value_is_an_error_not_everything(here):
    with pytest.raises(KeyError):
        Prepared(Team.objects.filter(place=Given("place"))).rows()


@pytest.mark.parametrize("who", ["worker", "leader", "steward", "admin", "evidence"])
def test_what_is_visible_to_someone_is_visible_to_each(here, elsewhere, who):
    """The rule of the room, written down before anybody asked."""
    f.LearningCycleFactory(team=here.leadership)
    seen = Prepared(LearningCycle.objects.visible_to(someone()).order_by("pk"))

    for there in (here, elsewhere):
        user = getattr(there, who)
        assert seen.rows(**asking(user)) == list(LearningCycle.objects.visible_to(user).order_by("pk"))


def test_a_set_of_any_size_is_written_out_and_one_of_nothing_holds_nothing(here):
    some = Prepared(
        Team.objects.filter(pk__in=GivenSet("teams")).exclude(name__contains="%s 100%").filter(place=Given("place"))
    )
    teams = list(Team.objects.filter(place=here.place))

    for keys in (teams, teams[:1], []):
        assert set(some.rows(teams={team.pk for team in keys}, place=here.place.pk)) == set(keys)


def test_a_lock_outside_a_transaction_is_refused_each_time(transactional_db):
    with transaction.atomic():
        locked = Prepared(Team.objects.filter(pk=Given("team")).select_for_update())
        assert locked.rows(team=0) == []

    with pytest.raises(transaction.TransactionManagementError):
        locked.rows(team=0)
