import structlog
from celery import shared_task
from django.utils import timezone

from issues.talk import store

log = structlog.get_logger(__name__)


@shared_task
def sweep_files():
    """Files whose comment was never written, or is gone. Safe to run twice, or beside writers."""
    if gone := store.sweep(timezone.now()):
        log.info("files_swept", count=gone)
