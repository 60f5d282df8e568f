"""One's own issues on Today: among the newest of the team where those are enough, else among all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hls.home import seen
from issues.log.models import Issue
from tests import factories as f


@pytest.fixture
def a_few(monkeypatch):
    """Two are shown, and four are looked at first."""
    monkeypatch.setattr(seen, "READ", 2)
    monkeypatch.setattr(seen, "NEWEST", 4)
    for kept in (seen._of_newest, seen._of_teams):
        kept.cache_clear()
    yield
    monkeypatch.undo()
    for kept in (seen._of_newest, seen._of_teams):
        kept.cache_clear()


@pytest.mark.parametrize(
    ("own", "asked"),
    [
        ("....o.oo", 1),  # the newest last: enough of them are new
        ("oo.o.o..", 1),
        ("oo......", 2),
        ("o.......", 2),
        ("........", 2),
        ("oo", 1),
        ("..o", 1),  # all that the team has is looked at first
        (".o..", 1),
        ("...", 2),
        ("", 2),
    ],
)
def test_own_issues_are_the_same_however_many_the_team_has(here, a_few, own, asked):
    for days, whose in enumerate(own):
        issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker if whose == "o" else here.colleague)
        Issue.objects.filter(pk=issue.pk).update(updated_at=timezone.now() - timedelta(days=len(own) - days))
    plain = Issue.objects.visible_to(here.worker).seen_by(here.worker).order_by("-updated_at", "-pk")[:2]

    with CaptureQueriesContext(connection) as queries:
        assert seen.issues_of(here.worker) == list(plain)
    assert len([q for q in queries if "issues_issue" in q["sql"]]) == asked + 1  # and the plain one
