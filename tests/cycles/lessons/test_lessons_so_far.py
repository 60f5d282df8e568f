"""Systems 36 and 38: what the sources learned so far, the mix of support and intervention, and points of leverage."""

import pytest
from django.urls import reverse

from cycles.lessons import actions
from cycles.lives.modes import mode_split
from cycles.models import CycleLink
from issues.log.actions import accept, escalate
from tests import factories as f


@pytest.fixture
def above(here):
    above = f.LearningCycleFactory(team=here.leadership, scale="place")
    CycleLink.objects.create(source=here.cycle, target=above, direction="vertical", by=here.worker)
    return above


# ------------------------------------------------------------------ support and intervention


def contacts(here, lives, **modes):
    for _ in range(lives):
        case = f.CaseFactory(team=here.core, worker=here.worker)
        for name, count in modes.items():
            phase, mode = name.split("_")
            for _ in range(count):
                case.contacts.create(activity="x", mode=mode, phase=phase, by=here.worker)


@pytest.mark.system(36)
def test_the_mix_of_support_and_intervention_is_told_by_place(client, here):
    contacts(here, 5, before_intervention=3, during_support=2, during_intervention=1, after_support=1)
    client.force_login(here.leader)
    page = client.get(reverse("cycles:measures")).text
    assert "Before: being alongside 0 times, doing to 15 times, in the lives of 5 people." in page
    assert "Since we met: being alongside 15 times, doing to 5 times, in the lives of 5 people." in page
    assert "Contacts in people’s lives, before we met and since" in page


def test_the_mix_of_fewer_than_five_lives_is_not_shown(client, here):
    contacts(here, 4, before_intervention=9, during_support=9)
    assert mode_split(here.leader) == {"modes": [], "modes_svg": "", "modes_table": None}
    client.force_login(here.leader)
    assert "Being alongside, or doing to" not in client.get(reverse("cycles:measures")).text


def test_one_time_with_too_few_lives_leaves_the_other_in_words_alone(here):
    contacts(here, 4, before_intervention=9)
    contacts(here, 5, during_support=1)
    told = mode_split(here.leader)
    assert told["modes"] == [("Since we met", "being alongside 5 times, doing to 0 times, in the lives of 5 people")]
    assert told["modes_svg"] == ""


def test_the_mix_of_another_place_is_not_counted(here, elsewhere):
    contacts(elsewhere, 6, during_support=2)
    assert mode_split(here.leader)["modes"] == []


# ------------------------------------------------------------------ points of leverage


@pytest.mark.system(38)
def test_leaders_list_the_points_of_leverage_they_hold(client, here, above):
    lever = f.IssueFactory(
        cycle=here.cycle,
        raised_by=here.worker,
        description="Three signatures",
        is_leverage=True,
        leverage_note="Two people could change it",
    )
    accept(
        move=escalate(issue=lever, to_team=here.leadership, why="Their rules", asks="", by=here.worker),
        by=here.leader,
        answer="",
    )
    f.IssueFactory(cycle=here.cycle, raised_by=here.worker, description="Not theirs", is_leverage=True)
    lesson = actions.note_lesson(
        cycle=here.cycle, text="x", by=here.worker, is_leverage=True, leverage_note="One setting in one system"
    )
    actions.offer_lesson(lesson=lesson, to=above, text="A hold ends by itself", why="", by=here.worker)
    client.force_login(here.leader)
    page = client.get(reverse("decisions") + "?leverage=1")
    assert [lever["words"] for lever in page.context["levers"]] == ["Three signatures", "A hold ends by itself"]
    for words in ("Two people could change it", "One setting in one system", here.leadership.name):
        assert words in page.text
    assert "Not theirs" not in page.text
    assert client.get(reverse("decisions")).context["levers"] == []


@pytest.mark.system(38)
def test_the_log_and_the_lessons_filter_by_leverage(client, here):
    f.IssueFactory(cycle=here.cycle, raised_by=here.worker, description="A lever", is_leverage=True)
    f.IssueFactory(cycle=here.cycle, raised_by=here.worker, description="No lever")
    f.LessonFactory(cycle=here.cycle, text="A small push", is_leverage=True)
    f.LessonFactory(cycle=here.cycle, text="No push")
    client.force_login(here.worker)
    log = client.get(reverse("issues:list") + "?leverage=yes").text
    assert "A lever" in log
    assert "No lever" not in log
    lessons = client.get(reverse("cycles:lessons") + "?leverage=1").text
    assert "A small push" in lessons
    assert "No push" not in lessons


def test_an_issues_note_of_leverage_is_kept_and_read(client, here):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker, description="A lever")
    client.force_login(here.worker)
    url = reverse("issues:edit", args=[issue.ref])
    sent = {
        "description": "A lever",
        "version": issue.version,
        "kind": "",
        "domain": "",
        "leverage_note": "The treasurer",
    }
    assert "Tick this too" in client.post(url, sent).text
    assert client.post(url, sent | {"is_leverage": "on"}).status_code == 302
    assert "The treasurer" in client.get(issue.get_absolute_url()).text


def test_nobody_reads_a_lever_they_may_not_open(client, here, above):
    lesson = actions.note_lesson(
        cycle=here.cycle, text="x", by=here.worker, is_leverage=True, leverage_note="One setting"
    )
    actions.offer_lesson(lesson=lesson, to=above, text="A hold ends by itself", why="", by=here.worker)
    client.force_login(here.evidence)
    page = client.get(reverse("decisions") + "?leverage=1").text
    assert "A hold ends by itself" not in page
    assert "One setting" not in page
