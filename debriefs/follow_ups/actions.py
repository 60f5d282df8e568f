"""Who does what was asked in a debrief, by when, and what became of it."""

from django.db import transaction
from django.utils import timezone

from cycles.refusals import ChangedMeanwhile
from debriefs.record.models import FollowUp


@transaction.atomic
def arrange(*, follow_up, version, owner, due_on, by):
    """Someone of the team takes it, for a day; either may be left open."""
    row = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if row.version != version:
        raise ChangedMeanwhile("Someone arranged this while you were. Theirs is beside yours.", row)
    row.owner, row.due_on = owner, due_on
    row.version += 1
    row.save(update_fields=["owner", "due_on", "version"])
    return row


@transaction.atomic
def decline(*, follow_up, because, by):
    """Not doing it, and why: whoever asked can read the reason on the debrief."""
    row = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    row.state, row.because = FollowUp.State.NO_NEED, because
    row.answered_by, row.answered_on = by, timezone.localdate()
    row.save(update_fields=["state", "because", "answered_by", "answered_on"])
    return row
