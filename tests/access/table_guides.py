"""Guides of a cycle and of a team, the looks at them, laws with no room, and the tags of answers in debriefs.

`guide_shown` hangs on the core team's own cycle, which the helper of a joined cycle reads; `guide_of_team` on the
team itself, which joined teams never meet.
"""

from cycles import models as c
from cycles.guides import actions
from debriefs import models as d
from tests import factories as f
from tests.access.rows import CORE, SIGNED_IN, Row
from tests.access.table_cycles import CHANGERS, READERS, change, of, own


def build(w):
    w.guide_put_forward = actions.propose_guide(
        cycle=w.own_cycle, kind="rule", text=w.secret("proposed guide", READERS), by=w.worker
    )
    w.guide_of_team = c.Guide.objects.create(
        team=w.core, kind="behaviour", text=w.secret("guide of a team", CHANGERS), by=w.worker
    )
    prompt = c.Question.objects.get(key="confirm.short")
    w.look = actions.confirm_guides(
        team=w.core, said={(w.guide_of_team, prompt): w.secret("look at a guide", CORE)}, by=w.worker
    )
    w.law = c.Law.objects.create(
        place=w.place,
        cycle=w.own_cycle,
        name=w.secret("law", READERS),
        demands="An answer in writing",
        met="We wrote it together",
        by=w.worker,
    )
    w.law_of_place = c.Law.objects.create(
        place=w.place, name=w.secret("law of the place", SIGNED_IN), demands="A form", met="One page", by=w.worker
    )
    build_tags(w)


def build_tags(w):
    debrief = f.DebriefFactory(cycle=w.own_cycle, held=True, recorder=w.recorder)
    notes = d.Contribution.objects.create(debrief=debrief, author=w.worker, shared_at=debrief.planned_for)
    w.tagged_answer = d.DebriefAnswer.objects.create(
        debrief=debrief,
        contribution=notes,
        question=c.Question.objects.get(key="debrief.now"),
        text=w.secret("words behind a tag", CORE),
    )
    w.guide_tag = d.GuideTag.objects.create(answer=w.tagged_answer, guide=w.guide, how="blocked")


def team(w):
    return {"pk": w.core.pk}


TAGGERS = {"worker", "recorder"}

ROWS = [
    Row("cycles:guides", own, sees=READERS, posts=READERS),
    Row("cycles:guide", of("guide"), sees=READERS),
    Row("cycles:guide", of("guide_of_team"), sees=CHANGERS),
    *[change(name, of("guide_put_forward")) for name in ("guide_adopt", "guide_decline")],
    change("guide_retire", of("guide")),
    Row("cycles:team_guides", team, sees=CHANGERS, posts=CHANGERS),
    Row("cycles:confirm", team, sees=CORE, refused={"steward"}, posts=CORE),
    Row("cycles:confirm_draft", team, sees=CORE, refused={"steward"}, only_post=True),
    Row("cycles:confirmation", of("look"), sees=CORE),
    Row("cycles:laws", sees=SIGNED_IN),
    Row("cycles:law", of("law"), sees=READERS),
    Row("cycles:law", of("law_of_place"), sees=SIGNED_IN),
    Row("cycles:law_new", sees=SIGNED_IN - {"admin"}, refused={"admin"}, posts=SIGNED_IN - {"admin"}),
    change("law_edit", of("law")),
    Row("debriefs:tag", of("tagged_answer"), sees=TAGGERS, refused=CORE - TAGGERS, posts=TAGGERS),
    Row("debriefs:take_off", of("guide_tag"), refused=CORE - TAGGERS, posts=TAGGERS, only_post=True),
]
