"""What became of the lessons that one person's debriefs fed, on their own page; and what waits for their answer."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from cycles.lessons.line import after
from cycles.lessons.models import Lesson, LessonMove, Offer
from cycles.prepared import GivenSet, Prepared, asking, someone
from debriefs.record.models import Contribution, Debrief, Produced

What = LessonMove.What
TOLD = (What.TAKEN_UP, What.DECLINED, What.EMBEDDED, What.LAPSED)
READ, ECHOES = 200, 3


@dataclass
class Echo:
    """You learned, and what became of it."""

    lesson: Lesson
    said_on: date
    changed: str = ""
    waiting: str = ""


def lessons_of(user):
    """The newest lessons this person noted, or that came of a debrief they were in or wrote for."""
    return _lessons().rows(**asking(user))


@cache
def _lessons():
    user = someone()
    there = Debrief.present.through.objects.filter(user=user, debrief=OuterRef("debrief"))
    wrote = Contribution.objects.filter(author=user, pk=OuterRef("contribution"))
    fed = Produced.objects.filter(lesson=OuterRef("pk")).filter(Exists(there) | Exists(wrote))
    mine = Lesson.objects.filter(Q(by=user) | Exists(fed)).order_by("-pk")
    return Prepared(mine.values_list("pk", flat=True)[:READ])


def echoes(user):
    """What others did with them, also where another cycle passed them on; what became normal comes first."""
    mine = lessons_of(user)
    rows = _told().rows(**asking(user), lessons=after(mine)) if mine else []
    told = sorted((_echo(lesson) for lesson in rows), key=lambda echo: not echo.changed)
    return told[:ECHOES]


@cache
def _told():
    user = someone()
    news = LessonMove.objects.filter(lesson=OuterRef("pk"), what__in=TOLD, offer__isnull=False).exclude(by=user)
    news = news.order_by("-at", "-pk").values(
        news=JSONObject(what="what", words="words", team=F("offer__to__team__name"), offer="offer")
    )
    return Prepared(
        Lesson.objects.visible_to(user)
        .filter(pk__in=GivenSet("lessons"))
        .annotate(news=Subquery(news[:1]))
        .exclude(news=None)
        .order_by("-pk")[: ECHOES * 4]
    )


def _echo(lesson):
    news, echo = lesson.news, Echo(lesson, lesson.noticed_on)
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


def waiting_words(user):
    """One quiet line for the team and the steward of a cycle to which a lesson was offered; empty without one."""
    count = _waiting().count(**asking(user))
    if not count:
        return ""
    return "A lesson waits for your answer." if count == 1 else f"{count} lessons wait for your answer."


@cache
def _waiting():
    user = someone()
    mine = Q(to__team__in=user.rights.teams) | Q(to__steward=user, to__place__in=user.rights.stewards)
    return Prepared(Offer.objects.to_cycles_of(user).waiting().filter(mine).order_by().values("pk"))
