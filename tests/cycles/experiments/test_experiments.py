import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cycles.experiments import actions, limits
from cycles.experiments.limits import say_crossed
from cycles.models import Experiment, Lesson
from cycles.refusals import ChangedMeanwhile, Refused
from issues.models import Try
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat

State = Experiment.State


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


CARD = {
    "question": "What if debt is a sign to talk?",
    "title": "Talk first",
    "people": "Two people who had been in debt",
    "actions": "Ring first\nThen visit",
    "data_plan": "Journals",
    "sense_plan": "In debriefs, with revenues",
    "safe_to_fail": "Ten people on one street",
    "protection": "No letters by machine for that street",
    "end_point": "unknown",
    "contact": "direct",
}


@pytest.mark.system(10)
def test_the_card_holds_every_design_answer(worker, here):
    response = worker.post(reverse("cycles:experiment_new", args=[here.cycle.pk]), CARD)
    experiment = Experiment.objects.get()
    assert response.url == experiment.get_absolute_url()
    page = worker.get(response.url).text
    for words in (
        "Ring first",
        "Then visit",
        *[v for k, v in CARD.items() if k not in ("actions", "end_point", "contact")],
    ):
        assert words in page, words


@pytest.mark.system(18)
@pytest.mark.parametrize(
    ("end_point", "contact", "kind"),
    [
        ("known", "indirect", "Training"),
        ("known", "direct", "Project"),
        ("unknown", "indirect", "Enquiry"),
        ("unknown", "direct", "Prototype"),
        ("", "direct", ""),
        ("known", "", ""),
    ],
)
def test_two_answers_place_it_in_one_of_four_cells(worker, here, end_point, contact, kind):
    experiment = f.ExperimentFactory(cycle=here.cycle, end_point=end_point, contact=contact)
    assert experiment.kind == kind
    page = worker.get(experiment.get_absolute_url()).text
    assert page.count('class="this"') == (1 if kind else 0)


@pytest.mark.system(47)
def test_two_ticks_start_it_and_nobody_approves(worker, here):
    experiment = f.ExperimentFactory(cycle=here.cycle)
    url = reverse("cycles:experiment_start", args=[experiment.pk])
    assert worker.post(url, {"legal_ok": "on"}).status_code == 422
    experiment.refresh_from_db()
    assert (experiment.state, experiment.legal_ok) == ("idea", False)
    assert worker.post(url, {"legal_ok": "on", "safe_ok": "on"}).status_code == 302
    experiment.refresh_from_db()
    assert experiment.state == "running"
    assert experiment.started_on is not None
    assert experiment.moves.first().by == here.worker


def test_the_database_refuses_to_run_without_both_ticks(here):
    experiment = f.ExperimentFactory(cycle=here.cycle)
    with pytest.raises(IntegrityError), transaction.atomic():
        Experiment.objects.filter(pk=experiment.pk).update(state="running", legal_ok=True)


def test_an_adapted_experiment_opens_a_child_that_needs_its_own_ticks(worker, here):
    experiment = f.ExperimentFactory(cycle=here.cycle, running=True, protection="Our own card")
    response = worker.post(
        reverse("cycles:experiment_next", args=[experiment.pk]),
        {"state": "adapted", "because": "Evenings work better", "learned": "Ring at six"},
    )
    child = Experiment.objects.get(parent=experiment)
    experiment.refresh_from_db()
    assert response.url == child.get_absolute_url()
    assert (child.state, child.legal_ok, child.protection) == ("idea", False, "Our own card")
    assert (experiment.state, experiment.learned) == ("adapted", "Ring at six")
    assert child.title in worker.get(experiment.get_absolute_url()).text


@pytest.mark.parametrize("state", ["embedded", "adapted", "stopped"])
def test_every_ending_needs_a_because(worker, here, state):
    experiment = f.ExperimentFactory(cycle=here.cycle, running=True)
    url = reverse("cycles:experiment_next", args=[experiment.pk])
    response = worker.post(url, {"state": state, "because": " ", "learned": "Kept as typed"})
    assert response.status_code == 422
    assert "Kept as typed" in response.text
    assert worker.post(url, {"state": state, "because": "We saw enough"}).status_code == 302
    experiment.refresh_from_db()
    assert (experiment.state, experiment.moves.first().because) == (state, "We saw enough")


