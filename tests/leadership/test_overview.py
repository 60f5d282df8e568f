import re
from datetime import timedelta
from itertools import combinations

import pytest
from django.urls import reverse
from django.utils import timezone

from hls.leadership import packs
from hls.leadership.facts import asks, bands, counts
from hls.leadership.models import Summary
from tests import factories as f
from tests.helpers.html import parse, text_of
from tests.helpers.queries import assert_queries_stay_flat
from tests.leadership.conftest import ASKS, QUOTE, STORY, asked_weekly, became_normal, raised_to_leaders

OVERVIEW, DECISIONS = "/overview/", "/decisions/"


def read(client, user, url=OVERVIEW):
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200
    return text_of(parse(response))


@pytest.mark.system(34)
def test_overview_has_a_voice_beside_the_numbers(client, busy):
    page = read(client, busy.leader)

    assert ASKS in page
    assert QUOTE in page
    assert STORY in page
    assert "Is it efficient?" in page
    assert "How easy was it to do right by the person?" in page


def test_overview_shows_each_lens_before_a_second_of_any(client, here):
    for lens in ("efficient", "efficient", "efficient", "sustainable", "effective"):
        asked_weekly(here, weeks=3, lens=lens)
    client.force_login(here.leader)

    shown = [measure["lens"] for measure in client.get(OVERVIEW).context["measures"]]

    assert shown == ["Is it effective?", "Is it efficient?", "Is it sustainable?"]


def test_overview_says_so_where_there_is_no_story(client, here):
    asked_weekly(here)

    page = read(client, here.evidence)

    assert "No one has shared a story with the whole place yet" in page
    assert "No story of its own beside this number yet" in page
    assert "Nothing waits for a decision" in page


def test_overview_says_what_waits_with_whom_and_how_long(client, here):
    issue = raised_to_leaders(here)
    issue.moves.update(at=timezone.now() - timedelta(days=15))

    assert f"with {here.leadership.name} 15 days · not taken on yet" in read(client, here.leader)


def test_a_decided_issue_is_no_longer_asked(busy):
    assert [move.issue for move in asks.asked(busy.place)] == [busy.asked]


def test_an_issue_that_moved_on_is_no_longer_asked(here):
    from issues.log.actions import accept, escalate

    issue = raised_to_leaders(here, accepted=True)
    accept(
        move=escalate(issue=issue, to_team=here.working, why="A matter of method", asks="Look", by=here.leader),
        by=here.helper,
    )

    assert list(asks.asked(here.place)) == []


@pytest.mark.parametrize("who", ["worker", "recorder", "op_lead", "helper", "admin"])
@pytest.mark.parametrize("url", [OVERVIEW, DECISIONS, "/summaries/"])
def test_overview_is_out_of_sight_for_others(client, here, who, url):
    client.force_login(getattr(here, who))

    assert client.get(url).status_code == 404


def test_overview_tells_only_what_was_raised_to_leaders(client, busy):
    """A new normal that a team made by itself is counted, and its words stay with the team."""
    from issues.log.actions import set_response

    own = f.IssueFactory(cycle=busy.cycle, raised_by=busy.worker, description="Ours alone")
    set_response(issue=own, kind="system_change", text="We knock twice", state="in_place", by=busy.worker)

    page = read(client, busy.leader)

    assert counts.flow(busy.place).new_normal == 2
    assert "Ours alone" not in page
    assert "We knock twice" not in page


def test_a_quote_of_an_issue_that_stayed_in_the_team_stays_there(client, here):
    from issues.log.actions import release_quote

    own = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    release_quote(sighting=own.sightings.get(), quote="Only for us", by=here.worker)
    asked_weekly(here)

    assert "Only for us" not in read(client, here.leader)


def test_overview_names_no_one(client, busy):
    busy.story.told_by = "Marie"
    busy.story.save()
    page = read(client, busy.steward)

    people = [busy.worker, busy.colleague, busy.leader, busy.recorder]
    assert [p.name for p in people if p.name in page] == []
    assert "Alias" not in page
    assert "Marie" not in page


def test_overview_of_one_place_holds_nothing_of_another(client, busy, elsewhere):
    page = read(client, elsewhere.leader)

    assert QUOTE not in page
    assert STORY not in page
    assert "Where 0 open issues sit" in page


def test_overview_query_count(client, here):
    client.force_login(here.leader)

    def add():
        raised_to_leaders(here)
        became_normal(here)
        asked_weekly(here, weeks=3)
        f.StoryFactory(cycle=here.cycle, shared=True)

    # who is asking (3); the place with its stories and measures; flow; waits; what is asked; new normals
    assert_queries_stay_flat(client, OVERVIEW, add, most=8)


def test_decisions_query_count(client, here):
    client.force_login(here.leader)

    def add():
        raised_to_leaders(here)
        became_normal(here)

    assert_queries_stay_flat(client, DECISIONS, add, most=5)  # who is asking (3), asked, made


