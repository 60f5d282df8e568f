"""Two at once, on real connections: one happens, the other is told, and no words are lost.

Each race is also run with its lock taken away (the control), which must break: else silence would prove nothing.
"""

import threading
import uuid
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from cycles.notices.models import Notice
from cycles.people.models import Place
from cycles.refusals import Refused
from issues.groups.actions import decide
from issues.log import actions
from issues.log.actions import between, changing, ending, raising
from issues.log.models import Issue, IssueMove, IssueStep, Sighting
from tests.factories import IssueFactory, MembershipFactory
from tests.factories.fixtures import make_place

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    return make_place()


def at_once(*acts):
    """Run each act in a thread of its own, all let go together; what each gave or raised, in order."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            gate.wait(timeout=20)
            answers[place] = act()
        except Exception as no:
            answers[place] = no
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@contextmanager
def without_locks(monkeypatch):
    """The control: rows are read without being locked, and each waits until all have read."""
    both = threading.Barrier(2)

    def unlocked(issue):
        row = Issue.objects.get(pk=issue.pk)
        both.wait(timeout=20)
        return row

    with monkeypatch.context() as patch:
        for room in (between, changing, ending):
            patch.setattr(room, "_lock", unlocked)
        yield


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_double_click_on_raise_makes_one_issue(world):
    client_id = uuid.uuid4()

    def click():
        return actions.raise_issue(cycle=world.cycle, description="Late van", by=world.worker, client_id=client_id)

    answers = at_once(*[click] * 6)
    assert len({issue.pk for issue in answers}) == 1
    assert (Issue.objects.count(), Sighting.objects.count(), IssueStep.objects.count()) == (1, 1, 1)
    world.place.refresh_from_db()
    assert world.place.issue_counter == 1


def test_double_click_without_the_lock_would_break(world, monkeypatch):
    """Control: two who both looked before either wrote run into the unique key."""
    both = threading.Barrier(2)
    own = raising.next_numbers

    def late(place, count=1):
        both.wait(timeout=20)
        return own(place, count)

    monkeypatch.setattr(raising, "next_numbers", late)
    monkeypatch.setattr(raising, "lock_log", lambda place_id: Place.objects.get(pk=place_id))
    client_id = uuid.uuid4()

    def click():
        return actions.raise_issue(cycle=world.cycle, description="Late van", by=world.worker, client_id=client_id)

    answers = at_once(click, click)
    assert [type(a) for a in answers].count(IntegrityError) == 1


def test_two_of_a_group_answer_at_once_and_one_is_told(world):
    other = MembershipFactory(team=world.leadership, place=world.place, role="leader").user
    issue = IssueFactory(cycle=world.cycle, raised_by=world.worker)
    actions.escalate(issue=issue, to_team=world.leadership, why="Policy", asks="Change it?", by=world.colleague)
    Notice.objects.all().delete()
    clients = {world.leader: signed_in(world.leader), other: signed_in(other)}
    address = reverse("issues:answer", args=[issue.ref])
    issue.refresh_from_db()

    def send(user, answer, words):
        return lambda: clients[user].post(address, {"answer": answer, "words": words, "version": issue.version})

    answers = at_once(send(world.leader, "accept", "We take it on"), send(other, "hand_back", "Show us three lives"))
    assert sorted(a.status_code for a in answers) == [302, 409]
    lost = next(a for a in answers if a.status_code == 409).content.decode()
    assert "We take it on" in lost
    assert "Show us three lives" in lost
    move = issue.moves.get()
    assert move.state in ("accepted", "handed_back")
    assert Notice.objects.filter(user=world.worker, kind=Notice.Kind.ISSUE_STEP).count() == 1


def test_two_who_decide_at_once_leave_one_decision(world):
    other = MembershipFactory(team=world.leadership, place=world.place, role="leader").user
    issue = IssueFactory(cycle=world.cycle, raised_by=world.worker)
    actions.escalate(issue=issue, to_team=world.leadership, why="Policy", asks="Change it?", by=world.worker)
    issue.refresh_from_db()

    def say(user, outcome):
        return lambda: decide(
            issue=Issue.objects.get(pk=issue.pk), team=world.leadership, outcome=outcome, words=f"{user}: because",
            by=user, version=issue.version,
        )  # fmt: skip

    answers = at_once(say(world.leader, "not_now"), say(other, "as_is"))
    assert sorted(type(a).__name__ for a in answers) == ["ChangedMeanwhile", "Decision"]
    assert issue.decisions.count() == 1


def test_two_editors_at_once_leave_one_text_and_tell_the_other(world):
    issue = IssueFactory(cycle=world.cycle, raised_by=world.worker)
    issue.refresh_from_db()

    def edit(user):
        return lambda: actions.edit_issue(
            issue=Issue.objects.get(pk=issue.pk), version=issue.version, by=user, description=f"By {user.pk}"
        )

    answers = at_once(edit(world.worker), edit(world.colleague))
    assert sorted(type(a).__name__ for a in answers) == ["ChangedMeanwhile", "Issue"]
    assert issue.descriptions.count() == 1


def test_two_editors_without_the_lock_would_both_be_saved(world, monkeypatch):
    issue = IssueFactory(cycle=world.cycle, raised_by=world.worker)
    issue.refresh_from_db()

    def edit(user):
        return lambda: actions.edit_issue(
            issue=Issue.objects.get(pk=issue.pk), version=issue.version, by=user, description=f"By {user.pk}"
        )

    with without_locks(monkeypatch):
        answers = at_once(edit(world.worker), edit(world.colleague))
    assert [type(a).__name__ for a in answers] == ["Issue", "Issue"]
    assert issue.descriptions.count() == 2


def test_close_and_escalate_at_once_end_in_one_valid_state(world):
    for _ in range(4):
        issue = IssueFactory(cycle=world.cycle, raised_by=world.worker, level=1)

        def close(pk=issue.pk):
            return actions.close_issue(issue=Issue(pk=pk), how="no_longer", words="Gone", by=world.worker)

        def raise_it(pk=issue.pk):
            return actions.escalate(
                issue=Issue(pk=pk), to_team=world.leadership, why="Policy", asks="a", by=world.colleague
            )

        answers = at_once(close, raise_it)
        issue.refresh_from_db()
        offered = issue.moves.filter(state=IssueMove.State.OFFERED).count()
        assert [isinstance(a, Refused) for a in answers].count(True) == 1
        assert (issue.status, offered) in [("closed", 0), ("open", 1)]


def test_close_and_escalate_without_the_lock_would_leave_a_closed_offer(world, monkeypatch):
    issue = IssueFactory(cycle=world.cycle, raised_by=world.worker, level=1)
    with without_locks(monkeypatch):
        at_once(
            lambda: actions.close_issue(issue=issue, how="no_longer", words="Gone", by=world.worker),
            lambda: actions.escalate(issue=issue, to_team=world.leadership, why="w", asks="a", by=world.colleague),
        )
    row = Issue.objects.get(pk=issue.pk)
    assert (row.status, row.moves.filter(state=IssueMove.State.OFFERED).count()) == ("closed", 1)


def test_eight_who_close_at_once_close_it_once_and_tell_once(world):
    issue = IssueFactory(cycle=world.cycle, raised_by=world.worker, level=1)
    client = signed_in(world.colleague)
    address = reverse("issues:close", args=[issue.ref])
    sent = {"how": "no_longer", "words": "Gone"}
    answers = at_once(*[lambda: client.post(address, sent)] * 8)
    assert {a.status_code for a in answers} == {302}
    assert issue.steps.filter(what="closed").count() == 1
    assert Notice.objects.filter(user=world.worker, kind=Notice.Kind.ISSUE_STEP).count() == 1


def test_a_refused_act_leaves_nothing_half_done(world):
    issue = IssueFactory(cycle=world.cycle, raised_by=world.worker)
    with pytest.raises(Refused), transaction.atomic():
        decide(issue=issue, team=world.leadership, outcome="as_is", words="x", by=world.leader)
    assert not issue.decisions.exists()
    assert issue.steps.count() == 1
