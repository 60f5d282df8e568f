"""Raising: only the description is needed, twice is once, and “Seen it before?” is asked, never decided."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from issues.log.models import Issue, Sighting
from issues.log.search import similar
from tests.factories import CaseFactory, IssueFactory, LearningCycleFactory
from tests.helpers.html import forms
from tests.helpers.htmx import htmx_post

NEW = reverse("issues:new")


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def test_description_alone_is_enough(worker, here):
    response = worker.post(NEW, {"description": "Nobody answers on Fridays", "cycle": here.cycle.pk})
    issue = Issue.objects.get()
    assert response["Location"] == reverse("issues:issue", args=[issue.ref])
    assert (issue.level, issue.owner_tier, issue.team, issue.raised_by) == (None, "", here.core, here.worker)
    assert issue.sightings.get().words == "Nobody answers on Fridays"


@pytest.mark.parametrize("cycles", [1, 2])
def test_form_as_it_was_given_needs_nothing_but_a_description(worker, here, cycles):
    for _ in range(cycles - 1):
        LearningCycleFactory(team=here.core)
    form = next(form for form in forms(worker.get(NEW), NEW) if form.action == NEW)
    assert worker.post(NEW, form.data() | {"description": "The van is late"}).status_code == 302
    assert Issue.objects.get().cycle.team == here.core


def test_all_that_is_known_is_kept(worker, here):
    life = CaseFactory(team=here.core, worker=here.worker)
    worker.post(NEW, {
        "description": "The hold ends by itself", "cycle": here.cycle.pk, "level": "2", "owner_tier": "lship",
        "countermeasure": "We keep a list", "system_change": "A hold lasts", "case": life.pk, "is_barrier": "on",
    })  # fmt: skip
    issue = Issue.objects.get()
    assert (issue.level, issue.owner_tier, issue.is_barrier) == (2, "lship", True)
    assert (issue.countermeasure_state, issue.system_change_state) == ("trying", "working_out")
    assert issue.sightings.get().case == life


def test_empty_description_is_refused_beside_the_box_and_the_rest_kept(worker, here):
    response = worker.post(NEW, {"description": " ", "cycle": here.cycle.pk, "countermeasure": "I rang four people"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Say what is getting in the way. A few words is fine." in page
    assert "I rang four people" in page
    assert not Issue.objects.exists()


def test_twice_the_same_click_is_one_issue(worker, here):
    sent = {"description": "The van is late", "cycle": here.cycle.pk, "client_id": str(uuid.uuid4())}
    first, second = worker.post(NEW, sent), worker.post(NEW, sent)
    assert first["Location"] == second["Location"]
    assert (Issue.objects.count(), Sighting.objects.count()) == (1, 1)


def test_someone_elses_client_id_makes_an_issue_of_ones_own(client, here):
    issue = IssueFactory(cycle=here.cycle, raised_by=here.colleague)
    client.force_login(here.worker)
    client.post(NEW, {"description": "Mine", "cycle": here.cycle.pk, "client_id": str(issue.client_id)})
    assert Issue.objects.filter(description="Mine", raised_by=here.worker).count() == 1


@pytest.mark.parametrize("whose", ["elsewhere", "life"])
def test_foreign_cycles_and_lives_are_no_choice(worker, here, elsewhere, whose):
    life = CaseFactory(team=here.core, worker=here.worker)
    cycle = {"elsewhere": elsewhere.cycle, "life": life.cycle}[whose]
    response = worker.post(NEW, {"description": "Anything", "cycle": cycle.pk})
    assert (response.status_code, Issue.objects.count()) == (422, 0)


def test_lives_of_others_are_no_choice(worker, here):
    IssueFactory(cycle=here.cycle)
    theirs = CaseFactory(team=here.core, worker=here.colleague)
    CaseFactory(team=here.core, worker=here.worker)
    response = worker.post(NEW, {"description": "Anything new", "cycle": here.cycle.pk, "case": theirs.pk})
    assert (response.status_code, Issue.objects.count()) == (422, 1)


def test_team_without_a_cycle_is_told_what_to_do(client, here):
    client.force_login(here.helper)
    assert "Your team has no Learning Cycle yet" in client.get(NEW).content.decode()
    assert client.post(NEW, {"description": "x", "cycle": here.cycle.pk}).status_code == 422


def test_similar_open_issues_are_offered_while_typing(worker, here):
    like = IssueFactory(cycle=here.cycle, description="Recovery letters frighten families before anyone rings")
    IssueFactory(cycle=here.cycle, description="The bus stopped in spring")
    piece = htmx_post(worker, reverse("issues:similar"), {"description": "Families get recovery letters and hide"})
    page = piece.content.decode()
    assert "<html" not in page
    assert like.ref in page
    assert "The bus" not in page


def test_similar_issues_are_those_one_may_see_and_that_are_open(here, elsewhere):
    words = "Recovery letters frighten families"
    shut = IssueFactory(
        cycle=here.cycle, description=words, status="closed", closed_on="2026-01-01", closed_how="no_longer"
    )
    IssueFactory(cycle=elsewhere.cycle, description=words)
    IssueFactory(cycle=LearningCycleFactory(team__place=here.place), description=words)
    assert similar(here.worker, words) == []
    assert len(similar(here.steward, words)) == 1
    assert shut not in similar(here.steward, words)


def test_picking_one_adds_what_was_seen_to_it(worker, here):
    like = IssueFactory(cycle=here.cycle, raised_by=here.colleague)
    sent = {"description": "It happened to us again", "same": like.ref, "client_id": str(uuid.uuid4())}
    for _ in range(2):
        response = worker.post(NEW, sent)
        assert response["Location"] == like.get_absolute_url()
    assert Issue.objects.count() == 1
    assert like.sightings.filter(by=here.worker).get().words == "It happened to us again"


def test_picking_one_out_of_sight_is_refused(worker, here, elsewhere):
    IssueFactory(cycle=elsewhere.cycle)
    hidden = IssueFactory(cycle=LearningCycleFactory(team__place=here.place))
    response = worker.post(NEW, {"description": "Anything", "same": hidden.ref})
    assert response.status_code == 422
    assert not hidden.sightings.filter(by=here.worker).exists()


def test_without_script_it_asks_once_before_it_is_kept(worker, here):
    like = IssueFactory(cycle=here.cycle, description="Recovery letters frighten families before anyone rings")
    sent = {"description": "Recovery letters frighten families", "cycle": here.cycle.pk, "plain": "1"}
    page = worker.post(NEW, sent)
    assert (page.status_code, Issue.objects.count()) == (200, 1)
    assert "Have you seen one of these?" in page.content.decode()
    assert like.ref in page.content.decode()
    assert "Recovery letters frighten families</textarea>" in page.content.decode()
    worker.post(NEW, sent | {"looked": "1"})
    assert Issue.objects.count() == 2


@pytest.mark.parametrize("cycles", [1, 3])
def test_raising_takes_few_queries(worker, here, cycles):
    for _ in range(cycles - 1):
        LearningCycleFactory(team=here.core)
    worker.get(NEW)
    with CaptureQueriesContext(connection) as seen:
        worker.post(NEW, {"description": "The van is late", "cycle": here.cycle.pk, "client_id": uuid.uuid4()})
    asked = [q["sql"] for q in seen if "SAVEPOINT" not in q["sql"]]
    # who is asking (3); the cycle with its place and team; the log's lock; the first click; the number;
    # the issue, its access, its sighting, its first step
    assert len(asked) <= 11, "\n".join(asked)
    assert Issue.objects.count() == 1
