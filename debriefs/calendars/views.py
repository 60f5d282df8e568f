"""Debriefs in one's own calendar. The address is the secret, so it is shown once and can be ended."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cycles.asking import ClientId
from cycles.people.models import Team
from debriefs.calendars import actions
from debriefs.calendars.feed import calendar
from debriefs.calendars.models import CalendarFeed
from hls.limits import ANY, limited


def _teams(user):
    return Team.objects.filter(pk__in=user.rights.teams).order_by("name", "pk")


@limited("calendar-address", 20, 600)
def calendars(request):
    """What one's calendars read; a POST makes a new address and shows it."""
    teams, address, opens = list(_teams(request.user)), None, ""
    if request.method == "POST":
        team = _chosen(teams, request.POST.get("team", ""))
        client_id = ClientId().clean(request.POST.get("client_id"))
        token = actions.make_address(user=request.user, client_id=client_id, team=team)
        address = settings.SITE_URL + reverse("debriefs:feed", args=[token])
        opens = "webcal://" + address.partition("://")[2]  # a phone's calendar asks to subscribe
    feeds = CalendarFeed.objects.visible_to(request.user).select_related("team")
    context = {"feeds": feeds, "teams": teams, "address": address, "opens": opens, "client_id": uuid.uuid4()}
    return TemplateResponse(request, "debriefs/calendars.html", context)


def _chosen(teams, asked):
    if not asked:
        return None
    if team := next((team for team in teams if str(team.pk) == asked), None):
        return team
    raise Http404


@require_POST
def revoke(request, pk):
    feed = get_object_or_404(CalendarFeed.objects.visible_to(request.user), pk=pk)
    actions.revoke(CalendarFeed.objects.filter(pk=feed.pk))
    messages.success(request, "That address no longer opens anything.")
    return redirect("debriefs:calendars")


@login_not_required
@require_safe
@limited("calendar", 120, 600, methods=ANY)
def feed(request, token):
    """Read by a calendar, which has no session; rights are those of the person whose address it is."""
    found = get_object_or_404(CalendarFeed.objects.for_token(token).select_related("user", "team"))
    teams = found.user.rights.teams
    if found.team_id:
        teams = teams & {found.team_id}
    name = f"Debriefs, {found.team.name}" if found.team_id else "Debriefs"
    text = calendar(teams, name=name, now=timezone.now())
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
