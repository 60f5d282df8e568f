import pytest

from issues.groups.actions import decide
from issues.log import actions
from issues.log.models import Issue, IssueAccess
from issues.log.order import COLUMNS
from issues.log.tallies import FlowTally, WaitTally
from issues.log.tasks import fold_tallies
from tests.factories import IssueFactory


@pytest.mark.system(35)
def test_issue_goes_from_worker_to_decision_and_back(here):
    issue = IssueFactory(cycle=here.cycle, raised_by=here.worker, level=2)
    move = actions.escalate(
        issue=issue, to_team=here.leadership, why="It is council policy", asks="Hold recovery?", by=here.steward
    )
    issue.refresh_from_db()
    assert issue.held_by == here.core
    assert not Issue.objects.visible_to(here.helper).exists()
    assert Issue.objects.visible_to(here.leader).get() == issue
    decide(
        issue=issue,
        team=here.leadership,
        outcome="agreed",
        words="We will",
        new_normal="Recovery waits",
        by=here.leader,
    )
    issue.refresh_from_db()
    move.refresh_from_db()
    assert (issue.held_by, move.state, issue.system_change_state) == (here.leadership, "accepted", "agreed")
    assert [s.what for s in issue.steps.all()] == ["raised", "offered", "accepted", "decided", "system_change"]
    assert here.worker.notices.filter(kind="issue_step").count() == 4


def test_tallies_follow_every_change_and_folding_keeps_the_sums(here):
    issue = IssueFactory(cycle=here.cycle, level=1, countermeasure="We hold it")
    IssueFactory(cycle=here.cycle)
    actions.set_level(issue=issue, level=2, owner_tier="lship", why="Not ours", by=here.steward)

    def sums():
        rows = {}
        for t in FlowTally.objects.all():
            key = (t.level, t.owner_tier, t.status, t.countermeasure_state)
            rows[key] = rows.get(key, 0) + t.n
        return {k: v for k, v in rows.items() if v}

    expected = {(2, "lship", "open", "trying"): 1, (None, "", "open", ""): 1}
    assert sums() == expected
    before = FlowTally.objects.count()
    fold_tallies()
    assert sums() == expected
    assert FlowTally.objects.count() == 2 < before
    assert sum(w.n for w in WaitTally.objects.filter(held_by=here.core)) == 2


def test_access_rows_carry_what_lists_sort_and_filter_on(here):
    issue = IssueFactory(cycle=here.cycle, level=2, owner_tier="team")
    actions.set_level(issue=issue, level=3, owner_tier="lship", why="Bigger than us", by=here.steward)
    actions.escalate(issue=issue, to_team=here.leadership, why="Not ours", asks="Change it?", by=here.worker)
    actions.accept(move=issue.moves.get(state="offered"), by=here.leader)
    issue.refresh_from_db()
    rows = IssueAccess.objects.filter(issue=issue)
    assert {row.team_id: row.is_holder for row in rows} == {here.core.pk: False, here.leadership.pk: True}
    for row in rows:
        assert {name: getattr(row, name) for name in COLUMNS} == {name: getattr(issue, name) for name in COLUMNS}
