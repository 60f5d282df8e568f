from celery import shared_task
from django.utils import timezone

from issues.sheets.models import Upload


@shared_task
def forget_uploads():
    """What was read of a file is kept for a day. Safe to run twice."""
    Upload.objects.stale(timezone.now()).delete()
