"""A team's rhythm: the wall clock, what is planned from it, and who is reminded."""

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cycles.models import Membership, Notice
from cycles.refusals import ChangedMeanwhile
from debriefs.models import Contribution, Debrief, DebriefPlan
from debriefs.plans.actions import edit_plan, set_running
from debriefs.plans.follow import follow_plans
from debriefs.plans.tasks import plan_debriefs
from debriefs.plans.when import LONDON, moment, moments
from tests import factories as f

MONDAY = date(2027, 3, 22)


def plan_of(**words):
    base = {"cadence": "daily", "time": time(9), "starts_on": MONDAY, "days": []}
    return DebriefPlan(**base | words)


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


def met(plan, after, until):
    return [m.astimezone(LONDON).strftime("%d %H:%M") for m in moments(plan, after=after, until=until)]


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ({}, [22, 23, 24, 25, 26, 27, 28, 29, 30, 31]),
        ({"cadence": "weekdays"}, [22, 23, 24, 25, 26, 29, 30, 31]),
        ({"cadence": "chosen", "days": [1, 5]}, [23, 27, 30]),
        ({"cadence": "weekly"}, [22, 29]),
        ({"cadence": "fortnightly", "starts_on": date(2027, 3, 8)}, [22]),
        ({"cadence": "monthly", "starts_on": date(2027, 1, 31)}, [31]),
        ({"cadence": "monthly", "starts_on": date(2027, 1, 30)}, [30]),
        ({"starts_on": date(2027, 3, 30)}, [30, 31]),
    ],
)
def test_each_cadence_meets_on_its_days(words, days):
    found = moments(plan_of(**words), after=at(2027, 3, 21, 12), until=at(2027, 3, 31, 22))
    assert [m.astimezone(LONDON).day for m in found] == days


def test_monthly_on_the_31st_is_the_last_day_of_a_short_month():
    plan = plan_of(cadence="monthly", starts_on=date(2027, 1, 31))
    assert [m.date() for m in moments(plan, after=at(2027, 2, 1), until=at(2027, 5, 1))] == [
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
    ]


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("minute", [0, 30])
def test_each_time_of_day_happens_once_on_the_days_the_clock_changes(day, hour, minute):
    """All 48 half-hours of both days: each plan meets exactly once, at its wall-clock time where that exists."""
    plan = plan_of(time=time(hour, minute), starts_on=day)
    after = datetime.combine(day, time(0), tzinfo=LONDON) - timedelta(seconds=1)
    found = list(moments(plan, after=after, until=after + timedelta(days=1, hours=2)))
    of_day = [m for m in found if m.astimezone(LONDON).date() == day]
    assert len(of_day) == 1
    here = of_day[0].astimezone(LONDON)
    skipped = day.month == 3 and hour == 1
    assert (here.hour, here.minute) == ((2, minute) if skipped else (hour, minute))


def test_nine_in_london_stays_nine_through_both_changes():
    assert [moment(d, time(9)).hour for d in (date(2027, 3, 27), date(2027, 3, 28))] == [9, 8]
    assert [moment(d, time(9)).hour for d in (date(2027, 10, 30), date(2027, 10, 31))] == [8, 9]


# ------------------------------------------------------------------ what follows from a plan

SUNDAY_NIGHT = at(2027, 3, 21, 20)


@pytest.fixture
def plan(here):
    return f.DebriefPlanFactory(cycle=here.cycle, cadence="daily", starts_on=MONDAY, by=here.worker)


def reminders(**more):
    return Notice.objects.filter(kind="debrief_soon", dropped_at=None, **more)


@pytest.mark.system(24)
def test_a_week_is_planned_and_the_team_reminded_half_an_hour_before(plan, here):
    follow_plans(now=SUNDAY_NIGHT)
    debriefs = Debrief.objects.order_by("planned_for")
    assert [d.planned_for for d in debriefs][:2] == [at(2027, 3, 22, 9), at(2027, 3, 23, 9)]
    assert debriefs.count() == 7
    first = reminders(subject_ref=debriefs[0].pk)
    assert {n.user for n in first} == {here.worker, here.colleague, here.recorder, here.op_lead}
    assert {(n.channel, n.due_at, n.stale_at) for n in first} == {
        ("at_once", at(2027, 3, 22, 8, 30), at(2027, 3, 22, 9))
    }


