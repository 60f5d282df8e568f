"""What we think we learned: held lightly, with what speaks for and against it, and how it has stood."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cycles import models as c
from cycles.refusals import Refused
from cycles.statements import actions
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


@pytest.fixture
def statement(here):
    return f.StatementFactory(cycle=here.cycle, text="People open the door", by=here.worker)


@pytest.fixture
def joined(here):
    """The helper of the working group reads the cycle, and may not change it."""
    other = f.LearningCycleFactory(team=here.working)
    c.CycleLink.objects.create(source=here.cycle, target=other, direction="horizontal", by=here.worker)


def at(name, statement):
    return reverse(f"cycles:{name}", args=[statement.pk])


@pytest.mark.system(11)
def test_it_is_said_with_how_sure_and_what_would_change_our_minds(worker, here):
    experiment = f.ExperimentFactory(cycle=here.cycle, running=True)
    url = reverse("cycles:statement_new", args=[here.cycle.pk])
    assert f'<option value="{experiment.pk}" selected>' in worker.get(f"{url}?experiment={experiment.pk}").text
    sent = {
        "text": "People open the door",
        "sure": "fairly",
        "would_change": "If they stayed shut for a month",
        "experiment": experiment.pk,
        "client_id": str(uuid.uuid4()),
    }
    response = worker.post(url, sent)
    worker.post(url, sent)
    statement = c.Statement.objects.get()
    assert response.url == statement.get_absolute_url()
    page = worker.get(response.url).text
    for words in ("People open the door", "Fairly sure", "If they stayed shut for a month", experiment.title):
        assert words in page, words
    assert "People open the door" in worker.get(experiment.get_absolute_url()).text
    assert "People open the door" in worker.get(here.cycle.get_absolute_url()).text


def test_without_words_nothing_is_said(worker, here):
    url = reverse("cycles:statement_new", args=[here.cycle.pk])
    response = worker.post(url, {"text": " ", "would_change": "Kept as typed"})
    assert response.status_code == 422
    assert "Kept as typed" in response.text
    assert not c.Statement.objects.exists()


def test_said_anew_it_keeps_how_it_was_said(worker, here, statement):
    url = at("statement_edit", statement)
    sent = {"text": "Most people open the door", "sure": "very", "why": "Forty doors", "version": 1}
    assert worker.post(url, sent).status_code == 302
    page = worker.get(statement.get_absolute_url()).text
    for words in ("Most people open the door", "People open the door", "Forty doors", "Very sure, for now"):
        assert words in page, words
    stale = worker.post(url, sent | {"text": "All people do"})
    assert stale.status_code == 409
    assert "Most people open the door" in stale.text
    assert "All people do" in stale.text
    statement.refresh_from_db()
    assert statement.text == "Most people open the door"


# ------------------------------------------------------------------ for and against


def test_each_kind_of_evidence_stands_on_its_side(worker, here, statement):
    reading = f.ReadingFactory(measure=f.MeasureFactory(cycle=here.cycle, question="Does it help?"), value=3, n=6)
    story = f.StoryFactory(cycle=here.cycle, shared=True, title="The bread bin", written_by=here.worker)
    lesson = f.LessonFactory(cycle=here.cycle, text="Ring at six", by=here.worker)
    url = at("evidence_new", statement)
    for sent in (
        {"side": "for", "text": "Three of four opened"},
        {"side": "for", "reading": reading.pk},
        {"side": "against", "story": story.pk, "text": "Hers stayed shut"},
        {"side": "against", "lesson": lesson.pk},
    ):
        assert worker.post(url, sent).url == statement.get_absolute_url(), sent
    page = worker.get(statement.get_absolute_url()).text
    order = ["Three of four opened", "What speaks against it", "Hers stayed shut"]
    assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)
    against = page.index("What speaks against it")
    assert page.index("Does it help?") < against < page.index("Ring at six")
    assert against < page.index("The bread bin")
    assert set(statement.evidence.values_list("kind", flat=True)) == {"words", "reading", "story", "lesson"}
    statement.refresh_from_db()
    assert statement.state == "standing"  # put there for honesty's sake, it opens nothing


@pytest.mark.parametrize("sent", [{"side": "for"}, {"text": "Yes"}, {"side": "for", "text": " "}])
def test_evidence_says_something_and_which_way(worker, statement, sent):
    assert worker.post(at("evidence_new", statement), sent).status_code == 422
    assert not statement.evidence.exists()


def test_one_thing_at_a_time(worker, here, statement):
    story = f.StoryFactory(cycle=here.cycle, shared=True, written_by=here.worker)
    lesson = f.LessonFactory(cycle=here.cycle, by=here.worker)
    response = worker.post(at("evidence_new", statement), {"side": "for", "story": story.pk, "lesson": lesson.pk})
    assert response.status_code == 422
    assert "one thing at a time" in response.text


def test_things_of_others_cannot_be_chosen(worker, here, elsewhere, statement):
    foreign = {
        "story": f.StoryFactory(cycle=elsewhere.cycle, shared=True),
        "lesson": f.LessonFactory(cycle=elsewhere.cycle),
        "reading": f.ReadingFactory(measure=f.MeasureFactory(cycle=elsewhere.cycle)),
    }
    f.StoryFactory(cycle=here.cycle, shared=True, written_by=here.worker)
    f.LessonFactory(cycle=here.cycle, by=here.worker)
    f.ReadingFactory(measure=f.MeasureFactory(cycle=here.cycle))
    for name, row in foreign.items():
        response = worker.post(at("evidence_new", statement), {"side": "for", name: row.pk})
        assert response.status_code == 422, name
    assert not statement.evidence.exists()


def test_an_answer_that_few_stand_behind_is_not_offered(worker, here, statement):
    measure = f.MeasureFactory(cycle=here.cycle, question="Does it help?")
    few = f.ReadingFactory(measure=measure, n=4)
    many = f.ReadingFactory(measure=measure, n=5)
    page = worker.get(at("evidence_new", statement)).text
    assert f'<option value="{many.pk}">' in page
    assert f'<option value="{few.pk}">' not in page


def evidence_seen(client, statement, user):
    client.force_login(user)
    page = client.get(statement.get_absolute_url())
    return page.status_code, page.text


def test_evidence_that_a_reader_may_not_see_is_never_shown(client, here, joined, statement):
    draft = f.StoryFactory(cycle=here.cycle, written_by=here.worker, title="Not checked yet")
    f.EvidenceFactory(statement=statement, kind="story", story=draft, side="against", text="A remark on it")
    f.EvidenceFactory(statement=statement, kind="debrief", team=here.core, side="against", text="Said over tea")
    f.EvidenceFactory(statement=statement, text="For all to read")
    seen = {
        here.worker: {"Not checked yet", "A remark on it", "Said over tea", "For all to read"},
        here.colleague: {"Said over tea", "For all to read"},
        here.steward: {"For all to read"},
        here.helper: {"For all to read"},
    }
    for user, words in seen.items():
        status, page = evidence_seen(client, statement, user)
        assert status == 200
        found = {
            said for said in ("Not checked yet", "A remark on it", "Said over tea", "For all to read") if said in page
        }
        assert found == words, user
    client.force_login(here.steward)
    listed = client.get(reverse("cycles:statements", args=[here.cycle.pk])).text
    assert "1 for" in listed
    assert "0 against" in listed  # what they may not read is not counted either


def test_a_story_that_is_taken_back_goes_from_everyone_at_once(client, here, statement):
    story = f.StoryFactory(cycle=here.cycle, shared=True, written_by=here.worker, title="The bread bin")
    f.EvidenceFactory(statement=statement, kind="story", story=story, text="Hers opened")
    assert "The bread bin" in evidence_seen(client, statement, here.colleague)[1]
    story.withdrawn_on = timezone.localdate()
    story.save()
    for user in (here.worker, here.colleague, here.steward):
        page = evidence_seen(client, statement, user)[1]
        assert "The bread bin" not in page
        assert "Hers opened" not in page


def test_evidence_is_taken_back(client, here, joined, statement):
    evidence = f.EvidenceFactory(statement=statement, text="On the wrong side", by=here.worker)
    said = f.EvidenceFactory(statement=statement, kind="debrief", team=here.core, text="Said over tea", by=here.worker)
    url = reverse("cycles:evidence_take_back", args=[evidence.pk])
    client.force_login(here.helper)
    assert client.post(url).status_code == 403
    client.force_login(here.colleague)
    assert client.post(reverse("cycles:evidence_take_back", args=[said.pk])).status_code == 403  # not theirs
    assert client.post(url).status_code == client.post(url).status_code == 302
    page = client.get(statement.get_absolute_url()).text
    assert "On the wrong side" not in page
    assert "Said over tea" in page


@pytest.mark.parametrize(
    "facts", [{"kind": "words", "text": ""}, {"kind": "story"}, {"kind": "debrief"}, {"kind": "lesson", "text": "x"}]
)
def test_the_database_keeps_evidence_one_thing(statement, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        f.EvidenceFactory(statement=statement, **facts)


# ------------------------------------------------------------------ how it stands


def test_what_speaks_against_it_may_open_it_again(worker, statement):
    url = at("evidence_new", statement)
    worker.post(url, {"side": "against", "text": "Two stayed shut", "reopens": "on"})
    statement.refresh_from_db()
    assert statement.state == "reopened"
    page = worker.get(statement.get_absolute_url()).text
    assert "It is open again" in page
    assert "#evidence-" in page


def test_what_speaks_for_it_opens_nothing(worker, statement):
    worker.post(at("evidence_new", statement), {"side": "for", "text": "All opened", "reopens": "on"})
    statement.refresh_from_db()
    assert statement.state == "standing"


@pytest.mark.parametrize(("state", "says"), [("standing", "It stands"), ("set_aside", "Set aside")])
def test_after_a_talk_it_stands_or_is_set_aside_with_a_why(worker, statement, state, says):
    assert worker.post(at("statement_reopen", statement), {"why": ""}).status_code == 422
    assert worker.post(at("statement_reopen", statement), {"why": "Two stayed shut"}).status_code == 302
    url = at("statement_settle", statement)
    assert worker.post(url, {"state": state, "why": " "}).status_code == 422
    assert worker.post(url, {"state": state, "why": "We read all forty aloud"}).status_code == 302
    page = worker.get(statement.get_absolute_url()).text
    for words in ("Two stayed shut", "We read all forty aloud", says):
        assert words in page, words


def test_what_is_open_again_comes_first(worker, here, statement):
    newer = f.StatementFactory(cycle=here.cycle, text="A newer one", by=here.worker)
    actions.reopen(statement=statement, why="Two stayed shut", by=here.worker)
    page = worker.get(reverse("cycles:statements", args=[here.cycle.pk])).text
    assert page.index(statement.text) < page.index(newer.text)


STEPS = st.sampled_from(["standing", "set_aside", "reopen", "anew", "against", "for"])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=8))
def test_however_it_stands_its_history_tells_how_it_came_to(here, steps):
    statement = f.StatementFactory(cycle=here.cycle, by=here.worker)
    said = [statement.text]
    for number, step in enumerate(steps):
        if step == "anew":
            said.append(f"Said for the {number}th time")
            version = c.Statement.objects.get(pk=statement.pk).version
            actions.say_anew(statement=statement, version=version, by=here.worker, text=said[-1])
        elif step == "reopen":
            actions.reopen(statement=statement, why="Because", by=here.worker)
        elif step in ("against", "for"):
            actions.add_from_debrief(statement=statement, side=step, team=here.core, by=here.worker, text="Heard")
        else:
            actions.settle(statement=statement, state=step, why="Because", by=here.worker)
    statement.refresh_from_db()
    history = list(statement.steps.order_by("pk"))
    state = "standing"
    for step in history:
        state = {"reopened": "reopened", "stands": "standing", "set_aside": "set_aside"}.get(step.what, state)
    assert statement.state == state
    assert list(dict.fromkeys(step.text for step in history)) == said
    assert statement.evidence.count() == sum(step in ("against", "for") for step in steps)
    assert statement.version == len(history)


def test_an_odd_state_is_refused(here, statement):
    with pytest.raises(Refused):
        actions.settle(statement=statement, state="reopened", why="x", by=here.worker)


def test_statement_of_a_life_stays_with_the_life(client, here):
    case = f.CaseFactory(team=here.core, worker=here.worker)
    statement = f.StatementFactory(cycle=case.cycle, text="Mornings are best", by=here.worker)
    client.force_login(here.worker)
    assert client.get(statement.get_absolute_url()).status_code == 200
    for user in (here.colleague, here.steward):
        client.force_login(user)
        assert client.get(statement.get_absolute_url()).status_code == 404


# ------------------------------------------------------------------ queries


def test_statement_page_query_count(worker, here, statement):
    def more():
        measure = f.MeasureFactory(cycle=here.cycle)
        f.EvidenceFactory(statement=statement, kind="reading", reading=f.ReadingFactory(measure=measure))
        f.EvidenceFactory(statement=statement, kind="debrief", team=here.core, side="against", text="Heard")
        f.EvidenceFactory(statement=statement, kind="lesson", lesson=f.LessonFactory(cycle=here.cycle))
        actions.reopen(statement=statement, why="Again", by=here.worker)

    # who is asking (3), the statement, its evidence, the debriefs behind it, steps
    assert_queries_stay_flat(worker, statement.get_absolute_url(), more, most=7)


def test_statement_list_query_count(worker, here):
    def more():
        f.EvidenceFactory(statement=f.StatementFactory(cycle=here.cycle, by=here.worker))

    # who is asking (3), the cycle, statements, how many for and against
    assert_queries_stay_flat(worker, reverse("cycles:statements", args=[here.cycle.pk]), more, most=6)
