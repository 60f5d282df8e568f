"""A place asks in its own words, and loses nothing by it."""

from uuid import uuid4

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.models import Answer, Question, QuestionWording
from cycles.questions import actions
from cycles.questions.reading import answers_for
from cycles.questions.wording import in_words_of
from cycles.refusals import ChangedMeanwhile, Refused
from debriefs.record.notes import questions_for
from tests import factories as f

TIME = "How much time does it need?"


@pytest.fixture
def admin(client, here):
    client.force_login(here.admin)
    return client


@pytest.fixture
def question(db):
    return Question.objects.get(key="managing.time")


def at(name, *args):
    return reverse(f"cycles:{name}", args=args)


def words_in(place, key="managing.time"):
    return Question.objects.worded(place).get(key=key).asked


def reword(here, question, text="How long does it take?", version=0):
    return actions.word_question(place=here.place, question=question, version=version, by=here.admin, text=text)


def test_an_administrator_puts_a_question_in_other_words(admin, here, elsewhere, question):
    url = at("place_question", question.key)
    assert TIME in admin.get(url).text
    assert admin.post(url, {"text": "How long does it take?", "version": 0}).url == at("place_questions")
    assert words_in(here.place) == "How long does it take?"
    assert words_in(elsewhere.place) == TIME  # rows of the file are shared, the wording is not
    assert "In your words" in admin.get(at("place_questions")).text


def test_the_words_before_stay_as_versions(admin, here, question):
    first = reword(here, question, "How long?")
    reword(here, question, "How many hours?", version=first.pk)
    assert [w.text for w in QuestionWording.objects.filter(place=here.place)] == ["How many hours?", "How long?"]
    page = admin.get(at("place_question", question.key)).text
    assert "How many hours?" in page
    assert "How long?" in page


def test_the_first_words_can_be_put_back(admin, here, question):
    newest = reword(here, question)
    admin.post(at("place_question_original", question.key), {"version": newest.pk})
    assert words_in(here.place) == TIME
    assert QuestionWording.objects.filter(place=here.place).count() == 2


def test_loading_the_file_again_leaves_a_places_words_alone(here, question):
    reword(here, question)
    own = actions.add_question(
        place=here.place, set_name="managing", text="And here?", by=here.admin, client_id=uuid4()
    )
    Question.objects.filter(pk=question.pk).update(text="Words of an older release")
    emit_post_migrate_signal(0, False, "default")
    assert Question.objects.get(pk=question.pk).text == TIME
    assert words_in(here.place) == "How long does it take?"
    own.refresh_from_db()
    assert (own.text, own.is_active, own.place) == ("And here?", True, here.place)


def test_a_question_is_left_out_and_asked_again_with_its_answers_kept(admin, here, question):
    Answer.objects.create(question=question, asked=TIME, text="An hour", cycle=here.cycle, by=here.worker)
    admin.post(at("place_question_ask", question.key), {"version": 0, "ask": "no"})
    (row,) = [row for row in answers_for(here.cycle, "managing") if row.key == question.key]
    assert (row.question.is_asked, row.answer.text) == (False, "An hour")
    other = f.LearningCycleFactory(team=here.core)
    assert question.key not in [row.key for row in answers_for(other, "managing")]
    admin.post(at("place_question_ask", question.key), {"version": row_version(here, question), "ask": "yes"})
    assert question.key in [row.key for row in answers_for(other, "managing")]


def row_version(here, question):
    return QuestionWording.objects.filter(place=here.place, question=question).first().pk


def test_a_question_left_out_is_not_in_the_form(client, here, question):
    Answer.objects.create(question=question, asked=TIME, text="An hour", cycle=here.cycle, by=here.worker)
    actions.word_question(place=here.place, question=question, version=0, by=here.admin, is_asked=False)
    client.force_login(here.worker)
    response = client.get(at("cycle_question_set", here.cycle.pk, "managing"))
    assert question.key not in response.context["form"].asked
    assert "Not asked here now" in response.text


def test_two_administrators_at_once_both_see_both_texts(admin, here, question):
    reword(here, question, "How long?")
    response = admin.post(at("place_question", question.key), {"text": "How many hours?", "version": 0})
    assert response.status_code == 409
    assert "How long?" in response.text
    assert "How many hours?" in response.text
    assert words_in(here.place) == "How long?"
    with pytest.raises(ChangedMeanwhile):
        reword(here, question, "x", version=0)


