"""The line of a change: back from what is normal now to lessons, debriefs and lives, and on from a note to where it went.

The line is one, whichever end it is opened from. Only what the reader may open is told in words; the rest is counted
in words that point to nothing, and lives are never named.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cycles.lessons.line import after, before
from cycles.lessons.models import Lesson, LessonMove, Offer
from cycles.lessons.views import lesson_in_sight, offer_in_sight
from cycles.lives.models import Case
from cycles.stack.models import Scale
from debriefs.record.models import Debrief, DebriefAnswer, Produced
from hls.charts import trace as draw
from hls.look.words import lives
from hls.pages.unseen import and_more
from issues.groups.models import Decision
from issues.log.models import Issue, IssueMove, Response, Sighting

MOST = 60  # of each kind; a line longer than that is told by its newest
STEPS = (LessonMove.What.RAISED, LessonMove.What.LOWERED)
WAYS = {"vertical": "up", "down": "down", "horizontal": "beside"}


@dataclass
class Row:
    """One thing on the line. `said`: in somebody's own words."""

    words: str
    on: date | None = None
    note: str = ""
    url: str = ""
    said: bool = True
    here: bool = False
    is_done: bool = False


@dataclass
class Station:
    title: str
    rows: list = field(default_factory=list)
    more: str = ""  # what is out of sight, in words

    @property
    def is_there(self):
        return bool(self.rows or self.more)


class Line:
    """Everything on one line, by id, whoever may read it."""

    def __init__(self, lessons=(), issues=(), debriefs=()):
        issues = set(issues)
        joined = Issue.lessons.through.objects
        seeds = set(lessons) | set(joined.filter(issue__in=issues).values_list("lesson", flat=True))
        self.lessons = before(seeds) | after(seeds)
        self.issues = issues | set(joined.filter(lesson__in=self.lessons).values_list("issue", flat=True))
        fed = set(Produced.objects.filter(lesson__in=self.lessons).values_list("debrief", flat=True)) | set(debriefs)
        seen = list(Sighting.objects.filter(issue__in=self.issues).values_list("case", "occasion_ref"))
        self.debriefs = fed | {debrief for _, debrief in seen if debrief}
        talked_about = Q(debriefs__in=fed) | Q(cycle__lessons__in=self.lessons)
        self.lives = set(Case.objects.filter(talked_about).values_list("pk", flat=True))
        self.lives |= {case for case, _ in seen if case}


def stations(user, line, here=None):
    """The line as this reader may see it: [Station], from the lives to what is normal now."""
    lessons, more_lessons = _lessons(user, line)
    issues = list(
        Issue.objects.visible_to(user).filter(pk__in=line.issues).defer("search").order_by("raised_on")[:MOST]
    )
    offers, more_offers = _offers(user, line)
    found = [
        Station("Lives", more=lives(len(line.lives)) if line.lives else ""),
        _debriefs(user, line),
        Station("What was learned", [_lesson_row(lesson) for lesson in lessons], more_lessons),
        Station(
            "What got in the way",
            [_issue_row(issue) for issue in issues],
            and_more(len(line.issues) - len(issues), "an issue of another team", "issues of other teams"),
        ),
        Station("How it travelled", _travelled(lessons, issues, offers), more_offers),
        Station("What was answered", _answered(issues, offers)),
        Station("What is normal now", _normal(user, issues, line)),
    ]
    start = next((row for station in found for row in station.rows if here and row.url == here), None)
    if start:
        start.here = True
    return [station for station in found if station.is_there]


def _debriefs(user, line):
    rows = Debrief.objects.visible_to(user).filter(pk__in=line.debriefs).select_related("team")
    seen = list(rows.order_by("planned_for", "pk")[:MOST])
    hidden = Debrief.objects.filter(pk__in=line.debriefs).exclude(team__in=user.rights.teams).count()
    told = [
        Row(str(row), timezone.localdate(row.planned_for), row.team.name, row.get_absolute_url(), said=False)
        for row in seen
    ]
    return Station("Debriefs", told, and_more(hidden, "a debrief of another team", "debriefs of other teams"))


def _lessons(user, line):
    """Those in sight, and the others in words. One from a life is counted with the lives alone."""
    seen = Lesson.objects.visible_to(user).filter(pk__in=line.lessons).select_related("cycle")
    seen = list(seen.order_by("noticed_on", "pk")[:MOST])
    shared = Lesson.objects.filter(pk__in=line.lessons).exclude(cycle__scale=Scale.PERSON).count()
    hidden = shared - sum(lesson.cycle.scale != Scale.PERSON for lesson in seen)
    return seen, and_more(hidden, "a lesson of another team", "lessons of other teams")


def _lesson_row(lesson):
    where = "From one life" if lesson.cycle.scale == Scale.PERSON else lesson.cycle.title
    return Row(lesson.text, lesson.noticed_on, where, lesson.get_absolute_url())


def _issue_row(issue):
    return Row(issue.description, issue.raised_on, f"Issue {issue.ref}", issue.get_absolute_url())


