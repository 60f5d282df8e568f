"""Reading back: what a team said, and where one theme went."""

from datetime import UTC, datetime

from django.http import Http404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from cycles.people.models import Team
from debriefs.journal.reading import A_PAGE, MOST, by_month, entries, thread
from debriefs.record.forms import SearchForm
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
    rows = entries(team, request.user, _moment(request.GET.get("before", ""))) if team else []
    more, rows = len(rows) > A_PAGE, rows[:A_PAGE]
    context = {
        "team": team,
        "teams": [one for one in teams if one != team],
        "rows": rows,
        "older": f"?team={team.pk}&before={rows[-1].planned_for:{AT}}" if more else "",
        "form": SearchForm(),
    }
    return TemplateResponse(request, "debriefs/journal.html", context)


def _moment(text):
    try:
        return datetime.strptime(text, AT).replace(tzinfo=UTC)
    except ValueError:
        return None


@require_POST
@limited("search", 240, 60)
def theme(request):
    """A POST, because the words someone looks for are words about people."""
    team, _teams = _team(request, request.POST.get("team", ""))
    form = SearchForm(request.POST)
    months = thread(team, request.user, form.cleaned_data["q"]) if team and form.is_valid() else []
    counted = by_month(months)
    context = {
        "team": team,
        "form": form,
        "months": months,
        "found": sum(len(some) for _, some in months),
        "most": MOST,
        "drawing": columns("thread", "In how many debriefs it came up", counted) if len(counted) > 1 else "",
        "table": columns_table(counted, head=("Month", "Debriefs")) if len(counted) > 1 else None,
    }
    return TemplateResponse(request, "debriefs/thread.html", context, status=422 if form.errors else 200)
