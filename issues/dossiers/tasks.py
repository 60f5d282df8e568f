"""The PDF of a dossier is drawn by a worker, and says of which facts; what has changed since is never handed out."""

from datetime import timedelta

import structlog
from celery import shared_task
from django.db.models import F
from django.utils import timezone

from cycles.notices.actions import quick_connection
from hls import paper
from issues.dossiers import sheets
from issues.dossiers.facts import digest, facts_of, for_outside
from issues.dossiers.models import Dossier

log = structlog.get_logger(__name__)
LEASE = timedelta(seconds=90)
WAIT_AFTER_FAILURE = timedelta(seconds=30)
MOST_TRIES = 3


@shared_task
def make_due():
    """Wake what waits; when the queue was away, this finds it."""
    for pk in Dossier.objects.due(timezone.now()).values_list("pk", flat=True):
        nudge(pk)


def nudge(pk):
    try:
        with quick_connection() as connection:
            make.apply_async((pk,), connection=connection, retry=False)
    except Exception as away:
        log.warning("dossier_not_queued", dossier=pk, why=type(away).__name__)


@shared_task
def make(pk):
    """Draw one. Safe to run twice or beside itself: only one of many sees its claim change a row."""
    now = timezone.now()
    until = now + LEASE
    if not Dossier.objects.due(now).filter(pk=pk).update(claimed_until=until, tries=F("tries") + 1):
        return
    mine = Dossier.objects.filter(pk=pk, claimed_until=until)
    try:
        _draw(mine)
    except Exception as error:  # whatever it was, the row must say so or be tried again
        log.error("dossier_failed", dossier=pk, error=type(error).__name__)
        _give_back(mine)


def _draw(mine):
    dossier = mine.select_related("issue__place", "issue__team").defer("pdf", "issue__search").get()
    facts = for_outside(facts_of(dossier))
    pdf, pages = paper.pdf_of(sheets.on_paper(facts, dossier))
    mine.update(pdf=pdf, pages=pages, pdf_digest=digest(facts), asked_at=None, claimed_until=None, tries=0)


def _give_back(mine):
    if mine.filter(tries__gte=MOST_TRIES).update(asked_at=None, claimed_until=None):
        return
    mine.update(claimed_until=timezone.now() + WAIT_AFTER_FAILURE)
