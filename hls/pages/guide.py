"""One guide with its history, and in how many debriefs it helped or stood in the way."""

from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cycles.guides import permissions
from cycles.guides.models import Guide
from cycles.guides.views import about_team
from cycles.stack.views import about
from debriefs.tags.models import GuideTag

QUOTES = 20


@require_safe
def guide(request, pk):
    found = Guide.objects.visible_to(request.user).select_related("cycle__team", "cycle__steward", "team", "by")
    shown = get_object_or_404(found, pk=pk)
    quotes, more = _quotes(request.user, shown)
    page = {
        "guide": shown,
        "steps": shown.steps.select_related("by"),
        "counts": _counts(shown),
        "quotes": quotes,
        "more": more,
        "may_decide": permissions.can_decide(request.user, shown),
        **_where(shown),
    }
    return TemplateResponse(request, "cycles/guides/guide.html", page)


def _where(shown):
    if shown.team_id:
        return about_team(shown.team)
    return about(shown.cycle) | {"back_label": f"Rules and principles of {shown.cycle}"}


def _counts(shown):
    """How many debriefs said so: never how often, and never who."""
    rows = shown.tags.order_by().values("how").annotate(n=Count("answer__debrief", distinct=True))
    n = {row["how"]: row["n"] for row in rows}
    return [(how.label, n[how]) for how in GuideTag.How if how in n]


def _quotes(user, shown):
    """The words behind the tags, for those whose debrief it was; the newest first."""
    tags = GuideTag.objects.visible_to(user).filter(guide=shown)
    tags = tags.select_related("answer__debrief").order_by("-answer__debrief__planned_for", "-pk")
    found = list(tags[: QUOTES + 1])
    return found[:QUOTES], len(found) > QUOTES
