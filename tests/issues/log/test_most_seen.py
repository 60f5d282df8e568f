"""“Most seen”: the number of debriefs is kept by the database, and is always what the row says."""

import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse

from issues.between.actions import split_off
from issues.log import actions
from issues.log.filters import log_of
from issues.log.models import IssueAccess, Sighting
from issues.log.paging import first_of
from issues.log.seen import Seen, seen_counts
from issues.log.views import log as log_views
from issues.patterns.actions import make_pattern, take_out
from tests.factories import IssueFactory, MembershipFactory
from tests.factories.fixtures import make_place
from tests.issues.log.test_log_page import refs

LIST = reverse("issues:list")


def see(issue, by, *debriefs):
    for debrief in debriefs:
        actions.see_too(issue=issue, team=issue.team, by=by, occasion_ref=debrief)


def agrees(*issues):
    """What is kept on each issue and on each of its access rows is what its row says; gives the numbers."""
    told = seen_counts([issue.pk for issue in issues])
    for issue in issues:
        issue.refresh_from_db()
        assert issue.seen_in == told.get(issue.pk, Seen()).debriefs
        assert set(IssueAccess.objects.filter(issue=issue).values_list("seen_in", flat=True)) == {issue.seen_in}
    return [issue.seen_in for issue in issues]


def test_number_of_debriefs_is_kept_as_the_row_says_it(here):
    one, other = IssueFactory(cycle=here.cycle, occasion_ref=1), IssueFactory(cycle=here.cycle)
    assert agrees(one, other) == [1, 0]

    see(one, here.worker, 1, 2, 3)
    see(one, here.colleague, 3, None)  # the same debrief once more, and once besides
    assert agrees(one, other) == [3, 0]
    assert str(seen_counts([one.pk])[one.pk]) == "Seen in 3 debriefs and once besides"

    actions.escalate(issue=one, to_team=here.leadership, why="Not ours", asks="?", by=here.worker)
    assert agrees(one, other) == [3, 0]  # on the new access row too

    one.sightings.filter(occasion_ref=3).update(issue=other)
    assert agrees(one, other) == [2, 1]
    one.sightings.filter(occasion_ref=2).update(occasion_ref=None)
    assert agrees(one, other) == [1, 1]
    one.sightings.filter(occasion_ref=1).delete()
    assert agrees(one, other) == [0, 1]
    other.sightings.all().delete()
    assert agrees(one, other) == [0, 0]


def test_people_are_not_what_is_counted(here):
    issue = IssueFactory(cycle=here.cycle, occasion_ref=7)
    for user in (here.worker, here.colleague, here.op_lead):
        see(issue, user, 7)
    assert agrees(issue) == [1]


def test_gathering_and_taking_out_leave_each_its_own_number(here):
    one, other = IssueFactory(cycle=here.cycle, occasion_ref=1), IssueFactory(cycle=here.cycle, occasion_ref=2)
    see(one, here.worker, 3)
    pattern = make_pattern(issues=[one, other], description="One thing", by=here.steward)
    assert agrees(one, other) == [2, 1]
    take_out(pattern=pattern, issue=one, why="Another thing", by=here.steward)
    assert agrees(one, other, pattern) == [2, 1, 0]


def test_a_part_that_is_split_off_was_seen_as_often(here):
    issue = IssueFactory(cycle=here.cycle, occasion_ref=1, raised_by=here.worker)
    see(issue, here.worker, 2)
    move = actions.escalate(issue=issue, to_team=here.leadership, why="Not ours", asks="?", by=here.worker)
    actions.accept(move=move, by=here.leader)
    issue.refresh_from_db()
    part = split_off(issue=issue, team=here.leadership, description="The letter", why="We can", by=here.leader)
    assert agrees(issue, part)[0] == 2


def test_two_who_see_it_at_once_are_both_counted(transactional_db):
    here = make_place()
    issue = IssueFactory(cycle=here.cycle, occasion_ref=1)
    row = {"issue": issue, "team": issue.team, "by": here.worker}

    def late():
        Sighting.objects.create(**row, occasion_ref=3)
        connection.close()

    other = threading.Thread(target=late)
    with transaction.atomic():
        Sighting.objects.create(**row, occasion_ref=2)
        other.start()
        other.join(0.4)
        assert other.is_alive()  # it waits for the first
    other.join(10)
    assert agrees(issue) == [3]


@pytest.mark.parametrize("who", ["worker", "steward", "two teams"])
def test_pages_come_most_seen_first_and_miss_none(client, here, who, monkeypatch):
    monkeypatch.setattr(log_views, "PAGE", 3)
    user = here.colleague if who == "two teams" else getattr(here, who)
    if who == "two teams":
        MembershipFactory(place=here.place, user=user, team=here.leadership, role="leader")
    client.force_login(user)
    made = [IssueFactory(cycle=here.cycle, occasion_ref=90) for _ in range(7)]  # all the same: told apart by the id
    see(made[1], here.worker, 1, 2)
    see(made[5], here.worker, 1)
    made.append(IssueFactory(cycle=here.cycle))
    wanted = [made[at].ref for at in (1, 5, 6, 4, 3, 2, 0, 7)]
    page = client.get(LIST, {"order": "seen"})
    assert "3 of 8 issues, seen in most debriefs first" in page.content.decode()
    found = [refs(page)]
    while page.context["older"]:
        page = client.get(page.context["older"])
        found.append(refs(page))
    assert [ref for part in found for ref in part] == wanted
    back = [found[-1]]
    while page.context["newer"]:
        page = client.get(page.context["newer"])
        back.insert(0, refs(page))
    assert back == found
    assert [issue.ref for issue in log_of(user, {"order": "seen"}, place=here.place).queryset] == wanted


def test_downloads_and_saved_views_come_in_that_order(client, here):
    client.force_login(here.worker)
    for debriefs in ((1,), (1, 2, 3), (1, 2)):
        see(IssueFactory(cycle=here.cycle, description=f"Seen in {len(debriefs)}"), here.worker, *debriefs)
    sheet = b"".join(client.get(reverse("issues:export_csv"), {"order": "seen"}).streaming_content).decode()
    assert sheet.index("Seen in 3") < sheet.index("Seen in 2") < sheet.index("Seen in 1")
    client.post(reverse("issues:new_view"), {"name": "Most seen", "reach": "me", "order": "seen"})
    view = here.worker.saved_views.get()
    page = client.get(view.get_absolute_url()).content.decode()
    assert page.index("Seen in 3 deb") < page.index("Seen in 2 deb") < page.index("Seen in 1 deb")


@pytest.mark.parametrize("who", ["worker", "steward"])
def test_first_page_and_a_late_one_are_walks_of_an_index(here, who):
    """Whether the database could read it so: with a million rows it then does (docs/bench.md)."""
    issue = IssueFactory(cycle=here.cycle)
    user = getattr(here, who)
    log = log_of(user, {"order": "seen"}, place=here.place)
    with connection.cursor() as cursor:
        for setting in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{setting} = off")
        for mark in (None, [0, issue.pk]):
            rows = first_of(log.queryset, log.heads, ("-seen_in", "-id"), mark, 26)
            sql, params = rows.values("pk").query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", params)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert ("issue_by_seen" if who == "steward" else "issue_access_seen") in plan
            assert "ROW(" in plan if mark else True
