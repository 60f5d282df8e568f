"""Who is told of a meeting: its group's own members, and whoever brought a case that comes before it.

Each meeting is one line of a letter: what is told of its day takes the place of what was told before.
"""

from datetime import datetime, time

from django.utils import timezone

from cycles.notices.actions import tell, untell
from cycles.notices.models import Notice
from cycles.people.models import User

Kind = Notice.Kind
WHEN = ("on", "begins_at", "where")  # whoever comes at the old ones comes in vain


def members_of(team):
    active = team.memberships.active(timezone.localdate())
    return User.objects.filter(memberships__in=active, is_active=True).distinct()


def begins(meeting):
    """From then on it is no use to be told of its day."""
    return timezone.make_aware(datetime.combine(meeting.on, meeting.begins_at or time.max))


def called(meeting, by):
    _tell_of_its_day(meeting, Kind.MEETING_CALLED, "called", by)


def moved(meeting, by):
    """To another day, hour or room, or off."""
    untell(f"meeting-{meeting.pk}-")
    _tell_of_its_day(meeting, Kind.MEETING_MOVED, f"moved-{meeting.version}", by)
    items = meeting.items.filter(forum_case__isnull=False).select_related("forum_case")
    bringers(meeting, [item.forum_case for item in items], by)


def agenda(meeting, by):
    """That it is there to read; it says the day too, so it takes the place of what was told of that."""
    untell(f"meeting-{meeting.pk}-")
    _tell_of_its_day(meeting, Kind.AGENDA_SENT, f"agenda-{meeting.sent_at:%Y%m%d%H%M%S%f}-{meeting.sent_as[:8]}", by)


def _tell_of_its_day(meeting, kind, what, by):
    if begins(meeting) > timezone.now():
        tell(
            users=members_of(meeting.team).exclude(pk=by.pk),
            place=meeting.place,
            kind=kind,
            subject_ref=meeting.pk,
            key=f"meeting-{meeting.pk}-{what}",
            stale_at=begins(meeting),
        )


def bringers(meeting, forum_cases, by):
    """Whoever brought a case comes along with it, though they are in no group of the forum."""
    if begins(meeting) <= timezone.now():
        return
    for case in forum_cases:
        about = f"case-{case.pk}-meets-{meeting.pk}-"
        untell(about)
        if case.has_consent and case.brought_by_id != by.pk:
            tell(
                users=User.objects.filter(pk=case.brought_by_id, is_active=True),
                place=meeting.place,
                kind=Kind.CASE_AGENDA,
                subject_ref=case.pk,
                key=f"{about}{meeting.version}",
                stale_at=begins(meeting),
            )


def minutes(meeting, by):
    untell(f"meeting-{meeting.pk}-")
    tell(
        users=members_of(meeting.team).exclude(pk=by.pk),
        place=meeting.place,
        kind=Kind.MINUTES_READY,
        subject_ref=meeting.pk,
        key=f"minutes-{meeting.pk}",
    )
