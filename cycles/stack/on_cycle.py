"""What the page of a cycle shows of its own way: its purpose, its stages and the path it took."""

from operator import itemgetter

from cycles.stack import permissions
from cycles.stack.actions import MAY_BECOME
from cycles.stack.models import Stage
from cycles.stack.words import readers_of
from hls.charts import wheel
from hls.charts.path import At, path

STAGES = list(Stage)
WAY = 12  # the newest moves stand open in the list; those before are a press away
ROUNDS = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth"]


def on_cycle(user, cycle):
    return {
        "can_change": permissions.can_change(user, cycle),
        "may_become": MAY_BECOME[cycle.status],
        "round": ROUNDS[cycle.turn - 1] if cycle.turn <= len(ROUNDS) else f"{cycle.turn}th",
        **readers_of(cycle),
        **_purpose(cycle),
        **_path(cycle),
    }


def _purpose(cycle):
    purposes = list(cycle.purposes.select_related("by"))
    return {"purposes": purposes, "stated": purposes[0] if purposes else None}


def _path(cycle):
    moves = list(cycle.stage_moves.select_related("by").order_by("at", "pk"))
    steps = [At(STAGES.index(moves[0].from_stage if moves else cycle.stage))]
    for move in moves:
        comes_round = (move.from_stage, move.to_stage) == (Stage.EMBED, Stage.PURPOSE)
        steps.append(At(STAGES.index(move.to_stage), steps[-1].turn + comes_round))
    end = "It ended here" if cycle.status == "ended" else "You are here"
    way = [{"number": number, "move": move} for number, move in enumerate(moves, start=2)]
    return {
        "first_stage": STAGES[steps[0].stage].label,
        "way_before": way[:-WAY],
        "way": way[-WAY:],
        "path": path(f"path-{cycle.pk}", steps, end=end),
        "stages": _stages(cycle, moves),
        "wheel": wheel(f"wheel-{cycle.pk}", STAGES.index(cycle.stage), times_round=cycle.turn),
    }


def _stages(cycle, moves):
    """Each stage with the last thing said of it, on coming to it or since, and the notes from before that."""
    said = {stage: [] for stage in STAGES}
    for move in moves:
        said[Stage(move.to_stage)].append({"at": move.at, "text": move.why, "by": move.by, "is_note": False})
    for note in cycle.stage_notes.select_related("by"):
        said[Stage(note.stage)].append({"at": note.at, "text": note.text, "by": note.by, "is_note": True})
    return [_stage(cycle, stage, sorted(said[stage], key=itemgetter("at"), reverse=True)) for stage in STAGES]


def _stage(cycle, stage, lines):
    before = [line for line in lines[1:] if line["is_note"]]  # why it moved stands in the way it went
    return {"label": stage.label, "now": cycle.stage == stage, "said": lines[:1], "before": before}
