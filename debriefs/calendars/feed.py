"""Debriefs as an iCalendar: when, where and how long. No names, no words."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event

from debriefs.plans.models import DebriefPlan
from debriefs.plans.when import LONDON, moments
from debriefs.record.models import Debrief

BACK, AHEAD = timedelta(days=14), timedelta(days=90)
MINUTES = 20  # a debrief that no plan made


def calendar(teams, *, name, now):
    """The text of the feed for these teams, from two weeks back to three months ahead."""
    found = Calendar()
    found.add("prodid", f"-//{settings.SITE_NAME}//debriefs//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", name)
    found.add("refresh-interval", timedelta(hours=6))
    made = {}
    debriefs = Debrief.objects.filter(team__in=teams, planned_for__range=(now - BACK, now + AHEAD))
    for debrief in debriefs.exclude(kind=Debrief.Kind.HOT).select_related("team", "plan"):
        made[debrief.plan_id, debrief.planned_for] = True
        found.add_component(_of_debrief(debrief, now))
    for plan in _running(teams, now):
        for at in moments(plan, after=now, until=now + AHEAD):
            if (plan.pk, at) not in made:
                found.add_component(_event(_key(plan.pk, at), plan.team, at, plan.minutes, plan.where, now))
    found.add_missing_timezones()
    return found.to_ical()


def _running(teams, now):
    plans = DebriefPlan.objects.filter(team__in=teams).running((now + AHEAD).date()).exclude(cycle__status="ended")
    return plans.select_related("team").prefetch_related("phases")


def _key(plan, at):
    """A debrief keeps its entry when the scan has made its row."""
    return f"plan-{plan}-{at:%Y%m%dT%H%M}"


def _of_debrief(debrief, now):
    key = _key(debrief.plan_id, debrief.planned_for) if debrief.plan_id else f"debrief-{debrief.pk}"
    minutes = debrief.plan.minutes if debrief.plan else MINUTES
    event = _event(key, debrief.team, debrief.planned_for, minutes, debrief.where, now)
    event.add("url", settings.SITE_URL + reverse("debriefs:debrief", args=[debrief.pk]))
    return event


def _event(key, team, at, minutes, where, now):
    event = Event()
    event.add("uid", f"{key}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", now)
    event.add("summary", f"Debrief, {team.name}")
    event.add("dtstart", at.astimezone(LONDON))
    event.add("duration", timedelta(minutes=minutes))
    if where:
        event.add("location", where)
    return event
