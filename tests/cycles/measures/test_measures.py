import inspect
from datetime import date

import pytest
from django import forms as django_forms
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.measures import forms
from cycles.measures.drawing import behind, picture, said
from cycles.models import Measure, Reading
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


@pytest.fixture
def measure(here):
    return f.MeasureFactory(cycle=here.cycle)


def new(measure):
    return reverse("cycles:reading_new", args=[measure.pk])


NEVER = ("target", "threshold", "goal_value", "rag_", "rank", "score", "percent_complete")


# A link between cycles and a tie on a map have two ends, and an audit row names what was acted on.
ENDS = (
    "AuditEntry.target_ref",
    "CycleLink.target",
    "CycleLink.is_from_target",
    "ElementTie.target",
    "PastLink.target",
)


@pytest.mark.system(4)
def test_no_model_has_a_target_field():
    named = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ("cycles", "issues", "debriefs", "hls")
        for field in model._meta.get_fields()
        if any(word in field.name for word in NEVER)
        and f"{model.__name__}.{field.name}" not in ENDS
        and not model.__name__.endswith("Event")
    ]
    assert named == []


@pytest.mark.system(4)
def test_no_form_asks_for_a_target():
    fields = [
        f"{name}.{field}"
        for name, form in inspect.getmembers(forms, inspect.isclass)
        if issubclass(form, django_forms.BaseForm)
        for field in form.base_fields
    ]
    assert "MeasureForm.question" in fields
    assert [field for field in fields if any(word in field for word in NEVER)] == []


def test_a_measure_without_a_question_is_not_kept(worker, here):
    form = {"lens": "effective", "theme": "", "audience": "team"}
    response = worker.post(reverse("cycles:measure_new", args=[here.cycle.pk]), form)
    assert response.status_code == 422
    assert "Ask a question. A measure starts with one." in response.text
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.create(cycle=here.cycle, question="")


def test_questions_stand_in_the_order_of_the_lenses(worker, here):
    for lens in ("sustainable", "efficient", "effective"):
        form = {"question": f"Q {lens}?", "lens": lens, "theme": "", "audience": "team"}
        worker.post(reverse("cycles:measure_new", args=[here.cycle.pk]), form)
    page = worker.get(reverse("cycles:measures")).text
    places = [page.index(f"Q {lens}?") for lens in ("effective", "efficient", "sustainable")]
    assert places == sorted(places)


@pytest.mark.system(23)
def test_a_baseline_says_its_n_or_that_nobody_knows(worker, measure):
    worker.post(new(measure), {"period_start": "2026-09-14", "value": "18", "phase": "before", "origin": "source"})
    reading = measure.readings.get()
    assert (reading.value, reading.n, reading.period_end) == (18, None, date(2026, 9, 14))
    assert "not known" in worker.get(measure.get_absolute_url()).text


@pytest.mark.system(54)
def test_up_to_and_caveat_are_shown(worker, measure):
    form = {
        "period_start": "2026-09-14",
        "value": "50",
        "n": "12",
        "is_upper_bound": "on",
        "caveat": "Not like for like",
        "source": "Claims staff",
        "phase": "",
        "origin": "derived",
    }
    worker.post(new(measure), form)
    page = worker.get(measure.get_absolute_url()).text
    for words in ("up to 50", "Not like for like", "Claims staff", "Worked out"):
        assert words in page


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "Put a number, or words."),
        ({"value": "3", "period_end": "2026-09-13"}, "The end comes after the start."),
    ],
)
def test_a_reading_that_says_nothing_keeps_what_was_typed(worker, measure, form, message):
    base = {"period_start": "2026-09-14", "phase": "", "origin": "source", "source": "Typed by hand"}
    response = worker.post(new(measure), base | form)
    assert response.status_code == 422
    assert message in response.text
    assert "Typed by hand" in response.text
    assert not measure.readings.exists()


def test_a_correction_links_back_and_both_stay(worker, measure):
    wrong = f.ReadingFactory(measure=measure, value=31, words="")
    url = reverse("cycles:reading_correct", args=[wrong.pk])
    form = {"period_start": "2026-09-14", "value": "13", "n": "6", "phase": "", "origin": "source"}
    assert worker.post(url, form).status_code == 302
    right = Reading.objects.get(corrects=wrong)
    assert list(measure.readings.that_stand()) == [right]
    page = worker.get(measure.get_absolute_url()).text
    assert "<s>31</s>" in page
    assert "Puts right 31" in page
    assert worker.post(url, form).status_code == 422


def test_a_correction_sent_twice_is_made_once(worker, measure):
    wrong = f.ReadingFactory(measure=measure, value=31)
    form = {"period_start": "2026-09-14", "value": "13", "phase": "", "origin": "source"}
    form["client_id"] = "0d5c6c1e-7f0e-4f57-9d34-2b6c2f3a1f99"
    for _ in range(2):
        assert worker.post(reverse("cycles:reading_correct", args=[wrong.pk]), form).status_code == 302
    assert measure.readings.count() == 2


def test_the_database_refuses_to_change_a_reading(measure):
    reading = f.ReadingFactory(measure=measure)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Reading.objects.filter(pk=reading.pk).update(value=9)


