"""What the page of a cycle shows of its own way: purpose, stages and path, and how it is joined to others."""

from django.db.models import Q

from cycles.lessons.models import Lesson
from cycles.lives.models import Case
from cycles.stack import permissions
from cycles.stack.actions import MAY_BECOME
from cycles.stack.models import CycleLink, LearningCycle, Scale, Stage
from cycles.stack.words import readers_of
from hls.charts import stack, wheel
from hls.look.words import lives

STAGES = list(Stage)
ROUNDS = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth"]


def on_cycle(user, cycle):
    return {
        "can_change": permissions.can_change(user, cycle),
        "may_become": MAY_BECOME[cycle.status],
        "round": ROUNDS[cycle.turn - 1] if cycle.turn <= len(ROUNDS) else f"{cycle.turn}th",
        **readers_of(cycle),
        **_purpose(cycle),
        **_path(cycle),
        **_joined(user, cycle),
    }


def _purpose(cycle):
    purposes = list(cycle.purposes.select_related("by"))
    return {"purposes": purposes, "stated": purposes[0] if purposes else None}


def _path(cycle):
    moves = list(cycle.stage_moves.select_related("by"))
    return {
        "moves": moves,
        "stages": [_stage(cycle, stage, moves) for stage in STAGES],
        "wheel": wheel(f"wheel-{cycle.pk}", STAGES.index(cycle.stage), times_round=cycle.turn),
    }


def _stage(cycle, stage, moves):
    """A stage with the last line said on coming to it."""
    last = next((move for move in moves if move.to_stage == stage), None)
    return {"label": stage.label, "now": cycle.stage == stage, "move": last}


def _joined(user, cycle):
    links = _links(user, cycle)
    _passed(cycle, links)
    return {"links": links, "stack": _stack(user, cycle, links)}


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
