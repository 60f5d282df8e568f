"""Debriefs in a person's own calendar, by an address that only they hold."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar

from cycles.models import Membership
from debriefs.models import CalendarFeed
from debriefs.plans.follow import follow_plans
from tests import factories as f

SUNDAY_NIGHT = datetime(2027, 3, 21, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sunday_night():
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        yield


@pytest.fixture
def plan(here):
    return f.DebriefPlanFactory(
        cycle=here.cycle, cadence="weekly", starts_on=date(2027, 3, 22), time=time(9), minutes=25, where="North hub"
    )


@pytest.fixture
def address(client, here):
    client.force_login(here.worker)
    page = client.post(reverse("debriefs:calendars"), {"team": ""})
    client.logout()
    return page.context["address"].removeprefix("http://testserver")


def events(answer):
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return sorted(Calendar.from_ical(answer.content).walk("VEVENT"), key=lambda event: event.decoded("dtstart"))


def test_a_calendar_reads_three_months_without_signing_in(client, here, plan, address):
    follow_plans(now=SUNDAY_NIGHT)
    found = events(client.get(address))
    assert len(found) == 13, "one that has its row, twelve from the plan, none twice"
    first, second = found[0], found[1]
    assert str(first["summary"]) == f"Debrief, {here.core.name}"
    assert str(first["location"]) == "North hub"
    assert [e.decoded("dtstart").hour for e in (first, second)] == [9, 9], "the wall clock, through the change"
    assert [e.decoded("dtstart").utcoffset().seconds for e in (first, second)] == [0, 3600]
    assert first.decoded("duration").seconds == 25 * 60
    text = client.get(address).content.decode()
    assert "BEGIN:VTIMEZONE" in text
    for name in (here.worker.name, here.worker.email, here.recorder.short_name):
        assert name not in text


def test_an_entry_stays_the_same_when_its_debrief_is_made(client, plan, address):
    before = {str(event["uid"]) for event in events(client.get(address))}
    follow_plans(now=SUNDAY_NIGHT)
    assert {str(event["uid"]) for event in events(client.get(address))} == before


def test_days_off_and_ended_cycles_are_not_in_it(client, here, plan, address):
    plan.days_off = [date(2027, 3, 22)]
    plan.save()
    assert len(events(client.get(address))) == 12
    type(here.cycle).objects.filter(pk=here.cycle.pk).update(
        status="ended", ended_on=date(2027, 3, 20), stopped_reason="Done."
    )
    assert events(client.get(address)) == []


def test_it_follows_the_rights_of_its_person_and_ends_when_they_say(client, here, plan, address):
    Membership.objects.filter(user=here.worker).update(to_on=date(2027, 3, 21))
    assert events(client.get(address)) == []
    Membership.objects.filter(user=here.worker).update(to_on=None)
    client.force_login(here.colleague)
    feed = CalendarFeed.objects.get()
    assert client.post(reverse("debriefs:revoke_feed", args=[feed.pk])).status_code == 404, "only their own"
    client.force_login(here.worker)
    assert client.post(reverse("debriefs:revoke_feed", args=[feed.pk])).status_code == 302
    assert client.get(address).status_code == 404


def test_someone_who_is_no_longer_active_has_no_feed(client, here, plan, address):
    type(here.worker).objects.filter(pk=here.worker.pk).update(is_active=False)
    assert client.get(address).status_code == 404


def test_a_new_address_ends_the_one_before_and_only_its_digest_is_kept(client, here, plan, address):
    token = address.split("/")[-1].removesuffix(".ics")
    assert not CalendarFeed.objects.filter(token_hash=token).exists()
    client.force_login(here.worker)
    again = client.post(reverse("debriefs:calendars"), {"team": ""}).context["address"]
    assert not again.endswith(address)
    assert client.get(address).status_code == 404
    assert CalendarFeed.objects.visible_to(here.worker).count() == 1
    assert token not in client.get(reverse("debriefs:calendars")).content.decode(), "shown once"


def test_a_phone_can_open_the_address_at_once(client, here):
    client.force_login(here.worker)
    page = client.post(reverse("debriefs:calendars"), {"team": ""})
    assert page.context["opens"] == "webcal://" + page.context["address"].removeprefix("http://")
    assert f'href="{page.context["opens"]}"' in page.content.decode()
    assert "webcal:" not in client.get(reverse("debriefs:calendars")).content.decode()


def test_a_one_to_one_is_in_no_calendar(client, here, plan, address):
    from debriefs.one_to_one.actions import open_talk

    before = client.get(address).content.decode().count("BEGIN:VEVENT")
    open_talk(team=here.core, other=here.op_lead, by=here.worker)
    assert client.get(address).content.decode().count("BEGIN:VEVENT") == before > 0


def test_a_team_has_its_own_address_and_no_other_teams(client, here, plan):
    other = f.DebriefPlanFactory(cycle=f.LearningCycleFactory(team=here.working), cadence="weekly", time=time(9))
    Membership.objects.create(
        place=here.place, user=here.worker, team=here.working, role="caseworker", from_on=date(2027, 1, 1)
    )
    client.force_login(here.worker)
    made = client.post(reverse("debriefs:calendars"), {"team": str(here.core.pk)}).context["address"]
    names = {str(event["summary"]) for event in events(client.get(made.removeprefix("http://testserver")))}
    assert names == {f"Debrief, {here.core.name}"}
    assert other.team.name not in names
    assert client.post(reverse("debriefs:calendars"), {"team": str(here.leadership.pk)}).status_code == 404


def test_the_number_of_queries_does_not_grow(client, here, plan, address, django_assert_max_num_queries):
    for _ in range(4):
        f.DebriefPlanFactory(cycle=here.cycle, cadence="daily", time=time(10))
    follow_plans(now=SUNDAY_NIGHT)
    with django_assert_max_num_queries(6):
        assert len(events(client.get(address))) > 300
