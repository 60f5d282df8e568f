"""A place with enough in it that a leader has something to read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from issues.groups.actions import decide
from issues.log.actions import accept, escalate, release_quote, see_too, set_response
from tests import factories as f

QUOTE = "She paid us out of the food money."
ASKS = "Check income and benefits before any enforcement step."
STORY = "I used to turn the telly off so they would think nobody was in."


def raised_to_leaders(here, *, asks=ASKS, quote=QUOTE, lives=1, accepted=False, **more):
    """An issue that leaders are asked about, seen in as many lives as told."""
    more = {"level": 2, "owner_tier": "lship", **more}
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker, **more)
    if quote:
        release_quote(sighting=issue.sightings.get(), quote=quote, by=here.worker)
    for number in range(lives):
        case = f.CaseFactory(team=here.core, worker=here.worker)
        see_too(issue=issue, team=here.core, by=here.colleague, case=case, occasion_ref=number + 1)
    move = escalate(issue=issue, to_team=here.leadership, why="Not ours to change", asks=asks, by=here.steward)
    if accepted:
        accept(move=move, by=here.leader)
    issue.refresh_from_db()
    return issue


def became_normal(here, text="People are asked before a letter goes out", quote="They rang me first."):
    issue = raised_to_leaders(here, quote=quote, asks="Ask people first")
    decide(issue=issue, team=here.leadership, outcome="agreed", words="Yes, at once.", new_normal=text, by=here.leader)
    set_response(issue=issue, kind="system_change", text=text, state="in_place", by=here.leader)
    return issue


def asked_weekly(here, weeks=14, n=6, **more):
    measure = f.MeasureFactory(cycle=here.cycle, audience="leaders", **more)
    for week in range(weeks):
        on = timezone.localdate() - timedelta(weeks=weeks - week)
        f.ReadingFactory(measure=measure, period_start=on, period_end=on, value=3, n=n)
    return measure


def fill(here):
    """A place with an ask, a decision, a new normal, a story, a measure and issues that stayed in the team."""
    here.asked = raised_to_leaders(here, description="When benefits are wrong, recovery carries on", lives=7)
    here.changed = became_normal(here)
    here.story = f.StoryFactory(cycle=here.cycle, shared=True, body=STORY, written_by=here.worker)
    here.measure = asked_weekly(here)
    f.IssueFactory(cycle=here.cycle, raised_by=here.worker, level=1, owner_tier="team", countermeasure="We ring first")
    above = f.LearningCycleFactory(team=here.leadership, scale="country")
    f.OfferFactory(lesson=f.LessonFactory(cycle=here.cycle, by=here.worker), to=above)
    return here


@pytest.fixture
def busy(here):
    return fill(here)
