"""What waits for a group is kept by the database; here it is held against the rule said in full."""

import pytest
from django.db.models import F, Q

from issues.groups.actions import decide
from issues.groups.models import Decision
from issues.log import actions
from issues.log.models import IssueMove
from tests.factories import IssueFactory


def raise_to(group, issue, by):
    return actions.escalate(issue=issue, to_team=group, why="Not ours to change", asks="May it wait?", by=by)


def waiting():
    return list(IssueMove.objects.filter(waits=True).order_by("pk"))


def waiting_by_the_rule():
    theirs = Q(state="offered") | Q(state="accepted", issue__held_by=F("to_team"))
    return list(IssueMove.objects.filter(theirs, decision=None, issue__status="open").order_by("pk"))


@pytest.fixture
def issue(here):
    return IssueFactory(cycle=here.cycle, raised_by=here.worker, level=2)


@pytest.fixture
def offer(here, issue):
    return raise_to(here.leadership, issue, here.worker)


def test_an_offer_waits_until_it_is_handed_back(here, offer):
    assert waiting() == [offer]
    actions.hand_back(move=offer, by=here.leader, answer="Try the working group")
    assert waiting() == []


def test_an_offer_waits_until_it_is_taken_back(here, offer):
    actions.withdraw(move=offer, by=here.worker)
    assert waiting() == []


def test_what_was_taken_on_waits_until_it_is_decided(here, issue, offer):
    actions.accept(move=offer, by=here.leader)
    assert waiting() == [offer]
    decide(issue=issue, team=here.leadership, outcome="not_now", words="After the budget", by=here.leader)
    assert waiting() == []
    Decision.objects.all().delete()
    assert waiting() == [offer]


def test_what_was_taken_on_waits_no_more_where_it_moved_on(here, issue, offer):
    actions.accept(move=offer, by=here.leader)
    further = raise_to(here.working, issue, here.leader)
    assert waiting() == [offer, further]
    actions.accept(move=further, by=here.helper)
    assert waiting() == [further]


def test_what_was_taken_on_waits_while_the_issue_is_open(here, issue, offer):
    actions.accept(move=offer, by=here.leader)
    actions.close_issue(issue=issue, how="no_longer", words="The letter is gone", by=here.leader)
    assert waiting() == []
    actions.reopen_issue(issue=issue, why="It is back", by=here.worker)
    assert waiting() == [offer]


def test_what_waits_is_what_the_rule_says_for_many_at_once(here):
    """One issue in each stage, side by side: no trigger reaches another's move."""
    moves = [
        raise_to(here.leadership, IssueFactory(cycle=here.cycle, raised_by=here.worker), here.worker) for _ in range(6)
    ]
    for move in moves[1:4]:
        actions.accept(move=move, by=here.leader)
    decide(issue=moves[2].issue, team=here.leadership, outcome="as_is", words="It is law", by=here.leader)
    actions.close_issue(issue=moves[3].issue, how="no_longer", words="Gone", by=here.leader)
    actions.hand_back(move=moves[4], by=here.leader, answer="Not ours")
    actions.set_level(issue=moves[5].issue, level=1, owner_tier="team", why="Ours after all", by=here.worker)

    assert waiting() == waiting_by_the_rule() == [moves[0], moves[1], moves[5]]