@pytest.mark.parametrize(
    ("value", "n", "words", "shown"),
    [
        (3, 6, "", "3"),
        (3, None, "", "3"),
        (3, 2, "", "too few to show"),
        (3, 2, "Better", "too few to show, Better"),
        (None, 1, "Better", "Better"),
        (1234.5, 9, "", "1,234.5"),
        (100, 9, "", "100"),
    ],
)
def test_what_a_reading_says(measure, value, n, words, shown):
    reading = Reading.objects.get(pk=f.ReadingFactory(measure=measure, value=value, n=n, words=words).pk)
    assert said(reading) == shown


@pytest.mark.parametrize(
    ("n", "shown"), [(None, "not known"), (0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5")]
)
def test_how_many_stand_behind_it(measure, n, shown):
    assert behind(Reading(measure=measure, n=n)) == shown


def test_the_chart_draws_only_what_enough_people_said(measure):
    for day, n in ((1, 6), (2, 2), (3, 7), (4, None)):
        f.ReadingFactory(measure=measure, period_start=date(2026, 9, day), value=day, n=n)
    drawn = picture(measure, list(measure.readings.all()))
    assert 'role="img"' in drawn.svg
    assert drawn.table["rows"][1][1] == "Too few to show"
    assert len(drawn.table["rows"]) == 3
    assert picture(measure, []) is None


@pytest.mark.system(34)
def test_a_story_stands_beside_the_number_until_it_is_withdrawn(worker, here, measure):
    url = measure.get_absolute_url()
    assert "None yet. A number alone tells little." in worker.get(url).text
    story = f.StoryFactory(cycle=here.cycle, shared=True, body="I had a drawer.")
    assert "I had a drawer." in worker.get(url).text
    story.withdrawn_on = timezone.localdate()
    story.save()
    assert "I had a drawer." not in worker.get(url).text


def test_measures_of_one_life_are_not_listed(worker, here):
    life = f.CaseFactory(team=here.core, worker=here.worker).cycle
    f.MeasureFactory(cycle=life, question="About one life?")
    assert "About one life?" not in worker.get(reverse("cycles:measures")).text


@pytest.mark.system(22)
def test_the_central_table_opens_its_questions_and_their_readings(worker, here):
    mine = f.MeasureFactory(cycle=here.cycle, question="What did help cost?", theme="cost", audience="leaders")
    f.ReadingFactory(measure=mine, words="Less than a letter")
    f.MeasureFactory(cycle=here.cycle, question="Something else?", theme="impact", audience="team")
    page = worker.get(reverse("cycles:measures"))
    assert [[cell["text"] != "" for cell in row["cells"]] for row in page.context["central"]] == [[True, True]] * 4
    link = "?theme=cost&audience=leaders"
    assert link.replace("&", "&amp;") in page.text
    narrowed = worker.get(reverse("cycles:measures") + link).text
    assert "What did help cost?" in narrowed
    assert "Less than a letter" in narrowed
    assert "Something else?" not in narrowed


def test_measures_query_count(worker, here):
    # who is asking (3), the questions, their answers, which were corrected, the eight stock questions,
    # the contacts by mode
    assert_queries_stay_flat(
        worker,
        reverse("cycles:measures"),
        lambda: f.ReadingFactory(measure=f.MeasureFactory(cycle=here.cycle)),
        most=8,
    )


def test_measure_page_query_count(worker, measure):
    # who is asking (3), the question, its answers, a story
    assert_queries_stay_flat(worker, measure.get_absolute_url(), lambda: f.ReadingFactory(measure=measure), most=7)


def test_a_measure_says_which_purpose_it_serves(worker, here):
    """The one in force when it is asked; once the purpose is said anew, the page says so and it can be changed."""
    from cycles.measures.actions import ask_question
    from cycles.stack.actions import open_cycle, state_purpose

    cycle = open_cycle(team=here.core, title="Debt", purpose="Collect what is owed", by=here.worker)
    measure = ask_question(cycle=cycle, question="Does it help?", by=here.worker)
    first = cycle.purposes.get()
    assert measure.serves == first
    assert "restated since" not in worker.get(measure.get_absolute_url()).text
    state_purpose(cycle=cycle, version=1, purpose="People thrive", old_purpose="", why="We read it", by=here.worker)
    page = worker.get(measure.get_absolute_url()).text
    assert "Collect what is owed" in page
    assert "The purpose has been restated since" in page
    newest = cycle.purposes.first()
    url = reverse("cycles:measure_serves", args=[measure.pk])
    assert worker.post(url, {"serves": newest.pk}).status_code == 302
    measure.refresh_from_db()
    assert measure.serves == newest
    assert "restated since" not in worker.get(measure.get_absolute_url()).text


def test_a_measure_serves_no_purpose_of_another_cycle(worker, here):
    measure = f.MeasureFactory(cycle=here.cycle)
    other = f.LearningCycleFactory(team=here.working)
    foreign = other.purposes.create(number=1, purpose="Theirs", by=here.helper)
    response = worker.post(reverse("cycles:measure_serves", args=[measure.pk]), {"serves": foreign.pk})
    assert response.status_code == 422
    measure.refresh_from_db()
    assert measure.serves is None
