"""What leaders read of changes: the first ones by their own days, however many there are and whichever moved last."""

from datetime import timedelta

from django.utils import timezone

from hls.leadership.facts import asks, learning
from issues.log.actions import escalate, set_response
from issues.log.models import IssueAccess, Response
from tests import factories as f
from tests.leadership.conftest import raised_to_leaders


def days(n):
    return timezone.localdate() + timedelta(days=n)


def change(here, text, state, on, by=None, group=None):
    issue = raised_to_leaders(here, quote="", lives=0)
    if group:
        issue.moves.get().delete()
        issue.access.filter(team=here.leadership).delete()
        escalate(issue=issue, to_team=group, why="Not ours", asks="May it wait?", by=here.steward)
    day = {"in_place_on": on} if state == "in_place" else {"starts_on": on}
    set_response(issue=issue, kind="system_change", text=text, state=state, by=here.leader, **day)
    return issue


def told(rows):
    return [row.text for row in rows]


def test_the_promise_that_is_due_first_is_told_first_whichever_moved_last(here):
    other = f.TeamFactory(place=here.place, leadership=True)
    change(here, "Overdue", "agreed", days(-40), group=other)
    change(here, "No day yet", "agreed", None)
    change(here, "Next year", "agreed", days(300))
    change(here, "Next week", "agreed", days(7), group=other)
    place = learning.learning(here.place.pk)

    assert told(asks.promised(place, 1)) == ["Overdue"]
    assert told(asks.promised(place, 3)) == ["Overdue", "Next week", "Next year"]
    assert told(asks.promised(place, 9)) == ["Overdue", "Next week", "Next year", "No day yet"]


def test_the_newest_normal_is_told_first_whichever_moved_last(here):
    change(here, "Today", "in_place", days(0))
    change(here, "Years ago", "in_place", days(-900))
    change(here, "Last week", "in_place", days(-7))
    change(here, "Being worked out", "working_out", None)
    place = learning.learning(here.place.pk)

    assert told(asks.new_normals(place, 2)) == ["Today", "Last week"]
    assert told(asks.new_normals(place, 9)) == ["Today", "Last week", "Years ago"]


def test_a_change_that_two_groups_read_is_told_once(here):
    other = f.TeamFactory(place=here.place, leadership=True)
    issue = change(here, "Recovery waits", "in_place", days(0))
    IssueAccess.objects.create(issue=issue, team=other)

    assert told(asks.new_normals(learning.learning(here.place.pk), 5)) == ["Recovery waits"]


def test_a_place_without_leaders_is_told_of_no_changes(here, elsewhere):
    change(elsewhere, "Theirs", "in_place", days(0))
    here.leadership.memberships.all().delete()
    here.leadership.delete()

    assert list(asks.new_normals(learning.learning(here.place.pk), 5)) == []


def test_access_rows_follow_the_day_of_the_change(here):
    issue = change(here, "Recovery waits", "agreed", days(7))
    kept = IssueAccess.objects.filter(issue=issue)
    assert set(kept.values_list("changes_on", flat=True)) == {days(7)}

    set_response(issue=issue, kind="system_change", text="Now", state="in_place", in_place_on=days(-1), by=here.leader)
    assert set(kept.values_list("changes_on", flat=True)) == {days(-1)}

    # What has no day yet has none there either, and a countermeasure's day is not the change's.
    set_response(issue=issue, kind="system_change", text="Not yet", state="working_out", by=here.leader)
    set_response(issue=issue, kind="countermeasure", text="By hand", state="in_place", by=here.leader)
    assert set(kept.values_list("changes_on", flat=True)) == {None}


def test_whoever_reads_it_later_has_the_day_too(here):
    issue = change(here, "Recovery waits", "in_place", days(-3))
    IssueAccess.objects.filter(issue=issue).delete()
    row = IssueAccess.objects.create(issue=issue, team=here.leadership)

    row.refresh_from_db()
    assert row.changes_on == Response.objects.get(issue=issue).in_place_on
