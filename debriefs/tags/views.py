"""Afterwards: say of an answer which rule or principle helped, or stood in the way."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from cycles.asking import AskForm, ask
from cycles.refusals import Refused
from debriefs.record.models import Debrief, DebriefAnswer
from debriefs.tags import actions, permissions
from debriefs.tags.boxes import HOW, guides_to_tag, tag_field
from debriefs.tags.models import GuideTag

WITH_DEBRIEF = ("debrief__team", "debrief__cycle", "debrief__recorder", "contribution", "question")


class TagForm(AskForm):
    """Only what is not ticked yet is offered; a choice is a guide of this cycle or its team."""

    def __init__(self, *args, guides, tagged, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_id = {str(guide.pk): guide for guide in guides}
        for how, label in HOW.items():
            if free := [guide for guide in guides if (guide.pk, how) not in tagged]:
                self.fields[how] = tag_field(label, free)

    def chosen(self):
        return {how: [self.by_id[pk] for pk in self.cleaned_data.get(how, [])] for how in HOW}


def _answer(request, pk):
    answers = DebriefAnswer.objects.visible_to(request.user).select_related(*WITH_DEBRIEF)
    answer = get_object_or_404(answers, pk=pk)
    if not permissions.can_tag(request.user, answer):
        raise PermissionDenied("Whoever said it, or the recorder, can say which rule or principle it is about.")
    return answer


def tag(request, pk):
    answer = _answer(request, pk)
    debrief = answer.debrief
    tags = list(answer.guide_tags.select_related("guide"))
    guides = guides_to_tag(request.user, debrief.cycle)
    form = TagForm(request.POST or None, guides=guides, tagged={(one.guide_id, one.how) for one in tags})
    return ask(
        request,
        form,
        lambda said: actions.tag_answer(answer=answer, **form.chosen()) and None,
        template="debriefs/tags/tag.html",
        title="Did a rule or principle help, or block?",
        button="Keep it",
        said="Kept. It counts for the debrief, never for a person.",
        answer=answer,
        tags=tags,
        may_take_off=debrief.state != Debrief.State.WRITTEN_UP,
        back=debrief.get_absolute_url(),
        back_label=str(debrief),
        readers=f"{debrief.team}. Others who see the rule or principle read only in how many debriefs it came up.",
    )


@require_POST
def take_off(request, pk):
    tags = GuideTag.objects.visible_to(request.user).select_related(*(f"answer__{name}" for name in WITH_DEBRIEF))
    one = get_object_or_404(tags, pk=pk)
    if not permissions.can_tag(request.user, one.answer):
        raise PermissionDenied
    try:
        actions.take_off(tag=one)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "Taken off.")
    return redirect("debriefs:tag", one.answer_id)
