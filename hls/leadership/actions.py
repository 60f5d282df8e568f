"""Asking for a pack, saying when one is built by itself, and writing down what was said about it."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from hls.leadership.models import Summary, SummarySchedule


class SaidAlready(Exception):
    """Someone wrote down what was said first. Both texts go back to the writer."""


@transaction.atomic
def ask_for_pack(*, team, period_start, period_end, client_id, by):
    """One row that a worker will build; the same form sent twice is one pack.

    The row is what counts: the queue is only nudged, and a scan finds the row when the queue was away.
    """
    summary, made = Summary.objects.get_or_create(
        key=f"asked-{team.pk}-{client_id}",
        defaults={
            "place_id": team.place_id,
            "team": team,
            "period_start": period_start,
            "period_end": period_end,
            "asked_by": by,
        },
    )
    if made:
        _nudge_later(summary)
    return summary


@transaction.atomic
def try_again(*, summary, by):
    """Build a pack that could not be built, or make the PDF that this machine could not make."""
    unbuilt = Summary.objects.filter(pk=summary.pk, state=Summary.State.FAILED).update(
        state=Summary.State.ASKED, asked_by=by, tries=0, claimed_until=None, progress=""
    )
    paperless = Summary.objects.filter(pk=summary.pk, state=Summary.State.READY, pages=0).update(
        tries=0, claimed_until=None
    )
    if unbuilt or paperless:
        _nudge_later(summary)


def _nudge_later(summary):
    from hls.leadership.tasks import nudge  # the tasks know the actions' rows, so the actions ask late

    transaction.on_commit(partial(nudge, summary.pk))


@transaction.atomic
def set_schedule(*, team, day_of_month, is_active, by):
    schedule, _ = SummarySchedule.objects.update_or_create(
        team=team,
        defaults={"place_id": team.place_id, "day_of_month": day_of_month, "is_active": is_active, "by": by},
    )
    return schedule


def note_discussed(*, summary, words, today=None):
    """ "Discussed" closes a pack. Two people writing at once never overwrite each other."""
    written = Summary.objects.filter(pk=summary.pk, state=Summary.State.READY, discussed_on=None).update(
        discussed_on=today or timezone.localdate(), discussed_words=words
    )
    summary.refresh_from_db(fields=["discussed_on", "discussed_words"])
    if not written and summary.discussed_words != words:
        raise SaidAlready
    return summary


def pack_of_the_month(schedule, *, period_start, period_end):
    """The row for one group and month; the unique key keeps it one, however often the scan runs."""
    summary, made = Summary.objects.get_or_create(
        key=f"month-{schedule.team_id}-{period_end.isoformat()}",
        defaults={
            "place_id": schedule.place_id,
            "team_id": schedule.team_id,
            "period_start": period_start,
            "period_end": period_end,
        },
    )
    return summary if made else None
