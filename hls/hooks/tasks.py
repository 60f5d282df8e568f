from time import monotonic

from celery import shared_task
from django.utils import timezone

from hls.hooks import sending

LONGEST = 200  # well inside the task's hard limit; what is left is found by the next wake-up


@shared_task
def send_hooks():
    """Send what is due. Any number of these may run at once."""
    began, tired = monotonic(), set()
    while monotonic() - began < LONGEST:
        told = sending.send_one(timezone.now(), leave=tired)
        if told is None:
            return
        hook, has_arrived = told
        if not has_arrived:
            tired.add(hook)


@shared_task
def forget_hook_messages():
    sending.forget_old(timezone.now())