def test_a_press_on_an_old_page_changes_nothing(admin, here, question):
    reword(here, question)
    admin.post(at("place_question_original", question.key), {"version": 0})
    assert words_in(here.place) == "How long does it take?"


def test_empty_words_are_asked_for_again(admin, question):
    response = admin.post(at("place_question", question.key), {"text": " ", "version": 0})
    assert response.status_code == 422
    assert "Write the question, or put the first words back." in response.text


def test_a_place_asks_something_of_its_own_with_a_key_that_stays(admin, client, here, elsewhere):
    form = {"set_name": "managing", "text": "Who misses us on Fridays?", "client_id": str(uuid4())}
    for _ in range(2):
        assert admin.post(at("place_question_new"), form).status_code == 302
    own = Question.objects.get(place=here.place)
    assert own.key.startswith("own.")
    client.force_login(here.worker)
    url = at("cycle_question_set", here.cycle.pk, "managing")
    assert client.get(url).text.index("Who misses us on Fridays?") > client.get(url).text.index("What must happen")
    client.post(url, {f"q{own.pk}-text": "The school"})
    actions.word_question(place=here.place, question=own, version=row_version(here, own), by=here.admin, text="Who?")
    answer = here.cycle.answers.get()
    assert (answer.question.key, answer.asked) == (own.key, "Who misses us on Fridays?")
    assert own.key not in Question.objects.in_set("managing", elsewhere.place).values_list("key", flat=True)
    assert own.key not in Question.objects.in_set("managing").values_list("key", flat=True)


def test_a_set_that_other_pages_count_on_is_worded_but_not_left_out_or_added_to(here):
    need = Question.objects.get(key="debrief.need")
    with pytest.raises(Refused):
        actions.word_question(place=here.place, question=need, version=0, by=here.admin, is_asked=False)
    with pytest.raises(Refused):
        actions.add_question(place=here.place, set_name="debrief", text="x", by=here.admin, client_id=uuid4())


def test_a_key_of_the_file_and_one_of_a_place_never_meet(here):
    with pytest.raises(IntegrityError, match="own_key"), transaction.atomic():
        Question.objects.create(key="managing.more", set="managing", text="x", order=1, place=here.place)
    with pytest.raises(IntegrityError, match="own_key"), transaction.atomic():
        Question.objects.create(key="own.nobody", set="managing", text="x", order=1)


def test_debriefs_are_asked_in_the_places_words_and_keep_those_they_had(here):
    need = Question.objects.get(key="debrief.need")
    old = f.DebriefFactory(cycle=here.cycle, state="held", held_on=timezone.localdate())
    type(old).objects.filter(pk=old.pk).update(
        state="written_up", written_up_at=timezone.now(), written_up_by=here.recorder
    )
    old.refresh_from_db()
    actions.word_question(place=here.place, question=need, version=0, by=here.admin, text="What would help?")
    new = f.DebriefFactory(cycle=here.cycle)
    assert "What would help?" in [q.text for q in questions_for(new)]
    assert need.text in [q.text for q in questions_for(old)]


def test_words_of_a_moment_are_those_that_stood_then(here, question):
    before = timezone.now()
    reword(here, question)
    assert [q.text for q in in_words_of(here.place, before, key=question.key)] == [TIME]
    assert [q.text for q in in_words_of(here.place, key=question.key)] == ["How long does it take?"]


@pytest.mark.parametrize("who", ["worker", "leader", "steward"])
def test_only_administrators_find_the_pages(client, here, question, who):
    client.force_login(getattr(here, who))
    for url in (at("place_questions"), at("place_question_new"), at("place_question", question.key)):
        assert client.get(url).status_code == 404


def test_the_list_of_questions_takes_a_fixed_number_of_queries(admin, here, question, django_assert_num_queries):
    admin.get(at("place_questions"))
    reword(here, question)
    with django_assert_num_queries(3):  # who is asking (2), the questions as they are asked
        admin.get(at("place_questions"))


def test_every_set_of_the_pages_can_be_worded(admin):
    page = admin.get(at("place_questions")).text
    for title in ("Starting out", "Governing this cycle", "Debriefs", "Plan for the place", "Time to reflect"):
        assert title in page
