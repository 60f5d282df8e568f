"""Maps of cycles and of lives, their steps, what people say of them, and what keeps turning up.

`own_cycle` and `case` are made by table_cycles: the helper reads the first, the worker alone is alongside the second.
"""

from cycles import models as c
from cycles.maps import actions, step_actions
from tests.access.rows import SIGNED_IN, Row
from tests.access.table_cycles import ALONGSIDE, CHANGERS, READERS, change, of, own, press

SEE_PATTERNS = SIGNED_IN - {"admin"}


def build(w):
    w.map_part, w.map_tie, w.map_gone, w.map_said = build_map(w, w.own_cycle, "map", READERS)
    (w.map_step,) = step_actions.add_steps(
        cycle=w.own_cycle, activities=[w.secret("step of a map", READERS)], by=w.worker
    )
    w.life_element, w.life_tie, _, w.life_said = build_map(w, w.case.cycle, "map of a life", ALONGSIDE)
    (w.life_step,) = step_actions.add_steps(
        cycle=w.case.cycle, activities=[w.secret("step of a life", ALONGSIDE)], by=w.worker
    )


def build_map(w, cycle, what, who):
    """Two tied and one gone, and what someone said; every word of it is a secret of those who see the cycle."""
    names = [w.secret(f"{part} of a {what}", who) for part in ("actor", "other actor", "gone actor")]
    named = [("actor", name, "") for name in names]
    one, other, gone = actions.add_elements(cycle=cycle, named=named, by=w.worker)
    actions.change_element(element=one, version=1, by=w.worker, note=w.secret(f"note on a {what}", who))
    tie = actions.tie_elements(
        cycle=cycle,
        source=one,
        target=other,
        effect="helps",
        said_by=w.secret(f"who said so on a {what}", who),
        note=w.secret(f"note on a tie of a {what}", who),
        by=w.worker,
    )
    actions.remove_element(element=gone, by=w.worker, why="gone")
    said = actions.leave_feedback(
        cycle=cycle,
        text=w.secret(f"feedback on a {what}", who),
        said_by=w.secret(f"who fed back on a {what}", who),
        by=w.worker,
    )
    assert c.MapFeedback.objects.filter(pk=said.pk).exists()
    return one, tie, gone, said


def life(w):
    return {"pk": w.case.cycle_id}


def alongside(name, kwargs=life):
    return Row(f"cycles:{name}", kwargs, sees=ALONGSIDE, posts=ALONGSIDE)


ROWS = [
    Row("cycles:map", own, sees=READERS, posts=CHANGERS),
    Row("cycles:map_since", own, sees=READERS),
    Row("cycles:map_feedback", own, sees=READERS, posts=READERS),
    Row("cycles:steps", own, sees=READERS, posts=CHANGERS),
    *[change(name) for name in ("map_add", "tie_new")],
    *[change(name, of("map_part")) for name in ("element_edit", "element_remove")],
    press("element_back", of("map_gone")),
    *[change(name, of("map_tie")) for name in ("tie_edit", "tie_remove")],
    press("tie_back", of("map_tie")),
    change("map_feedback_reply", of("map_said")),
    *[change(name, of("map_step")) for name in ("step_edit", "step_remove")],
    *[press(name, of("map_step")) for name in ("step_move", "step_back")],
    # The team is sent on to the page that asks for a reason.
    Row("cycles:person_map", of("case"), sees=frozenset({"worker", "colleague", "recorder", "op_lead"})),
    *[alongside(name) for name in ("map", "map_add", "tie_new", "map_feedback", "steps")],
    Row("cycles:map_since", life, sees=ALONGSIDE),
    *[alongside(name, of("life_element")) for name in ("element_edit", "element_remove")],
    *[alongside(name, of("life_tie")) for name in ("tie_edit", "tie_remove")],
    alongside("map_feedback_reply", of("life_said")),
    *[alongside(name, of("life_step")) for name in ("step_edit", "step_remove")],
    Row("cycles:patterns", sees=SEE_PATTERNS, refused={"admin"}, posts=SEE_PATTERNS),
]
