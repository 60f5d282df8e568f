"""The place as a whole: whose lives it learns from, what it asks by measuring, and the story told first. One query."""

from datetime import date
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, Max, OuterRef, Q, Subquery, Window
from django.db.models.functions import Coalesce, JSONObject, RowNumber

from cycles.lives.models import Case
from cycles.measures.models import Measure, Reading
from cycles.people.models import Place, Team
from cycles.prepared import Given, Prepared
from cycles.stack.models import LearningCycle, Scale
from cycles.stories.models import Story
from hls.charts import run_note
from hls.charts.run import TOO_FEW
from hls.leadership.facts.bands import lives_words
from hls.leadership.facts.voices import QUOTE, TOLD, quote_voice, story_voice
from issues.log.models import IssueAccess, Sighting

MEASURES, READINGS = 3, 26  # half a year of weeks fits a chart that can be read
LENS_QUESTION = {"effective": "Is it effective?", "efficient": "Is it efficient?", "sustainable": "Is it sustainable?"}


def _count(rows):
    """A count as one number beside the others, without its own query."""
    return Coalesce(Subquery(rows.order_by().values("place").annotate(n=Count("pk")).values("n")), 0)


def _stories(**where):
    return Story.objects.shared_with_place().filter(**where).order_by("-written_on", "-pk").values(voice=TOLD)


def _quotes(most, **where):
    """The newest quotes of issues that reached leaders: a quote is shared with those who may see its issue.

    Read from the leaders' own access rows, which carry the day of each issue's newest quote (issues/log/order.py).
    """
    reached = IssueAccess.objects.filter(team__kind=Team.Kind.LEADERSHIP, quoted_on__isnull=False, **where)
    newest = reached.values("issue").annotate(on=Max("quoted_on")).order_by("-on", "-issue").values("issue")[:most]
    rows = Sighting.objects.filter(issue__in=newest).exclude(quote="")
    return rows.order_by("-quote_released_on", "-pk").values(voice=QUOTE)[:most]


def _readings():
    """The newest readings of a measure that were not put right since, in order of time."""
    newest = (
        Reading.objects.filter(measure=OuterRef("pk"), corrected_by=None)
        .order_by("-period_start", "-pk")
        .values(
            reading=JSONObject(
                start="period_start",
                value="value",
                words="words",
                n="n",
                up_to="is_upper_bound",
                caveat="caveat",
                source="source",
                origin="origin",
            )
        )[:READINGS]
    )
    return ArraySubquery(newest)


def _measures():
    """Questions that look back for leaders. Those that lead a team's own work stay with the team (DOMAIN.md 22)."""
    return ArraySubquery(
        Measure.objects.filter(cycle__place=OuterRef("pk"), audience=Measure.Audience.LEADERS, retired_on=None)
        .exclude(cycle__scale=Scale.PERSON)
        .annotate(
            newest=_readings(),
            told=ArraySubquery(_stories(cycle=OuterRef("cycle"))[: MEASURES + 1]),
            # One of each lens comes before a second of any.
            turn=Window(RowNumber(), partition_by="lens", order_by="pk"),
            said=ArraySubquery(_quotes(MEASURES + 1, issue__cycle=OuterRef(OuterRef("cycle")))),
        )
        .order_by("turn", *Measure._meta.ordering)
        .values(
            measure=JSONObject(
                id="pk",
                question="question",
                lens="lens",
                unit="unit",
                low="low_words",
                high="high_words",
                readings="newest",
                stories="told",
                quotes="said",
            )
        )[:MEASURES]
    )


def learning(place):
    """One place with all that its overview says besides the log."""
    (found,) = _learning().rows(place=place)
    return found


@cache
def _learning():
    here = Q(place=OuterRef("pk"))
    return Prepared(
        Place.objects.filter(pk=Given("place")).annotate(
            teams=_count(Team.objects.filter(here, kind=Team.Kind.CORE)),
            leaders=ArraySubquery(Team.objects.filter(here, kind=Team.Kind.LEADERSHIP).order_by("pk").values("pk")),
            lives=Coalesce(
                Subquery(
                    Case.objects.filter(cycle__place=OuterRef("pk"))
                    .order_by()
                    .values("cycle__place")
                    .annotate(n=Count("pk"))
                    .values("n"),
                    output_field=IntegerField(),
                ),
                0,
            ),
            purpose=Subquery(
                LearningCycle.objects.filter(here, scale=Scale.PLACE, status=LearningCycle.Status.LIVE)
                .order_by("opened_on", "pk")
                .values("purpose")[:1]
            ),
            story=Subquery(_stories(place=OuterRef("pk"))[:1]),
            quote=Subquery(_quotes(1, team__place=OuterRef(OuterRef("pk")))),
            measures=_measures(),
        )
    )


def around_words(place):
    """Whose learning this is, without a number that could point to anyone."""
    teams = f"{place.teams} core team{'' if place.teams == 1 else 's'}"
    lives = lives_words(place.lives)
    return f"From {teams} and the lives of {lives}." if lives else f"From {teams}."


def first_story(place):
    return story_voice(place.story, place.name) or quote_voice(place.quote)


def measure_facts(place):
    """Each measure with a voice of its own beside it: the story told first, or beside another, is not told again."""
    told = {_key(first_story(place))}
    return [_measure_fact(row, _voice_beside(row, place.name, told)) for row in place.measures]


def _voice_beside(row, place_name, told):
    voices = [story_voice(story, place_name) for story in row["stories"]] + [quote_voice(q) for q in row["quotes"]]
    voice = next((voice for voice in voices if _key(voice) not in told), None)
    told.add(_key(voice))
    return voice


def _key(voice):
    return voice and (voice["kind"], voice["id"])


def _measure_fact(row, voice):
    readings = list(reversed(row["readings"]))
    points = [[_label(r["start"]), float(r["value"]), r["n"]] for r in readings if r["value"] is not None and r["n"]]
    charted = sum(n >= TOO_FEW for _, _, n in points) >= TOO_FEW
    return {
        "id": row["id"],
        "question": row["question"],
        "lens": LENS_QUESTION[row["lens"]],
        "unit": row["unit"],
        "low": row["low"] or "less",
        "high": row["high"] or "more",
        "points": points if charted else [],
        "note": run_note(points) if charted else "",
        "latest": [] if charted else [_reading_words(r, row["unit"]) for r in readings[-3:]],
        "caveat": next((r["caveat"] for r in reversed(readings) if r["caveat"]), ""),
        "demo": any(r["origin"] == "demo" for r in readings),
        "voice": voice,
    }


def _label(iso):
    on = date.fromisoformat(iso)
    return f"{on.day} {on:%b}"


def _reading_words(reading, unit):
    """One reading as a line: what was found, from when, and how many stand behind it."""
    when = f"From {_label(reading['start'])}"
    n = reading["n"]
    if n is not None and 0 < n < TOO_FEW + 2:
        return f"{when}: too few answers to show."
    if reading["value"] is None:
        found = reading["words"].rstrip(".")
    else:
        up_to = "up to " if reading["up_to"] else ""
        found = f"{up_to}{float(reading['value']):,.10g} {unit}".strip()
    return f"{when}: {found}. {'n not stated' if n is None else f'n = {n:,}'}."
