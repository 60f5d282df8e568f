"""The drill's app with a short lease and a short wait, so that a kill or a refusal costs the suite seconds and not a minute.

The margin is longer than a busy machine stands still: a letter that is begun in time is on its way before the lease ends.
"""

from datetime import timedelta

from celery.signals import worker_process_init

from hls.notices.drill_app import app

__all__ = ["app"]


@worker_process_init.connect(weak=False)
def lease_for_seconds(**kwargs):
    from hls.notices import claiming, sending

    claiming.LEASE, claiming.MARGIN = timedelta(seconds=20), timedelta(seconds=12)
    sending.FIRST_WAIT = timedelta(seconds=1)
