"""Three taps, one question at a time under the thumb. Each is a plain button, so it works without JavaScript."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from cycles.refusals import Refused
from debriefs.belief import actions
from debriefs.belief.models import About, Belief
from debriefs.record.models import Debrief
from hls.charts import belief_spread
from hls.htmx import htmx_partial


@htmx_partial("taps")
def belief(request, pk):
    debrief = get_object_or_404(Debrief.objects.visible_to(request.user).select_related("team"), pk=pk)
    skipped = [about for about in About if about.value in request.GET.getlist("skip")]
    if request.method == "POST":
        _give(request, debrief)
        if not request.htmx:
            return redirect(_here(debrief, skipped))
    context = {
        "debrief": debrief,
        "is_open": actions.is_open(debrief),
        "is_over": actions.is_over(debrief),
        "beliefs": list(Belief),
        **_asked(debrief, request.user, skipped),
        **_drawn(debrief, request.user),
    }
    return TemplateResponse(request, "debriefs/belief.html", context)


def _here(debrief, skipped):
    url = reverse("debriefs:belief", args=[debrief.pk])
    return url + ("?" + urlencode({"skip": [about.value for about in skipped]}, doseq=True) if skipped else "")


def _asked(debrief, user, skipped):
    """The first question that is neither answered nor skipped, and the way on."""
    done = actions.given_by(debrief, user)
    given = [about for about in About if about.value in done]
    left = [about for about in About if about not in given and about not in skipped]
    now = left[0] if left else None
    return {
        "given": given,
        "skipped": skipped,
        "now": now,
        "step": list(About).index(now) + 1 if now else 0,
        "here": _here(debrief, skipped),
        "skip_url": _here(debrief, [*skipped, now]) if now else "",
    }


def _drawn(debrief, user):
    """How the answers lie, and what is not shown: for which of two reasons, nobody is told."""
    lies = actions.spread(debrief, user)
    return {
        "drawn": [
            {"about": about, "svg": belief_spread(f"belief-{at}", about, lie), "lie": lie, "n": sum(n for _, n in lie)}
            for at, (about, lie) in enumerate(lies)
        ],
        "hidden": [about.label for about in About if about.label not in [shown for shown, _ in lies]],
    }


def _give(request, debrief):
    """The button's name says what it is about and its value how much."""
    for about in About:
        if (said := request.POST.get(about.value)) is not None:
            if said not in {str(belief.value) for belief in Belief}:
                raise Http404
            try:
                actions.give(debrief=debrief, about=about.value, belief=int(said), by=request.user)
            except Refused as refused:
                messages.warning(request, str(refused))
            return
    raise Http404