def test_running_again_changes_nothing(plan):
    follow_plans(now=SUNDAY_NIGHT)
    before = (list(Debrief.objects.values()), list(Notice.objects.values()))
    follow_plans(now=SUNDAY_NIGHT)
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        plan_debriefs()
    assert (list(Debrief.objects.values()), list(Notice.objects.values())) == before


def test_a_leaver_is_not_reminded_and_a_joiner_is(plan, here):
    follow_plans(now=SUNDAY_NIGHT)
    Membership.objects.filter(user=here.colleague).update(to_on=MONDAY)
    new = f.MembershipFactory(team=here.core, from_on=date(2027, 3, 1)).user
    follow_plans(now=SUNDAY_NIGHT)
    first = Debrief.objects.order_by("planned_for").first()
    told = {n.user for n in reminders(subject_ref=first.pk)}
    assert here.colleague not in told
    assert new in told
    Membership.objects.filter(user=here.colleague).update(to_on=None)
    follow_plans(now=SUNDAY_NIGHT)
    assert here.colleague in {n.user for n in reminders(subject_ref=first.pk)}


def test_an_edit_moves_what_is_planned_and_keeps_what_was_begun(plan, here):
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        follow_plans(now=SUNDAY_NIGHT)
        begun = Debrief.objects.order_by("planned_for")[2]
        Contribution.objects.create(
            debrief=begun, author=here.worker, saved_at=SUNDAY_NIGHT, draft={"words": {"now": "x"}}
        )
        edit_plan(plan=plan, version=1, by=here.worker, time=time(16), remind_before=60)
    times = {d.planned_for.hour for d in Debrief.objects.exclude(pk=begun.pk)}
    assert times == {15, 16}  # four o'clock in London, before and after the clocks go forward
    assert Debrief.objects.get(pk=begun.pk).planned_for == begun.planned_for
    first = Debrief.objects.order_by("planned_for").first()
    assert {n.due_at for n in reminders(subject_ref=first.pk)} == {at(2027, 3, 22, 15)}
    assert {n.subject_ref for n in reminders()} <= set(Debrief.objects.values_list("pk", flat=True))


def test_a_pause_takes_the_reminders_back_and_a_start_brings_them_again(plan, here):
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        follow_plans(now=SUNDAY_NIGHT)
        set_running(plan=plan, version=1, is_active=False, by=here.worker)
        assert (Debrief.objects.count(), reminders().count()) == (0, 0)
        set_running(plan=plan, version=2, is_active=True, by=here.worker)
        assert (Debrief.objects.count(), reminders().count()) == (7, 4)


def test_a_stale_edit_is_refused_with_both(plan, here, client):
    edit_plan(plan=plan, version=1, by=here.colleague, where="Hub")
    with pytest.raises(ChangedMeanwhile):
        edit_plan(plan=plan, version=1, by=here.worker, where="Library")
    client.force_login(here.worker)
    words = {
        "cadence": "daily", "time": "10:00", "starts_on": "2027-03-22", "minutes": "20", "remind_before": "30",
        "cycle": here.cycle.pk, "where": "Library", "version": "1",
    }  # fmt: skip
    answer = client.post(reverse("debriefs:plan", args=[plan.pk]), words)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Hub" in page
    assert 'value="Library"' in page
    plan.refresh_from_db()
    assert plan.where == "Hub"


def test_a_debrief_nobody_wrote_is_missed_a_day_later_and_asks_why(here, client):
    planned = at(2027, 3, 22, 9)
    empty = f.DebriefFactory(cycle=here.cycle, planned_for=planned)
    begun = f.DebriefFactory(cycle=here.cycle, planned_for=planned)
    Contribution.objects.create(debrief=begun, author=here.worker, saved_at=planned)
    follow_plans(now=planned + timedelta(hours=23))
    assert set(Debrief.objects.values_list("state", flat=True)) == {"planned"}
    follow_plans(now=planned + timedelta(hours=25))
    empty.refresh_from_db()
    begun.refresh_from_db()
    assert (empty.state, begun.state) == ("missed", "planned")
    client.force_login(here.worker)
    assert "What got in the way?" in client.get(empty.get_absolute_url()).content.decode()
    client.post(reverse("debriefs:missed", args=[empty.pk]), {"words": "Two of us were ill."})
    empty.refresh_from_db()
    assert empty.missed_because == "Two of us were ill."


