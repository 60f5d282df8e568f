"""Debriefs, their plans, and the messages that did not go out."""

from django.utils import timezone

from cycles.models import FormDraft, Notice, Question
from debriefs.models import Addition, BeliefNote, CalendarFeed, Contribution, DebriefAnswer, FollowUp, MeasureWords
from debriefs.one_to_one.actions import give_to_read, open_talk, write
from hls.notices.letters import stop_token
from tests import factories as f
from tests.access.rows import CORE, PUBLIC, SIGNED_IN, Row

IN_A_TEAM = CORE | {"helper", "leader", "evidence"}
TEAMLESS = SIGNED_IN - IN_A_TEAM
PAIR = {"worker", "op_lead"}
PICKERS = {"worker", "recorder"}  # who wrote the answer, and who records


def build(w):
    """One debrief to come, one held with words of every kind, one written up, one missed, a plan."""
    now = timezone.now()
    w.plan = f.DebriefPlanFactory(cycle=w.cycle, by=w.worker, where=w.secret("where a team meets", CORE))
    w.planned = f.DebriefFactory(cycle=w.cycle, planned_for=now + timezone.timedelta(hours=3))
    w.held = f.DebriefFactory(cycle=w.cycle, held=True, recorder=w.recorder)
    w.done = f.DebriefFactory(cycle=w.cycle, held=True, state="written_up", written_up_at=now, written_up_by=w.recorder)
    w.not_held = f.DebriefFactory(cycle=w.cycle, state="missed", planned_for=now - timezone.timedelta(days=2))
    shared = Contribution.objects.create(debrief=w.held, author=w.worker, shared_at=now, saved_at=now)
    w.answer = DebriefAnswer.objects.create(
        debrief=w.held,
        contribution=shared,
        question=Question.objects.get(key="debrief.now"),
        text=w.secret("an answer", CORE),
    )
    BeliefNote.objects.create(debrief=w.held, text=w.secret("a belief", CORE))
    w.hot = f.DebriefFactory(
        cycle=w.cycle, held=True, kind="hot", called_by=w.worker, open_until=now + timezone.timedelta(hours=5)
    )
    w.asked = FollowUp.objects.create(debrief=w.held, audience="staff", text=w.secret("a follow-up", CORE))
    Addition.objects.create(debrief=w.done, text=w.secret("an addition", CORE), by=w.recorder)
    w.notes = Contribution.objects.create(
        debrief=w.planned,
        author=w.worker,
        saved_at=now,
        draft={"words": {"now": w.secret("a draft", {"worker"})}},
    )
    w.form_draft = FormDraft.objects.create(
        author=w.worker,
        team=w.core,
        form="paper-of-a-team",
        called="A debrief from paper",
        has_words=True,
        saved_at=now,
        draft={"words": {"now": w.secret("a draft of a form", {"worker"})}},
    )
    w.talk = open_talk(team=w.core, other=w.op_lead, by=w.worker)
    give_to_read(talk=w.talk, words=w.secret("words of two", PAIR), revision=0, by=w.worker)
    write(talk=w.talk, words=w.secret("a draft to one", {"op_lead"}), revision=0, by=w.op_lead)
    w.for_tray = MeasureWords.objects.create(
        team=w.core,
        measure=f.MeasureFactory(cycle=w.cycle),
        words=w.secret("words for a measure", {"recorder"}),
    )
    w.feed_token = CalendarFeed.new_token()
    w.feed = CalendarFeed.objects.create(user=w.worker, token_hash=CalendarFeed.digest(w.feed_token))
    Notice.objects.create(
        user=w.colleague,
        place=w.place,
        kind="issue_step",
        channel="at_once",
        key=f"stuck-{w.place.pk}",
        subject_ref=1,
        tries=Notice.MOST_TRIES,
    )


def of(name):
    return lambda w: {"pk": getattr(w, name).pk}


