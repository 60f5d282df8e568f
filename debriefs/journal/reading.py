"""A team's debriefs one after the other, words found in them, and one thread of words through them."""

from itertools import groupby

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import F, FloatField, Prefetch, Q, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from cycles.guides.models import ConfirmationAnswer
from debriefs.record.models import Addition, BeliefNote, Debrief, DebriefAnswer, FollowUp

A_PAGE = 10
FOUND = 20  # answers of one page of what was found
MOST = 200  # answers of one thread
# Signs that nobody types stand round the words that were looked for, until the text is safe to show.
BEGIN, END = "\x02", "\x03"
BY_LENGTH = 1  # a short answer that says it counts for more than a long one that mentions it


def entries(team, user, before=None):
    """Ten debriefs that were held, newest first, with what was said; `before` is (moment, pk) of the one above."""
    held = Debrief.objects.visible_to(user).filter(team=team, state__in=[Debrief.State.HELD, Debrief.State.WRITTEN_UP])
    if before:
        moment, pk = before
        held = held.filter(Q(planned_for__lt=moment) | Q(planned_for=moment, pk__lt=pk))
    rows = held.order_by("-planned_for", "-pk").select_related("cycle", "confirmation")
    return list(rows.prefetch_related(*_pieces(user))[: A_PAGE + 1])


def _pieces(user):
    """What belongs to a debrief: answers, belief, what was to happen, what was added later."""
    answers = DebriefAnswer.objects.visible_to(user).select_related("question").order_by("question__order", "pk")
    pieces = [
        ("answers", answers, "said"),
        ("belief_notes", BeliefNote.objects.visible_to(user).order_by("pk"), "believed"),
        ("follow_ups", FollowUp.objects.visible_to(user).order_by("pk"), "next"),
        ("additions", Addition.objects.visible_to(user).order_by("at", "pk"), "later"),
    ]
    looks = ConfirmationAnswer.objects.select_related("guide", "question")  # a look is seen with its debrief
    return [
        *(Prefetch(name, queryset=rows, to_attr=to) for name, rows, to in pieces),
        Prefetch("confirmation__answers", queryset=looks),
    ]


def _query(words):
    return SearchQuery(words, config="english", search_type="websearch")


def _holding(team, user, query):
    """Answers of the team that hold the words, each with the piece of it that does."""
    piece = SearchHeadline("text", query, config="english", start_sel=BEGIN, stop_sel=END, max_words=40, min_words=20)
    found = DebriefAnswer.objects.visible_to(user).filter(search=query, debrief__team=team)
    return found.annotate(snippet=piece).select_related("debrief", "question")


def find(team, user, words, after=None):
    """A page of answers and one more, the best match first; `after` is (rank, pk) of the last one shown."""
    query = _query(words)
    rank = Cast(SearchRank(F("search"), query, normalization=Value(BY_LENGTH)), FloatField())
    found = _holding(team, user, query).annotate(rank=rank)
    if after:
        best, pk = after
        found = found.filter(Q(rank__lt=best) | Q(rank=best, pk__lt=pk))
    return [_marked(answer) for answer in found.order_by("-rank", "-pk")[: FOUND + 1]]


def thread(team, user, words):
    """Each answer of the team that holds the words, oldest first, in months: [(first of the month, answers)]."""
    found = _holding(team, user, _query(words)).order_by("-debrief__planned_for", "-pk")[:MOST]
    return [(month, list(some)) for month, some in groupby(map(_marked, reversed(found)), key=_month)]


def _marked(answer):
    """The words that were looked for stand out; all else is escaped."""
    parts = [part.partition(END) for part in answer.snippet.split(BEGIN)]
    (first, _, rest), *others = parts
    answer.snippet = format_html(
        "{}{}",
        first + rest,
        format_html_join("", "<mark>{}</mark>{}", ((word, after) for word, _, after in others)),
    )
    return answer


def _month(answer):
    return timezone.localtime(answer.debrief.planned_for).date().replace(day=1)


COLUMNS = 15  # as many as can carry their words


def by_month(months):
    """In how many debriefs it came up, times without it too: [(short words, words, count)].

    By month; by quarter or year where the months would be too many to draw.
    """
    if not months:
        return []
    found = {month: len({answer.debrief_id for answer in some}) for month, some in months}
    first, last = months[0][0], months[-1][0]
    long = _months_since(first, last) + 1
    stride = next((stride for stride in (1, 3) if long / stride <= COLUMNS - 1), 12)
    begin = first.replace(month=first.month - (first.month - 1) % stride)
    rows = []
    while begin <= last:
        months_in = [_on(begin, more) for more in range(stride)]
        rows.append((*_words(months_in), sum(found.get(month, 0) for month in months_in)))
        begin = _on(begin, stride)
    return rows


def _months_since(first, last):
    return (last.year - first.year) * 12 + last.month - first.month


def _on(month, more):
    """The first of the month so many months on."""
    year, index = divmod(month.month - 1 + more, 12)
    return month.replace(year=month.year + year, month=index + 1)


def _words(months):
    first, last = months[0], months[-1]
    if len(months) == 12:
        return f"{first:%Y}", f"{first:%Y}"
    if first == last:
        return f"{first:%b}", f"{first:%B %Y}"
    return f"{first:%b %y}", f"{first:%B} to {last:%B %Y}"