def _offers(user, line):
    every = Offer.objects.filter(lesson__in=line.lessons).standing()
    seen = list(
        Offer.objects.visible_to(user)
        .filter(pk__in=every.values("pk"))
        .select_related("to__team", "lesson")
        .order_by("pk")[:MOST]
    )
    hidden = every.exclude(pk__in=[offer.pk for offer in seen]).count()
    return seen, and_more(hidden, "one more step out of your sight", "more steps out of your sight")


def _travelled(lessons, issues, offers):
    known = {lesson.pk: lesson for lesson in lessons}
    rows = [
        Row(
            offer.why or offer.text,
            offer.on,
            f"Offered {WAYS[offer.direction]}, to {offer.to.title}",
            offer.get_absolute_url(),
        )
        for offer in offers
        if offer.direction in WAYS
    ]
    for move in LessonMove.objects.filter(lesson__in=known, what__in=STEPS)[:MOST]:
        note = f"{move.get_what_display()}: {move.get_to_level_display().lower()}"
        rows.append(Row(move.words, timezone.localdate(move.at), note, known[move.lesson_id].get_absolute_url()))
    by_pk = {issue.pk: issue for issue in issues}
    moves = IssueMove.objects.filter(issue__in=by_pk).exclude(state__in=["done", "withdrawn"])
    for move in moves.select_related("to_team")[:MOST]:
        note = f"Raised to {move.to_team.name}"
        rows.append(Row(move.why, timezone.localdate(move.at), note, by_pk[move.issue_id].get_absolute_url()))
    return _by_day(rows)


def _answered(issues, offers):
    rows = [
        Row(
            offer.reply or "They gave no words with it.",
            offer.replied_on,
            f"{offer.to.team.name}: {'declined' if offer.state == 'declined' else 'taken up'}",
            offer.get_absolute_url(),
            said=bool(offer.reply),
        )
        for offer in offers
        if offer.direction in WAYS and offer.state != Offer.State.WAITING
    ]
    by_pk = {issue.pk: issue for issue in issues}
    for decision in Decision.objects.filter(issue__in=by_pk).select_related("team")[:MOST]:
        note = f"{decision.team.name}: {decision.get_outcome_display().lower()}"
        rows.append(Row(decision.words, decision.decided_on, note, by_pk[decision.issue_id].get_absolute_url()))
    return _by_day(rows)


def _normal(user, issues, line):
    by_pk = {issue.pk: issue for issue in issues}
    placed = Response.objects.filter(issue__in=by_pk, kind=Response.Kind.SYSTEM_CHANGE, state=Response.State.IN_PLACE)
    rows = [
        Row(row.text, row.in_place_on, by_pk[row.issue_id].ref, by_pk[row.issue_id].get_absolute_url(), is_done=True)
        for row in placed[:MOST]
    ]
    embedded = Offer.objects.visible_to(user).filter(lesson__in=line.lessons, state=Offer.State.EMBEDDED)
    for offer in embedded.select_related("to")[:MOST]:
        words = offer.embedded_words or offer.text
        url = reverse("cycles:lesson", args=[offer.lesson_id]) if offer.direction == "own" else offer.get_absolute_url()
        rows.append(Row(words, offer.embedded_on, offer.to.title, url, is_done=True))
    return _by_day(rows)


def _by_day(rows):
    """Oldest first; what has no day, from before days were kept, comes before."""
    return sorted(rows, key=lambda row: row.on or date.min)


# ------------------------------------------------------------------ pages


@require_safe
def lesson_trace(request, pk):
    shown = lesson_in_sight(request, pk)
    return _page(request, Line(lessons=[shown.pk]), shown.text, "Lesson", shown.get_absolute_url())


@require_safe
def offer_trace(request, pk):
    shown = offer_in_sight(request, pk)
    return _page(request, Line(lessons=[shown.lesson_id]), shown.text, "Offered lesson", shown.get_absolute_url())


@require_safe
def issue_trace(request, ref):
    shown = get_object_or_404(Issue.objects.visible_to(request.user).defer("search"), number=Issue.number_from_ref(ref))
    return _page(request, Line(issues=[shown.pk]), shown.description, shown.ref, shown.get_absolute_url())


@require_safe
def note_trace(request, pk):
    """One note of a debrief, forward: what was made of it, and what became of that."""
    notes = DebriefAnswer.objects.visible_to(request.user).select_related("debrief", "question")
    note = get_object_or_404(notes, pk=pk)
    made = Produced.objects.filter(contribution=note.contribution_id, question=note.question_id)
    made = list(made.values_list("lesson", "sighting__issue"))
    lessons, issues = {pk for pk, _ in made if pk}, {pk for _, pk in made if pk}
    line = Line(lessons, issues, [note.debrief_id] if made else [])
    return _page(request, line, note.text, str(note.debrief), note.debrief.get_absolute_url())


def _page(request, line, words, back_label, back):
    found = stations(request.user, line, here=back)
    page = {
        "words": words,
        "back": back,
        "back_label": back_label,
        "stations": found,
        "svg": draw("trace", [_drawn(station) for station in found]) if found else "",
    }
    return TemplateResponse(request, "cycles/pages/trace.html", page)


def _drawn(station):
    labels = [row.words for row in station.rows]
    return station.title, labels, station.more, any(row.is_done for row in station.rows)
