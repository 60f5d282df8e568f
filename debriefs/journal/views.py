"""Reading back: what a team said, where words were said, and where one theme went."""

from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cycles.people.models import Team
from debriefs.journal.forms import DayForm, FindForm
from debriefs.journal.reading import A_PAGE, FOUND, MOST, by_month, entries, find, thread
from hls.charts import columns, columns_table
from hls.limits import limited

AT = "%Y%m%dT%H%M%S%f"


def _team(request, asked):
    """The team asked for, else the one whose door is open, else the first of one's own."""
    teams = list(Team.objects.filter(pk__in=request.user.rights.teams).order_by("name", "pk"))
    if asked:
        if team := next((team for team in teams if str(team.pk) == asked), None):
            return team, teams
        raise Http404
    acting = request.acting.team_id if request.acting else None
    return next((team for team in teams if team.pk == acting), teams[0] if teams else None), teams


@require_safe
def journal(request):
    team, teams = _team(request, request.GET.get("team", ""))
    day = DayForm(request.GET if "on" in request.GET else None)
    before = _key(request.GET.get("before", "")) or _end_of(day)
    rows = entries(team, request.user, before) if team else []
    more, rows = len(rows) > A_PAGE, rows[:A_PAGE]
    context = {
        "team": team,
        "teams": teams if len(teams) > 1 else [],
        "rows": rows,
        "older": _older(team, rows[-1]) if more else "",
        "newest": f"?team={team.pk}" if team and before else "",
        "form": FindForm(),
        "day": day,
    }
    return TemplateResponse(request, "debriefs/journal.html", context)


def _older(team, row):
    return "?" + urlencode({"team": team.pk, "before": f"{row.planned_for:{AT}}~{row.pk}"})


def _key(text):
    """Where an older page begins, as (moment, pk); an odd one begins at the top."""
    moment, _, pk = text.partition("~")
    try:
        return datetime.strptime(moment, AT).replace(tzinfo=UTC), _number(pk)
    except ValueError:
        return None


def _number(text):
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise ValueError(text)


def _end_of(day):
    """The first moment after a day of this clock; years that no debrief has count as none."""
    on = day.cleaned_data["on"] if day.is_bound and day.is_valid() else None
    if on is None or not 1970 < on.year < 9000:
        return None
    return timezone.make_aware(datetime.combine(on + timedelta(days=1), time())), 0


@require_POST
@limited("search", 240, 60)
def found(request):
    """A POST, because the words someone looks for are words about people. So is the way to the next page."""
    team, _teams = _team(request, request.POST.get("team", ""))
    form = FindForm(request.POST)
    rows = find(team, request.user, form.cleaned_data["q"], _after(request)) if team and form.is_valid() else []
    more, rows = len(rows) > FOUND, rows[:FOUND]
    context = {
        "team": team,
        "form": form,
        "rows": rows,
        "more": f"{rows[-1].rank!r}~{rows[-1].pk}" if more else "",
        "is_first": not request.POST.get("after"),
    }
    return TemplateResponse(request, "debriefs/found.html", context, status=422 if form.errors else 200)


def _after(request):
    """What the page before ended with, as (rank, pk); an odd one begins at the top."""
    rank, _, pk = request.POST.get("after", "").partition("~")
    try:
        return float(rank), _number(pk)
    except ValueError:
        return None


@require_POST
@limited("search", 240, 60)
def theme(request):
    """Where some words came up, from the first time to the last."""
    team, _teams = _team(request, request.POST.get("team", ""))
    form = FindForm(request.POST)
    months = thread(team, request.user, form.cleaned_data["q"]) if team and form.is_valid() else []
    counted = by_month(months)
    context = {
        "team": team,
        "form": form,
        "months": months,
        "found": sum(len(some) for _, some in months),
        "most": MOST,
        **(_drawing(counted) if len(counted) > 1 else {"drawing": "", "table": None}),
    }
    return TemplateResponse(request, "debriefs/thread.html", context, status=422 if form.errors else 200)


def _drawing(counted):
    return {
        "drawing": columns("thread", "In how many debriefs it came up", [(short, n) for short, _, n in counted]),
        "table": columns_table([(words, n) for _, words, n in counted], head=("When", "Debriefs")),
    }
