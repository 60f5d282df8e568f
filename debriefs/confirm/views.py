"""The page of a look at our guides, from wherever it was opened: by itself, or as the debrief it was planned for."""

from functools import partial

from django.shortcuts import redirect
from django.urls import reverse

from cycles.asking import number
from cycles.guides import living
from debriefs.confirm.actions import keep_look


def confirm(request, pk):
    planned = number(request.POST.get("debrief") or request.GET.get("debrief", ""))
    return living.confirm(request, pk, keep=partial(keep_look, planned=planned), planned=planned)


def to_its_page(debrief):
    """Where a debrief of this kind is written, or read once it was."""
    if debrief.confirmation_id:
        return redirect("cycles:confirmation", debrief.confirmation_id)
    return redirect(reverse("cycles:confirm", args=[debrief.team_id]) + f"?debrief={debrief.pk}")
