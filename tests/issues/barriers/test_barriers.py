"""From “what gets in the way?” to the issue log, in one step and only once."""

import pytest
from django.urls import reverse

from cycles.models import Answer, CycleLink, Question
from issues.barriers.actions import raise_barrier
from issues.models import Barrier, Issue
from tests import factories as f


@pytest.fixture
def answer(here):
    return say(here, "managing.barriers", "Letters go out on Fridays")


def say(here, key, text, cycle=None):
    question = Question.objects.get(key=key)
    return Answer.objects.create(
        question=question, asked=question.text, text=text, cycle=cycle or here.cycle, by=here.worker
    )


def url(answer):
    return reverse("issues:from_answer", args=[answer.pk])


def test_the_form_begins_with_what_was_said(client, here, answer):
    client.force_login(here.worker)
    assert "Letters go out on Fridays</textarea>" in client.get(url(answer)).text


def test_pressed_twice_it_is_one_issue(client, here, answer):
    client.force_login(here.worker)
    sent = {"description": "Letters go out on Fridays", "level": "2"}
    first = client.post(url(answer), sent)
    assert client.post(url(answer), sent).url == first.url
    issue = Issue.objects.get()
    assert (issue.level, issue.is_barrier, issue.raised_by) == (2, True, here.worker)
    assert raise_barrier(answer=answer, by=here.colleague, description="Again") == issue
    assert Barrier.objects.count() == 1


def test_an_empty_form_says_what_to_do_and_raises_nothing(client, here, answer):
    client.force_login(here.worker)
    response = client.post(url(answer), {"description": " "})
    assert response.status_code == 422
    assert "Say what is getting in the way. A few words is fine." in response.text
    assert not Issue.objects.exists()


def test_only_what_gets_in_the_way_is_raised_from_here(client, here):
    client.force_login(here.worker)
    assert client.get(url(say(here, "managing.time", "An hour"))).status_code == 404


def test_a_joined_team_reads_it_but_does_not_raise_it(client, here, answer):
    other = f.LearningCycleFactory(team=here.working)
    CycleLink.objects.create(source=here.cycle, target=other, direction="horizontal", by=here.worker)
    client.force_login(here.helper)
    assert client.post(url(answer), {"description": "x"}).status_code == 403
    page = client.get(reverse("cycles:cycle_question_set", args=[here.cycle.pk, "managing"])).text
    assert "Letters go out on Fridays" in page
    assert "Raise it as an issue" not in page


def test_a_group_that_gets_the_issue_is_not_shown_the_teams_answer(client, here, answer):
    issue = raise_barrier(answer=answer, by=here.worker, description="Recovery letters are not held")
    issue.access.create(team=here.leadership)
    client.force_login(here.leader)
    page = client.get(issue.get_absolute_url())
    assert page.status_code == 200
    assert "Letters go out on Fridays" not in page.text
    client.force_login(here.colleague)
    assert "Letters go out on Fridays" in client.get(issue.get_absolute_url()).text


def test_an_answer_that_goes_leaves_the_issue(here, answer):
    issue = raise_barrier(answer=answer, by=here.worker, description="x")
    answer.delete()
    assert Issue.objects.filter(pk=issue.pk).exists()
