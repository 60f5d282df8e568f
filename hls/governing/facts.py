"""What can be seen beside a question before anyone answers it: counts of learning and of change, never of people."""

from django.db.models import Count, Q

from cycles.lessons.models import Lesson
from cycles.measures.models import Reading
from cycles.statements.models import Statement
from cycles.stories.models import Story
from hls.governing.models import Account, Voice
from hls.look.words import day
from issues.log.models import Issue, Response

State = Response.State


def facts_for(user, cycle, last):
    """{question key: lines}, from what this reader sees; `last` is the review before this one, if any."""
    since = last.held_on if last else None
    return {
        "governing.lessons": _lessons(user, cycle, since),
        "governing.integrity": _statements(user, cycle),
        "governing.infrastructure": _issues(user, cycle),
        "governing.purpose": _told(user, cycle),
        "governing.account": _accounts(cycle, since),
        "governing.evaluation": _voices(cycle, Voice.Kind.CHECKING),
        "governing.boundary": _voices(cycle, Voice.Kind.LEFT_OUT),
    }


def _many(n, one, more):
    return f"{n:,} {one if n == 1 else more}"


def _lessons(user, cycle, since):
    newer = Q(noticed_on__gte=since) if since else Q()
    found = (
        Lesson.objects.visible_to(user)
        .filter(cycle=cycle)
        .order_by()
        .aggregate(
            all=Count("pk"), new=Count("pk", filter=newer), normal=Count("pk", filter=Q(embedded_on__isnull=False))
        )
    )
    if not found["all"]:
        return ["No learning noted yet that you can see"]
    since_words = f", {found['new']:,} since the last review" if since else ""
    lines = [f"{_many(found['all'], 'piece', 'pieces')} of learning{since_words}"]
    return [*lines, f"{found['normal']:,} became normal somewhere"] if found["normal"] else lines


def _statements(user, cycle):
    found = (
        Statement.objects.visible_to(user)
        .filter(cycle=cycle)
        .order_by()
        .aggregate(all=Count("pk"), again=Count("pk", filter=Q(state=Statement.State.REOPENED)))
    )
    if not found["all"]:
        return []
    lines = [f"{_many(found['all'], 'statement', 'statements')} of what we think we learned"]
    return [*lines, f"{found['again']:,} open again, because something spoke against it"] if found["again"] else lines


def _issues(user, cycle):
    around = Q(status=Issue.Status.OPEN) & ~Q(system_change_state__in=[State.AGREED, State.IN_PLACE])
    found = (
        Issue.objects.visible_to(user)
        .filter(cycle=cycle)
        .order_by()
        .aggregate(normal=Count("pk", filter=Q(system_change_state=State.IN_PLACE)), around=Count("pk", filter=around))
    )
    return [
        f"{_many(found['normal'], 'new normal', 'new normals')}. "
        f"{_many(found['around'], 'open issue', 'open issues')} with no agreed change"
    ]


def _told(user, cycle):
    readings = Reading.objects.visible_to(user).that_stand().filter(measure__cycle=cycle).order_by()
    asked = readings.aggregate(times=Count("pk"), measures=Count("measure", distinct=True))
    stories = Story.objects.visible_to(user).shared_with_place().filter(cycle=cycle).count()
    lines = []
    if asked["times"]:
        lines.append(
            f"{_many(asked['times'], 'reading', 'readings')} of {_many(asked['measures'], 'measure', 'measures')}"
        )
    lines.append(f"{_many(stories, 'story', 'stories')} told with permission" if stories else "No story told yet")
    return lines


def _accounts(cycle, since):
    found = Account.objects.filter(cycle=cycle)
    found = list((found.filter(given_on__gte=since) if since else found)[:3])
    if not found:
        return [f"No account given yet{', since the last review' if since else ''}"]
    return [f"To {account.to_whom}, {day(account.given_on)}" for account in found]


def _voices(cycle, kind):
    return [f"“{voice.text}”" for voice in Voice.objects.filter(cycle=cycle, kind=kind, answer="")[:3]]
