"""Three taps. Each is a button of its own, so it works without JavaScript and with one thumb."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from cycles.refusals import Refused
from debriefs.belief import actions
from debriefs.belief.models import About, Belief
from debriefs.record.models import Debrief
from hls.charts import belief_spread
from hls.htmx import htmx_partial


@htmx_partial("taps")
def belief(request, pk):
    debrief = get_object_or_404(Debrief.objects.visible_to(request.user).select_related("team"), pk=pk)
    if request.method == "POST":
        _give(request, debrief)
        if not request.htmx:
            return redirect("debriefs:belief", debrief.pk)
    given = actions.given_by(debrief, request.user)
    context = {
        "debrief": debrief,
        "is_open": actions.is_open(debrief),
        "asked": [{"about": about, "is_given": about.value in given} for about in About],
        "beliefs": list(Belief),
        "drawn": [
            {"about": about, "svg": belief_spread(f"belief-{at}", about, lie), "lie": lie}
            for at, (about, lie) in enumerate(actions.spread(debrief, request.user))
        ],
        "all_given": len(given) == len(About),
    }
    return TemplateResponse(request, "debriefs/belief.html", context)


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
