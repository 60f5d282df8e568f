"""The drill's app with the claim switched off: a control, which must be caught sending twice."""

from hls.notices.drill_app import app
from hls.notices.tasks import send_due

__all__ = ["app", "send_due"]


@app.on_after_finalize.connect
def take_without_claiming(sender, **kwargs):
    from django.utils import timezone

    from cycles.models import Notice
    from hls.notices import sending

    def no_claim(now):
        due = Notice.objects.filter(sent_at=None, dropped_at=None, channel="at_once").select_related("user")
        return sending.Claim(list(due[:50]), timezone.now() + sending.LEASE)

    sending.claim_at_once = no_claim
