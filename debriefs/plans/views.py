from datetime import time

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cycles.people.models import Team, User
from cycles.refusals import ChangedMeanwhile, Refused
from debriefs.plans import actions, permissions, rota
from debriefs.plans.forms import DayOffForm, PauseForm, PlanForm, cycles_of
from debriefs.plans.models import DebriefPlan
from debriefs.record.models import Debrief
from debriefs.record.notes import people_of
from hls.look.words import day, moment


def _teams(user):
    return Team.objects.filter(pk__in=user.rights.teams)


def plans(request):
    """A team's rhythms, and what comes of each next."""
    rows = DebriefPlan.objects.visible_to(request.user).select_related("team", "cycle", "recorder")
    rows = list(rows.prefetch_related("phases", "rota__user"))
    for row in rows:
        row.resting = row.rests(timezone.localdate())
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
        "kind": DebriefPlan.Kind.REGULAR,
        "cadence": DebriefPlan.Cadence.WEEKDAYS,
        "starts_on": timezone.localdate(),
        "time": time(9),
        "minutes": 20,
        "remind_before": 30,
        "holidays": DebriefPlan.Holidays.ENGLAND,
    }


def _own(request, pk):
    rows = DebriefPlan.objects.visible_to(request.user).select_related("team").prefetch_related("phases", "rota")
    row = get_object_or_404(rows, pk=pk)
    if not permissions.can_plan(request.user, row.team):
        raise PermissionDenied
    return row


def _kept(row):
    """The plan as the form asks for it."""
    later = [(phase.cadence, phase.from_on) for phase in row.phases.all()] + [("", None)] * 2
    return {name: getattr(row, name) for name in actions.FIELDS} | {
        "recorder": str(row.recorder_id or ""),
        "rota": [str(turn.user_id) for turn in row.rota.all()],
        **dict(zip(("then", "then_from"), later[0], strict=True)),
        **dict(zip(("at_last", "at_last_from"), later[1], strict=True)),
    }


def plan(request, pk):
    row = _own(request, pk)
    form = PlanForm(request.POST or None, team=row.team, initial=_kept(row))
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
    return _plan_page(request, row, form, status=status, theirs=theirs)


def _plan_page(request, row, form, *, status, theirs=None, day_off=None, pausing=None):
    coming = Debrief.objects.visible_to(request.user).to_come(timezone.now()).filter(plan=row)
    context = {
        "form": form,
        "team": row.team,
        "teams": [],
        "plan": row,
        "theirs": theirs,
        "coming": coming.select_related("recorder").order_by("planned_for")[:5],
        "day_off": day_off or DayOffForm(prefix="off"),
        "pausing": pausing or PauseForm(prefix="pause"),
        "days_off": [day for day in row.days_off if day >= timezone.localdate()],
        "rests": row.rests(timezone.localdate()),
    }
    return TemplateResponse(request, "debriefs/plan.html", context, status=status)


@require_POST
def day_off(request, pk):
    """Skip one day of a plan, or put it back."""
    row = _own(request, pk)
    form = DayOffForm(request.POST, prefix="off")
    if not form.is_valid():
        return _plan_page(request, row, PlanForm(team=row.team, initial=_kept(row)), status=422, day_off=form)
    is_off = request.POST.get("back") != "1"
    actions.skip_day(plan=row, day=form.cleaned_data["day"], is_off=is_off, by=request.user)
    messages.success(request, "No debrief that day." if is_off else "That day is back.")
    return redirect("debriefs:plan", row.pk)


def take_turn(request, pk):
    """Swap who records a debrief: the people of the team as buttons, one press."""
    debrief = get_object_or_404(
        Debrief.objects.visible_to(request.user).select_related("team", "recorder", "plan"), pk=pk
    )
    if not permissions.can_plan(request.user, debrief.team):
        raise PermissionDenied
    people = people_of(debrief.team, timezone.localdate(debrief.planned_for))
    me = request.user.pk
    offered = [(pk, label, pk == me) for pk, label, _ in people if pk != debrief.recorder_id]
    context = {"debrief": debrief, "people": sorted(offered, key=lambda one: not one[2])}
    if request.method == "POST":
        chosen = User.objects.filter(pk__in=[pk for pk, *_ in people if str(pk) == request.POST.get("user")]).first()
        if chosen is None:
            context["error"] = "Choose someone of the team."
            return TemplateResponse(request, "debriefs/turn.html", context, status=422)
        return _taken(request, debrief, chosen)
    return TemplateResponse(request, "debriefs/turn.html", context)


def _taken(request, debrief, chosen):
    try:
        given = rota.take_turn(debrief=debrief, user=chosen, by=request.user)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(debrief)
    words = "You record it." if chosen == request.user else f"{chosen.get_short_name()} records it."
    if given:
        words += f" {given.recorder.get_short_name()} takes {moment(given.planned_for)} instead."
    messages.success(request, words)
    return redirect("debriefs:list")


@require_POST
def pause(request, pk):
    """Pause a plan, for good or until a day, or take it up again."""
    row = _own(request, pk)
    form = PauseForm(request.POST, prefix="pause")
    if not form.is_valid():
        return _plan_page(request, row, PlanForm(team=row.team, initial=_kept(row)), status=422, pausing=form)
    is_active, until = request.POST.get("run") == "1", form.cleaned_data["until"]
    try:
        actions.set_running(plan=row, version=_version(request), is_active=is_active, by=request.user, until=until)
    except ChangedMeanwhile:
        form.add_error("until", "Someone changed this plan meanwhile. Press again if you still want this.")
        return _plan_page(request, row, PlanForm(team=row.team, initial=_kept(row)), status=409, pausing=form)
    messages.success(request, _what_follows(is_active, until))
    return redirect("debriefs:plans")


def _what_follows(is_active, until):
    if is_active:
        return "It goes on."
    if until:
        return f"Paused. It goes on by itself on {day(until)}."
    return "Paused. Nobody is reminded until you start it again."


def _version(request):
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1
