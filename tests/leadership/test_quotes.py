"""Which of the words that people released are told to leaders: the newest of what reached them, and no other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cycles.measures.models import Measure
from hls.leadership.facts import learning
from issues.log.actions import escalate, release_quote
from issues.log.models import Issue, IssueAccess, Sighting
from tests import factories as f
from tests.leadership.conftest import raised_to_leaders


def quoted(here, quote, ago=0):
    """An issue that reached leaders with a sentence that was released so many days ago."""
    issue = raised_to_leaders(here, quote=quote, lives=0)
    issue.sightings.exclude(quote="").update(quote_released_on=day(ago))
    return issue


def day(ago):
    return timezone.localdate() - timedelta(days=ago)


def kept(issue):
    """The days on the access rows of an issue: each reader has the same."""
    (on,) = set(IssueAccess.objects.filter(issue=issue).values_list("quoted_on", flat=True))
    return on


def first(here):
    story = learning.first_story(learning.learning(here.place.pk))
    return story and story["text"]


def test_the_newest_quote_that_reached_leaders_is_told(here, elsewhere):
    quoted(here, "Long ago", ago=40)
    quoted(here, "Lately", ago=3)
    quoted(here, "Last year", ago=300)
    quoted(elsewhere, "Theirs", ago=0)

    assert first(here) == "Lately"
    assert first(elsewhere) == "Theirs"


def test_a_quote_that_two_groups_of_leaders_read_is_told_once(here):
    issue = quoted(here, "Nobody rang")
    other = f.TeamFactory(place=here.place, leadership=True)
    IssueAccess.objects.create(issue=issue, team=other)
    measure = f.MeasureFactory(cycle=issue.cycle, audience=Measure.Audience.LEADERS)

    (row,) = learning.learning(here.place.pk).measures
    assert row["id"] == measure.pk
    assert [quote["text"] for quote in row["quotes"]] == ["Nobody rang"]


def test_a_measure_has_the_newest_quotes_of_its_own_cycle_beside_it(here):
    many = [quoted(here, f"Said {n}", ago=n) for n in range(6)]
    other = f.LearningCycleFactory(team=here.core)
    Issue.objects.filter(pk=many[0].pk).update(cycle=other)
    f.MeasureFactory(cycle=many[1].cycle, audience=Measure.Audience.LEADERS)

    (row,) = learning.learning(here.place.pk).measures
    assert [quote["text"] for quote in row["quotes"]] == ["Said 1", "Said 2", "Said 3", "Said 4"]


def test_readers_carry_the_day_of_the_newest_quote(here):
    issue = quoted(here, "")
    assert kept(issue) is None

    sighting = issue.sightings.get()
    release_quote(sighting=sighting, quote="They rang first", by=here.worker)
    assert kept(issue) == day(0)
    Sighting.objects.filter(pk=sighting.pk).update(quote_released_on=day(9))
    assert kept(issue) == day(9)
    newer = Sighting.objects.create(
        issue=issue, team=here.core, by=here.colleague, quote="Again", quote_released_on=day(2)
    )
    assert kept(issue) == day(2)

    newer.delete()
    assert kept(issue) == day(9)
    release_quote(sighting=sighting, quote="", by=here.worker)
    assert kept(issue) is None
    assert first(here) is None


def test_whoever_reads_it_later_has_the_day_too(here):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    Sighting.objects.create(issue=issue, team=here.core, by=here.worker, quote="Said before", quote_released_on=day(5))
    assert first(here) is None

    escalate(issue=issue, to_team=here.leadership, why="Not ours", asks="May it change?", by=here.steward)
    assert kept(issue) == day(5)
    assert first(here) == "Said before"


@pytest.mark.parametrize("wording", ["", "Other words"])
def test_what_is_said_anew_is_never_told_in_its_old_words(here, wording):
    issue = quoted(here, "Old words")
    release_quote(sighting=issue.sightings.get(), quote=wording, by=here.worker)

    assert first(here) == (wording or None)
