"""The drill's app with a short lease, so that a kill costs the suite seconds and not a minute."""

from datetime import timedelta

from celery.signals import worker_process_init

from hls.notices.drill_app import app

__all__ = ["app"]


@worker_process_init.connect(weak=False)
def lease_for_seconds(**kwargs):
    from hls.notices import sending

    sending.LEASE, sending.MARGIN = timedelta(seconds=12), timedelta(seconds=3)
