"""For a talk without a screen: a sheet to print, and one page to type it in from afterwards."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cycles.questions.wording import in_words_of
from cycles.refusals import Refused
from debriefs.paper.actions import enter_sheet
from debriefs.paper.forms import PaperForm
from debriefs.plans.forms import cycles_of
from debriefs.record.models import Debrief, FollowUp
from debriefs.record.notes import NEXT, PROMPTS, name_of, people_of, words_of
from debriefs.record.views import team_of
from debriefs.record.write import find


def _questions(team):
    keys = PROMPTS[Debrief.Kind.REGULAR]
    found = {question.key: question for question in in_words_of(team.place_id, None, key__in=keys)}
    return [found[key] for key in keys if key in found]


@require_safe
def sheet(request, pk=None):
    """One side of A4: for a debrief that is planned, or for any."""
    debrief = find(request, pk) if pk else None
    team, _teams = (debrief.team, []) if debrief else team_of(request)
    page = {
        "debrief": debrief,
        "team": team,
        "people": [label for _, label, _ in people_of(team, timezone.localdate())],
        "questions": _questions(team),
        "audiences": FollowUp.Audience.labels,
    }
    return TemplateResponse(request, "debriefs/paper/sheet.html", page)


def enter(request):
    team, teams = team_of(request)
    if not cycles_of(team).exists():
        return TemplateResponse(request, "debriefs/no_cycle.html", {"team": team, "teams": teams})
    questions = _questions(team)
    people = people_of(team, timezone.localdate())
    first = {"on": timezone.localdate(), "present": [str(request.user.pk)], "cycle": cycles_of(team).first()}
    form = PaperForm(request.POST or None, team=team, questions=questions, people=people, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            debrief = enter_sheet(
                team=team,
                cycle=form.cleaned_data["cycle"],
                on=form.cleaned_data["on"],
                said=form.said(),
                words=words_of(request.POST),
                questions=questions,
                client_id=form.cleaned_data["client_id"],
                by=request.user,
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, f"Kept and shared. {team} can read it now.")
            return redirect(debrief)
    page = {
        "form": form,
        "team": team,
        "teams": [one for one in teams if one != team],
        "boxes": [form[name_of(question)] for question in questions],
        "next": [form[name] for name in NEXT],
    }
    return TemplateResponse(request, "debriefs/paper/enter.html", page, status=422 if form.errors else 200)