def test_plan_pages_make_change_and_pause(here, client):
    client.force_login(here.worker)
    words = {
        "cadence": "chosen", "days": ["1", "3"], "time": "16:30", "starts_on": "2027-03-22", "minutes": "20",
        "remind_before": "30", "cycle": here.cycle.pk, "where": "Hub", "team": here.core.pk, "recorder": here.recorder.pk,
    }  # fmt: skip
    for _ in range(2):
        assert client.post(reverse("debriefs:new_plan"), words).status_code == 302
    plan = DebriefPlan.objects.get()
    assert (plan.days, plan.recorder, plan.where) == ([1, 3], here.recorder, "Hub")
    wrong = client.post(reverse("debriefs:new_plan"), words | {"days": [], "time": "25:99", "minutes": "2"})
    assert wrong.status_code == 422
    assert "Choose at least one day." in wrong.content.decode()
    assert "Write a time, like 09:30." in wrong.content.decode()
    for odd in ("9" * 5000, "²", "x", str(f.TeamFactory().pk)):
        assert client.post(reverse("debriefs:new_plan"), words | {"team": odd}).status_code == 404
    foreign = f.LearningCycleFactory()
    assert client.post(reverse("debriefs:new_plan"), words | {"cycle": foreign.pk}).status_code == 422
    client.post(reverse("debriefs:pause_plan", args=[plan.pk]), {"version": "1", "run": "0"})
    plan.refresh_from_db()
    assert plan.is_active is False
    for page in ("plans", "new_plan"):
        assert client.get(reverse(f"debriefs:{page}")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_scans_at_once_plan_each_debrief_once():
    cycle = f.LearningCycleFactory()
    f.MembershipFactory(team=cycle.team)
    f.DebriefPlanFactory(cycle=cycle, cadence="daily", starts_on=MONDAY)
    start = threading.Barrier(4)

    def scan():
        start.wait()
        try:
            follow_plans(now=SUNDAY_NIGHT)
        finally:
            connection.close()

    threads = [threading.Thread(target=scan) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Debrief.objects.count() == 7
    assert Notice.objects.count() == 1
    assert timezone.is_aware(Debrief.objects.first().planned_for)


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=3)])
def test_a_clock_that_jumps_brings_no_flood_and_no_silence(plan, here, settings, jump):
    """Row 48: after a jump only what is due then is sent, nobody twice, and the next one comes."""
    from django.core import mail

    from hls.notices.tasks import send_due

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    morning = at(2027, 3, 22, 8, 31)

    def minute(now):
        with time_machine.travel(now, tick=False):
            plan_debriefs()
            send_due()

    minute(morning)
    assert len(mail.outbox) == 4
    for step in range(3):
        minute(morning + jump + timedelta(minutes=step))
    again = 4 if jump == timedelta(days=3) else 0  # three days on, that morning's own reminder is due
    assert len(mail.outbox) == 4 + again
    later = morning + (jump if again else timedelta(0)) + timedelta(days=1)
    minute(later)
    assert len(mail.outbox) == 8 + again
    assert not Notice.objects.due(later).exists()


# ------------------------------------------------------------------ later rhythms, days off, turns


def test_a_calmer_rhythm_agreed_in_advance_begins_on_its_day(here):
    plan = f.DebriefPlanFactory(cycle=here.cycle, cadence="daily", starts_on=MONDAY, by=here.worker, time=time(9))
    plan.phases.create(from_on=date(2027, 3, 25), cadence="weekly")
    plan.phases.create(from_on=date(2027, 4, 8), cadence="monthly")
    found = [m.date().isoformat()[5:] for m in moments(plan, after=at(2027, 3, 21, 12), until=at(2027, 6, 1))]
    assert found == ["03-22", "03-23", "03-24", "03-25", "04-01", "04-08", "05-08"]


@pytest.mark.parametrize(
    ("nation", "met_on"),
    [("", {26, 29}), ("ENG", set()), ("SCT", {29}), ("NIR", set())],
)
def test_bank_holidays_of_the_nation_chosen_are_skipped(nation, met_on):
    """Good Friday 26 March 2027 closes all nations; Easter Monday does not close Scotland."""
    plan = plan_of(holidays=nation)
    days = {m.day for m in moments(plan, after=at(2027, 3, 25, 12), until=at(2027, 3, 29, 22))}
    assert days == {27, 28} | met_on


