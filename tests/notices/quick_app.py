"""The drill's app with a short lease and a short wait, so that a kill or a refusal costs the suite seconds and not a minute."""

from datetime import timedelta

from celery.signals import worker_process_init

from hls.notices.drill_app import app

__all__ = ["app"]


@worker_process_init.connect(weak=False)
def lease_for_seconds(**kwargs):
    from hls.notices import claiming, sending

    claiming.LEASE, claiming.MARGIN = timedelta(seconds=12), timedelta(seconds=3)
    sending.FIRST_WAIT = timedelta(seconds=1)
