"""Make, change, pause and take up a team's rhythm. What was planned from it follows in the same transaction."""

from django.db import transaction
from django.utils import timezone

from cycles.people.models import Team
from cycles.refusals import ChangedMeanwhile, Refused
from debriefs.plans.follow import follow_plans
from debriefs.plans.models import DebriefPlan
from debriefs.record.models import Debrief

FIELDS = (
    "cycle",
    "cadence",
    "days",
    "starts_on",
    "time",
    "minutes",
    "remind_before",
    "where",
    "recorder",
)


@transaction.atomic
def make_plan(*, team, by, **words):
    if words["cycle"].team_id != team.pk:
        raise Refused("Choose a Learning Cycle of this team.", "cycle")
    Team.objects.select_for_update(of=("self",), no_key=True).get(pk=team.pk)  # two presses at once make one plan
    same = {name: words[name] for name in ("cycle", "cadence", "days", "time", "starts_on")}
    if before := DebriefPlan.objects.running().filter(team=team, **same).first():
        return before  # the same plan sent twice is one plan
    plan = DebriefPlan.objects.create(team=team, by=by, **words)
    follow_plans(now=timezone.now())
    return plan


@transaction.atomic
def edit_plan(*, plan, version, by, **changes):
    """Change the rhythm from now on. Debriefs that someone has begun to write stay where they are."""
    row = _lock(plan, version)
    if changes.get("cycle") and changes["cycle"].team_id != row.team_id:
        raise Refused("Choose a Learning Cycle of this team.", "cycle")
    for name in FIELDS:
        if name in changes:
            setattr(row, name, changes[name])
    _save(row, by)
    Debrief.objects.to_come(timezone.now()).filter(plan=row).update(
        where=row.where, recorder=row.recorder, cycle=row.cycle
    )
    follow_plans(now=timezone.now())
    return row


@transaction.atomic
def set_running(*, plan, version, is_active, by):
    """Pause or take up again. Reminders that were not sent yet go with the pause."""
    row = _lock(plan, version)
    row.is_active = is_active
    _save(row, by)
    follow_plans(now=timezone.now())
    return row


def _lock(plan, version):
    row = DebriefPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if row.version != version:
        raise ChangedMeanwhile("Someone changed this plan while you were writing. Theirs is below, beside yours.")
    return row


def _save(row, by):
    row.version += 1
    row.by = by
    row.save()
