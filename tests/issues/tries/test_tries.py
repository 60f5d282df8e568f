"""A complex issue leads to an experiment; any other is told what fits it."""

import uuid

import pytest
from django.urls import reverse

from cycles import models as c
from issues.models import Issue, Try
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def issue(here):
    return f.IssueFactory(cycle=here.cycle, raised_by=here.worker, description="School has nobody to tell")


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def is_of(issue, domain):
    Issue.objects.filter(pk=issue.pk).update(domain=domain)


def start_url(issue):
    return reverse("issues:try", args=[issue.ref])


@pytest.mark.system(3)
@pytest.mark.parametrize("domain", ["", "simple", "complicated", "complex", "chaotic"])
def test_only_a_complex_issue_offers_to_start_an_experiment(worker, issue, domain):
    is_of(issue, domain)
    page = worker.get(issue.get_absolute_url()).text
    assert (start_url(issue) in page) == (domain == "complex")
    assert ("would be a guess" in page) == (domain == "complex")
    assert ("Nobody has said yet" in page) == (domain == "")


@pytest.mark.system(3)
def test_the_domain_is_said_on_the_issue_and_on_the_cycle(worker, here, issue):
    edit = reverse("issues:edit", args=[issue.ref])
    sent = {"description": issue.description, "domain": "complex", "version": issue.version}
    assert worker.post(edit, sent).status_code == 302
    assert start_url(issue) in worker.get(issue.get_absolute_url()).text
    c.LearningCycle.objects.filter(pk=here.cycle.pk).update(domain="complex")
    new = reverse("cycles:experiment_new", args=[here.cycle.pk])
    assert "only see how this works by trying" in worker.get(here.cycle.get_absolute_url()).text
    assert new in worker.get(here.cycle.get_absolute_url()).text


@pytest.mark.system(3)
def test_the_experiment_and_the_issue_lead_to_each_other(worker, here, issue):
    is_of(issue, "complex")
    sent = {
        "question": "What happens if school can ring one of us?",
        "title": "A name at the school gate",
        "cycle": here.cycle.pk,
        "client_id": str(uuid.uuid4()),
    }
    response = worker.post(start_url(issue), sent)
    worker.post(start_url(issue), sent)
    experiment = c.Experiment.objects.get()
    assert response.url == experiment.get_absolute_url()
    assert Try.objects.get().issue == issue
    assert experiment.state == "idea"  # two ticks start it, whatever it came from
    assert issue.get_absolute_url() in worker.get(experiment.get_absolute_url()).text
    assert experiment.get_absolute_url() in worker.get(issue.get_absolute_url()).text


def test_the_group_that_took_it_on_tries_in_its_own_cycle(client, here, issue):
    from issues.log.actions import accept, escalate

    theirs = f.LearningCycleFactory(team=here.working, title="Ours to change")
    move = escalate(issue=issue, to_team=here.working, why="Schools", asks="Try?", by=here.worker)
    accept(move=move, answer="Yes", by=here.helper)
    client.force_login(here.helper)
    assert here.cycle.title not in client.get(start_url(issue)).text
    sent = {"question": "What if?", "title": "Ring", "cycle": here.cycle.pk}
    assert client.post(start_url(issue), sent).status_code == 422
    assert client.post(start_url(issue), sent | {"cycle": theirs.pk}).status_code == 302
    assert c.Experiment.objects.get().cycle == theirs
    client.force_login(here.worker)  # the team sees its issue, and not an experiment of a cycle it can't see
    assert "What if?" not in client.get(issue.get_absolute_url()).text


def test_an_experiment_is_not_started_out_of_sight(client, elsewhere, issue):
    client.force_login(elsewhere.worker)
    assert client.post(start_url(issue), {"question": "x", "title": "x"}).status_code == 404
    assert not c.Experiment.objects.exists()


def test_without_a_question_the_words_come_back(worker, here, issue):
    response = worker.post(start_url(issue), {"title": "Kept as typed", "cycle": here.cycle.pk})
    assert response.status_code == 422
    assert "Kept as typed" in response.text


def test_issue_with_many_tries_query_count(worker, here, issue):
    is_of(issue, "complex")

    def more():
        Try.objects.create(issue=issue, experiment=f.ExperimentFactory(cycle=here.cycle), by=here.worker)

    assert_queries_stay_flat(worker, issue.get_absolute_url(), more, most=12)
