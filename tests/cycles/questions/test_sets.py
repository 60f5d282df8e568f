import pytest
from django.core.management.sql import emit_post_migrate_signal

from cycles.questions.models import Question
from cycles.questions.sets import questions


def test_question_file_has_each_key_once():
    keys = [row["key"] for row in questions()]
    assert len(keys) == len(set(keys))
    assert all(row["text"] and len(row["text"]) <= 300 for row in questions())


def test_questions_are_there_after_migrate(db):
    loaded = set(Question.objects.values_list("key", flat=True))
    assert loaded == {row["key"] for row in questions()}


def test_debrief_set_is_a_sandwich(db):
    asked = Question.objects.in_set("debrief")
    assert [(q.key, q.layer) for q in asked] == [
        ("debrief.now", "pragmatic"),
        ("debrief.need", "pragmatic"),
        ("debrief.well", "reflective"),
        ("debrief.learn", "reflective"),
        ("debrief.belief", "reflective"),
        ("debrief.next", "pragmatic"),
    ]


def test_hot_set_asks_its_own_first_then_borrows(db):
    assert [q.key for q in Question.objects.in_set("hot")] == ["hot.issue", "debrief.need", "debrief.next"]


def test_set_of_sets_keeps_the_order_of_the_sources(db):
    assert [q.set for q in Question.objects.in_set("measures")] == (
        ["measures.effective"] * 2 + ["measures.efficient"] * 4 + ["measures.sustainable"] * 3
    )
    assert Question.objects.in_set("central").first().key == "c.team.impact"


@pytest.mark.parametrize(
    ("set_name", "scale", "audience"),
    [
        ("scale.organisation.from", "organisation", ""),
        ("scale.place.enable", "place", ""),
        ("scale.country.enable", "country", ""),
        ("central.team", "", "team"),
        ("central.leaders", "", "leaders"),
        ("one_to_one", "", ""),
    ],
)
def test_sets_name_their_scale_and_audience(db, set_name, scale, audience):
    first = Question.objects.in_set(set_name).first()
    assert (first.scale, first.audience) == (scale, audience)


def test_loading_again_adds_nothing_and_keeps_keys(db):
    before = dict(Question.objects.values_list("key", "pk"))
    Question.objects.filter(key="debrief.need").update(is_active=False, order=99)
    emit_post_migrate_signal(0, False, "default")
    assert dict(Question.objects.values_list("key", "pk")) == before
    need = Question.objects.get(key="debrief.need")
    assert need.order < 99
    assert not need.is_active
    assert "debrief.need" not in [q.key for q in Question.objects.in_set("debrief")]
