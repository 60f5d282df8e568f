"""Questions that are asked again and again, and their dated answers. There is nothing here to hit or miss."""

from django.db import transaction

from cycles.measures.models import Measure, Reading
from cycles.refusals import Refused
from cycles.sent import make_once


def ask_question(*, cycle, question, by, client_id=None, **about):
    measure, _ = make_once(Measure, client_id, cycle=cycle, question=question, **about)
    return measure


def add_reading(*, measure, by, client_id=None, **said):
    reading, _ = make_once(Reading, client_id, measure=measure, by=by, **said)
    return reading


@transaction.atomic
def correct_reading(*, reading, by, client_id=None, **said):
    """The wrong one stays, and the right one points back at it. Each is corrected once; correct the newer one."""
    row = Reading.objects.select_for_update(of=("self",)).get(pk=reading.pk)
    before = Reading.objects.filter(corrects=row).first()
    if before is not None and before.client_id != client_id:
        raise Refused("Someone corrected this already. Correct theirs if it is wrong too.")
    found, _ = make_once(Reading, client_id, measure=row.measure, corrects=row, by=by, **said)
    return found
