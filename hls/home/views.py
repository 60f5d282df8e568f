"""Where each role lands, and Today: one page for everyone."""

from functools import cache

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cycles.drafts.queries import newest_form_drafts
from cycles.lives.models import Case
from cycles.notices.models import Notice
from cycles.prepared import Asking, Prepared, asking, someone, together
from cycles.questions.due import in_care_of
from debriefs.follow_ups.queries import asked_of
from debriefs.record.queries import newest_drafts, next_debrief
from hls.home import notices, seen
from hls.home.learned import learned
from hls.htmx import htmx_partial
from hls.people import DOORS

LANDS_ON = {
    "caseworker": "today",
    "recorder": "debriefs:list",
    "steward": "issues:triage",
    "leader": "overview",
    "commissioner": "cycles:governing",
    "evidence": "cycles:measures",
    "friend": "cycles:list",
    "place_admin": "people:place",
}
ALONGSIDE = 12


def front_door(request):
    door = DOORS.get(request.acting.role) if request.acting else None
    return redirect(LANDS_ON.get(door, "today"))


@htmx_partial("changed")
@require_GET
def today(request):
    """In one glance: what comes next, what is not sent yet, and what changed because of you."""
    user, now = request.user, timezone.now()
    debrief, (learned_echoes, offered_lessons), drafts, form_drafts, told, people, asked = together(
        next_debrief(user, now),
        learned(user),
        newest_drafts(user),
        newest_form_drafts(user),
        notices.unseen(user),
        Asking(alongside(), **asking(user)),
        asked_of(user, now),
    )
    mine = seen.issues_of(user)
    return TemplateResponse(
        request,
        "home/today.html",
        {
            "now": now,
            "debrief": debrief,
            "starts": starts_words(debrief, now) if debrief else "",
            "drafts": drafts,
            "form_drafts": form_drafts,
            "notices": notices.lines(told, offers_at(request)),
            "echoes": seen.echoes(mine),
            "open_issues": seen.open_ones(mine),
            "learned": learned_echoes,
            "offered_lessons": offered_lessons,
            "people": people,
            "talks": debriefs_with(user),
            "asked": asked,
            "in_care": in_care_of(user, timezone.localdate(now)),
        },
    )


@cache
def alongside():
    return Prepared(Case.objects.of(someone()).open().order_by("alias", "pk")[:ALONGSIDE])


def debriefs_with(user):
    """Whether anyone expects this person in a debrief: those of a team that works with people."""
    return any(m.team and m.team.kind == "core" for m in user.rights.memberships)


def offers_at(request):
    return reverse("decisions") if request.user.rights.sees_overview else reverse("issues:list")


def starts_words(debrief, now):
    """How far off it is, as people say it."""
    minutes = round((debrief.planned_for - now).total_seconds() / 60)
    if minutes <= 0:
        return "now"
    if minutes < 60:
        return f"in {minutes} minute{'' if minutes == 1 else 's'}"
    on, here = timezone.localtime(debrief.planned_for).date(), timezone.localtime(now).date()
    days = (on - here).days
    if days == 0:
        hours = round(minutes / 60)
        return f"in {hours} hour{'' if hours == 1 else 's'}"
    return "tomorrow" if days == 1 else f"in {days} days"


@require_POST
def notices_seen(request):
    """Put away one notice, or all of them. Sent twice, it changes nothing more."""
    rows = Notice.objects.visible_to(request.user).filter(seen_at=None)
    if one := request.POST.get("notice", ""):
        rows = rows.filter(pk=int(one)) if one.isascii() and one.isdigit() and len(one) < 19 else rows.none()
    rows.update(seen_at=timezone.now())
    return redirect("today")
