"""The drill's app with the claim switched off: a control, which must be caught sending twice."""

from celery.signals import worker_process_init
from django.utils import timezone

from hls.notices.drill_app import app

__all__ = ["app"]


@worker_process_init.connect(weak=False)
def take_without_claiming(**kwargs):
    from cycles.models import Notice
    from hls.notices import claiming, sending

    def no_claim(now):
        due = Notice.objects.filter(sent_at=None, dropped_at=None, channel="at_once").select_related("user")
        return claiming.Claim(list(due[:50]), timezone.now() + claiming.LEASE)

    sending.claim_at_once = no_claim
