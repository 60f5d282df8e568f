"""Governing a cycle: read by those who see it and those who see across the place, done by team, stewards and leaders."""

from datetime import timedelta

from django.utils import timezone

from cycles.models import Question
from hls.governing import actions
from hls.governing.models import ReviewEvidence
from tests.access.rows import CORE, SIGNED_IN, Row
from tests.access.table_cycles import READERS, of, own

GOVERN = CORE | {"steward", "leader"}
READ = READERS | {"leader", "evidence"}


def build(w):
    today = timezone.localdate()
    question = Question.objects.get(key="governing.lessons")
    said = {question.key: {"text": w.secret("governing answer", READ), "is_unknown": False}}
    w.reviewed = actions.start_review(cycle=w.own_cycle, by=w.worker)
    actions.finish_review(
        review=w.reviewed,
        version=1,
        by=w.worker,
        held_on=today - timedelta(days=90),
        answered_by="",
        who_is_in="",
        who_is_out=w.secret("who is left out", READ),
        changes=[],
        who_does="",
        draft=said,
    )
    w.reviewed.refresh_from_db()
    w.being_written = actions.start_review(cycle=w.own_cycle, by=w.worker)
    w.being_written.who_does = w.secret("draft of a review", GOVERN)
    w.being_written.save()
    w.laid_beside = ReviewEvidence.objects.create(
        review=w.being_written, question=question, lesson=w.lesson, by=w.worker
    )
    w.governing_question = question
    w.promise = actions.make_promise(
        cycle=w.own_cycle, team=w.leadership, text=w.secret("promise", READ), due_on=today, by=w.worker
    )
    w.account = actions.give_account(cycle=w.own_cycle, to_whom=w.secret("account", READ), by=w.worker)
    w.voice = actions.bring_voice(cycle=w.own_cycle, kind="left_out", text=w.secret("voice", READ), by=w.worker)


def review(name):
    return lambda w: {"pk": w.own_cycle.pk, "on": getattr(w, name).held_on.isoformat()}


def beside(w):
    return review("being_written")(w) | {"question": w.governing_question.pk}


def govern(name, kwargs):
    return Row(f"cycles:{name}", kwargs, sees=GOVERN, refused=READ - GOVERN, posts=GOVERN)


ROWS = [
    Row("cycles:governing", sees=SIGNED_IN),
    Row("cycles:reviews", own, sees=READ),
    Row("cycles:review", review("reviewed"), sees=READ),
    Row("cycles:review", review("being_written"), sees=GOVERN, posts=GOVERN),
    Row("cycles:review_start", own, refused=READ - GOVERN, posts=GOVERN, only_post=True),
    Row("cycles:review_beside", beside, sees=GOVERN, posts=GOVERN),
    Row("cycles:review_away", of("laid_beside"), posts=GOVERN, only_post=True),
    govern("promise_new", own),
    Row("cycles:promise", of("promise"), sees=READ, posts={"leader", "steward"}),
    govern("account_new", own),
    govern("account_given", of("account")),
    Row("cycles:voice_new", own, sees=READ, posts=READ),
    govern("voice_answer", of("voice")),
]
