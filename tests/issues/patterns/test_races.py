"""Gathering and taking out at once, on real connections: one end state, and nobody waits for ever."""

import uuid
from itertools import pairwise

import pytest

from cycles.notices.models import Notice
from cycles.refusals import Refused
from issues.log.models import Issue, IssueStep
from issues.patterns import actions
from issues.patterns.models import Gathering
from tests.factories import IssueFactory
from tests.factories.fixtures import make_place
from tests.issues.log.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    return make_place()


@pytest.fixture
def issues(world):
    return [IssueFactory(cycle=world.cycle, raised_by=world.worker) for _ in range(3)]


def test_double_click_makes_one_pattern(world, issues):
    client_id = uuid.uuid4()

    def click():
        return actions.make_pattern(issues=issues, description="One", by=world.steward, client_id=client_id)

    answers = at_once(*[click] * 6)
    assert len({pattern.pk for pattern in answers}) == 1
    assert Gathering.objects.count() == 3


def test_two_patterns_want_one_issue_and_one_is_told(world, issues):
    one, two, wanted = issues
    first = actions.make_pattern(issues=[one, IssueFactory(cycle=world.cycle)], description="1", by=world.steward)
    second = actions.make_pattern(issues=[two, IssueFactory(cycle=world.cycle)], description="2", by=world.steward)
    answers = at_once(
        lambda: actions.gather(pattern=first, issues=[wanted], by=world.steward),
        lambda: actions.gather(pattern=second, issues=[wanted], by=world.worker),
    )
    assert sorted(type(answer) for answer in answers if isinstance(answer, Exception)) == [Refused]
    assert Gathering.objects.filter(issue=wanted).current().count() == 1


def test_gathering_and_taking_out_at_once_end_in_one_state(world, issues):
    pattern = actions.make_pattern(issues=issues[:2], description="One", by=world.steward)
    Notice.objects.all().delete()
    answers = at_once(
        lambda: actions.take_out(pattern=pattern, issue=issues[0], by=world.steward, why="No"),
        lambda: actions.gather(pattern=pattern, issues=issues, by=world.helper),
        lambda: actions.take_out(pattern=pattern, issue=issues[0], by=world.worker, why="Not this one"),
    )
    broken = [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Refused)]
    assert broken == []
    steps = list(IssueStep.objects.filter(issue=issues[0]).order_by("pk").values_list("what", flat=True))
    lies = Gathering.objects.filter(issue=issues[0]).current().exists()
    assert steps[-1] == ("gathered" if lies else "ungathered")
    assert all(one != other for one, other in pairwise(steps)), "each in turn"
    told = Notice.objects.filter(user=world.worker, kind=Notice.Kind.ISSUE_STEP)
    assert told.count() == len(set(told.values_list("subject_ref", flat=True)))
    assert Issue.objects.filter(is_pattern=True).count() == 1


def test_without_the_lock_two_would_both_gather(world, issues, monkeypatch):
    """Control: where the rows are read without a lock, only the unique key stands in the way."""
    import threading

    from django.db import IntegrityError

    both = threading.Barrier(2)

    def unlocked(pattern, wanted):
        rows = Issue.objects.defer("search").select_related("place")
        found = rows.get(pk=pattern.pk), list(rows.filter(pk__in=[one.pk for one in wanted]))
        both.wait(timeout=20)
        return found

    pattern = actions.make_pattern(issues=issues[:2], description="One", by=world.steward)
    monkeypatch.setattr(actions, "_lock_both", unlocked)
    answers = at_once(*[lambda: actions.gather(pattern=pattern, issues=[issues[2]], by=world.steward)] * 2)
    assert [type(answer) for answer in answers].count(IntegrityError) == 1
