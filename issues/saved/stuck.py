"""What is stuck: where issues wait, each as a view of the log, and what was raised against what truly changed."""

from datetime import date
from functools import cache

from django.db.models import DateField, Q, Sum
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cycles.prepared import Given, Prepared
from hls.charts import before_after
from issues.log.filters import Asked
from issues.log.models import Level, Response
from issues.log.reading import Reading
from issues.log.tallies import FlowTally
from issues.log.views.asking import insist, place_of

COUNTED_MOST = 1000
MONTHS = 12
PLACES_OF_WAITING = (
    ("no-owner", "Nobody owns it", "No one has said who takes the next step."),
    ("no-countermeasure", "No countermeasure", "Nothing gets round it today, so someone meets it again tomorrow."),
    ("waiting", "Waiting on a reply", "Raised to a group that has not answered yet."),
    ("review", "Review date passed", "A way round was to be looked at again, and was not yet."),
)


@require_safe
def stuck(request):
    """Each reader's counts are of the issues they may see. The whole place's are for those who read its overview."""
    place = place_of(request)
    insist(place is not None)
    views = [_told(request.user, place, *one) for one in PLACES_OF_WAITING]
    sees_place = place.pk in request.user.rights.sees_overview
    context = {"views": views, "changed": _changed(place, timezone.localdate()) if sees_place else None}
    return TemplateResponse(request, "issues/saved/stuck.html", context)


def _told(user, place, view, words, gloss):
    count = Reading(user, Asked(view=view), place).count(COUNTED_MOST + 1)
    return {
        "words": words,
        "gloss": gloss,
        "count": f"More than {COUNTED_MOST:,} issues" if count > COUNTED_MOST else _issues(count),
        "url": f"{reverse('issues:list')}?view={view}",
    }


def _issues(count):
    return {0: "None", 1: "1 issue"}.get(count, f"{count:,} issues")


# --------------------------------------------------------------- raised against truly changed


def _changed(place, today):
    rows = _tallied().rows(place=place.pk, since=_months_back(today))
    months, levels = {}, {}
    for month, level, raised, changed in rows:
        for found, key in ((months, month), (levels, level)):
            before = found.get(key, (0, 0))
            found[key] = (before[0] + (raised or 0), before[1] + (changed or 0))
    names = {level.value: level.label for level in Level} | {None: "Not sure yet"}
    by_month = [(f"{month:%B %Y}", *found) for month, found in sorted(months.items()) if any(found)]
    by_level = [(names[level], *levels[level]) for level in names if any(levels.get(level, ()))]
    return {"by_month": _figure("by-month", "month", by_month), "by_level": _figure("by-level", "level", by_level)}


def _figure(ident, by, rows):
    question = f"Of what was raised, what truly changed? By {by}"
    svg = before_after(f"changed-{ident}", question, rows, words=("raised", "truly changed"))
    table = {"head": [by.capitalize(), "Raised", "Truly changed"], "rows": [list(row) for row in rows]}
    return {"svg": svg, "question": question, "table": table, "is_empty": not rows}


@cache
def _tallied():
    rows = FlowTally.objects.filter(place=Given("place"), month__gte=Given("since", DateField()))
    normal = Sum("n", filter=Q(system_change_state=Response.State.IN_PLACE))
    counted = rows.values("month", "level").annotate(raised=Sum("n"), changed=normal).order_by("month", "level")
    return Prepared(counted.values_list("month", "level", "raised", "changed"))


def _months_back(today):
    first = today.year * 12 + today.month - MONTHS
    return date(first // 12, first % 12 + 1, 1)
