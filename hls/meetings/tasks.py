"""Minutes become paper by a worker. The row carries the promise: claimed with a lease, written whole or not at all."""

from datetime import timedelta

import structlog
from celery import shared_task
from django.db.models import F, Q
from django.utils import timezone

from cycles.notices.actions import quick_connection
from hls.meetings import minutes
from hls.paper import NoPdf, pdf_of
from issues.meetings.models import Paper

log = structlog.get_logger(__name__)
LEASE = timedelta(seconds=90)


def _due(now):
    unclaimed = Q(claimed_until=None) | Q(claimed_until__lt=now)
    return Paper.objects.filter(unclaimed, drawn__lt=F("wanted"), tries__lt=Paper.MOST_TRIES)


def nudge(pk):
    """Ask a worker to look. When the queue is away nothing is lost: the scan comes by each minute."""
    try:
        with quick_connection() as connection:
            draw.apply_async((pk,), connection=connection, retry=False)
    except Exception as away:
        log.warning("minutes_not_queued", paper=pk, why=type(away).__name__)


@shared_task
def draw_due():
    for pk in _due(timezone.now()).values_list("pk", flat=True):
        nudge(pk)


@shared_task
def draw(pk):
    """Draw the minutes of one meeting as they stand now. Safe to run twice or beside itself."""
    until = timezone.now() + LEASE
    if not _due(timezone.now()).filter(pk=pk).update(claimed_until=until, tries=F("tries") + 1):
        return
    paper = Paper.objects.select_related("meeting").get(pk=pk)
    try:
        pdf, pages = pdf_of(minutes.on_paper(paper.meeting))
    except NoPdf:
        log.error("minutes_without_pdf", paper=pk)
        return
    # What was wanted meanwhile is drawn the next time round.
    mine = Paper.objects.filter(pk=pk, claimed_until=until)
    mine.update(pdf=pdf, pages=pages, drawn=paper.wanted, claimed_until=None, tries=0)
