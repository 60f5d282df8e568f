from time import monotonic

from celery import shared_task
from django.utils import timezone

from hls.notices import sending

# Well inside the task's hard limit; what is left is found by the next wake-up.
LONGEST = 200


@shared_task
def send_due():
    """Send what is due, batch after batch. Any number of these may run at once."""
    began = monotonic()
    sending.drop_stale(timezone.now())
    sending.keep_in_app(timezone.now())
    while monotonic() - began < LONGEST and sending.send_batch(timezone.now()):
        pass
    while monotonic() - began < LONGEST and sending.send_digests(timezone.now()):
        pass
