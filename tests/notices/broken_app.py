"""The drill's app with the claim switched off: a control, which must be caught sending twice."""

import os
import time

from celery.signals import worker_process_init
from django.utils import timezone

from hls.notices.drill_app import app

__all__ = ["app"]
READ = "drill-read"


def wait_for_the_other():
    """Until both workers have read what is due, and neither has sent it: how busy the machine is decides nothing."""
    import redis

    queue = redis.Redis.from_url(os.environ["REDIS_URL"])
    queue.incr(READ)
    until = time.monotonic() + 60
    while int(queue.get(READ)) < 2 and time.monotonic() < until:
        time.sleep(0.02)


@worker_process_init.connect(weak=False)
def take_without_claiming(**kwargs):
    from cycles.models import Notice
    from hls.notices import claiming, sending

    def no_claim(now):
        due = Notice.objects.filter(sent_at=None, dropped_at=None, channel="at_once").select_related("user")
        read = list(due[:50])
        wait_for_the_other()
        return claiming.Claim(read, timezone.now() + claiming.LEASE)

    sending.claim_at_once = no_claim
