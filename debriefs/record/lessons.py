"""What debriefs and a lesson know of each other: which fed it, who was in those, and "I saw this too"."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from cycles.people.models import User
from cycles.refusals import Refused
from debriefs.record.models import Contribution, Debrief, Produced

SHOWN = 12


def debriefs_behind(lessons):
    """Every debrief that fed any of these lessons, whoever may read it. Ask `visible_to` before telling of one."""
    fed = Produced.objects.filter(debrief=OuterRef("pk"), lesson__in=lessons)
    return Debrief.objects.filter(Exists(fed))


def people_behind(lessons):
    """Everyone who was in a debrief that fed these lessons, or wrote its notes. Never shown: only to be told."""
    lessons = list(lessons)
    there = Debrief.present.through.objects.filter(user=OuterRef("pk"), debrief__in=debriefs_behind(lessons))
    wrote = Contribution.objects.filter(author=OuterRef("pk"), produced__lesson__in=lessons)
    return User.objects.filter(Exists(there) | Exists(wrote), is_active=True)


def debriefs_to_add(user, lesson):
    """Debriefs this person was in that may have seen it too, the newest first."""
    mine = Q(present=user) | Q(contributions__author=user)
    return (
        Debrief.objects.visible_to(user)
        .filter(mine, state__in=[Debrief.State.HELD, Debrief.State.WRITTEN_UP])
        .exclude(pk__in=debriefs_behind([lesson.pk]).values("pk"))
        .distinct()
        .order_by("-planned_for", "-pk")[:SHOWN]
    )


@transaction.atomic
def see_lesson_too(*, lesson, debrief, by):
    """This debrief saw it as well. Said twice, it is one; what becomes of the lesson comes back to that debrief."""
    Debrief.objects.select_for_update(of=("self",)).get(pk=debrief.pk)
    if before := Produced.objects.filter(debrief=debrief, lesson=lesson).first():
        return before
    was_there = debrief.present.filter(pk=by.pk).exists()
    notes = Contribution.objects.filter(debrief=debrief, author=by, deleted_at=None).first()
    if not was_there and notes is None:
        raise Refused("Choose a debrief that you were in.", "debrief")
    return Produced.objects.create(debrief=debrief, contribution=notes, lesson=lesson)
