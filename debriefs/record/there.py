"""Who was in a debrief: those who are down as present, and whoever shared notes. Told of what came of it, never counted."""

from debriefs.record.models import Contribution, Debrief


def _shared():
    return Contribution.objects.filter(shared_at__isnull=False, deleted_at=None).order_by()


def people_of(debriefs):
    present = Debrief.present.through.objects.filter(debrief__in=debriefs).values("user")
    return present, _shared().filter(debrief__in=debriefs).values("author")


def debriefs_of(user):
    present = Debrief.present.through.objects.filter(user=user).values("debrief")
    return present, _shared().filter(author=user).values("debrief")
