from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from cycles.asking import ask
from debriefs.learning import actions
from debriefs.learning.forms import SpeakForm
from debriefs.learning.queries import statements_to_speak_to
from debriefs.record.models import DebriefAnswer


def speak(request, pk):
    """An answer of one's own team's debrief speaks for or against what we think we learned."""
    answers = DebriefAnswer.objects.visible_to(request.user)
    answer = get_object_or_404(
        answers.select_related("debrief__team", "debrief__cycle", "contribution", "question"), pk=pk
    )
    statements = statements_to_speak_to(answer.debrief)
    if not statements.exists():
        raise PermissionDenied("This cycle has not said yet what it thinks it learned. Say it on the cycle’s page.")
    return ask(
        request,
        SpeakForm(request.POST or None, statements=statements),
        lambda said: (
            actions.speak_to(debrief=answer.debrief, answer=answer, by=request.user, **said) and answer.debrief
        ),
        title="This speaks to what we think we learned",
        lede=answer.text,
        button="Put it there",
        said="Put there. Only your team reads the words; everyone who sees the statement reads that it is open again.",
        back=answer.debrief.get_absolute_url(),
        back_label=str(answer.debrief),
        readers=f"{answer.debrief.team}.",
    )
