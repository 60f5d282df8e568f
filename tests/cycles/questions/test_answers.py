"""Answers are dated, added and never written over."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cycles.models import Answer, Question
from cycles.questions import actions
from cycles.questions.models import AnswerQuerySet
from cycles.questions.reading import answers_for, between, days_of, history
from cycles.refusals import Refused
from tests import factories as f

TODAY = date(2026, 11, 21)
KEY = "managing.time"


def words(text="", is_unknown=False, example=""):
    return {"text": text, "is_unknown": is_unknown, "example": example}


def say(here, text="An hour", *, on=TODAY, key=KEY, subject=None, name="managing", client_id=None, **more):
    (answer,) = actions.answer_set(
        subject=subject or here.cycle,
        name=name,
        said={key: words(text, **more)},
        by=here.worker,
        on=on,
        client_id=client_id,
    )
    return answer


def newest(subject, name="managing", key=KEY, on=None):
    return next(row.answer for row in answers_for(subject, name, on=on) if row.key == key)


def test_answering_again_puts_it_right_and_keeps_what_was_said(here):
    say(here, "An hour a day")
    say(here, "Two hours a day")
    assert newest(here.cycle).text == "Two hours a day"
    question = Question.objects.get(key=KEY)
    assert [answer.text for answer in history(here.cycle, question)] == ["Two hours a day", "An hour a day"]


def test_what_was_said_on_an_earlier_day_does_not_push_the_newest_away(here):
    say(here, "Now")
    say(here, "From the meeting last week", on=TODAY - timedelta(days=7))
    assert newest(here.cycle).text == "Now"
    assert newest(here.cycle, on=TODAY - timedelta(days=1)).text == "From the meeting last week"
    assert newest(here.cycle, on=TODAY - timedelta(days=8)) is None


def test_we_do_not_know_is_an_answer_in_its_own_right(here):
    answer = say(here, "", is_unknown=True)
    assert str(answer) == "We don’t know"
    assert newest(here.cycle) == answer


def test_an_answer_says_something(here):
    with pytest.raises(Refused, match="Answer at least one"):
        say(here, "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(question=Question.objects.first(), asked="x", cycle=here.cycle, by=here.worker)


@pytest.mark.parametrize("hangs_on", [[], ["cycle", "team"], ["cycle", "experiment"], ["experiment", "team"]])
def test_an_answer_hangs_on_exactly_one_thing(here, hangs_on):
    there = {"cycle": here.cycle, "team": here.core, "experiment": f.ExperimentFactory(cycle=here.cycle)}
    question = Question.objects.get(key="b.whole")
    with pytest.raises(IntegrityError, match="answer_hangs_on_one_thing"), transaction.atomic():
        Answer.objects.create(
            question=question, asked="x", text="x", by=here.worker, **{name: there[name] for name in hangs_on}
        )


def test_no_answer_can_be_changed_by_the_app(here):
    answer = say(here)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(text="Something else")
    answer.refresh_from_db()
    assert answer.text == "An hour"


def test_what_is_said_back_and_a_wording_can_not_be_changed_either(here):
    remark = actions.answer_back(answer=say(here), text="Not for us", by=here.colleague)
    wording = actions.word_question(
        place=here.place, question=Question.objects.get(key=KEY), version=0, by=here.admin, text="How long?"
    )
    for row in (remark, wording):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(text="Something else")


def test_the_same_form_sent_twice_is_one_answer_and_other_words_are_another(here):
    client_id = uuid.uuid4()
    first = say(here, "An hour", client_id=client_id)
    assert say(here, "An hour", client_id=client_id) == first
    assert say(here, "Two hours", client_id=client_id) != first
    assert here.cycle.answers.count() == 2


def test_an_answer_keeps_the_words_it_was_given_to(here):
    say(here)
    question = Question.objects.get(key=KEY)
    actions.word_question(place=here.place, question=question, version=0, by=here.admin, text="How long does it take?")
    (row,) = [row for row in answers_for(here.cycle, "managing") if row.key == KEY]
    assert row.words == "How long does it take?"
    assert row.was_worded == "How much time does it need?"
    say(here, "Two hours")
    (row,) = [row for row in answers_for(here.cycle, "managing") if row.key == KEY]
    assert (row.answer.asked, row.was_worded) == ("How long does it take?", "")


def test_a_set_is_not_answered_where_it_is_not_asked(here):
    for name, subject in (("area", here.cycle), ("reflect", here.cycle), ("managing", here.core)):
        with pytest.raises(Refused, match="not asked here"):
            say(here, subject=subject, name=name)


def test_two_days_stand_side_by_side(here):
    say(here, "An hour", on=TODAY - timedelta(days=30))
    say(here, "Sam knows", key="managing.find", on=TODAY - timedelta(days=30))
    say(here, "Two hours")
    days = days_of(here.cycle, "managing")
    assert days == [TODAY, TODAY - timedelta(days=30)]
    rows = {each["row"].key: each for each in between(here.cycle, "managing", days[1], days[0])}
    assert (rows[KEY]["then"].text, rows[KEY]["now"].text, rows[KEY]["is_same"]) == ("An hour", "Two hours", False)
    assert rows["managing.find"]["is_same"]
    assert set(rows) == {KEY, "managing.find"}


def test_the_newest_of_two_thousand_answers_takes_two_queries(here, django_assert_num_queries):
    question = Question.objects.get(key=KEY)
    rows = [
        Answer(
            question=question,
            asked="x",
            cycle=here.cycle,
            text=f"Said {n}",
            by=here.worker,
            on=TODAY - timedelta(days=n % 400),
        )
        for n in range(2000)
    ]
    Answer.objects.bulk_create(rows)
    with django_assert_num_queries(2):  # the questions with the newest of each; those answers
        assert newest(here.cycle).text == "Said 1600"


sayings = st.lists(
    st.tuples(
        st.sampled_from([KEY, "managing.barriers", "managing.enable"]),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=0, max_size=12),
        st.booleans(),
        st.integers(0, 6),  # days ago
        st.integers(0, 2),  # which form it was sent with
        st.integers(1, 3),  # how often the form was sent
    ),
    max_size=14,
)


@pytest.mark.system(16)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sayings)
def test_answers_are_never_lost_and_can_be_read_as_they_stood(here, said):
    """Whatever is sent, in whatever order and however often, every different saying is there on its day."""
    here.cycle.answers.all().delete()
    forms = [uuid.uuid4() for _ in range(3)]
    kept = []  # in the order in which each was first said
    for key, text, is_unknown, ago, form, times in said:
        if not text and not is_unknown:
            continue
        entry = (key, text, is_unknown, TODAY - timedelta(days=ago), form)
        for _ in range(times):
            say(here, text, key=key, is_unknown=is_unknown, on=entry[3], client_id=forms[form])
        if entry not in kept:
            kept.append(entry)
    assert here.cycle.answers.count() == len(kept)
    for on in (TODAY - timedelta(days=n) for n in range(7)):
        standing = {row.key: row.answer for row in answers_for(here.cycle, "managing", on=on) if row.answer}
        expected = {}
        for key, text, is_unknown, day, _ in sorted(kept, key=lambda entry: entry[3]):  # a stable sort
            if day <= on:
                expected[key] = (text, is_unknown, day)
        assert {key: (a.text, a.is_unknown, a.on) for key, a in standing.items()} == expected


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_property_would_notice_a_lost_answer(here, data):
    """Positive control: read in the wrong order, the newest is not the newest."""
    here.cycle.answers.all().delete()
    say(here, "First", on=TODAY - timedelta(days=1))
    say(here, "Second")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AnswerQuerySet, "newest_first", lambda self: self.order_by("on", "pk"))
        assert newest(here.cycle).text == "First"


def test_an_answer_is_given_today_unless_another_day_is_said(here):
    assert say(here, on=timezone.localdate()).on == timezone.localdate()