ROWS = [
    Row("debriefs:list", sees=SIGNED_IN),
    Row("debriefs:search", sees=SIGNED_IN, only_post=True),
    Row("debriefs:new", sees=IN_A_TEAM, refused=TEAMLESS, posts=IN_A_TEAM),
    Row("debriefs:hot", sees=IN_A_TEAM, refused=TEAMLESS, posts=IN_A_TEAM),
    Row("debriefs:token", sees=SIGNED_IN, crawl=False),
    Row("debriefs:blank", sees=SIGNED_IN),
    Row("debriefs:debrief", of("held"), sees=CORE),
    Row("debriefs:debrief", of("done"), sees=CORE),
    Row("debriefs:write", of("planned"), sees=CORE, posts=CORE),
    Row("debriefs:draft", of("planned"), sees=CORE, only_post=True),
    Row(
        "debriefs:similar",
        lambda w: {"pk": w.planned.pk, "name": "now"},
        sees=CORE,
        only_post=True,
    ),
    Row("debriefs:discard", of("planned"), sees=CORE, posts=CORE),
    Row("debriefs:own_words", of("notes"), sees={"worker"}, posts={"worker"}),
    Row("cycles:own_words", of("form_draft"), sees={"worker"}, posts={"worker"}),
    Row("cycles:keep_rescued", sees=SIGNED_IN, only_post=True),
    Row("debriefs:edit", of("held"), sees=CORE, posts=CORE),
    Row("debriefs:hot_answer", of("hot"), sees=CORE, only_post=True),
    Row("debriefs:sort", of("held"), sees=PICKERS, refused=CORE - PICKERS),
    Row("debriefs:make", of("answer"), sees=PICKERS, refused=CORE - PICKERS, posts=PICKERS, query="?s=0&as=lesson"),
    Row("debriefs:paper", sees=IN_A_TEAM, refused=TEAMLESS),
    Row("debriefs:paper_of", of("planned"), sees=CORE),
    Row("debriefs:paper_enter", sees=IN_A_TEAM, refused=TEAMLESS, posts=IN_A_TEAM),
    Row("debriefs:paper_draft", sees=IN_A_TEAM, refused=TEAMLESS, only_post=True),
    Row("debriefs:written_up", of("held"), sees=set(), posts={"recorder"}, only_post=True),
    Row("debriefs:add", of("done"), sees=CORE, only_post=True),
    Row("debriefs:missed", of("not_held"), sees=CORE, only_post=True),
    Row("debriefs:follow_up", of("asked"), sees=CORE, only_post=True),
    Row("debriefs:plans", sees=SIGNED_IN),
    Row("debriefs:new_plan", sees=IN_A_TEAM, refused=TEAMLESS, posts=IN_A_TEAM),
    Row("debriefs:plan", of("plan"), sees=CORE, posts=CORE),
    Row("debriefs:day_off", of("plan"), sees=CORE, only_post=True),
    Row("debriefs:take_turn", of("planned"), sees=CORE, posts=CORE),
    Row("debriefs:calendars", sees=SIGNED_IN, posts=SIGNED_IN),
    Row("debriefs:revoke_feed", of("feed"), sees={"worker"}, only_post=True),
    Row("debriefs:feed", lambda w: {"token": w.feed_token}, sees=PUBLIC, crawl=False),
    Row("debriefs:talks", sees=SIGNED_IN, posts=IN_A_TEAM),
    Row("debriefs:themes", sees=SIGNED_IN),
    Row("debriefs:talk", of("talk"), sees=PAIR),
    Row("debriefs:talk_write", of("talk"), sees=PAIR, only_post=True),
    Row("debriefs:talk_draft", of("talk"), sees=PAIR, only_post=True),
    Row("debriefs:talk_away", of("talk"), sees=PAIR, posts=PAIR),
    Row("debriefs:talk_measures", of("talk"), sees=PAIR, only_post=True),
    Row("debriefs:talk_theme", of("talk"), sees=PAIR, only_post=True),
    Row("debriefs:tray", sees={"recorder"}, refused=SIGNED_IN - {"recorder"}),
    Row("debriefs:tray_take_up", of("for_tray"), sees={"recorder"}, only_post=True),
    Row("debriefs:tray_leave", of("for_tray"), sees={"recorder"}, posts={"recorder"}),
    Row("debriefs:belief", of("held"), sees=CORE),
    Row("debriefs:journal", sees=SIGNED_IN),
    Row("debriefs:found", sees=SIGNED_IN, only_post=True),
    Row("debriefs:thread", sees=SIGNED_IN, only_post=True),
    Row("debriefs:follow_ups", sees=SIGNED_IN),
    Row("debriefs:arrange", of("asked"), sees=CORE, posts=CORE),
    Row("debriefs:decline", of("asked"), sees=CORE, posts=CORE),
    Row("debriefs:pause_plan", of("plan"), sees=CORE, only_post=True),
    Row("notices", sees=SIGNED_IN),
    Row("notices_snooze", sees=SIGNED_IN, only_post=True),
    Row("telling", sees=SIGNED_IN, posts=SIGNED_IN),
    Row("notices_stop", lambda w: {"token": stop_token(w.worker, "digest")}, sees=PUBLIC, posts=PUBLIC),
    # Off until the installation has Notify's key; tests/notices/test_mobile.py turns it on.
    Row("mobile"),
    Row("mobile_confirm", only_post=True),
    Row("mobile_remove", only_post=True),
    Row("notices_failed", sees={"admin"}, refused=SIGNED_IN - {"admin"}),
    Row("notices_try_again", sees={"admin"}, only_post=True),
    Row("service_worker", sees=PUBLIC),
]
