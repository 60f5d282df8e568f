"""A group's meetings: how it meets, what comes next and its agenda, put in order by hand, by keys or by dragging."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cycles.asking import ask, number
from cycles.refusals import Refused
from hls.meetings import forms
from hls.meetings.waiting import ALWAYS, waiting_for
from issues.groups.queue import groups_of
from issues.groups.triage import address_of as triage_at
from issues.meetings import actions, permissions
from issues.meetings.models import AgendaItem, Meeting, Rhythm, StandingItem
from issues.meetings.sending import send_agenda, sending_of

PAGE = 30


def find_group(request, slug):
    """As the group's own page finds it: the open front door's place comes first."""
    found = list(groups_of(request.user).filter(slug=slug).select_related("place"))
    here = request.acting.place_id if request.acting else None
    found.sort(key=lambda team: team.place_id != here)
    if not found:
        raise Http404
    return found[0]


def own_group(request, slug):
    group = find_group(request, slug)
    if not permissions.can_run(request.user, group):
        raise PermissionDenied("A group’s members run its meetings.")
    return group


def find_meeting(request, pk):
    rows = Meeting.objects.visible_to(request.user).select_related("team", "place")
    return get_object_or_404(rows, pk=pk)


def own_meeting(request, pk):
    meeting = find_meeting(request, pk)
    if not permissions.can_run(request.user, meeting.team):
        raise PermissionDenied("A group’s members run its meetings.")
    return meeting


def find_item(request, pk):
    """An item of a meeting that this person runs."""
    rows = AgendaItem.objects.filter(meeting__in=Meeting.objects.visible_to(request.user))
    item = get_object_or_404(rows.select_related("meeting__team", "meeting__place"), pk=pk)
    if not permissions.can_run(request.user, item.meeting.team):
        raise PermissionDenied("A group’s members run its meetings.")
    return item


def readers(group):
    return f"the members of {group} and the stewards of the place."


def about_group(group):
    return {"back": reverse("meetings:list", args=[group.slug]), "back_label": str(group), "readers": readers(group)}


def about_meeting(meeting):
    return {
        "back": meeting.get_absolute_url(),
        "back_label": "The agenda",
        "readers": readers(meeting.team),
    }


# ------------------------------------------------------------------ the group


@require_safe
def meeting_list(request, slug):
    group = find_group(request, slug)
    start = number(request.GET.get("from", ""))
    held = list(Meeting.objects.filter(team=group).held()[start : start + PAGE + 1])
    page = {
        "group": group,
        "runs": permissions.can_run(request.user, group),
        "coming": Meeting.objects.filter(team=group).coming().order_by("on", "pk"),
        "held": held[:PAGE],
        "rhythm": Rhythm.objects.filter(team=group).first(),
        "standing": group.standing_items.all(),
        "always": ALWAYS,
        "older": f"?from={start + PAGE}" if len(held) > PAGE else "",
        "newer": f"?from={max(0, start - PAGE)}" if start else "",
        "readers": readers(group),
    }
    return TemplateResponse(request, "meetings/list.html", page)


def rhythm(request, slug):
    group = own_group(request, slug)
    row = Rhythm.objects.filter(team=group).first() or Rhythm(team=group, version=0)
    form = forms.RhythmForm.of(row, request.POST or None)
    form.initial["cadence_note"] = group.cadence_note
    return ask(
        request,
        form,
        lambda said: actions.set_rhythm(team=group, by=request.user, **said) and None,
        title=f"When {group} meets",
        lede="From this the next meeting is offered. You can always choose another day.",
        said="Kept.",
        **about_group(group),
    )


def standing(request, slug):
    """What is on every agenda: added here, put in order by buttons, taken off again."""
    group = own_group(request, slug)
    form = forms.StandingForm(request.POST or None)
    return ask(
        request,
        form,
        lambda said: actions.add_standing(team=group, by=request.user, **said) and None,
        template="meetings/standing.html",
        title="On every agenda",
        button="Add it",
        said="Added.",
        group=group,
        items=group.standing_items.all(),
        always=ALWAYS,
        **about_group(group) | {"back": request.path if request.method == "POST" else about_group(group)["back"]},
    )


@require_POST
def standing_change(request, pk):
    rows = StandingItem.objects.filter(team__in=groups_of(request.user)).select_related("team")
    item, said = rows.filter(pk=pk).first(), request.POST.get("group", "")
    if item is None:  # taken off already, by the first of two presses
        return redirect("meetings:standing", own_group(request, said).slug)
    if said not in ("", item.team.slug):
        raise Http404
    if not permissions.can_run(request.user, item.team):
        raise PermissionDenied
    what = request.POST.get("action", "")
    if what in ("up", "down"):
        actions.move_standing(item=item, way=what, by=request.user)
    elif what == "off":
        actions.drop_standing(item=item, by=request.user)
        messages.success(request, "Taken off. Meetings that are planned keep it.")
    return redirect("meetings:standing", item.team.slug)


# ------------------------------------------------------------------ one meeting


def plan(request, slug):
    group = own_group(request, slug)
    row = Rhythm.objects.filter(team=group).first()
    began = {"on": actions.next_day(group, timezone.localdate()), "kind": Meeting.Kind.FORMAL}
    if row:
        began |= {"begins_at": row.begins_at, "length": row.length, "where": row.where}
    return ask(
        request,
        forms.PlanForm(request.POST or None, initial=began),
        lambda said: _plan(group, said, request.user),
        title=f"Plan a meeting of {group}",
        lede="Its agenda builds itself from what waits with you. You put it in order.",
        button="Plan it",
        said="Planned. Here is what waits, in an order you can change.",
        **about_group(group),
    )


def _plan(group, said, by):
    meeting = actions.plan(team=group, by=by, **said)
    if meeting.is_open and not meeting.items.exists():
        actions.put(meeting=meeting, things=waiting_for(meeting), by=by)
    return meeting


@require_safe
def meeting(request, pk):
    """Before and during: the agenda. Afterwards: its minutes."""
    shown = find_meeting(request, pk)
    if shown.state == Meeting.State.HELD:
        return redirect("meetings:minutes", shown.pk)
    items = list(shown.items.select_related("issue__place").defer("issue__search"))
    runs = permissions.can_run(request.user, shown.team)
    taken = {actions.key_of(item) for item in items}
    waiting = waiting_for(shown) if runs and shown.is_open else []
    page = {
        "meeting": shown,
        "group": shown.team,
        "items": items,
        "runs": runs and shown.is_open,
        "sending": sending_of(shown, ((item.pk, item.title, item.length) for item in items)),
        "minutes_used": sum(item.length for item in items),
        "waiting": [one for one in waiting if one.key not in taken],
        "first_open": next((item for item in items if not item.is_settled), items[0] if items else None),
        "readers": readers(shown.team),
    }
    return TemplateResponse(request, "meetings/agenda.html", page)


def change(request, pk):
    shown = own_meeting(request, pk)
    if request.method != "POST" and shown.state != Meeting.State.PLANNED:
        messages.warning(request, "It has begun, so its day stands.")
        return redirect(shown)
    return ask(
        request,
        forms.ChangeForm.of(shown, request.POST or None),
        lambda said: actions.change(meeting=shown, by=request.user, **said),
        title="Change when and where",
        said="Kept.",
        **about_meeting(shown),
    )


def call_off(request, pk):
    shown = own_meeting(request, pk)
    return ask(
        request,
        forms.OffForm(request.POST or None),
        lambda said: actions.call_off(meeting=shown, why=said["off_why"], by=request.user) and None,
        title="Call this meeting off",
        lede="What waits goes on waiting, and comes back on the next agenda.",
        button="Call it off",
        said="Called off.",
        **about_meeting(shown) | {"back": reverse("meetings:list", args=[shown.team.slug]), "back_label": "Meetings"},
    )


def topic(request, pk):
    shown = own_meeting(request, pk)
    return ask(
        request,
        forms.TopicForm(request.POST or None),
        lambda said: actions.add_topic(meeting=shown, by=request.user, **said) and None,
        title="Add something to talk about",
        button="Add it",
        said="Added at the end.",
        **about_meeting(shown),
    )


@require_POST
def fill(request, pk):
    """Put on it what has come up since: all of it, or the one that was pressed."""
    shown = own_meeting(request, pk)
    wanted = request.POST.get("add", "")
    things = [one for one in waiting_for(shown) if not wanted or one.key == wanted]
    return _do(request, shown, lambda: actions.put(meeting=shown, things=things, by=request.user))


@require_POST
def order(request, pk):
    """One step up or down by a button; the whole order where it was dragged; or off it."""
    shown = own_meeting(request, pk)
    pressed = {way: number(request.POST[way]) for way in ("up", "down", "off") if way in request.POST}
    if pressed:
        items = {item.pk: item for item in shown.items.filter(pk__in=pressed.values())}
        if len(items) < len(set(pressed.values())):  # taken off already: by a first press, or by someone else
            return _do(request, shown, lambda: None)
        way, pk = next(iter(pressed.items()))
        item = items[pk]
        item.meeting = shown
        if way == "off":
            return _do(request, shown, lambda: actions.take_off(item=item, by=request.user))
        return _do(request, shown, lambda: actions.move_item(item=item, way=way, by=request.user), item)
    dragged = [number(said) for said in request.POST.get("order", "").split(",") if number(said)]
    return _do(request, shown, lambda: actions.put_in_order(meeting=shown, order=dragged, by=request.user))


@require_POST
def send(request, pk):
    """Tell the members that the agenda is there to read; what they have been told already they are not told again."""
    shown = own_meeting(request, pk)

    def act():
        is_sent = send_agenda(meeting=shown, by=request.user)
        messages.success(request, "Sent to the members." if is_sent else "It was sent, and has not changed since.")

    return _do(request, shown, act)


def _do(request, shown, act, item=None):
    try:
        act()
    except Refused as no:
        messages.warning(request, str(no))
    if request.POST.get("from") == "triage":  # its agenda stands beside the queue there
        seen = {name: request.POST.get(name, "") for name in ("tab", "level")}
        return redirect(triage_at(**seen, moved=item.pk if item else "") + "#agenda")
    if item is not None:  # the keys stay where they were: on the item that moved
        return redirect(f"{shown.get_absolute_url()}#item-{item.pk}")
    return redirect(shown)
