"""From what a debrief said to what we think we learned: one step, and the words stay the team's own."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles import models as c
from cycles.questions.models import Question
from cycles.refusals import Refused
from debriefs import models as d
from debriefs.learning.actions import speak_to
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


@pytest.fixture
def statement(here):
    return f.StatementFactory(cycle=here.cycle, text="Recovery is safely on hold", by=here.worker)


@pytest.fixture
def debrief(here):
    return f.DebriefFactory(cycle=here.cycle, held=True)


@pytest.fixture
def answer(here, debrief):
    notes = d.Contribution.objects.create(debrief=debrief, author=here.colleague, shared_at=timezone.now())
    return debrief.answers.create(
        contribution=notes, question=Question.objects.get(key="debrief.learn"), text="The hold ended by itself"
    )


def speak(client, answer, **sent):
    return client.post(reverse("debriefs:speak", args=[answer.pk]), sent)


@pytest.mark.system(27)
def test_a_debrief_that_contradicts_it_opens_it_again(worker, here, statement, debrief, answer):
    sent = {"statement": statement.pk, "side": "against", "client_id": str(uuid.uuid4())}
    assert speak(worker, answer, **sent).url == debrief.get_absolute_url()
    assert speak(worker, answer, **sent).status_code == 302  # sent twice, it is one
    statement.refresh_from_db()
    assert statement.state == "reopened"
    evidence = statement.evidence.get()
    assert (evidence.kind, evidence.team, evidence.side) == ("debrief", here.core, "against")
    page = worker.get(statement.get_absolute_url()).text
    assert "The hold ended by itself" in page
    assert debrief.get_absolute_url() in page
    assert statement.text in worker.get(debrief.get_absolute_url()).text


def test_one_that_bears_it_out_leaves_it_standing(worker, statement, answer):
    speak(worker, answer, statement=statement.pk, side="for")
    statement.refresh_from_db()
    assert (statement.state, statement.evidence.get().side) == ("standing", "for")


def test_outside_the_team_it_is_open_again_and_nobody_reads_why(client, here, statement, debrief, answer):
    joined = f.LearningCycleFactory(team=here.working)
    c.CycleLink.objects.create(source=here.cycle, target=joined, direction="horizontal", by=here.worker)
    speak_to(debrief=debrief, statement=statement, side="against", answer=answer, by=here.colleague, text="Joe heard")
    for user in (here.steward, here.helper):
        client.force_login(user)
        page = client.get(statement.get_absolute_url()).text
        assert "Open again" in page
        for secret in ("The hold ended by itself", "Joe heard", debrief.get_absolute_url(), here.colleague.short_name):
            assert secret not in page, secret
        assert "#evidence-" not in page


def test_words_that_are_put_right_are_read_as_they_are_now(worker, here, statement, debrief, answer):
    speak_to(debrief=debrief, statement=statement, side="against", answer=answer, by=here.worker)
    d.DebriefAnswer.objects.filter(pk=answer.pk).update(text="The hold ended after thirty days")
    page = worker.get(statement.get_absolute_url()).text
    assert "The hold ended after thirty days" in page
    assert "by itself" not in page


def test_only_statements_of_its_own_cycle_that_are_held(here, elsewhere, statement, debrief, answer, worker):
    aside = f.StatementFactory(cycle=here.cycle, by=here.worker)
    c.Statement.objects.filter(pk=aside.pk).update(state="set_aside")
    for other in (aside, f.StatementFactory(cycle=elsewhere.cycle), f.StatementFactory()):
        other.refresh_from_db()
        assert speak(worker, answer, statement=other.pk, side="against").status_code == 422
        with pytest.raises(Refused):
            speak_to(debrief=debrief, statement=other, side="against", answer=answer, by=here.worker)
        assert not other.evidence.exists()


def test_where_nothing_is_said_to_be_learned_nothing_is_offered(worker, debrief, answer):
    assert reverse("debriefs:speak", args=[answer.pk]) not in worker.get(debrief.get_absolute_url()).text
    assert worker.get(reverse("debriefs:speak", args=[answer.pk])).status_code == 403
    assert "This speaks against" not in worker.get(reverse("debriefs:write", args=[debrief.pk])).text


def test_belief_cannot_speak_to_it(worker, statement, debrief, answer):
    """A belief has no author, and nothing may lead back to one."""
    debrief.belief_notes.create(text="I believe in this")
    page = worker.get(debrief.get_absolute_url()).text
    assert "I believe in this" in page
    assert page.count("/learned/") == 1  # of the one answer that has an author


# ------------------------------------------------------------------ from the notes


def press(browser, debrief, **sent):
    """The panel's button on the page of notes."""
    said = {f"learn-speak-{name}": value for name, value in sent.items() if name not in ("learn", "action")}
    data = {"action": "speak:learn", "revision": 0, "learn": sent.get("learn", "")} | said
    return browser.post(reverse("debriefs:write", args=[debrief.pk]), data)


@pytest.mark.system(27)
def test_from_the_notes_it_is_one_step_and_the_notes_are_kept(worker, here, statement, debrief):
    page = worker.get(reverse("debriefs:write", args=[debrief.pk])).text
    assert "This speaks against what we think we learned" in page
    sent = {"statement": statement.pk, "side": "against", "client": str(uuid.uuid4())}
    response = press(worker, debrief, learn="A hold ends after thirty days", **sent)
    assert response.status_code == 302
    press(worker, debrief, learn="A hold ends after thirty days", **sent)
    statement.refresh_from_db()
    assert statement.state == "reopened"
    evidence = statement.evidence.get()
    assert evidence.text == "A hold ends after thirty days"  # left empty, the answer goes along
    notes = d.Contribution.objects.get(debrief=debrief, author=here.worker)
    assert notes.draft["words"]["learn"] == "A hold ends after thirty days"
    assert "Speaks against" in worker.get(reverse("debriefs:write", args=[debrief.pk])).text


def test_from_empty_notes_words_are_asked_for(worker, statement, debrief):
    response = press(worker, debrief, statement=statement.pk, side="against")
    assert response.status_code == 422
    assert "Say what speaks for or against it" in response.text
    assert not statement.evidence.exists()


def test_from_the_notes_a_foreign_statement_is_refused_and_words_stay(worker, elsewhere, statement, debrief):
    foreign = f.StatementFactory(cycle=elsewhere.cycle)
    response = press(worker, debrief, learn="Kept as typed", statement=foreign.pk, side="against")
    assert response.status_code == 422
    assert "Kept as typed" in response.text
    assert not foreign.evidence.exists()


# ------------------------------------------------------------------ queries


def test_debrief_with_many_threads_query_count(worker, here, statement, debrief, answer):
    def more():
        other = f.StatementFactory(cycle=here.cycle, by=here.worker)
        speak_to(debrief=debrief, statement=other, side="for", answer=answer, by=here.worker)

    assert_queries_stay_flat(worker, debrief.get_absolute_url(), more)


def test_notes_with_many_statements_query_count(worker, here, statement, debrief):
    def more():
        other = f.StatementFactory(cycle=here.cycle, by=here.worker)
        press(worker, debrief, learn="Heard", statement=other.pk, side="for", client=str(uuid.uuid4()))

    assert_queries_stay_flat(worker, reverse("debriefs:write", args=[debrief.pk]), more)
