"""Finding a map, and what is on it, as far as the reader may: the doors that every view of this room goes through."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cycles.lives.actions import note_read
from cycles.maps import permissions
from cycles.stack.models import LearningCycle, Scale
from cycles.stack.words import readers_of

NEEDED = ("team", "place", "steward", "case__worker")


def map_to_read(request, pk):
    """The cycle whose map it is, in sight. Each reading of a life is kept, for the person's protection."""
    cycle = get_object_or_404(LearningCycle.objects.visible_to(request.user).select_related(*NEEDED), pk=pk)
    note_life(request, cycle)
    return cycle


def map_to_change(request, pk):
    cycle = map_to_read(request, pk)
    if not permissions.can_change(request.user, cycle):
        raise PermissionDenied
    return cycle


def row_to_change(request, model, pk, *related):
    """Something on a map in sight, and theirs to change."""
    rows = model.objects.visible_to(request.user).select_related(*(f"cycle__{name}" for name in NEEDED), *related)
    row = get_object_or_404(rows, pk=pk)
    note_life(request, row.cycle)
    if not permissions.can_change(request.user, row.cycle):
        raise PermissionDenied
    return row


def note_life(request, cycle):
    if cycle.scale == Scale.PERSON and request.method != "POST":
        case = cycle.case
        case.cycle = cycle
        note_read(case=case, by=request.user)


def map_url(cycle, part=""):
    return reverse("cycles:map", args=[cycle.pk]) + part


def about_map(cycle, part="", **more):
    """What every form of a map says about where it belongs. No name of a life in a window's title."""
    about = {"back": map_url(cycle, part), "back_label": "The map", "tab": ""} | readers_of(cycle)
    if cycle.scale == Scale.PERSON:
        about["tab"] = "A person’s map"
    return about | more


def about_steps(cycle, **more):
    return about_map(cycle) | {"back": reverse("cycles:steps", args=[cycle.pk]), "back_label": "The steps"} | more
