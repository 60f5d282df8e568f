"""Questions that are asked again and again, and their dated answers. There is nothing here to hit or miss."""

from django.db import transaction

from cycles.measures.models import Measure, Reading
from cycles.refusals import Refused
from cycles.sent import make_once
from cycles.stack.purposes import purpose_now


def ask_question(*, cycle, question, by, client_id=None, **about):
    """It serves the purpose in force unless it says another."""
    about["serves"] = about.get("serves") or purpose_now(cycle)
    measure, _ = make_once(Measure, client_id, cycle=cycle, question=question, **about)
    return measure


def serve(*, measure, serves, by):
    """Say which way of stating the purpose it serves."""
    measure.serves = serves
    measure.save(update_fields=["serves"])
    return measure


def add_reading(*, measure, by, client_id=None, **said):
    reading, _ = make_once(Reading, client_id, measure=measure, by=by, **said)
    return reading


@transaction.atomic
def correct_reading(*, reading, by, client_id=None, **said):
    """The wrong one stays, and the right one points back at it. Each is corrected once; correct the newer one."""
    # Readings can't be locked, for the app may not update them; their question can.
    Measure.objects.select_for_update().get(pk=reading.measure_id)
    before = Reading.objects.filter(corrects=reading).first()
    if before is not None and before.client_id != client_id:
        raise Refused("Someone corrected this already. Correct theirs if it is wrong too.")
    found, _ = make_once(Reading, client_id, measure=reading.measure, corrects=reading, by=by, **said)
    return found