def test_learning_stands_above_the_plan(worker, here):
    experiment = f.ExperimentFactory(cycle=here.cycle, running=True, actions="Ring before a letter")
    f.LessonFactory(cycle=here.cycle, experiment=experiment, text="Hidden numbers are not answered")
    page = worker.get(experiment.get_absolute_url()).text
    assert page.index("Hidden numbers are not answered") < page.index("Ring before a letter")


def test_learning_is_noted_from_the_experiment(worker, here):
    experiment = f.ExperimentFactory(cycle=here.cycle, running=True)
    url = reverse("cycles:lesson_new", args=[here.cycle.pk]) + f"?experiment={experiment.pk}"
    page = worker.get(url).text
    assert f'<option value="{experiment.pk}" selected>' in page
    worker.post(
        url, {"text": "Evenings work", "experiment": experiment.pk, "direction": "own", "kind": "lesson", "pillar": ""}
    )
    assert Lesson.objects.get().experiment == experiment


def test_a_stale_plan_gives_both_texts(worker, here):
    experiment = f.ExperimentFactory(cycle=here.cycle)
    url = reverse("cycles:experiment_edit", args=[experiment.pk])
    assert worker.post(url, CARD | {"title": "Theirs", "version": 1}).status_code == 302
    response = worker.post(url, CARD | {"title": "Mine", "version": 1})
    assert response.status_code == 409
    assert "Theirs" in response.text
    assert 'value="Mine"' in response.text
    with pytest.raises(ChangedMeanwhile):
        actions.edit_card(experiment=experiment, version=1, by=here.worker, title="x")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["start", "cross", "go on", *State.values]), max_size=9))
def test_any_order_of_decisions_keeps_rules_and_history(here, steps):
    experiment = f.ExperimentFactory(cycle=here.cycle)
    limit = f.LimitFactory(experiment=experiment)
    for step in steps:
        before = Experiment.objects.get(pk=experiment.pk)
        try:
            if step == "start":
                actions.start(experiment=experiment, legal_ok=True, safe_ok=True, by=here.worker)
            elif step == "cross":
                limits.say_crossed(limit=limit, by=here.worker)
            elif step == "go on":
                limits.resume(experiment=experiment, made_safe="We rang first", by=here.worker)
            else:
                actions.decide_next(experiment=experiment, state=step, because="We saw", by=here.worker)
        except Refused:
            after = Experiment.objects.get(pk=experiment.pk)
            assert (after.state, after.version) == (before.state, before.version)
        else:
            assert not before.has_ended
    experiment.refresh_from_db()
    assert experiment.has_ended == (experiment.ended_on is not None)
    moves = list(experiment.moves.order_by("pk"))
    states = [State.IDEA, *[move.to_state for move in moves]]
    assert [move.from_state for move in moves] == states[:-1]
    assert experiment.state == states[-1]
    assert experiment.children.count() == (experiment.state == State.ADAPTED)
    assert limit.crossings.exists() or "paused" not in states


def test_experiment_page_query_count(worker, here):
    experiment = f.ExperimentFactory(cycle=here.cycle, running=True)

    def more():
        f.LessonFactory(cycle=here.cycle, experiment=experiment)
        f.ReadingFactory(measure=f.MeasureFactory(cycle=here.cycle, experiment=experiment))
        say_crossed(limit=f.LimitFactory(experiment=experiment), by=here.worker, words="It went too far")
        statement = f.StatementFactory(cycle=here.cycle, experiment=experiment, by=here.worker)
        f.EvidenceFactory(statement=statement)
        case = f.CaseFactory(team=here.core, worker=here.worker)
        experiment.taken_in.create(case=case, by=here.worker)
        f.ExperimentFactory(cycle=here.cycle, parent=experiment)
        issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
        Try.objects.create(issue=issue, experiment=experiment, by=here.worker)
        f.DebriefFactory(cycle=here.cycle, experiment=experiment, held=True)
        experiment.moves.create(from_state="running", to_state="running", because="Still learning", by=here.worker)

    # who is asking (3), the experiment, its family, lessons, statements with their evidence (2), moves, the purpose,
    # limits with crossings and who said so (3), guides, permission (2), lives (2), measures and readings (3), three
    # for issues and the debriefs
    assert_queries_stay_flat(worker, experiment.get_absolute_url(), more, most=26)
