"""The stack: every cycle of the reader's, by scale and theme, and what travelled between them lately (DOMAIN.md 14)."""

from collections import Counter

from django.db.models import Q
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cycles.lessons.models import Offer
from cycles.lives.models import Case
from cycles.stack import permissions
from cycles.stack.models import CycleLink, LearningCycle, Scale
from hls.charts import stack as draw
from hls.htmx import htmx_partial
from hls.look.words import lives
from hls.pages.gather import gathered
from hls.pages.joined import layers
from hls.pages.partnership import partnerships_seen_by

LATELY, WAITING = 6, 10


@require_safe
@htmx_partial("group")
def stack(request):
    user, theme = request.user, request.GET.get("theme", "")
    cycles = LearningCycle.objects.shared_with(user).going()
    light = list(cycles.order_by("title", "pk").values_list("pk", "scale", "theme"))
    themes = sorted({" ".join(about.split()) for _, _, about in light if about.strip()}, key=str.casefold)
    if theme:
        light = [row for row in light if " ".join(row[2].split()).casefold() == theme.casefold()]
    gathering = gathered(light, request.GET.get("open", ""))
    gathering.fill(_rows(gathering.shown))
    page = {
        "gathering": gathering,
        "group": gathering.opened,
        "total": len(light),
        "theme": theme,
        "themes": themes,
        "stack": draw("stack", _layers(user, light, theme)),
        "lately": _lately(user, theme),
        "waiting": _waiting(user),
        "partnerships": partnerships_seen_by(user).prefetch_related("agencies"),
        "can_open": permissions.can_open_any(user),
    }
    return TemplateResponse(request, "cycles/pages/stack.html", page)


def _rows(keys):
    return LearningCycle.objects.select_related("team", "steward").in_bulk(keys)


def _layers(user, light, theme):
    """The cairn of what the reader sees. Lives are counted for those of their teams alone, and never by theme."""
    counts = Counter(scale for _, scale, _ in light)
    ours = Case.objects.in_reach_of(user).open().count() if user.rights.teams and not theme else 0
    return [*layers(counts), (Scale.PERSON.label, lives(ours) if ours else "people’s lives")]


def _lately(user, theme):
    """Lessons that went from one cycle to another, newest first."""
    offers = Offer.objects.visible_to(user).passed().standing()
    offers = offers.exclude(lesson__cycle__scale=Scale.PERSON).select_related("lesson__cycle", "to")
    if theme:
        offers = offers.filter(Q(lesson__cycle__theme__iexact=theme) | Q(to__theme__iexact=theme))
    return offers[:LATELY]


def _waiting(user):
    """Links whose answer is owed by a cycle that this reader may change."""
    rights = user.rights
    mine = LearningCycle.objects.filter(Q(team__in=rights.teams) | Q(place__in=rights.stewards)).shared()
    owed = Q(is_from_target=False, target__in=mine) | Q(is_from_target=True, source__in=mine)
    links = CycleLink.objects.filter(owed, reply="").exclude(
        Q(source__scale=Scale.PERSON) | Q(target__scale=Scale.PERSON)
    )
    return links.select_related("source", "target").order_by("at", "pk")[:WAITING]
