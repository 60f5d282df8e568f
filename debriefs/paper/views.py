"""For a talk without a screen: a sheet to print, and one page to type it in from afterwards."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cycles.drafts.pages import Kept
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
    kept = _kept(request, team)
    if answer := kept.answer():
        return answer
    questions = _questions(team)
    people = people_of(team, timezone.localdate())
    first = {"on": timezone.localdate(), "present": [str(request.user.pk)], "cycle": cycles_of(team).first()}
    form = PaperForm(request.POST or None, team=team, questions=questions, people=people, initial=first | kept.words)
    if request.method == "POST" and form.is_valid():
        try:
            debrief = _enter(request, kept, team, form, questions)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, f"Kept and shared. {team} can read it now.")
            return redirect(debrief)
    page = {
        "form": form,
        "team": team,
        "teams": [one for one in teams if one != team],
        "kept": kept.beside(form),
        "boxes": [form[name_of(question)] for question in questions],
        "next": [form[name] for name in NEXT],
    }
    return TemplateResponse(request, "debriefs/paper/enter.html", page, status=422 if form.errors else 200)


@transaction.atomic
def _enter(request, kept, team, form, questions):
    sent = form.cleaned_data
    debrief = enter_sheet(
        team=team,
        cycle=sent["cycle"],
        on=sent["on"],
        said=form.said(),
        words=words_of(request.POST),
        questions=questions,
        client_id=sent["client_id"],
        by=request.user,
    )
    kept.done(sent["client_id"])
    return debrief


@require_POST
def draft(request):
    """What the page sends by itself as someone types."""
    team, _teams = team_of(request)
    return _kept(request, team).typed()


def _kept(request, team):
    return Kept(
        request,
        f"paper-{team.pk}",
        called="A debrief from paper",
        url=reverse("debriefs:paper_draft"),
        page=f"{reverse('debriefs:paper_enter')}?team={team.pk}",
        back=reverse("debriefs:list"),
        team=team,
    )
