"""What a reader chooses from above the log: their own views as chips, and the cycles they may narrow to.

One query for both, however many there are: the log is asked for all day.
"""

from functools import cache
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject

from cycles.prepared import Asking, Given, Prepared, asking, someone
from cycles.stack.models import LearningCycle
from hls.addresses import address
from issues.log.filters import Asked
from issues.saved.models import SavedView

CYCLES_MOST, CHIPS_MOST = 100, 5


class Choices(NamedTuple):
    cycles: list[tuple[int, str]]
    views: list[dict[str, Any]]


def choices_of(user, place):
    """To ask for them. Lives are no cycles to narrow to."""
    return Asking(_prepared(place is not None), _choices, **asking(user), place=place and place.pk)


def _choices(rows):
    ((cycles, views),) = rows
    return Choices([(cycle["pk"], cycle["title"]) for cycle in cycles], views)


def chips(views, asked, saved=None):
    """(words, address, whether it is open) of a few: open by its own address, or as what was asked is the same.

    One that is open stands here too, whoever keeps it and however many come before it.
    """
    shown = {view["pk"]: view["name"] for view in views}
    here = saved.pk if saved else _same(views, asked)
    if saved:
        shown[saved.pk] = saved.name
    return [(name, address("issues:view", pk), pk == here) for pk, name in shown.items()]


def _same(views, asked):
    if asked.is_narrowed or asked.order:
        return next((view["pk"] for view in views if Asked.of(view["asked"]) == asked), None)
    return None


@cache
def _prepared(of_place):
    user = someone()
    here = {"place": Given("place")} if of_place else {}
    cycles = LearningCycle.objects.shared_with(user).filter(**here)
    views = SavedView.objects.visible_to(user).filter(by=user, **here)
    told = {
        "cycles_told": ArraySubquery(cycles.values(told=JSONObject(pk="pk", title="title"))[:CYCLES_MOST]),
        "views_told": ArraySubquery(views.values(told=JSONObject(pk="pk", name="name", asked="asked"))[:CHIPS_MOST]),
    }
    return Prepared(get_user_model().objects.filter(pk=user).annotate(**told).values_list(*told))
