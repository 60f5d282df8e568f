"""From a debrief to what we think we learned, in one step."""

from django.db import transaction

from cycles.refusals import Refused
from cycles.statements.actions import add_from_debrief
from cycles.statements.models import Statement
from debriefs.learning.models import SpokeTo
from debriefs.record.actions import own_id


@transaction.atomic
def speak_to(*, debrief, statement, side, by, text="", answer=None, notes=None, question=None, client_id=None):
    """Tie what a debrief said to a statement of its cycle. Sent twice, it is once.

    From an answer that is shared, the words stay where they are and are read from there. From notes that are still a
    draft, what is typed goes along. Against it, a statement that stands opens again.
    """
    if statement.cycle_id != debrief.cycle_id or statement.state == Statement.State.SET_ASIDE:
        raise Refused("Choose something this cycle thinks it learned.", "statement")
    if answer is None and not text.strip():
        raise Refused("Say what speaks for or against it. A few words is fine.", "text")
    evidence = add_from_debrief(
        statement=statement, side=side, team=debrief.team, by=by, text=text, client_id=own_id(client_id, by)
    )
    thread, _ = SpokeTo.objects.get_or_create(
        evidence=evidence,
        defaults={
            "debrief": debrief,
            "answer": answer,
            "contribution": answer.contribution if answer else notes,
            "question": answer.question if answer else question,
        },
    )
    return thread
