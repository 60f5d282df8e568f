"""The migration that made rows of the one offer a lesson used to have, run on rows as they were."""

import importlib

import pytest
from django.db import connection
from django.utils import timezone

from cycles.models import Lesson, LessonMove, Offer
from tests import factories as f

MIGRATION = importlib.import_module("cycles.migrations.0011_lessons_travel")
STEPS = ("OFFERS", "OWN", "NOTICED", "KEPT", "STANDS", "DAY", "LEVELS")


@pytest.fixture
def before(here):
    """Lessons with the two columns they had; a table of the session stands in front of the real one."""
    above = f.LearningCycleFactory(team=here.working, scale="place")
    below = f.LearningCycleFactory(team=here.working, scale="team")
    day = timezone.localdate()
    rows = {
        "noticed": ("noticed", None, "", None),
        "offered": ("offered", above.pk, "", None),
        "taken_up": ("taken_up", below.pk, "Gladly", None),
        "declined": ("declined", above.pk, "We tried", None),
        "embedded": ("embedded", above.pk, "From May", day),
        "own": ("embedded", None, "", day),
        "lost": ("declined", None, "Nobody knows whose no this is", None),
    }
    lessons = {name: f.LessonFactory(cycle=here.cycle, text=name, by=here.worker) for name in rows}
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE cycles_lesson ON COMMIT DROP AS"
            " SELECT *, NULL::bigint AS offered_to_id, ''::text AS reply FROM public.cycles_lesson"
        )
        for name, (state, to, reply, on) in rows.items():
            cursor.execute(
                "UPDATE pg_temp.cycles_lesson SET state = %s, offered_to_id = %s, reply = %s, embedded_on = %s"
                " WHERE id = %s",
                [state, to, reply, on, lessons[name].pk],
            )
        for step in STEPS:
            cursor.execute(getattr(MIGRATION, step))
    yield lessons
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.cycles_lesson")


def test_each_offer_became_a_row_and_nothing_was_made_up(before, here):
    told = {
        offer.text: (offer.state, offer.direction, offer.reply, offer.by, offer.on, bool(offer.embedded_on))
        for offer in Offer.objects.all()
    }
    assert told == {
        "offered": ("waiting", "vertical", "", None, None, False),
        "taken_up": ("taken_up", "down", "Gladly", None, None, False),
        "declined": ("declined", "vertical", "We tried", None, None, False),
        "embedded": ("embedded", "vertical", "From May", None, None, True),
        "own": ("embedded", "own", "", None, None, True),
    }


def test_every_lesson_says_who_noticed_it_and_no_words_are_lost(before, here):
    noticed = LessonMove.objects.filter(what="noticed")
    assert {(m.lesson_id, m.by) for m in noticed} == {(lesson.pk, here.worker) for lesson in before.values()}
    kept = LessonMove.objects.filter(what="kept_before")
    assert {m.lesson_id for m in kept} == {before[name].pk for name in before if name != "noticed"}
    assert kept.get(lesson=before["lost"]).words == "Nobody knows whose no this is"


def test_states_and_levels_agree_with_the_rows(before):
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, state, level, embedded_on IS NOT NULL FROM pg_temp.cycles_lesson")
        found = {text: rest for text, *rest in cursor.fetchall()}
    assert found["lost"] == ["noticed", "organisation", False]
    assert found["offered"][0] == "offered"
    assert sorted(name for name, (_, _, has_day) in found.items() if has_day) == ["embedded", "own"]
    assert Lesson.objects.count() == len(found)
