import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cycles.people import audit
from cycles.people.models import Team
from hls.htmx import htmx_partial
from hls.leadership import actions, permissions, sheets
from hls.leadership.facts import asks, counts, learning, leverage, voices
from hls.leadership.forms import AskForm, DiscussedForm, ScheduleForm
from hls.leadership.models import Summary, SummarySchedule
from hls.limits import ANY, limited

SINCE = {"3": "Last 3 months", "6": "Last 6 months", "12": "Last 12 months", "": "From the start"}
LATELY, LISTED = 3, 30


def place_of(request):
    """The place whose overview is open: that of the front door, or the only one. Out of sight is 404."""
    places = request.user.rights.sees_overview
    if not places:
        raise Http404
    if request.acting and request.acting.place_id in places:
        return request.acting.place_id
    return min(places)


def months_back(today, months):
    month = today.year * 12 + today.month - 1 - (months - 1)
    return today.replace(year=month // 12, month=month % 12 + 1, day=1)


@require_GET
def overview(request):
    """Decisions asked first, then how issues flow, sit and wait, and the questions we measure by."""
    today = timezone.localdate()
    place = learning.learning(place_of(request))
    since = request.GET.get("since", "")
    since = since if since in SINCE else ""
    flow = counts.flow(place.pk, months_back(today, int(since)) if since else None).as_facts()
    waits = counts.waits(place.pk, today)
    asked = [asks.ask_fact(move, today) for move in asks.first_asked(place.pk, LATELY + 1)]
    facts = {
        "flow": flow,
        "waits": waits,
        "middle_wait": counts.middle_wait(waits),
        "measures": learning.measure_facts(place),
        "changed": [asks.change_fact(r, today) for r in asks.new_normals(place, LATELY)],
    }
    return TemplateResponse(
        request,
        "leadership/overview.html",
        {
            "place": place,
            "around": learning.around_words(place),
            "story": learning.first_story(place),
            "facts": facts,
            "asked": asked[:LATELY],
            "more_asked": len(asked) > LATELY,
            "since": since,
            "since_choices": SINCE.items(),
            "my_teams": request.user.rights.teams,
            "steward": place.pk in request.user.rights.stewards,
            **sheets.drawings(facts),
        },
    )


@require_GET
def decisions(request):
    """All that leadership groups are asked and have answered; barriers, and points of leverage, by themselves."""
    today = timezone.localdate()
    place = place_of(request)
    only_barriers = bool(request.GET.get("barrier"))
    only_leverage = bool(request.GET.get("leverage"))
    only = ("is_barrier",) * only_barriers + ("is_leverage",) * only_leverage
    asked = asks.first_asked(place, LISTED, only)
    made = asks.newest_decisions(place, LISTED, only)
    return TemplateResponse(
        request,
        "leadership/decisions.html",
        {
            "asked": [asks.ask_fact(move, today) for move in asked],
            "made": [asks.decision_fact(decision, today) for decision in made],
            "only_barriers": only_barriers,
            "only_leverage": only_leverage,
            "levers": leverage.held(request.user, place, today) if only_leverage else [],
            "my_teams": request.user.rights.teams,
            "steward": place in request.user.rights.stewards,
        },
    )


# ------------------------------------------------------------------ packs


def groups_of(place):
    return Team.objects.filter(place=place, kind=Team.Kind.LEADERSHIP)


@require_http_methods(["GET", "POST"])
@limited("summary", 20, 3600)
def summaries(request):
    """The packs so far, newest first; and a way to ask for one now."""
    place = place_of(request)
    today = timezone.localdate()
    if request.method == "POST":
        form = AskForm(request.POST, teams=groups_of(place))
        if form.is_valid():
            return redirect(actions.ask_for_pack(by=request.user, **form.cleaned_data))
    else:
        first = {"period_start": months_back(today, 3), "period_end": today, "client_id": uuid.uuid4()}
        form = AskForm(teams=groups_of(place), initial=first)
    groups = list(groups_of(place).select_related("summary_schedule"))
    return TemplateResponse(
        request,
        "leadership/summaries.html",
        {
            "form": form,
            "groups": [
                {
                    "team": team,
                    "schedule": getattr(team, "summary_schedule", None),
                    "can_schedule": permissions.can_schedule(request.user, team),
                }
                for team in groups
            ],
            "summaries": Summary.objects.visible_to(request.user)
            .filter(place=place)
            .select_related("team")
            .defer("pdf", "agenda")
            .order_by("-asked_at", "-pk")[:LISTED],
        },
        status=422 if form.is_bound else 200,
    )


def seen_summary(request, pk):
    rows = Summary.objects.visible_to(request.user).select_related("team", "place").defer("pdf")
    return get_object_or_404(rows, pk=pk)


@htmx_partial("pack")
@require_GET
def summary(request, pk):
    """One pack as it stood on its day; while it is being built, how far it is."""
    return _summary_page(request, seen_summary(request, pk), DiscussedForm())


def _summary_page(request, summary, form, status=200):
    context = {
        "summary": summary,
        "form": form,
        "can_discuss": permissions.can_discuss(request.user, summary),
        "theirs": "",
    }
    if summary.state == Summary.State.READY:
        gone = voices.taken_back(summary.agenda)
        facts = voices.without(summary.agenda, gone)
        context |= {"facts": facts, "paper": False, "lost_a_voice": bool(gone), **sheets.drawings(facts)}
    return TemplateResponse(request, "leadership/summary.html", context, status=status)


@require_GET
@limited("export", 20, 60, methods=ANY)
def summary_pdf(request, pk):
    """The paper. Refused, with words, while it still holds what someone took back."""
    summary = seen_summary(request, pk)
    if summary.state != Summary.State.READY or not summary.pages or voices.taken_back(summary.agenda):
        return redirect(summary)
    audit.note("export", by=request.user, place=summary.place, on=summary)
    name = f"summary-{summary.team.slug}-{summary.period_end.isoformat()}.pdf"
    return HttpResponse(
        bytes(summary.pdf),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


@require_POST
@limited("summary", 20, 3600)
def summary_again(request, pk):
    summary = seen_summary(request, pk)
    actions.try_again(summary=summary, by=request.user)
    return redirect(summary)


@require_POST
def summary_discussed(request, pk):
    """ "Discussed" closes it. Whoever writes second is shown both texts."""
    summary = seen_summary(request, pk)
    if not permissions.can_discuss(request.user, summary):
        raise PermissionDenied
    form = DiscussedForm(request.POST)
    if not form.is_valid():
        return _summary_page(request, summary, form, status=422)
    try:
        actions.note_discussed(summary=summary, words=form.cleaned_data["discussed_words"])
    except actions.SaidAlready:
        return _summary_page(request, summary, form, status=409)
    messages.success(request, "Written down. This summary is closed.")
    return redirect(summary)


@require_http_methods(["GET", "POST"])
def summary_schedule(request, team):
    """When a group's pack is built by itself."""
    team = get_object_or_404(groups_of(place_of(request)), pk=team)
    if not permissions.can_schedule(request.user, team):
        raise PermissionDenied
    schedule = SummarySchedule.objects.filter(team=team).first()
    form = ScheduleForm(request.POST or None, instance=schedule)
    if request.method == "POST" and form.is_valid():
        actions.set_schedule(team=team, by=request.user, **form.cleaned_data)
        messages.success(request, "Kept.")
        return redirect("summaries")
    return TemplateResponse(
        request,
        "leadership/schedule.html",
        {"form": form, "team": team},
        status=422 if form.is_bound else 200,
    )
