"""What has been answered: newest, as it stood on a day, or all of it. However many there are, a few queries."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, Subquery

from cycles.questions.models import Answer, Question
from cycles.questions.which import ON_THE_CARD, SETS, kind_of, place_of, questions_in
from cycles.stack.models import Scale

MOST = 900  # of nine questions, a hundred teams and cycles
DAYS = 60  # as many days of answers as the choice of two offers


@dataclass
class Asked:
    """A question as it is asked here, with the newest answer and what the card says already."""

    question: Question
    answer: Answer | None = None
    card: str = ""
    is_on_card: bool = False
    has_earlier: bool = False
    head: str = ""
    remarks: list = field(default_factory=list)
    # What a page puts beside it: the boxes to answer in, addresses, and the issue it became.
    box: dict = field(default_factory=dict)
    history_url: str = ""
    card_url: str = ""
    raise_url: str = ""
    issue: object = None

    @property
    def key(self):
        return self.question.key

    @property
    def words(self):
        """As this place asks it now."""
        return self.question.asked

    @property
    def was_worded(self):
        """How it was asked when it was answered, where that differs from now."""
        return self.answer.asked if self.answer and self.answer.asked != self.question.asked else ""


def of_subject(subject):
    """Every answer that hangs on this cycle, experiment or team."""
    return Answer.objects.filter(**{kind_of(subject): subject})


def answers_for(subject, name, *, on=None):
    """Each question of a set as this place asks it, with its newest answer: two queries, however many answers.

    `on` gives them as they stood at the end of that day. A question the place no longer asks is left out,
    unless it has an answer here.
    """
    found = list(_questions(subject, name, on))
    answers = Answer.objects.select_related("by").in_bulk([q.newest for q in found if q.newest])
    heads = SETS[name].heads if name in SETS else {}
    rows = []
    for question in found:
        row = Asked(question, answers.get(question.newest), has_earlier=question.has_earlier)
        row.head = heads.get(question.key, "")
        _from_card(row, subject)
        rows.append(row)
    return rows


def asked_in(place, name):
    """The questions of a set as a place asks them, before there is anything that they hang on."""
    return [Asked(question) for question in Question.objects.in_set(name, place).worded(place).filter(is_asked=True)]


def _questions(subject, name, on=None):
    place = place_of(subject)
    mine = of_subject(subject).filter(question=OuterRef("pk"))
    if on is not None:
        mine = mine.by_then(on)
    newest = mine.newest_first().values("pk")
    return (
        Question.objects.in_set(questions_in(name, subject), place)
        .worded(place)
        .annotate(newest=Subquery(newest[:1]), has_earlier=Exists(newest[1:2]))
        .filter(Q(is_asked=True) | Q(newest__isnull=False))
    )


def _from_card(row, subject):
    where = ON_THE_CARD.get(row.key)
    if where is None or not hasattr(subject, where):
        return
    said = getattr(subject, where)
    row.is_on_card = True
    row.card = said if isinstance(said, str) else "Yes" if said else ""


def everyone_says(user, name, place):
    """Each question of a set with the newest answer of every team and cycle that this reader sees."""
    rows = asked_in(place, name)
    answers = Answer.objects.visible_to(user).filter(question__in=[row.question.pk for row in rows], experiment=None)
    answers = answers.exclude(cycle__scale=Scale.PERSON).select_related("team", "cycle", "by")
    newest = answers.order_by("question_id", "team_id", "cycle_id", "-on", "-pk").distinct(
        "question_id", "team_id", "cycle_id"
    )[:MOST]
    said = sorted(newest, key=lambda answer: str(answer.subject))
    return [(row, [answer for answer in said if answer.question_id == row.question.pk]) for row in rows]


def history(subject, question):
    """Everything said to one question here, newest first."""
    return of_subject(subject).filter(question=question).newest_first().select_related("by")


def days_of(subject, name):
    """The days on which something of this set was said, newest first."""
    found = of_subject(subject).filter(question__in=_own(subject, name))
    return list(found.order_by("-on").values_list("on", flat=True).distinct()[:DAYS])


def _own(subject, name):
    return Question.objects.in_set(questions_in(name, subject), place_of(subject)).order_by().values("pk")


def between(subject, name, then, now):
    """Each question with what stood on either day; those that neither day had an answer to are left out."""
    before = {row.key: row for row in answers_for(subject, name, on=then)}
    rows = []
    for row in answers_for(subject, name, on=now):
        was = before.get(row.key)
        if row.answer or (was and was.answer):
            rows.append(
                {
                    "row": row,
                    "then": was.answer if was else None,
                    "now": row.answer,
                    "is_same": bool(was and was.answer and row.answer and was.answer.pk == row.answer.pk),
                }
            )
    return rows
