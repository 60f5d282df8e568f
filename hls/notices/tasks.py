from time import monotonic

from celery import shared_task
from django.utils import timezone

from hls import notify
from hls.notices import came_back, sending, waiting

# Well inside the task's hard limit; what is left is found by the next wake-up.
LONGEST = 200


@shared_task
def send_due():
    """Send what is due, batch after batch. Any number of these may run at once."""
    began = monotonic()
    sending.drop_stale(timezone.now())
    senders = sending.wanted(timezone.now())
    if not senders:
        return
    sending.keep_in_app(timezone.now())
    with sending.paced() as may_go_on:
        if not may_go_on:
            return
        for send in senders:
            while monotonic() - began < LONGEST and send(timezone.now()):
                pass


@shared_task
def tell_what_waits():
    """Once an hour; each step of each thing that waits is told once, so running it again tells nothing more."""
    waiting.tell_what_waits(now=timezone.now())


@shared_task
def look_for_undelivered():
    """Ask Notify what it could not deliver. It answers with the newest only, so this runs often."""
    if notify.is_on():
        came_back.note(now=timezone.now())
