"""Make, change, pause and take up a team's rhythm. What was planned from it follows in the same transaction."""

from django.db import transaction
from django.utils import timezone

from cycles.people.models import Team
from cycles.refusals import ChangedMeanwhile, Refused
from debriefs.plans.follow import deal_again, follow_plans
from debriefs.plans.models import DebriefPlan, PlanPhase, RotaTurn
from debriefs.record.models import Debrief

FIELDS = (
    "kind",
    "cycle",
    "cadence",
    "days",
    "starts_on",
    "time",
    "minutes",
    "remind_before",
    "where",
    "recorder",
    "holidays",
)


@transaction.atomic
def make_plan(*, team, by, phases=(), rota=(), **words):
    """`phases`: later rhythms as (first day, cadence); `rota`: the people who take turns to record, in order."""
    if words["cycle"].team_id != team.pk:
        raise Refused("Choose a Learning Cycle of this team.", "cycle")
    Team.objects.select_for_update(of=("self",), no_key=True).get(pk=team.pk)  # two presses at once make one plan
    same = {name: words[name] for name in ("cycle", "cadence", "days", "time", "starts_on")}
    same["kind"] = words.get("kind", DebriefPlan.Kind.REGULAR)
    if before := DebriefPlan.objects.filter(is_active=True).filter(team=team, **same).first():
        return before  # the same plan sent twice is one plan
    plan = DebriefPlan.objects.create(team=team, by=by, **words)
    _set_phases(plan, phases)
    _set_rota(plan, rota)
    follow_plans(now=timezone.now())
    return plan


@transaction.atomic
def edit_plan(*, plan, version, by, phases=None, rota=None, **changes):
    """Change the rhythm from now on. Debriefs that someone has begun to write stay where they are."""
    row = _lock(plan, version)
    if changes.get("cycle") and changes["cycle"].team_id != row.team_id:
        raise Refused("Choose a Learning Cycle of this team.", "cycle")
    for name in FIELDS:
        if name in changes:
            setattr(row, name, changes[name])
    _save(row, by)
    if phases is not None:
        _set_phases(row, phases)
    coming = Debrief.objects.to_come(timezone.now()).filter(plan=row)
    coming.update(where=row.where, cycle=row.cycle, kind=row.kind)
    is_new_rota = rota is not None and _set_rota(row, rota)
    if not row.rota.exists():
        coming.update(recorder=row.recorder, rota_recorder=None)
    follow_plans(now=timezone.now())
    if is_new_rota and rota:
        deal_again(row, now=timezone.now())
    return row


def _set_phases(plan, phases):
    plan.phases.all().delete()
    PlanPhase.objects.bulk_create(PlanPhase(plan=plan, from_on=day, cadence=cadence) for day, cadence in phases)


def _set_rota(plan, people):
    """Whether that changed anything."""
    wanted = [user.pk for user in people]
    if wanted == list(plan.rota.values_list("user", flat=True)):
        return False
    plan.rota.all().delete()
    RotaTurn.objects.bulk_create(RotaTurn(plan=plan, user_id=pk, order=at) for at, pk in enumerate(wanted))
    return True


@transaction.atomic
def skip_day(*, plan, day, is_off, by):
    """No debrief on that day, or one after all. Sent twice it changes nothing more."""
    row = DebriefPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    days = {*row.days_off, day} if is_off else set(row.days_off) - {day}
    if days != set(row.days_off):
        row.days_off = sorted(one for one in days if one >= timezone.localdate())
        _save(row, by)
        follow_plans(now=timezone.now())


@transaction.atomic
def set_running(*, plan, version, is_active, by, until=None):
    """Pause, for good or until a day, or take up again. Reminders that were not sent yet go with the pause."""
    row = _lock(plan, version)
    row.is_active = is_active
    row.paused_until = None if is_active else until
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
