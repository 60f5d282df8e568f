"""What lies beside a question: chosen by hand, each thing with its own readers and its own caveats."""

from dataclasses import dataclass

from django.urls import reverse

from cycles.lessons.models import Lesson
from cycles.measures.drawing import behind, period, said
from cycles.measures.models import Reading
from cycles.statements.models import Statement
from cycles.stories.models import Story
from hls.governing.models import ReviewEvidence
from hls.look.words import day
from issues.log.models import Issue, Response

CHOICES_EACH = 12
TITLES = {
    "lesson": "Learning",
    "statement": "What we think we learned",
    "issue": "Issues, by what was changed",
    "reading": "Answers to measures",
    "story": "Stories",
}
ONE = {
    "lesson": "Learning",
    "statement": "What we think we learned",
    "issue": "Issue",
    "reading": "Answer to a measure",
    "story": "Story",
}
# Which things speak to which question first; any may be laid beside any.
SUITS = {
    "governing.integrity": ("statement", "lesson"),
    "governing.lessons": ("lesson", "statement"),
    "governing.practice": ("issue", "lesson"),
    "governing.infrastructure": ("issue",),
    "governing.purpose": ("story", "reading"),
    "governing.know": ("reading", "statement"),
}


@dataclass
class Laid:
    """One thing as it is read: its words, where it comes from, and what to mind about it."""

    kind: str
    pk: int
    text: str
    url: str
    meta: str = ""
    caveat: str = ""
    is_demo: bool = False
    evidence: int = 0  # the row that laid it here

    @property
    def title(self):
        return ONE[self.kind]


def seen_by(user, kind):
    """What this reader may open, by its own rule. A story stays only while its teller lets the place read it."""
    found = {
        "lesson": lambda: Lesson.objects.visible_to(user),
        "statement": lambda: Statement.objects.visible_to(user),
        "reading": lambda: Reading.objects.visible_to(user).that_stand().select_related("measure"),
        "story": lambda: Story.objects.visible_to(user).shared_with_place(),
        "issue": lambda: (
            Issue.objects.visible_to(user).select_related("place").prefetch_related("responses").defer("search")
        ),
    }
    return found[kind]()


def _of_cycle(rows, kind, cycle):
    return rows.filter(**{"measure__cycle" if kind == "reading" else "cycle": cycle})


def choices_for(user, cycle, question, taken):
    """What can be laid beside a question, the kinds that suit it first, the newest of each."""
    first = SUITS.get(question.key, ())
    order = [*first, *(kind for kind in TITLES if kind not in first)]
    found = {}
    for kind in order:
        rows = _of_cycle(seen_by(user, kind), kind, cycle).exclude(pk__in=taken.get(kind, ())).order_by("-pk")
        if things := list(rows[:CHOICES_EACH]):
            found[kind] = things
    return found


def beside(review, user):
    """{question id: what lies there that this reader may open}, and how many more there are for others."""
    rows = list(review.evidence.all())
    seen = {}
    for kind in ReviewEvidence.KINDS:
        if wanted := [getattr(row, f"{kind}_id") for row in rows if getattr(row, f"{kind}_id")]:
            seen |= {(kind, thing.pk): thing for thing in seen_by(user, kind).filter(pk__in=wanted)}
    laid, hidden = {}, {}
    for row in rows:
        kind = next(kind for kind in ReviewEvidence.KINDS if getattr(row, f"{kind}_id"))
        thing = seen.get((kind, getattr(row, f"{kind}_id")))
        if thing is None:
            hidden[row.question_id] = hidden.get(row.question_id, 0) + 1
            continue
        one = as_laid(kind, thing)
        one.evidence = row.pk
        laid.setdefault(row.question_id, []).append(one)
    return laid, hidden


def as_laid(kind, thing):
    return _AS[kind](thing)


def _lesson(lesson):
    return Laid("lesson", lesson.pk, lesson.text, lesson.get_absolute_url(), f"Noticed {day(lesson.noticed_on)}")


def _statement(statement):
    sure = f", {statement.get_sure_display().lower()}" if statement.sure else ""
    meta = f"{statement.get_state_display()}{sure}"
    return Laid(
        "statement", statement.pk, statement.text, statement.get_absolute_url(), meta, is_demo=statement.is_demo
    )


def _story(story):
    told = f"Told by {story.told_by}" if story.told_by else ""
    return Laid("story", story.pk, story.title, story.get_absolute_url(), told, is_demo=story.is_demo)


def _reading(reading):
    """With n, its days, where it comes from, and its own caveat: a number never stands alone."""
    about = [period(reading), f"n: {behind(reading)}"]
    if reading.source:
        about.append(reading.source)
    minds = ["“up to”, so at most"] if reading.is_upper_bound else []
    minds += [reading.caveat] if reading.caveat else []
    return Laid(
        "reading",
        reading.pk,
        f"{reading.measure.question} {said(reading)}",
        reading.measure.get_absolute_url(),
        ". ".join(about),
        ". ".join(minds),
        reading.origin == Reading.Origin.DEMO,
    )


def _issue(issue):
    responses = {response.kind: response for response in issue.responses.all()}
    change, now = responses.get(Response.Kind.SYSTEM_CHANGE), responses.get(Response.Kind.COUNTERMEASURE)
    if change and change.state == Response.State.IN_PLACE:
        meta = f"New normal since {day(change.in_place_on)}: {change.text}"
    elif change and change.state == Response.State.AGREED:
        meta = f"Agreed, not begun: {change.text}"
    elif now:
        meta = f"A way round, no agreed change yet: {now.text}"
    else:
        meta = "Nothing has changed yet"
    return Laid(
        "issue",
        issue.pk,
        f"{issue.ref}: {issue.description}",
        reverse("issues:issue", args=[issue.ref]),
        meta,
        is_demo=issue.is_demo,
    )


_AS = {"lesson": _lesson, "statement": _statement, "story": _story, "reading": _reading, "issue": _issue}
