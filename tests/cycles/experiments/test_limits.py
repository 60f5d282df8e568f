"""How far an experiment may go: anyone who sees it may say it went further, which pauses it and calls its team."""

import threading
import uuid

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from cycles import models as c
from cycles.experiments import limits
from cycles.experiments.actions import decide_next
from cycles.refusals import Refused
from debriefs.models import Debrief
from tests import factories as f
from tests.factories.fixtures import make_place


@pytest.fixture
def limit(here):
    experiment = f.ExperimentFactory(cycle=here.cycle, running=True, title="Talk first")
    return f.LimitFactory(experiment=experiment, text="Nobody waits longer than before", by=here.worker)


def cross(client, limit, **sent):
    return client.post(reverse("cycles:limit_crossed", args=[limit.pk]), {"words": ""} | sent)


def state_of(limit):
    return c.Experiment.objects.get(pk=limit.experiment_id).state


@pytest.mark.system(57)
def test_one_press_pauses_it_and_calls_the_team_to_a_hot_debrief(client, here, limit):
    client.force_login(here.colleague)
    response = cross(client, limit, words="He waited three weeks")
    assert response.url == limit.experiment.get_absolute_url()
    assert state_of(limit) == "paused"
    debrief = Debrief.objects.get(kind="hot")
    assert (debrief.team, debrief.experiment, debrief.state) == (here.core, limit.experiment, "held")
    team = {here.worker, here.colleague, here.recorder, here.op_lead}
    assert set(debrief.present.all()) == {here.colleague}, "the others say for themselves that they came"
    words = debrief.answers.get().text
    assert "Nobody waits longer than before" in words
    assert "He waited three weeks" in words
    told = c.Notice.objects.filter(kind="hot_debrief").values_list("user", flat=True)
    assert set(told) == {person.pk for person in team - {here.colleague}}
    page = client.get(response.url).text
    assert "It is paused" in page
    assert "He waited three weeks" in page
    assert debrief.get_absolute_url() in page


def test_someone_of_a_joined_cycle_may_say_so_too(client, here, limit):
    joined = f.LearningCycleFactory(team=here.working)
    c.CycleLink.objects.create(source=here.cycle, target=joined, direction="horizontal", by=here.worker)
    client.force_login(here.helper)
    assert cross(client, limit).status_code == 302
    assert state_of(limit) == "paused"
    debrief = Debrief.objects.get(kind="hot")
    assert here.helper not in debrief.present.all()
    assert debrief.called_by == here.helper
    assert client.get(debrief.get_absolute_url()).status_code == 404  # they called it; its words are the team's


def test_only_someone_who_sees_it_may(client, elsewhere, limit):
    client.force_login(elsewhere.worker)
    assert cross(client, limit).status_code == 404
    assert state_of(limit) == "running"
    assert not limit.crossings.exists()


def test_saying_it_again_is_kept_and_calls_nobody_twice(client, here, limit):
    client.force_login(here.worker)
    cross(client, limit, words="Once")
    client.force_login(here.colleague)
    cross(client, limit, words="I saw it as well")
    assert sorted(limit.crossings.values_list("words", flat=True)) == ["I saw it as well", "Once"]
    assert Debrief.objects.filter(kind="hot").count() == 1
    assert limit.experiment.moves.filter(to_state="paused").count() == 1


def test_the_same_press_sent_twice_is_one(client, here, limit):
    client.force_login(here.worker)
    sent = {"words": "Once", "client_id": str(uuid.uuid4())}
    assert cross(client, limit, **sent).status_code == cross(client, limit, **sent).status_code == 302
    assert limit.crossings.count() == 1
    assert Debrief.objects.filter(kind="hot").count() == 1


@pytest.mark.parametrize("traits", [{}, {"state": "stopped", "ended_on": "2026-01-01"}])
def test_what_does_not_run_cannot_be_paused_and_the_words_come_back(client, here, traits):
    experiment = f.ExperimentFactory(cycle=here.cycle, **traits)
    limit = f.LimitFactory(experiment=experiment)
    client.force_login(here.worker)
    response = cross(client, limit, words="Kept as typed")
    assert response.status_code == 422
    assert "Kept as typed" in response.text
    assert not limit.crossings.exists()
    assert not Debrief.objects.exists()


def test_a_limit_in_a_life_only_pauses(client, here):
    """The words of a life never reach a team's debrief."""
    case = f.CaseFactory(team=here.core, worker=here.worker)
    limit = f.LimitFactory(experiment=f.ExperimentFactory(cycle=case.cycle, running=True))
    client.force_login(here.worker)
    assert cross(client, limit, words="She was frightened").status_code == 302
    assert state_of(limit) == "paused"
    assert not Debrief.objects.exists()
    client.force_login(here.colleague)
    assert cross(client, limit).status_code == 404