def test_a_day_off_takes_its_debrief_and_reminders_away_and_gives_them_back(plan, here, client):
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        follow_plans(now=SUNDAY_NIGHT)
        client.force_login(here.worker)
        page = reverse("debriefs:day_off", args=[plan.pk])
        for _ in range(2):
            assert client.post(page, {"off-day": "2027-03-22"}).status_code == 302
        assert next(d.planned_for.day for d in Debrief.objects.order_by("planned_for")) == 23
        assert "No debrief on 22 March" in client.get(reverse("debriefs:plan", args=[plan.pk])).content.decode()
        client.post(page, {"off-day": "2027-03-22", "back": "1"})
        assert next(d.planned_for.day for d in Debrief.objects.order_by("planned_for")) == 22
        past = client.post(page, {"off-day": "2027-03-20"})
    assert past.status_code == 422
    assert "Choose today or a day to come." in past.content.decode()


def test_a_pause_until_a_day_ends_by_itself(plan, here, client):
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        client.force_login(here.worker)
        words = {"version": "1", "run": "0", "pause-until": "2027-03-25"}
        client.post(reverse("debriefs:pause_plan", args=[plan.pk]), words)
        follow_plans(now=SUNDAY_NIGHT)
    assert [d.planned_for.day for d in Debrief.objects.order_by("planned_for")] == [25, 26, 27, 28]
    plan.refresh_from_db()
    assert plan.rests(date(2027, 3, 24))
    assert not plan.rests(date(2027, 3, 25))


def turns(plan):
    return [d.recorder for d in Debrief.objects.filter(plan=plan).order_by("planned_for")]


@pytest.fixture
def rota(plan, here):
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        edit_plan(plan=plan, version=1, by=here.worker, rota=[here.worker, here.colleague, here.recorder])
    plan.refresh_from_db()
    return plan


def test_the_rota_gives_each_debrief_to_the_next_person(rota, here):
    three = [here.worker, here.colleague, here.recorder]
    assert turns(rota) == (three * 3)[:7]
    follow_plans(now=SUNDAY_NIGHT + timedelta(days=2))
    assert turns(rota) == three * 3, "the scan of a later day goes on where the rota was"


def test_the_rota_passes_over_someone_who_has_left(rota, here):
    Membership.objects.filter(user=here.colleague).update(to_on=MONDAY)
    follow_plans(now=SUNDAY_NIGHT + timedelta(days=3))
    assert turns(rota)[7:] == [here.recorder, here.worker, here.recorder]


def test_two_taps_swap_a_turn_and_the_rota_goes_on(rota, here, client):
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        client.force_login(here.worker)
        first = Debrief.objects.order_by("planned_for").first()
        shown = client.get(reverse("debriefs:take_turn", args=[first.pk])).content.decode()
        assert f'value="{here.recorder.pk}"' in shown
        for _ in range(2):  # pressing twice swaps once
            client.post(reverse("debriefs:take_turn", args=[first.pk]), {"user": here.recorder.pk})
        assert turns(rota)[:3] == [here.recorder, here.colleague, here.worker]
        outsider = client.post(reverse("debriefs:take_turn", args=[first.pk]), {"user": here.leader.pk})
        assert outsider.status_code == 422
    follow_plans(now=SUNDAY_NIGHT + timedelta(days=1))
    assert turns(rota)[7] == here.colleague, "as if nobody had swapped"


def test_the_plan_form_keeps_later_rhythms_and_turns(here, client):
    client.force_login(here.worker)
    words = {
        "cadence": "daily", "time": "09:00", "starts_on": "2027-03-22", "minutes": "20", "remind_before": "30",
        "cycle": here.cycle.pk, "team": here.core.pk, "then": "weekly", "then_from": "2027-05-03",
        "rota": [here.recorder.pk, here.worker.pk], "holidays": "ENG",
    }  # fmt: skip
    assert client.post(reverse("debriefs:new_plan"), words).status_code == 302
    plan = DebriefPlan.objects.get()
    assert list(plan.phases.values_list("from_on", "cadence")) == [(date(2027, 5, 3), "weekly")]
    assert {turn.user for turn in plan.rota.all()} == {here.recorder, here.worker}
    page = client.get(reverse("debriefs:plan", args=[plan.pk])).content.decode()
    assert 'value="2027-05-03"' in page
    for wrong, said in (
        ({"then_from": ""}, "Say from which day."),
        ({"then": ""}, "Say how often from then on."),
        ({"then_from": "2027-03-22"}, "Choose a day after the one before it."),
        ({"then": "chosen"}, "Choose at least one day."),
    ):
        answer = client.post(reverse("debriefs:plan", args=[plan.pk]), words | {"version": "1"} | wrong)
        assert answer.status_code == 422
        assert said in answer.content.decode()
