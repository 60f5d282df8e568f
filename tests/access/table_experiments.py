"""Limits, the portfolio, what we think we learned and what an issue led to. Uses the cycle of table_cycles."""

from django.utils import timezone

from cycles.experiments.limits import say_crossed
from cycles.questions.models import Question
from debriefs import models as d
from debriefs.learning.actions import speak_to
from tests import factories as f
from tests.access.rows import CORE, SIGNED_IN, Row

CHANGERS = CORE | {"steward"}
READERS = CHANGERS | {"helper"}


def build(w):
    w.bounded = f.ExperimentFactory(cycle=w.own_cycle, running=True)
    w.limit = f.LimitFactory(experiment=w.bounded, text=w.secret("limit", READERS), by=w.worker)
    say_crossed(limit=w.limit, words=w.secret("what crossed a limit", READERS), by=w.worker)
    life = f.ExperimentFactory(cycle=w.case.cycle, running=True)
    f.LimitFactory(experiment=life, text=w.secret("limit in a life", {"worker"}, must_be_met=False), by=w.worker)
    w.statement = f.StatementFactory(cycle=w.own_cycle, text=w.secret("statement", READERS), by=w.worker)
    f.StatementFactory(
        cycle=w.case.cycle, text=w.secret("statement in a life", {"worker"}, must_be_met=False), by=w.worker
    )
    w.own_words = f.EvidenceFactory(statement=w.statement, text=w.secret("evidence in words", READERS), by=w.worker)
    build_evidence(w)


def build_evidence(w):
    """Each with a remark that only those may read who may read the thing itself."""
    f.EvidenceFactory(
        statement=w.statement,
        kind="story",
        story=w.draft,  # not checked by its teller yet
        text=w.secret("evidence from a draft story", {"worker"}),
        by=w.worker,
    )
    debrief = f.DebriefFactory(cycle=w.own_cycle, held=True)
    notes = d.Contribution.objects.create(debrief=debrief, author=w.worker, shared_at=timezone.now())
    w.answer = d.DebriefAnswer.objects.create(
        debrief=debrief,
        contribution=notes,
        question=Question.objects.get(key="debrief.learn"),
        text=w.secret("answer behind a statement", CORE),
    )
    speak_to(
        debrief=debrief,
        statement=w.statement,
        side="against",
        answer=w.answer,
        text=w.secret("evidence from a debrief", CORE),
        by=w.worker,
    )


def of(name):
    return lambda w: {"pk": getattr(w, name).pk}


def change(name, kwargs):
    return Row(f"cycles:{name}", kwargs, sees=CHANGERS, refused={"helper"}, posts=CHANGERS)


ROWS = [
    Row("cycles:experiments", sees=SIGNED_IN),
    Row("cycles:experiments", query="?kind=unsaid&state=idea", sees=SIGNED_IN),
    Row("cycles:cycle_experiments", of("own_cycle"), sees=READERS),
    Row("cycles:experiment", of("bounded"), sees=READERS),
    change("experiment_resume", of("bounded")),
    change("limit_new", of("bounded")),
    change("limit_lift", of("limit")),
    # Whoever sees it may say so, those of a joined cycle too.
    Row("cycles:limit_crossed", of("limit"), sees=READERS, posts=READERS),
    Row("cycles:experiment_take_in", of("bounded"), sees=CORE, refused={"steward", "helper"}, posts=CORE),
    Row("cycles:statements", of("own_cycle"), sees=READERS),
    Row("cycles:statement", of("statement"), sees=READERS),
    change("statement_new", of("own_cycle")),
    Row("cycles:statement_new_draft", of("own_cycle"), refused={"helper"}, posts=CHANGERS, only_post=True),
    *[change(name, of("statement")) for name in ("statement_edit", "statement_reopen", "statement_settle")],
    change("evidence_new", of("statement")),
    Row("cycles:evidence_take_back", of("own_words"), posts=CHANGERS, refused={"helper"}, only_post=True),
    change("measure_serves", of("measure")),
    Row("debriefs:speak", of("answer"), sees=CORE, posts=CORE),
    Row("issues:try", lambda w: {"ref": w.issue.ref}, sees=CHANGERS, posts=CHANGERS),
]
