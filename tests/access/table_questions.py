"""Questions: the sets of a cycle, an experiment and a team, an answer that became an issue, and a place's wording."""

from cycles import models as c
from tests import factories as f
from tests.access.rows import CORE, SIGNED_IN, Row
from tests.access.table_cycles import ALONGSIDE, CHANGERS, READERS


def build(w):
    asked = {q.key: q for q in c.Question.objects.filter(place=None)}
    # A cycle of its own: the tables are built in the order of their names.
    w.asked_cycle = f.LearningCycleFactory(team=w.core, scale="place")
    w.asked_joined = f.LearningCycleFactory(team=w.working, scale="place")
    c.CycleLink.objects.create(source=w.asked_cycle, target=w.asked_joined, direction="horizontal", by=w.worker)
    w.asked_experiment = f.ExperimentFactory(cycle=w.asked_cycle)
    w.said = _say(w, asked["managing.barriers"], READERS, cycle=w.asked_cycle)
    w.said.remarks.create(text=w.secret("remark", READERS), by=w.worker)
    _say(w, asked["experiment.codesign"], READERS, experiment=w.asked_experiment)
    _say(w, asked["b.whole"], CORE | {"steward"}, team=w.core)
    life = f.CaseFactory(cycle=f.LearningCycleFactory(team=w.core, scale="person"), team=w.core, worker=w.worker)
    w.asked_life = life.cycle
    _say(w, asked["understand.factors"], ALONGSIDE, cycle=w.asked_life)
    w.own_question = c.Question.objects.create(
        key=f"own.{w.place.pk}",
        set="managing",
        order=1001,
        # A place asks it in each of its cycles, so that any reader of one reads it.
        text=w.secret("own question", SIGNED_IN),
        place=w.place,
    )
    c.QuestionWording.objects.create(place=w.place, question=w.own_question, by=w.admin)


def _say(w, question, who, **where):
    text = w.secret(f"answer to {question.key}", who)
    return c.Answer.objects.create(question=question, asked=question.text, text=text, by=w.worker, **where)


def at(which, **more):
    return lambda w: {"pk": getattr(w, which).pk} | more


def own(w):
    return {"key": w.own_question.key}


MANAGING, UNDERSTAND, DESIGN, WAYS = ({"name": name} for name in ("managing", "understand", "experiment", "behaviours"))
TEAM = CORE | {"steward"}

ROWS = [
    Row("cycles:start", sees=SIGNED_IN - {"admin"}, refused={"admin"}, posts=SIGNED_IN - {"admin"}),
    Row("cycles:start_draft", sees=SIGNED_IN - {"admin"}, refused={"admin"}, only_post=True),
    Row("cycles:cycle_questions", at("asked_cycle"), sees=READERS),
    Row("cycles:cycle_question_set", at("asked_cycle", **MANAGING), sees=READERS, posts=CHANGERS),
    Row("cycles:cycle_questions_between", at("asked_cycle", **MANAGING), sees=READERS),
    Row("cycles:cycle_question_history", at("asked_cycle", key="managing.barriers"), sees=READERS),
    Row(
        "cycles:cycle_question_draft", at("asked_cycle", **MANAGING), sees=CHANGERS, refused={"helper"}, only_post=True
    ),
    Row("cycles:cycle_question_paper", at("asked_cycle", **MANAGING), sees=CHANGERS, refused={"helper"}),
    Row("cycles:rhythm", at("asked_cycle", **MANAGING), sees=CHANGERS, refused={"helper"}, posts=CHANGERS),
    # A life: its worker alone.
    Row("cycles:cycle_questions", at("asked_life"), sees=ALONGSIDE),
    Row("cycles:cycle_question_set", at("asked_life", **UNDERSTAND), sees=ALONGSIDE, posts=ALONGSIDE),
    Row("cycles:cycle_questions_between", at("asked_life", **UNDERSTAND), sees=ALONGSIDE),
    Row("cycles:cycle_question_history", at("asked_life", key="understand.factors"), sees=ALONGSIDE),
    Row("cycles:cycle_question_draft", at("asked_life", **UNDERSTAND), sees=ALONGSIDE, only_post=True),
    Row("cycles:cycle_question_paper", at("asked_life", **UNDERSTAND), sees=ALONGSIDE),
    Row("cycles:experiment_questions", at("asked_experiment"), sees=READERS),
    Row("cycles:experiment_question_set", at("asked_experiment", **DESIGN), sees=READERS, posts=CHANGERS),
    Row("cycles:experiment_questions_between", at("asked_experiment", **DESIGN), sees=READERS),
    Row("cycles:experiment_question_history", at("asked_experiment", key="experiment.codesign"), sees=READERS),
    Row(
        "cycles:experiment_question_draft",
        at("asked_experiment", **DESIGN),
        sees=CHANGERS,
        refused={"helper"},
        only_post=True,
    ),
    Row("cycles:experiment_question_paper", at("asked_experiment", **DESIGN), sees=CHANGERS, refused={"helper"}),
    Row("cycles:team_questions", at("core"), sees=TEAM),
    Row("cycles:team_question_set", at("core", **WAYS), sees=TEAM, posts=TEAM),
    Row("cycles:team_questions_between", at("core", **WAYS), sees=TEAM),
    Row("cycles:team_question_history", at("core", key="b.whole"), sees=TEAM),
    Row("cycles:team_question_draft", at("core", **WAYS), sees=TEAM, only_post=True),
    Row("cycles:team_question_paper", at("core", **WAYS), sees=TEAM),
    Row("cycles:behaviours", sees=SIGNED_IN),
    Row("cycles:answer_back", at("said"), sees=READERS, posts=READERS),
    Row("issues:from_answer", at("said"), sees=CHANGERS, refused={"helper"}, posts=CHANGERS),
    Row("cycles:place_questions", sees={"admin"}),
    Row("cycles:place_question_new", sees={"admin"}, posts={"admin"}),
    Row("cycles:place_question", own, sees={"admin"}, posts={"admin"}),
    Row("cycles:place_question_original", own, posts={"admin"}, only_post=True),
    Row("cycles:place_question_ask", own, posts={"admin"}, only_post=True),
]
