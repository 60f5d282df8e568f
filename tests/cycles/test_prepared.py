"""A prepared query answers what the plain one answers, with the values of each asking."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count, DateTimeField, TextField, UUIDField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cycles import planned
from cycles.people.models import Membership, Team
from cycles.prepared import Asking, Given, GivenSet, Prepared, add, asking, someone, together
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


SEVERAL = 4  # askings: the first keeps the plan


def test_a_kept_plan_answers_as_before_it_was_kept(here, elsewhere):
    teams = Prepared(
        Team.objects.filter(place=Given("place"), pk__in=GivenSet("teams"))
        .exclude(name__in=["100%", "it’s", "%s"])
        .order_by("pk")
    )
    for _ in range(SEVERAL):
        for there in (here, elsewhere):
            plain = list(Team.objects.filter(place=there.place).order_by("pk"))
            keys = [team.pk for team in plain]
            assert teams.rows(place=there.place, teams=keys) == plain
            assert teams.count(place=there.place, teams=keys) == len(plain)
            assert teams.rows(place=there.place.pk, teams=[]) == []


def test_a_plan_is_kept_under_a_name_and_made_once_for_any_values(here, elsewhere):
    teams = Prepared(Team.objects.filter(place=Given("place")))

    with CaptureQueriesContext(connection) as seen:
        for place in (here.place, elsewhere.place) * SEVERAL:
            teams.rows(place=place.pk)
    (name,) = {re.fullmatch(r'EXECUTE "(.*)" \(\d+\)', q["sql"])[1] for q in seen}
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name = %s", [name])
        assert cursor.fetchone() == (2 * SEVERAL, 0)


def test_what_the_values_decide_is_planned_each_time(here):
    teams = Prepared(Team.objects.filter(place=Given("place")), plans_anew=True)

    with CaptureQueriesContext(connection) as seen:
        for _ in range(SEVERAL):
            teams.rows(place=here.place.pk)
    assert not [q for q in seen if "EXECUTE" in q["sql"]]


@pytest.mark.parametrize("odd", [10**30, -(10**30), 2**63, None])
def test_a_number_that_is_no_key_finds_nothing_however_often_it_is_asked(here, odd):
    teams = Prepared(Team.objects.filter(pk=Given("team")))

    for _ in range(SEVERAL):
        assert teams.rows(team=odd) == []
        assert teams.rows(team=here.core.pk) == [here.core]


def test_moments_words_and_ids_of_devices_are_values_of_a_kept_plan(here):
    now, key = timezone.now(), uuid.uuid4()
    cycle = f.LearningCycleFactory(team=here.core, title='It’s 100% \\ "ours"', client_id=key)
    found = Prepared(
        LearningCycle.objects.filter(
            title=Given("title", TextField()),
            client_id=Given("key", UUIDField()),
            updated_at__lt=Given("now", DateTimeField()),
        )
    )
    for _ in range(SEVERAL):
        assert found.rows(title=cycle.title, key=key, now=now + timedelta(minutes=1)) == [cycle]
        assert found.rows(title="'); DROP TABLE cycles_team; --", key=key, now=now) == []


def test_plans_of_a_connection_that_is_gone_are_made_anew(transactional_db):
    teams = Prepared(Team.objects.filter(place=Given("place")))
    for _ in range(SEVERAL):
        assert teams.rows(place=0) == []
    connection.close()
    for _ in range(SEVERAL):
        assert teams.rows(place=0) == []


def test_a_plan_kept_in_a_transaction_that_failed_is_still_there(transactional_db):
    teams = Prepared(Team.objects.filter(place=Given("place")))

    def fail():
        with transaction.atomic():
            teams.rows(place=0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert teams.rows(place=0) == []


def test_no_connection_keeps_more_plans_than_agreed(here, monkeypatch):
    monkeypatch.setattr(planned, "KEPT_MOST", 0)
    teams = Prepared(Team.objects.filter(place=Given("place")))

    for _ in range(SEVERAL):
        assert len(teams.rows(place=here.place.pk)) == 4


def test_a_row_is_added_as_saving_it_does(here):
    added = add(LearningCycle(place=here.place, team=here.core, title="Ours", purpose="People live good lives"))
    saved = LearningCycle.objects.create(
        place=here.place, team=here.core, title="Ours", purpose="People live good lives"
    )

    assert not added._state.adding
    added, saved = (LearningCycle.objects.filter(pk=row.pk).values().get() for row in (added, saved))
    differ = {name for name in added if added[name] != saved[name]}
    assert differ <= {"id", "client_id", "updated_at"}


def test_several_are_answered_in_one_trip_as_each_by_itself(here, elsewhere, django_assert_num_queries):
    of_team = Prepared(LearningCycle.objects.filter(team=Given("team")))
    nothing = Prepared(LearningCycle.objects.none())
    names = Prepared(Team.objects.filter(place__in=GivenSet("places")).order_by("pk").values_list("name", flat=True))

    def several():
        return (
            Asking(of_team, team=here.core.pk),
            Asking(nothing),
            Asking(names, ", ".join, places=[here.place.pk, elsewhere.place.pk]),
            Asking(of_team, team=elsewhere.core.pk),
            Asking(of_team, lambda rows: rows[0] if rows else None, team=0),
        )

    alone = [one.answer() for one in several()]
    assert alone[0] == [here.cycle]
    with django_assert_num_queries(1):
        assert together(*several()) == alone
    with django_assert_num_queries(0):
        assert together(Asking(nothing)) == [[]]


def test_what_is_asked_together_is_never_read_as_sql(here):
    by_title = Prepared(LearningCycle.objects.filter(title=Given("title", TextField())))
    odd = "%s; DROP TABLE cycles_case; --'; SELECT 1"
    LearningCycle.objects.filter(pk=here.cycle.pk).update(title=odd)
    first, second = together(Asking(by_title, title=odd), Asking(by_title, title="100 %; '"))
    assert (first, second) == ([here.cycle], [])
