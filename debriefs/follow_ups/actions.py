"""Who does what was asked in a debrief, by when, and what became of it."""

from django.db import transaction
from django.utils import timezone

from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.refusals import ChangedMeanwhile
from debriefs.record.models import FollowUp


@transaction.atomic
def arrange(*, follow_up, version, owner, due_on, by):
    """Someone of the team takes it, for a day; either may be left open."""
    row = FollowUp.objects.select_for_update(of=("self",)).select_related("debrief__place").get(pk=follow_up.pk)
    if row.version != version:
        raise ChangedMeanwhile("Someone arranged this while you were. Theirs is beside yours.", row)
    is_news = owner is not None and owner not in (by, row.owner) and row.state == FollowUp.State.TO_DO
    row.owner, row.due_on = owner, due_on
    row.version += 1
    row.save(update_fields=["owner", "due_on", "version"])
    if is_news:
        tell(
            users=[owner],
            place=row.debrief.place,
            kind=Notice.Kind.FOLLOW_UP,
            subject_ref=row.pk,
            key=f"follow-up-{row.pk}-{row.version}",
        )
    return row


@transaction.atomic
def decline(*, follow_up, because, by):
    """Not doing it, and why: whoever asked can read the reason on the debrief."""
    row = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    row.state, row.because = FollowUp.State.NO_NEED, because
    row.answered_by, row.answered_on = by, timezone.localdate()
    row.save(update_fields=["state", "because", "answered_by", "answered_on"])
    return row
