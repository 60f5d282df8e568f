"""A Learning Cycle with what other floors know of it: its issues and its debriefs (mock-up 07)."""

from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cycles.experiments.models import Experiment
from cycles.guides.models import Guide
from cycles.lessons.models import Lesson
from cycles.lives.models import Case
from cycles.measures.drawing import behind, said
from cycles.measures.models import Measure, Reading
from cycles.stack import permissions
from cycles.stack.actions import MAY_BECOME
from cycles.stack.models import CycleLink, LearningCycle, Scale, Stage
from cycles.stack.views import about
from cycles.stories.models import Story
from debriefs.models import Debrief
from hls.charts import sparks, stack, wheel
from hls.look.words import lives
from issues.models import Issue

STAGES = list(Stage)
ROUNDS = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth"]


@require_safe
def cycle(request, pk):
    user = request.user
    shown = get_object_or_404(
        LearningCycle.objects.visible_to(user).select_related("team", "steward", "case__worker"), pk=pk
    )
    if shown.scale == Scale.PERSON:
        return redirect(shown.case)
    moves = list(shown.stage_moves.select_related("by"))
    purposes = list(shown.purposes.select_related("by"))
    links = _links(user, shown)
    _passed(shown, links)
    page = {
        "cycle": shown,
        "can_change": permissions.can_change(user, shown),
        "may_become": MAY_BECOME[shown.status],
        "round": ROUNDS[shown.turn - 1] if shown.turn <= len(ROUNDS) else f"{shown.turn}th",
        "stages": [_stage(shown, stage, moves) for stage in STAGES],
        "wheel": wheel(f"wheel-{shown.pk}", STAGES.index(shown.stage), times_round=shown.turn),
        "moves": moves,
        "purposes": purposes,
        "stated": purposes[0] if purposes else None,
        "lessons": Lesson.objects.filter(cycle=shown)[:3],
        "experiments": Experiment.objects.filter(cycle=shown).in_order(),
        "measures": _measures(shown),
        "story": Story.objects.visible_to(user).shared_with_place().filter(cycle=shown).first(),
        "issues": Issue.objects.visible_to(user)
        .open()
        .filter(cycle=shown)
        .defer("search")
        .order_by("-updated_at", "-pk")[:5],
        "debriefs": Debrief.objects.visible_to(user).filter(cycle=shown, state__in=["held", "written_up"])[:3],
        "guides": Guide.objects.filter(cycle=shown).in_force(timezone.localdate()),
        "links": links,
        "stack": _stack(user, shown, links),
        **about(shown),
    }
    return TemplateResponse(request, "cycles/pages/cycle.html", page)


def _stage(shown, stage, moves):
    """A stage with the last line said on coming to it."""
    last = next((move for move in moves if move.to_stage == stage), None)
    return {"label": stage.label, "now": shown.stage == stage, "move": last}


def _measures(shown):
    measures = list(Measure.objects.filter(cycle=shown, retired_on=None).prefetch_related("readings__corrected_by"))
    for measure in measures:
        standing = [r for r in measure.readings.all() if not hasattr(r, "corrected_by")]
        values = [float(r.value) for r in standing if r.value is not None and (r.n or 0) >= 3]
        measure.spark = sparks(f"spark-{measure.pk}", measure.question, values) if len(values) > 1 else ""
        measure.said = said(standing[-1]) if standing else ""
        measure.behind = behind(standing[-1]) if standing else ""
        measure.is_demo = bool(standing) and standing[-1].origin == Reading.Origin.DEMO
    return measures


def _links(user, shown):
    """The joined cycles that this reader may see, each with how it lies and what was said."""
    seen = LearningCycle.objects.visible_to(user).shared().select_related("team")
    joined = {link.target_id: (link, True) for link in CycleLink.objects.filter(source=shown)}
    joined |= {link.source_id: (link, False) for link in CycleLink.objects.filter(target=shown)}
    found = []
    for other in seen.filter(pk__in=joined):
        link, outward = joined[other.pk]
        beside = link.direction == CycleLink.Direction.HORIZONTAL
        found.append(
            {
                "other": other,
                "link": link,
                "lies": "Beside" if beside else "Above" if outward else "Below",
                "can_reply": not outward and not link.reply,
                "lessons": [],
            }
        )
    return sorted(found, key=lambda each: (-list(Scale).index(each["other"].scale), each["other"].title))


def _passed(shown, links):
    """Hang each lesson that went along a link on that link."""
    offered = Lesson.objects.filter(Q(cycle=shown, offered_to__isnull=False) | Q(offered_to=shown)).order_by("-pk")
    for lesson in offered[:60]:
        far_end = lesson.offered_to_id if lesson.cycle_id == shown.pk else lesson.cycle_id
        for each in links:
            if each["other"].pk == far_end:
                each["lessons"].append(
                    {"lesson": lesson, "way": "We sent" if lesson.cycle_id == shown.pk else "They sent"}
                )


def _stack(user, shown, links):
    """The cairn of scales, from the top; the person is the base stone even where nobody is counted."""
    counts = {shown.scale: 1}
    for each in links:
        counts[each["other"].scale] = counts.get(each["other"].scale, 0) + 1
    scales = [scale for scale in reversed(Scale) if scale in counts]
    layers = [(scale.label, "1 cycle" if counts[scale] == 1 else f"{counts[scale]} cycles") for scale in scales]
    base = "people’s lives"
    if user.rights.in_team(shown.team_id):
        base = lives(Case.objects.filter(cycle__team=shown.team_id).open().count())
    layers.append((Scale.PERSON.label, base))
    return stack(f"stack-{shown.pk}", layers, scales.index(shown.scale))
