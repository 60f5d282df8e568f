"""Keeps planned debriefs and their reminders in step with the plans and the teams.

Everything is worked out afresh and compared with what is there, so running it twice, or at once from two
places, changes nothing more; unique keys hold even where two runs meet.
"""

from collections import defaultdict
from datetime import timedelta
from functools import partial

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cycles.notices.actions import with_text
from cycles.notices.models import Notice
from cycles.people.models import Membership
from cycles.stack.models import LearningCycle
from debriefs.plans.models import DebriefPlan
from debriefs.plans.rota import deal
from debriefs.plans.when import moments
from debriefs.record.hot import plan_the_unanswered
from debriefs.record.models import Contribution, Debrief, Produced

PLAN_AHEAD = timedelta(days=7)
# A reminder comes at most a day before. Rows are made a little earlier than that, and follow each change of a
# team until they are sent, so a week of them would only be churn.
REMIND_AHEAD = timedelta(hours=26)
MISSED_AFTER = timedelta(days=1)
REMIND_BEFORE = 30  # minutes, for a debrief that no plan made


@transaction.atomic
def follow_plans(*, now):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cairn: follow plans'))")
    plan_the_unanswered(now)
    _follow_debriefs(now)
    _follow_reminders(now)
    return mark_missed(now)


def _untouched(debriefs):
    """Nobody has written a word for them, so they may go."""
    ids = [debrief.pk for debrief in debriefs]
    written = set(Contribution.objects.filter(debrief__in=ids).values_list("debrief", flat=True))
    written |= set(Produced.objects.filter(debrief__in=ids).values_list("debrief", flat=True))
    return [pk for pk in ids if pk not in written]


def _follow_debriefs(now):
    plans = {
        plan.pk: plan
        for plan in DebriefPlan.objects.running(timezone.localdate(now + PLAN_AHEAD))
        .exclude(cycle__status=LearningCycle.Status.ENDED)
        .select_related("team")
        .prefetch_related("phases", "rota")
    }
    wanted = {(pk, at) for pk, plan in plans.items() for at in moments(plan, after=now, until=now + PLAN_AHEAD)}
    there = {
        (debrief.plan_id, debrief.planned_for): debrief
        # What begins this instant is no longer `wanted`, and stays.
        for debrief in Debrief.objects.filter(planned_for__gt=now)
        .to_come(now)
        .exclude(plan=None)
        .only("plan_id", "planned_for")
    }
    if gone := _untouched([debrief for key, debrief in there.items() if key not in wanted]):
        Debrief.objects.filter(pk__in=gone).delete()
    new = [_planned(plans[pk], at) for pk, at in sorted(wanted - set(there))]
    _give_turns(new, [plan for plan in plans.values() if plan.rota.all()])
    Debrief.objects.bulk_create(new, ignore_conflicts=True)


def _planned(plan, at):
    return Debrief(
        place_id=plan.team.place_id,
        team=plan.team,
        cycle_id=plan.cycle_id,
        kind=plan.kind,
        plan=plan,
        planned_for=at,
        where=plan.where,
        recorder_id=plan.recorder_id,
    )


def _give_turns(new, plans):
    """Who records each new debrief, where a team takes turns: after whoever had the turn before it."""
    had = (
        Debrief.objects.filter(plan__in=plans)
        .exclude(rota_recorder=None)
        .order_by("plan", "-planned_for")
        .distinct("plan")
        .values_list("plan", "rota_recorder")
    )
    last = dict(had) if new and plans else {}
    members = _members({plan.team_id for plan in plans}) if new and plans else {}
    for plan in plans:
        order = [turn.user_id for turn in plan.rota.all()]
        deal([one for one in new if one.plan_id == plan.pk], order, last.get(plan.pk), partial(_here, members))


def _here(members, debrief):
    day = timezone.localdate(debrief.planned_for)
    rows = members[debrief.team_id]
    return {user for user, from_on, to_on in rows if from_on <= day and (to_on is None or day < to_on)}


def deal_again(plan, *, now):
    """The rota was changed: what is still to come is dealt afresh, and swaps made before are gone."""
    coming = list(Debrief.objects.to_come(now).filter(plan=plan))
    past = Debrief.objects.filter(plan=plan, planned_for__lt=now).exclude(rota_recorder=None)
    last = past.order_by("-planned_for").values_list("rota_recorder", flat=True).first()
    order = list(plan.rota.values_list("user", flat=True))
    deal(coming, order, last, partial(_here, _members({plan.team_id})))
    Debrief.objects.bulk_update(coming, ["recorder", "rota_recorder"])


def _members(team_ids):
    """Active people of each team, with their dates: {team: [(user, from, to)]}."""
    rows = Membership.objects.filter(team__in=team_ids, user__is_active=True)
    found = defaultdict(list)
    for team, user, from_on, to_on in rows.values_list("team", "user", "from_on", "to_on"):
        found[team].append((user, from_on, to_on))
    return found


def _reminders(now):
    """The reminder that each member should get, by its key."""
    debriefs = list(Debrief.objects.to_come(now).filter(planned_for__lte=now + REMIND_AHEAD).select_related("plan"))
    members = _members({debrief.team_id for debrief in debriefs})
    wanted = {}
    for debrief in debriefs:
        before = debrief.plan.remind_before if debrief.plan else REMIND_BEFORE
        for user in _here(members, debrief):
            # The moment is part of the key: a debrief that is moved is told again, once.
            key = f"debrief-soon-{debrief.pk}-{debrief.planned_for:%Y%m%d%H%M}-{user}"
            wanted[key] = Notice(
                user_id=user,
                place_id=debrief.place_id,
                kind=Notice.Kind.DEBRIEF_SOON,
                channel=Notice.Channel.AT_ONCE,
                key=key,
                subject_ref=debrief.pk,
                due_at=debrief.planned_for - timedelta(minutes=before),
                stale_at=debrief.planned_for,
            )
    return wanted | {text.key: text for text in with_text(list(wanted.values()))}


def _follow_reminders(now):
    wanted = _reminders(now)
    rows = Notice.objects.filter(kind=Notice.Kind.DEBRIEF_SOON, sent_at=None, stale_at__gt=now)
    there = {row.key: row for row in rows.filter(Q(dropped_at=None) | Q(key__in=wanted))}
    unwanted = [row.pk for key, row in there.items() if key not in wanted and row.dropped_at is None]
    Notice.objects.filter(pk__in=unwanted, sent_at=None).update(dropped_at=now)
    back = [row.pk for key, row in there.items() if key in wanted and row.dropped_at]
    Notice.objects.filter(pk__in=back, sent_at=None).update(dropped_at=None)
    moved = [row for key, row in there.items() if key in wanted and row.due_at != wanted[key].due_at]
    for row in moved:
        Notice.objects.filter(pk=row.pk, sent_at=None).update(due_at=wanted[row.key].due_at)
    Notice.objects.bulk_create([n for key, n in wanted.items() if key not in there], ignore_conflicts=True)


def mark_missed(now):
    """A day later with not a word written, it did not happen. That is no fault: the page asks what got in the way.

    The words that a hot debrief was called with are not a talk: nobody could then, and nobody did later.
    """
    written = Contribution.objects.filter(debrief=OuterRef("pk")).exclude(saved_at=None, shared_at=None)
    written = written.exclude(debrief__kind=Debrief.Kind.HOT, author=F("debrief__called_by"))
    return (
        Debrief.objects.filter(state=Debrief.State.PLANNED, planned_for__lt=now - MISSED_AFTER)
        .exclude(Exists(written))
        .update(state=Debrief.State.MISSED)
    )
