"""A team's debriefs one after the other, and one thread of words through them."""

from datetime import timedelta
from itertools import groupby

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import Prefetch
from django.utils import timezone

from debriefs.record.models import Debrief, DebriefAnswer

A_PAGE = 10
MOST = 200  # answers of one thread


def entries(team, user, before=None):
    """Ten debriefs that were held, newest first, with what was said; `before` is where an older page begins."""
    held = Debrief.objects.visible_to(user).filter(team=team, state__in=[Debrief.State.HELD, Debrief.State.WRITTEN_UP])
    if before:
        held = held.filter(planned_for__lt=before)
    said = DebriefAnswer.objects.visible_to(user).select_related("question").order_by("question__order", "pk")
    rows = held.order_by("-planned_for", "-pk").select_related("cycle")
    return list(rows.prefetch_related(Prefetch("answers", queryset=said, to_attr="said"))[: A_PAGE + 1])


def thread(team, user, words):
    """Each answer of the team that holds the words, oldest first, in months: [(first of the month, answers)]."""
    query = SearchQuery(words, config="english", search_type="websearch")
    found = (
        DebriefAnswer.objects.visible_to(user)
        .filter(search=query, debrief__team=team)
        .annotate(
            snippet=SearchHeadline(
                "text", query, config="english", start_sel="", stop_sel="", max_words=40, min_words=20
            )
        )
        .select_related("debrief", "question")
        .order_by("-debrief__planned_for", "-pk")[:MOST]
    )
    return [(month, list(some)) for month, some in groupby(reversed(found), key=_month)]


def _month(answer):
    return timezone.localtime(answer.debrief.planned_for).date().replace(day=1)


def by_month(months):
    """In how many debriefs of each month it came up, months without it too: [(words, count)]."""
    if not months:
        return []
    found = {month: len({answer.debrief_id for answer in some}) for month, some in months}
    month, last, rows = months[0][0], months[-1][0], []
    while month <= last:
        rows.append((f"{month:%b}", found.get(month, 0)))
        month = (month + timedelta(days=31)).replace(day=1)
    return rows
