from datetime import time

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cycles.people.models import Team
from cycles.refusals import ChangedMeanwhile, Refused
from debriefs.plans import actions, permissions
from debriefs.plans.forms import PlanForm, cycles_of
from debriefs.plans.models import DebriefPlan
from debriefs.record.models import Debrief


def _teams(user):
    return Team.objects.filter(pk__in=user.rights.teams)


def plans(request):
    """A team's rhythms, and what comes of each next."""
    rows = DebriefPlan.objects.visible_to(request.user).select_related("team", "cycle", "recorder")
    return TemplateResponse(request, "debriefs/plans.html", {"plans": rows, "teams": list(_teams(request.user))})


def new_plan(request):
    teams = _teams(request.user)
    if not teams:
        raise PermissionDenied("Debriefs are planned by people in a team.")
    asked = request.POST.get("team") or request.GET.get("team")
    team = _named(teams, asked) if asked else _own_team(request, teams)
    if not cycles_of(team).exists():
        return TemplateResponse(request, "debriefs/no_cycle.html", {"team": team, "teams": teams})
    form = PlanForm(request.POST or None, team=team, initial=_first_words())
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_plan(team=team, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, "Planned. Everyone in the team gets a reminder before each debrief.")
            return redirect("debriefs:plans")
    context = {"form": form, "team": team, "teams": [t for t in teams if t != team], "plan": None}
    return TemplateResponse(request, "debriefs/plan.html", context, status=422 if form.errors else 200)


def _named(teams, asked):
    """Compared as text: what is sent may be no number, or one too long to be read as one."""
    if team := next((team for team in teams if str(team.pk) == asked), None):
        return team
    raise Http404


def _own_team(request, teams):
    acting = request.acting.team_id if request.acting else None
    return next((team for team in teams if team.pk == acting), teams[0])


def _first_words():
    return {
        "cadence": DebriefPlan.Cadence.WEEKDAYS,
        "starts_on": timezone.localdate(),
        "time": time(9),
        "minutes": 20,
        "remind_before": 30,
    }


def plan(request, pk):
    row = get_object_or_404(DebriefPlan.objects.visible_to(request.user).select_related("team"), pk=pk)
    if not permissions.can_plan(request.user, row.team):
        raise PermissionDenied
    kept = {name: getattr(row, name) for name in actions.FIELDS} | {"recorder": str(row.recorder_id or "")}
    form = PlanForm(request.POST or None, team=row.team, initial=kept)
    status, theirs = 200, None
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_plan(plan=row, version=_version(request), by=request.user, **form.cleaned_data)
        except ChangedMeanwhile as changed:
            form.add_error(None, str(changed))
            theirs, status = row, 409
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, "Changed, from the next debrief on.")
            return redirect("debriefs:plans")
    if form.errors and status == 200:
        status = 422
    coming = (
        Debrief.objects.visible_to(request.user).to_come(timezone.now()).filter(plan=row).order_by("planned_for")[:5]
    )
    context = {
        "form": form,
        "team": row.team,
        "teams": [],
        "plan": row,
        "theirs": theirs,
        "coming": coming[:5],
    }
    return TemplateResponse(request, "debriefs/plan.html", context, status=status)


@require_POST
def pause(request, pk):
    """Pause a plan, or take it up again."""
    row = get_object_or_404(DebriefPlan.objects.visible_to(request.user).select_related("team"), pk=pk)
    if not permissions.can_plan(request.user, row.team):
        raise PermissionDenied
    try:
        is_active = request.POST.get("run") == "1"
        actions.set_running(plan=row, version=_version(request), is_active=is_active, by=request.user)
    except ChangedMeanwhile as changed:
        messages.warning(request, str(changed))
    else:
        messages.success(
            request, "It goes on." if is_active else "Paused. Nobody is reminded until you start it again."
        )
    return redirect("debriefs:plans")


def _version(request):
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1
