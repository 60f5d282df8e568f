"""Lessons on their own: noted, said anew, tagged, raised a level, listed and narrowed."""

import itertools

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.lessons import actions
from cycles.lessons.pillars import words_of
from cycles.models import Lesson, LessonMove
from cycles.refusals import ChangedMeanwhile, Refused
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat

FORM = {"text": "Ring first", "direction": "own", "kind": "lesson", "pillar": ""}


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def url(name, row):
    return reverse(f"cycles:{name}", args=[row.pk])


# ------------------------------------------------------------------ noted and said anew


def test_sending_a_lesson_twice_keeps_one(worker, here):
    form = FORM | {"client_id": "0d5c6c1e-7f0e-4f57-9d34-2b6c2f3a1f55"}
    for _ in range(2):
        assert worker.post(url("lesson_new", here.cycle), form).status_code == 302
    assert Lesson.objects.count() == 1
    assert [(m.what, m.by) for m in LessonMove.objects.all()] == [("noticed", here.worker)]


def test_a_lesson_starts_at_the_level_of_its_cycle(here):
    for scale, level in (("team", "team"), ("organisation", "organisation"), ("place", "place"), ("country", "beyond")):
        cycle = f.LearningCycleFactory(team=here.core, scale=scale)
        assert actions.note_lesson(cycle=cycle, text="x", by=here.worker).level == level


def test_saying_it_anew_keeps_the_words_before(worker, here):
    lesson = f.LessonFactory(cycle=here.cycle, text="Ring")
    sent = FORM | {"text": "Ring first", "pillar": "human", "version": 1}
    assert worker.post(url("lesson_edit", lesson), sent).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.text, lesson.pillar, lesson.version) == ("Ring first", "human", 2)
    assert [(m.what, m.words, m.by) for m in lesson.moves.all()] == [("reworded", "Ring", here.worker)]


def test_the_second_to_say_it_anew_sees_both(worker, here):
    lesson = f.LessonFactory(cycle=here.cycle, text="Ring")
    actions.edit_lesson(lesson=lesson, version=1, by=here.colleague, text="Knock")
    late = worker.post(url("lesson_edit", lesson), FORM | {"text": "Write", "version": 1})
    assert late.status_code == 409
    assert "Knock" in late.text
    assert "Write" in late.text
    with pytest.raises(ChangedMeanwhile):
        actions.edit_lesson(lesson=lesson, version=1, by=here.worker, text="Write")


@pytest.mark.system(38)
def test_a_point_of_leverage_has_a_note_and_is_found(worker, here):
    note = "Two people could change this in a month"
    sent = FORM | {"is_leverage": "on", "leverage_note": note}
    worker.post(url("lesson_new", here.cycle), sent)
    f.LessonFactory(cycle=here.cycle, text="Another")
    page = worker.get(reverse("cycles:lessons") + "?leverage=1")
    assert [lesson.text for lesson in page.context["lessons"]] == ["Ring first"]
    assert note in page.text
    assert note in worker.get(Lesson.objects.get(is_leverage=True).get_absolute_url()).text


def test_a_note_without_its_tick_is_not_lost(worker, here):
    answer = worker.post(url("lesson_new", here.cycle), FORM | {"leverage_note": "Ask the treasurer"})
    assert answer.status_code == 422
    assert "Ask the treasurer" in answer.text
    assert "Tick this too" in answer.text
    assert not Lesson.objects.exists()


def test_the_database_keeps_a_note_only_with_its_flag_and_a_day_only_with_its_state(here):
    lesson = f.LessonFactory(cycle=here.cycle)
    for wrong in ({"leverage_note": "x"}, {"state": "embedded"}, {"embedded_on": timezone.localdate()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lesson.objects.filter(pk=lesson.pk).update(**wrong)


# ------------------------------------------------------------------ six levels


@pytest.mark.system(56)
def test_a_lesson_rises_six_levels_one_at_a_time_each_with_a_why(worker, here):
    case = f.CaseFactory(team=here.core, worker=here.worker)
    lesson = actions.note_lesson(cycle=case.cycle, text="She opens the post if I sit with her", by=here.worker)
    levels = ["person", "team", "organisation", "across", "place", "beyond"]
    assert lesson.level == levels[0]
    for level in levels[1:]:
        assert "Raise it a level" in worker.get(lesson.get_absolute_url()).text
        page = worker.get(url("lesson_raise", lesson))
        assert page.context["form"]["to_level"].value() == level
        answer = worker.post(url("lesson_raise", lesson), {"to_level": level, "why": f"Why {level}"})
        assert answer.status_code == 302
    page = worker.get(lesson.get_absolute_url()).text
    assert all(f"Why {level}" in page for level in levels[1:])
    assert "Raise it a level" not in page
    ups = lesson.moves.filter(what="raised").values_list("from_level", "to_level", "by")
    assert list(ups) == [(a, b, here.worker.pk) for a, b in itertools.pairwise(levels)]


@pytest.mark.system(56)
def test_a_level_is_undone_by_a_further_move(worker, here):
    lesson = f.LessonFactory(cycle=here.cycle, level="place")
    worker.post(url("lesson_lower", lesson), {"to_level": "across", "why": "Only two bodies see it"})
    lesson.refresh_from_db()
    assert lesson.level == "across"
    assert [m.what for m in lesson.moves.all()] == ["lowered"]


def test_no_level_is_skipped_nor_raised_without_a_why(worker, here):
    lesson = f.LessonFactory(cycle=here.cycle, level="team")
    skipped = worker.post(url("lesson_raise", lesson), {"to_level": "place", "why": "x"})
    silent = worker.post(url("lesson_raise", lesson), {"to_level": "organisation", "why": " "})
    assert (skipped.status_code, silent.status_code) == (422, 422)
    assert "one level at a time" in skipped.text
    lesson.refresh_from_db()
    assert (lesson.level, lesson.moves.count()) == ("team", 0)


def test_two_presses_of_raise_lift_it_once(worker, here):
    lesson = f.LessonFactory(cycle=here.cycle, level="team")
    sent = {"to_level": "organisation", "why": "x", "client_id": "0d5c6c1e-7f0e-4f57-9d34-2b6c2f3a1f56"}
    for _ in range(2):
        assert worker.post(url("lesson_raise", lesson), sent).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.level, lesson.moves.count()) == ("organisation", 1)


@pytest.mark.parametrize(("level", "name"), [("beyond", "lesson_raise"), ("person", "lesson_lower")])
def test_there_is_nothing_above_the_top_or_below_the_foot(worker, here, level, name):
    lesson = f.LessonFactory(cycle=here.cycle, level=level)
    assert worker.get(url(name, lesson)).status_code == 302


def test_moves_are_never_changed(here):
    lesson = actions.note_lesson(cycle=here.cycle, text="x", by=here.worker)
    with pytest.raises(ProgrammingError), transaction.atomic():
        lesson.moves.update(words="Otherwise")


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "raised", "from_level": "team", "to_level": "place"},
        {"what": "raised", "words": "why"},
        {"what": "declined"},
        {"what": "lapsed"},
        {"what": "noticed", "by": None},
    ],
)
def test_the_database_refuses_a_move_without_its_why_or_its_who(here, wrong):
    lesson = f.LessonFactory(cycle=here.cycle)
    with pytest.raises(IntegrityError), transaction.atomic():
        lesson.moves.create(**{"by": here.worker} | wrong)


