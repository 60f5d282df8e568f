"""The page's SQL is put together once for each kind of asking; the export's is plain. They must agree, for everybody."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from issues.log import actions, many, reading
from issues.log.filters import VIEWS, Asked, log_of
from issues.log.models import Issue
from issues.log.views import log as log_views
from tests.factories import IssueFactory, LearningCycleFactory, MembershipFactory, TeamFactory

LIST = reverse("issues:list")
QUERIES = [
    *({"view": view} for view in VIEWS),
    {"level": "sys", "status": "open"},
    {"level": "none", "owner": "none"},
    {"barrier": "yes", "order": "longest"},
    {"order": "seen"},
    {"level": "sys", "order": "seen"},
    {"q": "letters"},
    {"q": "letters", "status": "open", "order": "number"},
    {"cycle": "theirs", "order": "number"},
]


def refs(page):
    return re.findall(r"<span>([A-Z]+-\d{3})</span>", page.content.decode())


@pytest.fixture
def log(here, elsewhere):
    """Issues in each state, of two teams, some of them raised to leaders; and one in another place."""
    theirs = LearningCycleFactory(team=here.working)
    for n, level in enumerate([None, 1, 2, 2, 3, 1]):
        issue = IssueFactory(
            cycle=here.cycle if n % 2 else theirs,
            raised_by=here.worker,
            level=level,
            owner_tier="lship" if n % 3 else "",
            is_barrier=n == 2,
            description=f"The letters came first, {n}",
            countermeasure="We ring" if n % 2 else "",
        )
        if n in (1, 4):
            move = actions.escalate(issue=issue, to_team=here.leadership, why="Not ours", asks="?", by=here.worker)
        if n == 4:
            actions.accept(move=move, by=here.leader)
        if n == 3:
            actions.set_response(issue=issue, kind="system_change", text="Calls", state="in_place", by=here.worker)
            actions.close_issue(
                issue=issue, how="new_normal", words="It is so now", countermeasure="not_needed", by=here.worker
            )
    IssueFactory(cycle=elsewhere.cycle, description="The letters came first there too")
    return theirs


def of_teams(user, place, *teams):
    for team in teams:
        MembershipFactory(user=user, place=place, team=team)
    return user


@pytest.mark.parametrize("who", ["worker", "leader", "steward", "evidence", "two teams", "five teams"])
def test_page_reads_what_the_plain_query_finds(client, here, log, who):
    if who == "two teams":
        user = of_teams(here.colleague, here.place, here.leadership)
    elif who == "five teams":  # more than are read one by one
        more = [TeamFactory(place=here.place) for _ in range(2)]
        user = of_teams(here.helper, here.place, here.core, here.leadership, *more)
    else:
        user = getattr(here, who)
    client.force_login(user)
    for query in QUERIES:
        asked = query | ({"cycle": str(log.pk)} if "cycle" in query else {})
        page = client.post(LIST, asked) if "q" in query else client.get(LIST, asked)

        plain = [issue.ref for issue in log_of(user, asked, place=here.place).queryset]
        shown = sorted(refs(page)) if "q" in query else refs(page)
        assert shown == (sorted(plain) if "q" in query else plain), query
        assert page.context["count"].split(" issue")[0] == (str(len(plain)) if plain else "No"), query


@pytest.mark.parametrize("who", ["worker", "leader", "steward"])
def test_a_review_that_is_past_is_read_by_the_day_that_it_is(client, here, who, time_machine):
    client.force_login(getattr(here, who))
    issue = IssueFactory(cycle=here.cycle, raised_by=here.worker, countermeasure="We ring")
    actions.escalate(issue=issue, to_team=here.leadership, why="Not ours", asks="?", by=here.worker)
    today = timezone.localdate()
    Issue.objects.filter(pk=issue.pk).update(review_on=today + timedelta(days=2))
    for days, shown in ((1, []), (2, [issue.ref]), (1, []), (3, [issue.ref])):
        time_machine.move_to(timezone.make_aware(datetime.combine(today + timedelta(days=days), time(12))), tick=False)
        client.force_login(getattr(here, who))
        assert refs(client.get(LIST, {"view": "review"})) == shown, days


def test_many_are_counted_once_a_minute_and_few_each_time(here, monkeypatch, django_assert_num_queries):
    def count(user, most=3, **asked):
        return reading.Reading(user, Asked(**asked), here.place).count(most)

    now = 1000.0
    monkeypatch.setattr(many, "monotonic", lambda: now)
    made = [IssueFactory(cycle=here.cycle, level=2) for _ in range(3)]
    assert here.worker.rights
    assert here.leader.rights
    assert count(here.worker) == 3
    with django_assert_num_queries(0):
        assert count(here.worker) == 3
    assert [count(here.worker, level="macro"), count(here.worker, most=5), count(here.leader)] == [0, 3, 0]
    made[0].delete()
    with django_assert_num_queries(1):
        assert count(here.worker, most=5) == 2, "what is fewer is counted anew"
    now += many.SECONDS
    with django_assert_num_queries(1):
        assert count(here.worker) == 2


@pytest.mark.parametrize("view", ["waiting", "review"])
def test_what_waits_is_found_once_for_its_page_and_its_count(client, here, monkeypatch, view):
    issues = [IssueFactory(cycle=here.cycle, raised_by=here.worker, countermeasure="We ring") for _ in range(3)]
    for issue in issues:
        actions.escalate(issue=issue, to_team=here.leadership, why="Not ours", asks="?", by=here.worker)
    Issue.objects.update(review_on=timezone.localdate())
    client.force_login(here.steward)

    def ask(size, query=""):
        monkeypatch.setattr(log_views, "PAGE", size)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(f"{LIST}?view={view}&{query}")
        return page, len(asked)

    ask(3)
    (whole, for_all), (first, for_some) = ask(3), ask(2)
    assert for_some == for_all, "how many there are is told by what found the first of them"
    assert refs(first) == refs(whole)[:2]
    assert first.context["count"].startswith("2 of 3 issues")
    last, _ = ask(2, first.context["older"].partition("?")[2])
    assert refs(last) == refs(whole)[2:]
    assert last.context["count"].startswith("1 of 3 issues")
