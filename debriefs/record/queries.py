"""What other rooms ask of the debriefs. Every queryset here is already narrowed to what the person may see."""

from datetime import timedelta
from functools import cache

from django.db.models import DateTimeField, Exists, OuterRef, Q

from cycles.drafts.reading import said_in
from cycles.prepared import Asking, Given, Prepared, asking, someone
from debriefs.record.models import Contribution, Debrief, DebriefAnswer, FollowUp, Produced

STILL_NEXT = timedelta(hours=2)


def next_debrief(user, now):
    """To ask for the one that comes next, or has just begun; None without one."""
    return Asking(_next(), lambda rows: rows[0] if rows else None, **asking(user) | {"now": now})


@cache
def _next():
    return Prepared(debriefs_to_come(someone(), Given("now", DateTimeField()))[:1])


def debriefs_to_come(user, now):
    return (
        Debrief.objects.visible_to(user)
        .filter(state=Debrief.State.PLANNED, planned_for__gte=now - STILL_NEXT)
        .select_related("team", "cycle", "recorder")
        .order_by("planned_for", "pk")
    )


DRAFTS = 10


def newest_drafts(user):
    """To ask for the few that Today shows."""
    return Asking(_newest_drafts(), with_words, **asking(user))


@cache
def _newest_drafts():
    return Prepared(drafts_of(someone())[:DRAFTS])


def drafts_of(user):
    """Notes begun and not shared, newest first; each has `.debrief`, `.saved_at`, and `.debrief.team`.

    Those that can't be shared any more are among them (`is_open`): nothing that someone wrote goes unseen.
    """
    return (
        Contribution.objects.drafts_of(user)
        .with_open(user)
        .exclude(saved_at=None)
        .select_related("debrief", "debrief__team", "debrief__cycle")
        .order_by("-saved_at")
    )


def with_words(drafts):
    """What can't be shared any more is only worth telling of where there is a word in it."""
    return [notes for notes in drafts if notes.is_open or said_in(notes.draft)]


def records_for(user):
    """The teams whose debriefs this person writes up where nobody else was chosen."""
    return user.rights.roles.get("recorder", ())


def debriefs_to_write_up(user):
    """Held, and this person is their recorder: the tray of the recorder, oldest first."""
    return written_up_by(user, records_for(user))


def written_up_by(user, teams):
    return (
        Debrief.objects.visible_to(user)
        .filter(state=Debrief.State.HELD)
        .filter(Q(recorder=user) | Q(recorder=None, team__in=teams))
        .select_related("team", "cycle")
        .order_by("planned_for", "pk")
    )


def said_about(issue, user):
    """The team's own words behind an issue: the answers it was raised from. Empty for anyone outside the team.

    Each answer has `.debrief`, `.question` and `.text`; never show who wrote it outside the debrief.
    """
    behind = Produced.objects.filter(
        sighting__issue=issue, contribution=OuterRef("contribution"), question=OuterRef("question")
    )
    return (
        DebriefAnswer.objects.visible_to(user)
        .filter(Exists(behind))
        .select_related("debrief", "debrief__team", "question")
        .order_by("-debrief__planned_for", "-pk")
    )


def debriefs_of_cycle(cycle, user):
    """Debriefs about one cycle that this person's teams held, newest first."""
    return (
        Debrief.objects.visible_to(user)
        .filter(cycle=cycle, state__in=[Debrief.State.HELD, Debrief.State.WRITTEN_UP])
        .select_related("team")
        .order_by("-planned_for", "-pk")
    )


def follow_ups_for(user, audience=None):
    """What was asked for and not answered yet, newest first; `audience` is one of FollowUp.Audience."""
    asked = FollowUp.objects.visible_to(user).filter(state=FollowUp.State.TO_DO)
    if audience:
        asked = asked.filter(audience=audience)
    return asked.select_related("debrief", "debrief__team").order_by("-debrief__planned_for", "pk")
