from collections import Counter
from datetime import date, timedelta

from django.utils import timezone

from issues.log import actions, overview
from issues.log.models import Response
from tests.factories import IssueFactory


def in_place(issue, kind, by):
    return actions.set_response(issue=issue, kind=kind, text="Ring first", state="in_place", by=by)


def test_flow_counts_what_is_in_place_and_what_is_agreed(here, django_assert_num_queries):
    IssueFactory(cycle=here.cycle)
    now = IssueFactory(cycle=here.cycle)
    normal = IssueFactory(cycle=here.cycle)
    in_place(now, Response.Kind.COUNTERMEASURE, here.worker)
    in_place(normal, Response.Kind.SYSTEM_CHANGE, here.worker)
    actions.close_issue(issue=normal, how="new_normal", words="It stays", by=here.worker)
    assert here.leader.rights
    with django_assert_num_queries(1):
        flow = overview.flow(here.leader, here.place)
    assert flow == overview.Flow(raised=3, countermeasure=1, agreed=1, new_normal=1, open=2)


def test_flow_since_a_day_leaves_older_months_out(here):
    IssueFactory(cycle=here.cycle)
    IssueFactory(cycle=here.cycle, raised_on=timezone.localdate() - timedelta(days=400))
    assert overview.flow(here.steward, here.place).raised == 2
    assert overview.flow(here.steward, here.place, since=timezone.localdate()).raised == 1
    months = overview.raised_by_month(here.steward, here.place, since=timezone.localdate() - timedelta(days=40))
    assert (len(months) >= 2, months[-1][1], sum(n for _, n in months)) == (True, 1, 1)


def test_open_by_level_and_owner_keeps_not_sure_and_nobody_apart(here):
    IssueFactory(cycle=here.cycle)
    IssueFactory(cycle=here.cycle, level=2, owner_tier="lship")
    IssueFactory(cycle=here.cycle, level=2, owner_tier="lship")
    closed = IssueFactory(cycle=here.cycle, level=1, owner_tier="team")
    actions.close_issue(issue=closed, how="no_longer", words="It stopped", by=here.worker)
    assert overview.open_by_level_and_owner(here.leader, here.place) == Counter({(None, ""): 1, (2, "lship"): 2})


def test_waiting_by_holder_counts_weeks_and_follows_a_move(here):
    issue = IssueFactory(cycle=here.cycle)
    IssueFactory(cycle=here.cycle, held_since=timezone.localdate() - timedelta(days=70))
    move = actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.steward)
    actions.accept(move=move, by=here.leader)
    rows = overview.waiting_by_holder(here.leader, here.place)
    assert [(row.team, row.open) for row in rows] == [(here.core, 1), (here.leadership, 1)]
    assert rows[0].week_list()[0] in (9, 10)
    assert overview.oldest_open(here.leader, here.place) == [
        (here.core, timezone.localdate() - timedelta(days=70)),
        (here.leadership, timezone.localdate()),
    ]


def test_overview_numbers_are_for_those_who_see_the_overview(here, elsewhere):
    IssueFactory(cycle=here.cycle)
    for user in (here.worker, here.admin, elsewhere.leader, elsewhere.steward):
        assert overview.flow(user, here.place) == overview.Flow()
        assert not overview.open_by_level_and_owner(user, here.place)
        assert overview.waiting_by_holder(user, here.place) == []
        assert overview.oldest_open(user, here.place) == []
        assert sum(n for _, n in overview.raised_by_month(user, here.place, since=date(2026, 1, 1))) == 0
