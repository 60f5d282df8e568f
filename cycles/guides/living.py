"""Are we living our guides? A team looks at each, by example (DOMAIN.md 28, 64)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cycles.asking import ask
from cycles.drafts.pages import Kept
from cycles.guides import actions, forms, permissions
from cycles.guides.models import Confirmation, Guide
from cycles.guides.views import about_team, team_in_sight
from cycles.questions.models import Question

TITLE = "Are we living our guides?"


def confirm(request, pk, keep=actions.confirm_guides, planned=0):
    """Three prompts over each guide in force; what was said last time stands beside them.

    `keep` is how it is kept: the floor above knows of it as a debrief, and as which one it was `planned`.
    """
    team = _team_to_look(request, pk)
    kept = _kept(request, team)
    if answer := kept.answer():
        return answer
    guides = list(Guide.objects.of_team(team).in_force(timezone.localdate()).in_order().select_related("cycle"))
    prompts = list(Question.objects.in_set("confirm", team.place).worded(team.place))
    form = forms.LivingForm(request.POST or None, initial=kept.words, guides=guides, questions=prompts)
    last = _last_said(request.user, team)

    @transaction.atomic
    def keep_and_forget(said):
        look = keep(team=team, said=form.said(), by=request.user, client_id=said["client_id"])
        kept.done(said["client_id"])
        return look

    return ask(
        request,
        form,
        keep_and_forget,
        template="cycles/guides/confirm.html",
        title=TITLE,
        button="Keep it",
        said="Kept, with today’s date.",
        parts=[(guide, boxes, is_open, last.get(guide.pk, [])) for guide, boxes, is_open in form.parts()],
        team=team,
        kept=kept.beside(form),
        planned=planned or kept.words.get("debrief", ""),
        **about_team(team) | {"readers": f"{team}, and nobody else."},
    )


@require_POST
def confirm_draft(request, pk):
    """What the page sends by itself as someone types."""
    return _kept(request, _team_to_look(request, pk)).typed()


def _team_to_look(request, pk):
    team = team_in_sight(request, pk)
    if not permissions.can_confirm(request.user, team):
        raise PermissionDenied("A look at how a team lives its guides is the team’s own.")
    return team


def _kept(request, team):
    return Kept(
        request,
        f"confirm-{team.pk}",
        called=TITLE,
        url=reverse("cycles:confirm_draft", args=[team.pk]),
        page=reverse("cycles:confirm", args=[team.pk]),
        back=about_team(team)["back"],
        team=team,
    )


def _last_said(user, team):
    """{guide: what the newest look said about it}"""
    newest = Confirmation.objects.visible_to(user).filter(team=team).first()
    said = {}
    for answer in newest.answers.select_related("question") if newest else []:
        answer.on = newest.on
        said.setdefault(answer.guide_id, []).append(answer)
    return said


@require_safe
def confirmation(request, pk):
    look = get_object_or_404(Confirmation.objects.visible_to(request.user).select_related("team__place"), pk=pk)
    worded = {
        q.pk: q.asked for q in Question.objects.in_set("confirm", look.team.place).worded(look.team.place, look.at)
    }
    said = {}
    for answer in look.answers.select_related("guide", "question"):
        answer.asked = worded.get(answer.question_id, answer.question.text)
        said.setdefault(answer.guide, []).append(answer)
    looks = Confirmation.objects.visible_to(request.user).filter(team=look.team).exclude(pk=look.pk)[:12]
    page = {"look": look, "said": list(said.items()), "looks": looks, **about_team(look.team)}
    page["readers"] = f"{look.team}, and nobody else."
    return TemplateResponse(request, "cycles/guides/confirmation.html", page)
