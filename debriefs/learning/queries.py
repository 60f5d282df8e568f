"""What other floors ask: the words of a debrief behind a piece of evidence, for its team alone."""

from cycles.statements.models import Statement
from debriefs.learning.models import SpokeTo


def statements_to_speak_to(debrief):
    """What the debrief's cycle thinks it learned and has not set aside; what is open again first."""
    return Statement.objects.filter(cycle=debrief.cycle_id).held().in_order()


def words_behind(evidence, user):
    """{evidence id: (debrief, words)} of those whose debrief is this person's own team's."""
    threads = SpokeTo.objects.visible_to(user).filter(evidence__in=[row.pk for row in evidence])
    return {
        thread.evidence_id: (thread.debrief, thread.answer.text if thread.answer else "")
        for thread in threads.select_related("debrief", "answer")
    }


def spoken_from(contribution):
    """{prompt's question: [threads]} of what these notes said of it already, for their author."""
    found = {}
    if contribution is not None:
        for thread in SpokeTo.objects.filter(contribution=contribution).select_related("evidence__statement"):
            found.setdefault(thread.question_id, []).append(thread)
    return found


def spoken_in(debrief, user):
    """What this debrief said of what we think we learned, for the page of the debrief."""
    threads = SpokeTo.objects.visible_to(user).filter(debrief=debrief, evidence__taken_back_on=None)
    return threads.select_related("evidence__statement")