def test_an_odd_level_is_refused_by_the_action(here):
    lesson = f.LessonFactory(cycle=here.cycle, level="team")
    with pytest.raises(Refused):
        actions.change_level(lesson=lesson, to_level="team", why="x", by=here.worker)


# ------------------------------------------------------------------ listed and narrowed


@pytest.mark.system(1)
@pytest.mark.system(38)
@pytest.mark.system(53)
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Human one", "System one", "Lever"}),
        ("?pillar=human", {"Human one"}),
        ("?pillar=system", {"System one", "Lever"}),
        ("?leverage=1", {"Lever"}),
        ("?direction=vertical", {"System one"}),
        ("?direction=down", {"Lever"}),
        ("?level=place", {"System one"}),
        ("?pillar=system&level=place&direction=vertical", {"System one"}),
        ("?state=noticed", {"Human one", "System one", "Lever"}),
        ("?state=declined", set()),
        ("?pillar=nonsense&level=x&before=abc", {"Human one", "System one", "Lever"}),
        ("?pillar=learning", set()),
    ],
)
def test_lessons_are_narrowed(worker, here, query, shown):
    f.LessonFactory(cycle=here.cycle, text="Human one", pillar="human")
    f.LessonFactory(cycle=here.cycle, text="System one", pillar="system", direction="vertical", level="place")
    f.LessonFactory(cycle=here.cycle, text="Lever", pillar="system", direction="down", is_leverage=True)
    page = worker.get(reverse("cycles:lessons") + query)
    assert {lesson.text for lesson in page.context["lessons"]} == shown


def test_older_lessons_follow_on_the_next_page(worker, here):
    for n in range(31):
        f.LessonFactory(cycle=here.cycle, text=f"Lesson number {n}")
    first = worker.get(reverse("cycles:lessons"))
    assert len(first.context["lessons"]) == 30
    second = worker.get(reverse("cycles:lessons") + f"?before={first.context['last']}")
    assert [lesson.text for lesson in second.context["lessons"]] == ["Lesson number 0"]


def test_lessons_of_lives_are_not_listed(worker, here):
    life = f.CaseFactory(team=here.core, worker=here.worker).cycle
    f.LessonFactory(cycle=life, text="About one life")
    assert "About one life" not in worker.get(reverse("cycles:lessons")).text


def test_lessons_query_count(worker, here):
    # who is asking (3), the lessons
    assert_queries_stay_flat(worker, reverse("cycles:lessons"), lambda: f.LessonFactory(cycle=here.cycle), most=4)


@pytest.mark.system(1)
def test_the_steward_reads_in_words_which_pillar_is_left_out(client, here):
    for pillar in ("human", "human", "human", "learning", "learning", "learning"):
        f.LessonFactory(cycle=here.cycle, pillar=pillar)
    words = "nobody has noted a lesson about the system around us"
    client.force_login(here.steward)
    assert words in client.get(reverse("cycles:lessons")).text
    assert words in client.get(reverse("issues:triage")).text
    client.force_login(here.worker)
    assert words not in client.get(reverse("cycles:lessons")).text
    f.LessonFactory(cycle=here.cycle, pillar="system")
    client.force_login(here.steward)
    page = client.get(reverse("cycles:lessons")).text
    assert "Little is noted lately about the system around us" in page


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"human": 2}, ""),
        ({"human": 3, "learning": 2, "system": 3}, ""),
        ({"human": 6}, "In three months nobody has noted a lesson about how we learn or about the system around us."),
        ({"human": 6, "learning": 1, "system": 6}, "Little is noted lately about how we learn."),
    ],
)
def test_a_pillar_is_neglected_in_words_and_without_a_number(counts, words):
    told = words_of(counts)
    assert told.startswith(words)
    assert bool(told) == bool(words)
    assert not any(sign.isdigit() for sign in told)