@pytest.mark.system(63)
def test_decisions_can_be_narrowed_to_barriers(client, here):
    raised_to_leaders(here, asks="Take the wall away")
    here.place.refresh_from_db()
    barrier = raised_to_leaders(here, asks="Stop asking for the same form")
    type(barrier).objects.filter(pk=barrier.pk).update(is_barrier=True)

    everything, barriers = read(client, here.leader, DECISIONS), read(client, here.leader, DECISIONS + "?barrier=1")

    assert "Take the wall away" in everything
    assert "Take the wall away" not in barriers
    assert "Stop asking for the same form" in barriers


def test_only_the_group_is_offered_to_decide(client, busy):
    assert "Read and decide" in read(client, busy.leader)
    steward = read(client, busy.steward)
    assert "Read and decide" not in steward
    assert "Read the issue" in steward


def test_overview_links_no_issue_that_the_reader_may_not_open(client, busy):
    client.force_login(busy.evidence)

    assert reverse("issues:issue", args=[busy.asked.ref]) not in client.get(OVERVIEW).content.decode()


def test_flow_counts_since_a_month(client, here):
    old = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    type(old).objects.filter(pk=old.pk).update(raised_on=timezone.localdate() - timedelta(days=400))
    f.IssueFactory(cycle=here.cycle, raised_by=here.worker, countermeasure="We ring first")

    assert "2 raised" in read(client, here.leader)
    assert "1 raised" in read(client, here.leader, OVERVIEW + "?since=12")
    assert "2 raised" in read(client, here.leader, OVERVIEW + "?since=nonsense")


def test_waits_are_told_by_kind_of_group_and_never_by_team(here):
    f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    other = f.TeamFactory(place=here.place)
    f.IssueFactory(cycle=f.LearningCycleFactory(team=other))

    rows = counts.waits(here.place, timezone.localdate())

    assert [(row["with"], sum(row["weeks"].values())) for row in rows] == [("Teams", 2)]


# ------------------------------------------------------------------ page and pack agree


def test_numbers_on_the_page_equal_numbers_in_the_pack(client, busy):
    today = timezone.localdate()
    pack = Summary(place=busy.place, team=busy.leadership, period_start=today, period_end=today)
    facts = packs.collect(pack, today)
    client.force_login(busy.leader)
    page = client.get(OVERVIEW).context

    assert page["facts"]["flow"] == facts["flow"]
    assert page["facts"]["waits"] == facts["waits"]
    assert page["facts"]["middle_wait"] == facts["middle_wait"]
    assert page["facts"]["measures"] == facts["measures"]
    assert page["facts"]["changed"] == facts["changed"]
    assert page["asked"] == facts["asked"]
    assert page["around"] == facts["around"]
    assert page["story"] == facts["story"]


# ------------------------------------------------------------------ small counts


@pytest.mark.parametrize(("count", "words"), [(0, ""), (1, "fewer than 5 people"), (4, "fewer than 5 people"),
                                              (5, "5 or more people"), (9, "5 or more people"), (10, "10 or more people"),
                                              (1234, "1,230 or more people")])  # fmt: skip
def test_lives_are_told_in_fives(count, words):
    assert bands.lives_words(count) == words
    assert count in bands.behind(words)


def lives_shown(text):
    return re.findall(r"(?:fewer than 5|[\d,]+ or more) people", text)


def test_no_two_views_reveal_a_few_lives(client, here):
    """Thirty-six pairs of views: what one shows and another does not is never known to be one to four lives."""
    for number, lives in enumerate([3, 5, 6, 8, 9, 10]):
        issue = raised_to_leaders(here, lives=lives)
        if number % 2:
            type(issue).objects.filter(pk=issue.pk).update(is_barrier=True)
        if number > 3:
            type(issue).objects.filter(pk=issue.pk).update(raised_on=timezone.localdate() - timedelta(days=200))
    urls = [OVERVIEW, *(f"{OVERVIEW}?since={s}" for s in (3, 6, 12)), DECISIONS, f"{DECISIONS}?barrier=1"]
    views = [
        lives_shown(read(client, who, url)) for who in (here.leader, here.evidence, here.steward) for url in urls[:3]
    ]
    views += [lives_shown(read(client, here.leader, url)) for url in urls[3:]]

    pairs = list(combinations(views, 2))

    assert len(pairs) >= 30
    for one, other in pairs:
        assert one
        assert other
        for a in one:
            for b in other:
                assert not bands.possible_differences(a, b) <= {1, 2, 3, 4}, (a, b)


def test_exact_counts_would_reveal_a_few_lives():
    """Positive control: with exact numbers from five up, seven people less five people is two."""
    exact = {abs(a - b) for a in [7] for b in [5]}

    assert exact <= {1, 2, 3, 4}


def test_readings_of_few_people_are_not_told(client, here):
    asked_weekly(here, weeks=14, n=4)
    measure = f.MeasureFactory(cycle=here.cycle, audience="leaders", question="How many were moved?", unit="homes")
    f.ReadingFactory(measure=measure, value=2, n=3)

    page = read(client, here.leader)

    assert "too few answers to show" in page
    assert not re.search(r"\bn = [1-4]\b", page)
    assert "2 homes" not in page
