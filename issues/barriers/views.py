from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cycles.asking import AskForm, ClientId, ask
from cycles.questions.models import Answer
from issues.barriers import actions
from issues.barriers.seen import BARRIERS, issues_of
from issues.log.forms import SAY_WHAT, level_field, words_field
from issues.log.permissions import cycles_to_raise_in


class BarrierForm(AskForm):
    layouts = {"level": "even"}
    client_id = ClientId()
    description = words_field("What is getting in the way?", 4000, missing=SAY_WHAT, hint="Take names out.")
    level = level_field()


def raise_from_answer(request, pk):
    """From “what gets in the way?” to the issue log, in one step. Raised already, it leads to the issue."""
    answer = get_object_or_404(
        Answer.objects.visible_to(request.user)
        .filter(question__key__in=BARRIERS, cycle__isnull=False)
        .select_related("cycle__team", "question"),
        pk=pk,
    )
    if not cycles_to_raise_in(request.user).filter(pk=answer.cycle_id).exists():
        raise PermissionDenied
    if there := issues_of(request.user, [answer]).get(answer.pk):
        messages.info(request, f"This is in the log already, as {there.ref}.")
        return redirect(there)
    first = {"description": answer.text or answer.example}
    return ask(
        request,
        BarrierForm(request.POST or None, initial=first),
        lambda said: actions.raise_barrier(answer=answer, by=request.user, **said),
        title="Raise it as an issue",
        lede=answer.asked,
        button="Put it in the log",
        said="It is in the log. Your team can see it now.",
        back=reverse("cycles:cycle_question_set", args=[answer.cycle_id, "managing"]),
        back_label="Managing this cycle",
        readers=f"{answer.cycle.team}, the stewards of the place, and any group it is raised to.",
    )
