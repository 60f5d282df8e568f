"""Purpose, kept honest: each time it was said, by whom and why, and what set out to serve it."""

import importlib

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from cycles.models import LearningCycle, PurposeVersion
from cycles.refusals import Refused
from cycles.stack import actions
from cycles.stack.purposes import changes, purpose_now
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def say(cycle, purpose, by, *, why="We listened", old="Collect what is owed"):
    cycle.refresh_from_db()
    return actions.state_purpose(cycle=cycle, version=cycle.version, purpose=purpose, old_purpose=old, why=why, by=by)


def test_each_purpose_has_its_number_who_and_why(here):
    cycle = actions.open_cycle(team=here.core, title="Debt", purpose="Collect kindly", by=here.worker)
    say(cycle, "People thrive", here.steward)
    say(cycle, "People thrive here", here.colleague, why="It is about this place")
    said = [(one.number, one.purpose, one.by, one.why) for one in cycle.purposes.all()]
    assert said == [
        (3, "People thrive here", here.colleague, "It is about this place"),
        (2, "People thrive", here.steward, "We listened"),
        (1, "Collect kindly", here.worker, ""),
    ]
    assert purpose_now(cycle).number == 3


def test_saying_it_anew_needs_a_why_and_saying_the_same_makes_no_version(here):
    cycle = actions.open_cycle(team=here.core, title="Debt", purpose="People thrive", by=here.worker)
    with pytest.raises(Refused) as refused:
        say(cycle, "People live well", here.worker, why=" ")
    assert refused.value.field == "why"
    say(cycle, "People thrive", here.worker, old="", why="")
    assert cycle.purposes.count() == 1


def test_two_purposes_of_a_cycle_never_share_a_number(here):
    purpose_now(here.cycle)
    with pytest.raises(IntegrityError), transaction.atomic():
        PurposeVersion.objects.create(cycle=here.cycle, number=1, purpose="Another")


def test_a_cycle_from_before_versions_says_its_own_words_and_names_nobody(here):
    first = purpose_now(here.cycle)
    assert (first.number, first.purpose, first.by) == (1, here.cycle.purpose, None)
    assert purpose_now(here.cycle) == first
    say(here.cycle, "People thrive", here.worker)
    assert [one.number for one in here.cycle.purposes.all()] == [2, 1]


def test_the_migration_gives_every_cycle_a_first_purpose_and_numbers_the_rest(here):
    """Run on rows as they were: a cycle without any version, and one whose numbers say nothing."""
    migration = importlib.import_module("cycles.migrations.0007_purpose_of_every_cycle")
    bare = f.LearningCycleFactory(team=here.core, purpose="Bare", old_purpose="Was")
    older, newer = (
        PurposeVersion.objects.create(cycle=here.cycle, number=number, purpose=words, by=here.worker)
        for number, words in ((9, "Old"), (7, "New"))
    )
    with connection.cursor() as cursor:
        for statement in (migration.NUMBER, migration.FIRST):
            cursor.execute(statement)
    assert list(here.cycle.purposes.values_list("pk", "number")) == [(newer.pk, 2), (older.pk, 1)]
    assert [(p.number, p.purpose, p.old_purpose, p.by) for p in bare.purposes.all()] == [(1, "Bare", "Was", None)]
    assert not LearningCycle.objects.filter(purposes=None).exists()


@pytest.mark.system(60)
def test_old_stands_beside_new_with_who_and_why_and_what_serves_each(worker, here):
    cycle = actions.open_cycle(
        team=here.core, title="Debt", purpose="Collect every debt", old_purpose="By the date", by=here.worker
    )
    first = purpose_now(cycle)
    f.ExperimentFactory(cycle=cycle, question="What if we rang first?", serves=first)
    say(cycle, "Talk about every debt", here.steward, why="Letters frightened people", old="Collect by the date")
    f.MeasureFactory(cycle=cycle, question="Did anyone open the door?", serves=purpose_now(cycle))
    page = worker.get(reverse("cycles:purposes", args=[cycle.pk])).text
    assert "<del>Collect</del> every debt" in page
    assert "<ins>Talk about</ins> every debt" in page
    assert f"{here.steward}: Letters frightened people" in page
    newest, oldest = page.index('id="v-2"'), page.index('id="v-1"')
    assert newest < page.index("Did anyone open the door?") < oldest < page.index("What if we rang first?")
    assert "All 2 ways it was said" in worker.get(cycle.get_absolute_url()).text


def test_any_two_can_be_compared_and_odd_numbers_fall_back(worker, here):
    cycle = actions.open_cycle(team=here.core, title="Debt", purpose="One", by=here.worker)
    for words in ("Two", "Three"):
        say(cycle, words, here.worker)
    url = reverse("cycles:purposes", args=[cycle.pk])
    for query, pair in (("", (2, 3)), ("?old=1&new=3", (1, 3)), ("?old=3&new=1", (1, 3)), ("?old=x&new=99", (2, 3))):
        response = worker.get(url + query)
        assert (response.context["older"].number, response.context["newer"].number) == pair


WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)


@settings(max_examples=200, deadline=None)
@given(WORDS, WORDS)
def test_a_comparison_loses_and_adds_no_word(before, after):
    pieces = changes(before, after)
    assert "".join(words for what, words in pieces if what != "new") == before
    assert "".join(words for what, words in pieces if what != "gone") == after


def test_purposes_query_count(worker, here):
    cycle = actions.open_cycle(team=here.core, title="Debt", purpose="One", by=here.worker)

    def one_more():
        say(cycle, f"Said {cycle.purposes.count()}", here.worker)
        f.ExperimentFactory(cycle=cycle, serves=purpose_now(cycle))
        f.MeasureFactory(cycle=cycle, serves=purpose_now(cycle))

    # session, person, memberships, the cycle, its purposes, their experiments and measures
    assert_queries_stay_flat(worker, reverse("cycles:purposes", args=[cycle.pk]), one_more, most=7)
