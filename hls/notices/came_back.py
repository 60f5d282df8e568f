"""What Notify took and could not deliver: noted on its rows for the place's administrators, told to its reader."""

from django.db import transaction

from cycles.notices.mobile import call_off
from cycles.notices.models import Notice
from hls import notify


@transaction.atomic
def note(*, now):
    """Safe to run again: what is noted already stays as it is."""
    for name, is_for_good in notify.undelivered():
        rows = _rows(name).filter(sent_at__isnull=False)
        new = list(rows.filter(came_back_at=None).values_list("pk", flat=True))
        Notice.objects.filter(pk__in=new).update(came_back_at=now)
        if is_for_good and new:
            texts = Notice.objects.filter(pk__in=new, channel=Notice.Channel.TEXT)
            call_off(texts.values_list("user", flat=True), now)


def _rows(name):
    """The notices of one message: "n-17" a single one, "d-5-20261121" the day's letter of one person, "l-5-…" a late one."""
    what, ident, *rest = name.split("-")
    if what == "n":
        return Notice.objects.filter(pk=int(ident))
    letter = "-".join([{"d": "digest", "l": "late"}[what], ident, *rest])
    return Notice.objects.filter(user=int(ident), letter=letter)