def test_going_on_needs_words_on_what_was_made_safe(client, here, limit):
    limits.say_crossed(limit=limit, by=here.worker)
    client.force_login(here.worker)
    url = reverse("cycles:experiment_resume", args=[limit.experiment_id])
    assert client.post(url, {"made_safe": " "}).status_code == 422
    assert state_of(limit) == "paused"
    assert client.post(url, {"made_safe": "We ring on Mondays"}).status_code == 302
    assert client.post(url, {"made_safe": "We ring on Mondays"}).status_code == 302  # an impatient thumb
    assert state_of(limit) == "running"
    assert limit.experiment.moves.filter(because="We ring on Mondays").count() == 1
    assert "We ring on Mondays" in client.get(limit.experiment.get_absolute_url()).text


def test_a_paused_one_goes_on_by_no_other_door(here, limit):
    limits.say_crossed(limit=limit, by=here.worker)
    with pytest.raises(Refused, match="made safe"):
        decide_next(experiment=limit.experiment, state="running", because="It is fine", by=here.worker)
    ended = decide_next(experiment=limit.experiment, state="stopped", because="We saw enough", by=here.worker)
    assert ended.state == "stopped"


def test_a_lifted_limit_stays_with_its_reason_and_its_crossings(client, here, limit):
    limits.say_crossed(limit=limit, by=here.worker, words="He waited")
    client.force_login(here.worker)
    url = reverse("cycles:limit_lift", args=[limit.pk])
    assert client.post(url, {"because": ""}).status_code == 422
    assert client.post(url, {"because": "Waiting turned out to be what he asked for"}).status_code == 302
    page = client.get(limit.experiment.get_absolute_url()).text
    for words in ("Limits that were lifted", "Waiting turned out to be what he asked for", "He waited"):
        assert words in page
    with pytest.raises(Refused, match="lifted meanwhile"):
        limits.say_crossed(limit=limit, by=here.worker)


def test_a_limit_is_set_on_the_page(client, here):
    experiment = f.ExperimentFactory(cycle=here.cycle)
    client.force_login(here.worker)
    url = reverse("cycles:limit_new", args=[experiment.pk])
    assert client.post(url, {"text": ""}).status_code == 422
    sent = {"text": "Ten doors and no more", "client_id": str(uuid.uuid4())}
    assert client.post(url, sent).url == experiment.get_absolute_url()
    client.post(url, sent)
    assert experiment.limits.get().text == "Ten doors and no more"
    assert "Ten doors and no more" in client.get(experiment.get_absolute_url()).text


def test_a_child_starts_within_the_same_limits(here, limit):
    lifted = f.LimitFactory(experiment=limit.experiment)
    limits.lift_limit(limit=lifted, because="Done", by=here.worker)
    child = decide_next(experiment=limit.experiment, state="adapted", because="Evenings", by=here.worker)
    assert [row.text for row in child.limits.all()] == [limit.text]


def test_nobody_can_change_what_was_said_to_be_crossed(here, limit):
    crossing, _ = limits.say_crossed(limit=limit, by=here.worker, words="He waited")
    with pytest.raises(DatabaseError, match=r"permission denied|Cannot update"), transaction.atomic():
        c.Crossing.objects.filter(pk=crossing.pk).update(words="Nothing")


def test_a_limit_is_lifted_with_all_three_or_not_at_all(limit):
    with pytest.raises(IntegrityError), transaction.atomic():
        c.Limit.objects.filter(pk=limit.pk).update(lifted_on="2026-11-01")


@pytest.mark.django_db(transaction=True)
def test_eight_who_say_so_at_once_pause_it_once(live_server_settings):
    from cycles.questions.sets import load_questions
    from hls.pages.experiment import say_limit_crossed

    load_questions("default")
    here = make_place()
    limit = f.LimitFactory(experiment=f.ExperimentFactory(cycle=here.cycle, running=True))
    failed = []

    def press():
        try:
            fresh = c.Limit.objects.select_related("experiment__cycle__team").get(pk=limit.pk)
            say_limit_crossed(limit=fresh, by=c.User.objects.get(pk=here.worker.pk), words="It went too far")
        except Exception as wrong:
            failed.append(wrong)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert (limit.crossings.count(), limit.experiment.moves.filter(to_state="paused").count()) == (8, 1)
    assert Debrief.objects.filter(kind="hot").count() == 1
