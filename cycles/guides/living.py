"""Are we living our guides? A team looks at each, by example (DOMAIN.md 28, 64)."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cycles.asking import ask
from cycles.guides import actions, forms, permissions
from cycles.guides.models import Confirmation, Guide
from cycles.guides.views import about_team, team_in_sight
from cycles.questions.models import Question


def confirm(request, pk, keep=actions.confirm_guides):
    """Three prompts over each guide in force; what was said last time stands beside them.

    `keep` is how it is kept: the floor above knows of it as a debrief.
    """
    team = team_in_sight(request, pk)
    if not permissions.can_confirm(request.user, team):
        raise PermissionDenied("A look at how a team lives its guides is the team’s own.")
    guides = list(Guide.objects.of_team(team).in_force(timezone.localdate()).in_order().select_related("cycle"))
    prompts = list(Question.objects.in_set("confirm", team.place).worded(team.place))
    form = forms.LivingForm(request.POST or None, guides=guides, questions=prompts)
    last = _last_said(request.user, team)
    return ask(
        request,
        form,
        lambda said: keep(team=team, said=form.said(), by=request.user, client_id=said["client_id"]),
        template="cycles/guides/confirm.html",
        title="Are we living our guides?",
        button="Keep it",
        said="Kept, with today’s date.",
        parts=[(guide, boxes, is_open, last.get(guide.pk, [])) for guide, boxes, is_open in form.parts()],
        team=team,
        **about_team(team) | {"readers": f"{team}, and nobody else."},
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
