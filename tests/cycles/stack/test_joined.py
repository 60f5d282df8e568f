"""Cycles joined up, down and sideways: a why, a reply, what went along, and what is never opened by it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.lessons.models import Offer
from cycles.models import CycleLink, LearningCycle, PastLink
from cycles.notices.models import Notice
from cycles.refusals import Refused
from cycles.stack import actions
from hls.notices.letters import give_rights, lines_for
from issues.groups.models import Decision
from issues.log.models import IssueMove
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


def join(here, cycle, other, why="They know homes"):
    return actions.link_cycles(cycle=cycle, other=other, why=why, by=here.steward)


@pytest.fixture
def above(here):
    """A cycle at place scale that the working group runs."""
    return f.LearningCycleFactory(team=here.working, title="Homes across Northbank", scale="place", theme="Home")


@pytest.mark.system(14)
@pytest.mark.parametrize("asking", ["below", "above"])
def test_whoever_asks_the_other_answers_once(client, here, above, asking):
    below = f.LearningCycleFactory(team=here.core, scale="team", title="Debt")
    one, other = (below, above) if asking == "below" else (above, below)
    link = join(here, one, other)
    assert (link.source, link.target) == (below, above)
    assert (link.asking, link.asked) == (one, other)
    answers, asks = (here.helper, here.worker) if asking == "below" else (here.worker, here.helper)
    url = reverse("cycles:link_reply", args=[link.pk])
    client.force_login(asks)
    assert client.post(url, {"reply": "Yes"}).status_code == 403
    client.force_login(answers)
    assert url in client.get(other.get_absolute_url()).text
    client.post(url, {"reply": "Gladly, on Tuesdays"})
    link.refresh_from_db()
    assert (link.reply, link.replied_by) == ("Gladly, on Tuesdays", answers)
    assert link.replied_at is not None
    client.force_login(asks)
    page = client.get(reverse("cycles:joined", args=[one.pk])).text
    assert "They said" in page
    assert "Gladly, on Tuesdays" in page


@pytest.mark.system(14)
def test_both_teams_are_told_and_find_it_on_the_page_of_links(here, above):
    above.steward = f.MembershipFactory(place=here.place, team=None, role="steward").user
    above.save()
    link = join(here, here.cycle, above)
    asked = Notice.objects.filter(kind=Notice.Kind.LINK_ASKED)
    assert {(notice.user, notice.subject_ref) for notice in asked} == {
        (here.helper, above.pk),
        (above.steward, above.pk),
    }
    actions.reply_to_link(link=link, reply="Gladly", by=here.helper)
    actions.reply_to_link(link=link, reply="Gladly", by=here.helper)
    answered = list(Notice.objects.filter(kind=Notice.Kind.LINK_ANSWERED).select_related("user"))
    assert {notice.user for notice in answered} == {here.worker, here.colleague, here.recorder, here.op_lead}
    give_rights(answered, timezone.localdate())
    told = {line.url for line in lines_for(answered).values()}
    assert [url.endswith(reverse("cycles:joined", args=[here.cycle.pk])) for url in told] == [True]
    assert "Gladly" not in str(lines_for(answered))


def test_joining_asks_for_a_why(client, here, above):
    client.force_login(here.steward)
    response = client.post(reverse("cycles:join", args=[here.cycle.pk]), {"other": above.pk, "why": " "})
    assert response.status_code == 422
    assert "What can each learn from the other?" in response.text
    with pytest.raises(Refused):
        join(here, here.cycle, above, why="")
    assert not CycleLink.objects.exists()


def test_the_choice_of_cycles_is_gathered_by_scale_and_holds_no_life(client, here, above):
    f.LearningCycleFactory(team=here.core, title="Beside us")
    f.CaseFactory(team=here.core, worker=here.worker)
    client.force_login(here.steward)
    form = client.get(reverse("cycles:join", args=[here.cycle.pk])).context["form"]
    groups = [label for label, _ in form.fields["other"].choices[1:]]
    assert groups == ["Place scale", "Organisation scale"]


def test_the_database_knows_who_answered(here, above):
    link = join(here, here.cycle, above)
    with pytest.raises(IntegrityError), transaction.atomic():
        CycleLink.objects.filter(pk=link.pk).update(replied_by=here.helper)


@pytest.mark.system(14)
def test_ending_a_link_shuts_both_pages_and_keeps_what_was_said(client, here, above):
    link = join(here, here.cycle, above)
    actions.reply_to_link(link=link, reply="Gladly", by=here.helper)
    client.force_login(here.helper)
    assert client.get(here.cycle.get_absolute_url()).status_code == 200
    url = reverse("cycles:link_part", args=[link.pk])
    assert client.post(url, {"because": ""}).status_code == 422
    client.post(url, {"because": "The work moved on"})
    assert client.get(here.cycle.get_absolute_url()).status_code == 404
    past = PastLink.objects.get()
    assert (past.why, past.reply, past.because, past.by) == (
        "They know homes",
        "Gladly",
        "The work moved on",
        here.helper,
    )
    client.force_login(here.worker)
    page = client.get(reverse("cycles:joined", args=[here.cycle.pk])).text
    assert "The work moved on" in page
    assert above.title not in page
    join(here, here.cycle, above)  # and again, any time


@pytest.mark.system(14)
def test_what_went_up_and_what_came_down_shows_along_its_link(client, here, above):
    """Lessons and raised issues go up; the answer of those who can act comes down as what is normal now."""
    join(here, here.cycle, above)
    lesson = f.LessonFactory(cycle=here.cycle, text="Half the debts were our mistake")
    Offer.objects.create(lesson=lesson, to=above, direction="vertical", text=lesson.text, by=here.worker)
    theirs = f.LessonFactory(cycle=above, text="Ask before you house someone")
    Offer.objects.create(lesson=theirs, to=here.cycle, direction="down", text=theirs.text, by=here.helper)
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    IssueMove.objects.create(
        issue=issue,
        state="offered",
        from_team=here.core,
        to_team=here.working,
        why="x",
        asks="May we buy a kettle?",
        by=here.worker,
    )
    Decision.objects.create(
        issue=issue, team=here.working, outcome="agreed", words="Yes", new_normal="Cards in pockets", by=here.helper
    )
    client.force_login(here.worker)
    ways = joined_ways(client, here.cycle)
    assert ways == {
        "Went up": {"Half the debts were our mistake", "May we buy a kettle?"},
        "Came down": {"Ask before you house someone", "Cards in pockets"},
    }
    client.force_login(here.steward)
    assert set(joined_ways(client, above)) == {"Came up", "Went down"}


def test_where_a_team_runs_two_cycles_its_decisions_stand_with_the_nearer(client, here, above):
    further = f.LearningCycleFactory(team=here.working, scale="country")
    join(here, here.cycle, above)
    join(here, here.cycle, further)
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    Decision.objects.create(
        issue=issue, team=here.working, outcome="agreed", words="Yes", new_normal="Cards in pockets", by=here.helper
    )
    client.force_login(here.steward)
    told = {}
    for shown in (here.cycle, above, further):
        gathering = client.get(reverse("cycles:joined", args=[shown.pk])).context["gathering"]
        for group in gathering.groups:
            told |= {(shown.pk, each.other.pk): [one.words for one in each.passed] for each in group.rows}
    assert told == {
        (here.cycle.pk, above.pk): ["Cards in pockets"],
        (here.cycle.pk, further.pk): [],
        (above.pk, here.cycle.pk): ["Cards in pockets"],
        (further.pk, here.cycle.pk): [],
    }


def joined_ways(client, cycle):
    gathering = client.get(reverse("cycles:joined", args=[cycle.pk])).context["gathering"]
    (each,) = gathering.groups[0].rows
    return {words: {one.words for one in passed} for words, passed in each.ways}


def test_an_issue_the_reader_may_not_see_is_not_told_along_a_link(client, here, above):
    """The helper reads the joined cycle, but not an issue that never reached their group."""
    join(here, here.cycle, above)
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    Decision.objects.create(
        issue=issue, team=here.leadership, outcome="agreed", words="Yes", new_normal="Cards in pockets", by=here.leader
    )
    f.LearningCycleFactory(team=here.leadership, scale="country")
    join(here, here.cycle, LearningCycle.objects.get(team=here.leadership))
    client.force_login(here.worker)
    assert "Cards in pockets" in client.get(reverse("cycles:joined", args=[here.cycle.pk])).text
    client.force_login(here.helper)
    assert "Cards in pockets" not in client.get(reverse("cycles:joined", args=[here.cycle.pk])).text


@pytest.mark.system(13)
@pytest.mark.system(14)
def test_a_link_opens_no_life(client, here, above):
    case = f.CaseFactory(team=here.core, worker=here.worker, alias="Zofia")
    CycleLink.objects.create(source=case.cycle, target=above, direction="vertical", by=here.worker)  # made by mistake
    client.force_login(here.helper)
    for url in (reverse("cycles:stack"), reverse("cycles:joined", args=[above.pk]), above.get_absolute_url()):
        page = client.get(url).text
        assert "A life" not in page
        assert "Zofia" not in page
    for name in ("joined", "purposes", "cycle"):
        assert client.get(reverse(f"cycles:{name}", args=[case.cycle.pk])).status_code == 404


def test_joined_query_count(client, here):
    def one_more():
        scale = ["team", "place", "country"][CycleLink.objects.count() % 3]
        other = f.LearningCycleFactory(team=f.TeamFactory(place=here.place), scale=scale)
        join(here, here.cycle, other)
        lesson = f.LessonFactory(cycle=here.cycle)
        Offer.objects.create(lesson=lesson, to=other, direction="vertical", text="x", by=here.worker)

    client.force_login(here.worker)
    # who is asking, the cycle, its links, those in sight, they in full, their links and those of our team's others,
    # then lessons, decisions (2) and raised issues (2) along them, lives and past links
    assert_queries_stay_flat(client, reverse("cycles:joined", args=[here.cycle.pk]), one_more, most=16)
