"""What became of the lessons that one person's debriefs fed, on their own page; and what waits for their answer."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_date

from cycles.lessons.line import FURTHEST
from cycles.lessons.models import Lesson, LessonMove, Offer
from cycles.people.models import User
from cycles.prepared import Asking, Prepared, asking, someone

What = LessonMove.What
TOLD = (What.TAKEN_UP, What.DECLINED, What.EMBEDDED, What.LAPSED)
READ, ECHOES, COUNTED = 12, 3, 50
# What this person noted, or was there for, or wrote of; and all that grew from it in other cycles.
MINE = """
WITH RECURSIVE line(id, far) AS (
    SELECT mine.id, 0 FROM (
        SELECT id FROM cycles_lesson WHERE by_id = %s
        UNION SELECT fed.lesson_id FROM debriefs_produced fed
            JOIN debriefs_debrief_present there ON there.debrief_id = fed.debrief_id
            WHERE there.user_id = %s AND fed.lesson_id IS NOT NULL
        UNION SELECT fed.lesson_id FROM debriefs_produced fed
            JOIN debriefs_contribution notes ON notes.id = fed.contribution_id
            WHERE notes.author_id = %s AND fed.lesson_id IS NOT NULL
    ) mine
    UNION
    SELECT lesson.id, line.far + 1 FROM line
    JOIN cycles_offer offer ON offer.lesson_id = line.id JOIN cycles_lesson lesson ON lesson.came_by_id = offer.id
    WHERE line.far < %s
) SELECT id FROM line
"""


@dataclass
class Echo:
    """You learned, and what became of it."""

    lesson: Lesson
    said_on: date
    changed: str = ""
    waiting: str = ""


def learned(user):
    """To ask for (echoes, one quiet line): one query for both."""
    return Asking(_told(), _told_of, **asking(user))


def _told_of(rows):
    ((told, waiting),) = rows
    # What became normal comes first.
    echoes = sorted((_echo(row) for row in told), key=lambda echo: not echo.changed)
    return echoes[:ECHOES], _words(len(waiting))


@cache  # its SQL is put together once: each Today begins with it
def _told():
    user = someone()
    told = JSONObject(pk="pk", text="text", on="noticed_on", demo="is_demo", news="news")
    lessons = _with_news(user).values(told=told)[:READ]
    me = User.objects.filter(pk=user).annotate(
        told=ArraySubquery(lessons), waiting=ArraySubquery(_waiting(user).values("pk")[:COUNTED])
    )
    return Prepared(me.values_list("told", "waiting"))


def _with_news(user):
    """Those that others did something with, the newest first."""
    news = LessonMove.objects.filter(lesson=OuterRef("pk"), what__in=TOLD, offer__isnull=False).exclude(by=user)
    news = news.order_by("-at", "-pk").values(
        news=JSONObject(what="what", words="words", team=F("offer__to__team__name"))
    )
    mine = RawSQL(MINE, [user.pk, user.pk, user.pk, FURTHEST])  # noqa: S611 - ids alone, as parameters
    rows = Lesson.objects.visible_to(user).filter(pk__in=mine)
    return rows.annotate(news=Subquery(news[:1])).exclude(news=None).order_by("-pk")


def _echo(row):
    news = row["news"]
    echo = Echo(Lesson(pk=row["pk"], text=row["text"], is_demo=row["demo"]), parse_date(row["on"]))
    lead = {
        What.TAKEN_UP: f"{news['team']} took it up.",
        What.DECLINED: f"{news['team']} declined, and says why:",
        What.EMBEDDED: f"New normal in {news['team']}:",
        What.LAPSED: f"No longer normal in {news['team']}:",
    }[news["what"]]
    words = " ".join(part for part in (lead, news["words"]) if part)
    if news["what"] == What.EMBEDDED:
        echo.changed = words
    else:
        echo.waiting = words
    return echo


def _waiting(user):
    """For the team and the steward of a cycle to which a lesson was offered."""
    mine = Q(to__team__in=user.rights.teams) | Q(to__steward=user, to__place__in=user.rights.stewards)
    return Offer.objects.to_cycles_of(user).waiting().filter(mine).order_by("pk")


def _words(count):
    if not count:
        return ""
    return "A lesson waits for your answer." if count == 1 else f"{count} lessons wait for your answer."
