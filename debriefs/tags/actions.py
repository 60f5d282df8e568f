"""Tagging an answer with a guide. A tag has no author; twice is once."""

from django.db import transaction

from cycles.refusals import Refused
from debriefs.record.models import Debrief, DebriefAnswer
from debriefs.record.notes import name_of
from debriefs.tags.models import GuideTag

HOWS = GuideTag.How.values
STANDS = "This debrief is written up, so its tags stand. You can still add one."


def keep_ticked(answers, typed):
    """What was ticked beside each answer as notes are shared; the form has checked that these guides may be ticked."""
    GuideTag.objects.bulk_create(
        [
            GuideTag(answer=answer, guide_id=int(guide), how=how)
            for answer in answers
            for how in HOWS
            for guide in typed.get(f"{name_of(answer.question)}-{how}", [])
        ]
    )


@transaction.atomic
def tag_answer(*, answer, helped=(), blocked=()):
    """Afterwards: add what was not ticked at the time. Each keeps its own day."""
    row = DebriefAnswer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    if not helped and not blocked:
        raise Refused("Tick one first.", "helped")
    for how, guides in ((GuideTag.How.HELPED, helped), (GuideTag.How.BLOCKED, blocked)):
        for guide in guides:
            GuideTag.objects.get_or_create(answer=row, guide=guide, how=how)
    return row


@transaction.atomic
def take_off(*, tag):
    """Put a wrong tick right, while the debrief is still being put right. Gone already is gone."""
    row = GuideTag.objects.select_for_update(of=("self",)).select_related("answer__debrief").filter(pk=tag.pk).first()
    if row is None:
        return
    if row.answer.debrief.state == Debrief.State.WRITTEN_UP:
        raise Refused(STANDS)
    row.delete()
