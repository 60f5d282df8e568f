"""Cycles, experiments, guides, lives, measures and stories.

`own_cycle` belongs to the core team and is joined to `joined`, a cycle of the working group: its helper reads
the first and may change only the second.
"""

from django.utils import timezone

from cycles import models as c
from tests import factories as f
from tests.access.rows import CORE, SIGNED_IN, Row

CHANGERS = CORE | {"steward"}
READERS = CHANGERS | {"helper"}
ALONGSIDE = {"worker"}


def build(w):
    w.own_cycle = f.LearningCycleFactory(team=w.core, purpose=w.secret("purpose", READERS), status="paused")
    w.joined = f.LearningCycleFactory(team=w.working, purpose=w.secret("purpose of the joined cycle", READERS))
    w.join = c.CycleLink.objects.create(source=w.own_cycle, target=w.joined, direction="horizontal", by=w.worker)
    w.experiment = f.ExperimentFactory(cycle=w.own_cycle, question=w.secret("experiment", READERS))
    w.guide = c.Guide.objects.create(cycle=w.own_cycle, kind="rule", text=w.secret("guide", READERS), by=w.worker)
    w.lesson = f.LessonFactory(cycle=w.own_cycle, text=w.secret("lesson", READERS), level="organisation", by=w.worker)
    w.measure = f.MeasureFactory(cycle=w.own_cycle, question=w.secret("measure", READERS))
    w.reading = f.ReadingFactory(measure=w.measure, words=w.secret("reading", READERS))
    build_life(w)
    build_stories(w)


def build_life(w):
    words = {
        name: w.secret(f"a life’s {name}", ALONGSIDE)
        for name in ("alias", "what_matters", "strengths", "household", "recorded_demand", "trajectory")
    }
    life = f.LearningCycleFactory(
        team=w.core, scale="person", title=w.secret("title of a life", ALONGSIDE, must_be_met=False)
    )
    w.case = f.CaseFactory(cycle=life, team=w.core, worker=w.worker, **words)
    w.reader = c.CasePerson.objects.create(case=w.case, user=f.UserFactory(), added_by=w.worker)
    w.case.contacts.create(activity=w.secret("contact", ALONGSIDE), by=w.worker)
    w.case.spends.create(amount=40, what_for=w.secret("spend", ALONGSIDE), by=w.worker)
    w.case.moves.create(what="paused", words=w.secret("words of a pause", ALONGSIDE), by=w.worker)
    f.ExperimentFactory(cycle=life, question=w.secret("experiment in a life", ALONGSIDE, must_be_met=False))
    f.MeasureFactory(cycle=life, question=w.secret("measure of a life", ALONGSIDE, must_be_met=False))
    # Even a link made by mistake opens nothing.
    c.CycleLink.objects.create(source=life, target=w.joined, direction="vertical", by=w.worker)


def build_stories(w):
    w.draft = f.StoryFactory(cycle=w.own_cycle, written_by=w.worker, body=w.secret("draft story", {"worker"}))
    f.StoryFactory(cycle=w.own_cycle, written_by=w.worker, shared=True, body=w.secret("shared story", SIGNED_IN))
    f.StoryFactory(cycle=w.case.cycle, case=w.case, written_by=w.worker, body=w.secret("story of a life", ALONGSIDE))
    w.taken_back = f.StoryFactory(
        cycle=w.own_cycle,
        written_by=w.worker,
        shared=True,
        withdrawn_on=timezone.localdate(),
        body=w.secret("withdrawn story", {"worker"}),
    )


def own(w):
    return {"pk": w.own_cycle.pk}


def life(w):
    return {"pk": w.case.pk}


def of(name):
    return lambda w: {"pk": getattr(w, name).pk}


def change(name, kwargs=own):
    return Row(f"cycles:{name}", kwargs, sees=CHANGERS, refused={"helper"}, posts=CHANGERS)


def press(name, kwargs=own):
    return Row(f"cycles:{name}", kwargs, refused={"helper"}, posts=CHANGERS, only_post=True)


def alongside(name):
    return Row(f"cycles:{name}", life, sees=ALONGSIDE, posts=ALONGSIDE)


ROWS = [
    Row("cycles:list", sees=SIGNED_IN),
    Row("cycles:new", sees=SIGNED_IN - {"admin"}, refused={"admin"}, posts=SIGNED_IN - {"admin"}),
    Row("cycles:new_draft", sees=SIGNED_IN - {"admin"}, refused={"admin"}, only_post=True),
    *[press(name) for name in ("experiment_new_draft", "story_new_draft")],
    Row("cycles:person_story_new_draft", life, posts=ALONGSIDE, only_post=True),
    Row("cycles:cycle", own, sees=READERS),
    *[change(name) for name in ("edit", "purpose", "stage", "end", "join", "experiment_new")],
    *[change(name) for name in ("measure_new", "story_new")],
    press("go"),
    press("pause"),
    Row("cycles:link_reply", of("join"), sees={"helper", "steward"}, refused=CORE, posts={"helper", "steward"}),
    Row("cycles:experiment", of("experiment"), sees=READERS),
    *[change(name, of("experiment")) for name in ("experiment_edit", "experiment_start", "experiment_next")],
    Row("cycles:people", sees=SIGNED_IN),
    Row(
        "cycles:person_new",
        sees={"worker", "colleague", "op_lead", "helper"},
        refused={"recorder", "leader", "evidence", "steward", "admin"},
        posts={"worker", "colleague", "op_lead", "helper"},
    ),
    Row("cycles:person_find", posts=SIGNED_IN, only_post=True),
    # The team is sent on to the page that asks for a reason; nothing of the life is shown there.
    Row("cycles:person", life, sees=CORE),
    Row("cycles:person_why", life, sees=CORE, posts=CORE),
    *[alongside(name) for name in ("person_edit", "person_readers", "person_step", "contact_new", "spend_new")],
    *[alongside(name) for name in ("person_pause", "person_close", "person_reopen", "person_worker")],
    alongside("person_story_new"),
    Row("cycles:person_resume", life, posts=ALONGSIDE, only_post=True),
    Row("cycles:reader_remove", of("reader"), posts=ALONGSIDE, only_post=True),
    Row("cycles:measures", sees=SIGNED_IN),
    Row("cycles:measure", of("measure"), sees=READERS),
    change("reading_new", of("measure")),
    change("reading_correct", of("reading")),
    Row("cycles:stories", sees=SIGNED_IN),
    Row("cycles:story", of("draft"), sees={"worker"}),
    Row("cycles:story", of("taken_back"), sees={"worker"}),
    *[Row(f"cycles:{name}", of("draft"), sees={"worker"}, posts={"worker"}) for name in ("story_edit", "story_check")],
    Row("cycles:story_withdraw", of("draft"), posts={"worker"}, only_post=True),
]
