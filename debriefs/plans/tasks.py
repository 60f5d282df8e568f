from celery import shared_task
from django.utils import timezone

from debriefs.plans.follow import follow_plans


@shared_task
def plan_debriefs():
    """Wake each minute; plans and teams say what must be there. Safe to run twice, or twice at once."""
    follow_plans(now=timezone.now())
