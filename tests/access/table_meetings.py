"""Meetings, cases at a forum, and what goes on between bodies: members run, stewards read along, a case is its own."""

from datetime import timedelta

from django.utils import timezone

from cycles.models import Agency
from hls.meetings import tasks
from hls.meetings.minutes import minutes_of
from hls.meetings.waiting import waiting_for
from issues.between.actions import ask_back
from issues.forum_cases.actions import bring
from issues.meetings import actions
from issues.models import AgendaItem, Meeting, Paper
from issues.pledges.actions import pledge, recommend
from tests import factories as f
from tests.access.rows import CORE, SIGNED_IN, Row
from tests.access.table_issues import raised

LEADS = frozenset({"leader"})
MEMBERS = frozenset({"leader", "steward"})
WORKER = frozenset({"worker"})
ALL = CORE | MEMBERS


def build(w):
    on = timezone.localdate()
    w.standing = actions.add_standing(
        team=w.leadership, by=w.leader, kind="topic", length=5, text=f"Who is missing? {w.secret('standing', MEMBERS)}"
    )
    w.meeting = actions.plan(team=w.leadership, on=on, by=w.leader, length=60, where=w.secret("where", MEMBERS))
    w.past_meeting = _held(w, on - timedelta(days=20))
    actions.put(meeting=w.meeting, things=waiting_for(w.meeting), by=w.leader)
    w.topic = actions.add_topic(
        meeting=w.meeting, by=w.leader, length=5, title=f"The van {w.secret('topic of an agenda', MEMBERS)}"
    )
    actions.begin(meeting=w.meeting, by=w.leader)
    actions.settle(item=w.topic, outcome="talked", words="", sealed=w.secret("sealed note", LEADS), by=w.leader)
    w.agency = Agency.objects.create(place=w.place, name=f"Homes {w.place.pk}")
    w.asked_back = ask_back(
        issue=w.raised, team=w.leadership, by=w.leader, text=f"How many? {w.secret('question back', ALL)}"
    )
    w.pledge = pledge(
        issue=w.raised, team=w.leadership, agency=w.agency, by=w.leader, due_on=on,
        text=f"We hold ours {w.secret('pledge', ALL)}",
    )  # fmt: skip
    w.advice = recommend(
        issue=w.raised, team=w.leadership, to=w.agency, by=w.leader, why="It is yours",
        text=f"Buy it {w.secret('recommendation', ALL)}",
    )  # fmt: skip
    forum = f.ForumFactory(place=w.place)
    w.before_forum = bring(
        case=f.CaseFactory(team=w.core, worker=w.worker, alias=w.secret("alias at a forum", WORKER)),
        team=forum, by=w.worker, consent_given=True, consent_on=on, consent_words="Tell them", reasons=["home"],
        why=w.secret("why a case is brought", WORKER), blocked_by="A threshold",
    )  # fmt: skip


def _held(w, on):
    meeting = actions.plan(team=w.leadership, on=on, by=w.leader, length=60)
    actions.begin(meeting=meeting, by=w.leader)
    item = actions.put(
        meeting=meeting, by=w.leader, things=[actions.Waiting("topic", f"Tea {w.secret('minutes', MEMBERS)}")]
    ).items.get()
    actions.settle(item=item, outcome=AgendaItem.Outcome.TALKED, words="We did", by=w.leader)
    actions.end(meeting=meeting, by=w.leader, minutes_of=minutes_of)
    tasks.draw(Paper.objects.get(meeting=meeting).pk)
    return Meeting.objects.get(pk=meeting.pk)


def group(w):
    return {"slug": w.leadership.slug}


def live(w):
    return {"pk": w.meeting.pk, "item": w.topic.pk}


def of(name):
    return lambda w: {"pk": getattr(w, name).pk}


def runs(name, kwargs, **more):
    """The group's members; a steward sees it and may not."""
    return Row(f"meetings:{name}", kwargs, sees=LEADS, refused=frozenset({"steward"}), posts=LEADS, **more)


def presses(name, kwargs):
    return Row(f"meetings:{name}", kwargs, refused=frozenset({"steward"}), posts=LEADS, only_post=True)


def forum(name):
    return Row(f"issues:{name}", of("before_forum"), sees=WORKER, posts=WORKER)


ROWS = [
    Row("meetings:list", group, sees=MEMBERS),
    runs("plan", group),
    runs("rhythm", group),
    runs("standing", group),
    presses("standing_change", of("standing")),
    Row("meetings:meeting", of("meeting"), sees=MEMBERS),
    runs("change", of("meeting")),
    runs("off", of("meeting")),
    runs("topic", of("meeting")),
    presses("fill", of("meeting")),
    presses("order", of("meeting")),
    presses("send", of("meeting")),
    presses("begin", of("meeting")),
    Row("meetings:live", live, sees=MEMBERS),
    runs("decide", of("topic")),
    runs("promise", of("topic")),
    runs("defer", of("topic")),
    runs("talk", of("topic")),
    runs("end", of("meeting")),
    Row("meetings:minutes", of("past_meeting"), sees=MEMBERS),
    runs("correct", of("past_meeting")),
    Row("meetings:minutes_pdf", of("past_meeting"), sees=MEMBERS),
    Row("issues:ask_back", raised, sees=LEADS, refused=ALL - LEADS, posts=LEADS),
    Row(
        "issues:answer_back",
        lambda w: {"ref": w.raised.ref, "pk": w.asked_back.pk},
        sees=CORE,
        refused=MEMBERS,
        posts=CORE,
    ),
    Row("issues:split", raised, sees=CORE | LEADS, refused=frozenset({"steward"}), posts=CORE | LEADS),
    Row("issues:pledge_new", raised, sees=LEADS, refused=ALL - LEADS, posts=LEADS),
    Row("issues:recommend", raised, sees=LEADS, refused=ALL - LEADS, posts=LEADS),
    Row("issues:pledge", of("pledge"), sees=ALL, posts=MEMBERS),
    Row("issues:recommendations", sees=SIGNED_IN),
    Row("issues:recommendation", of("advice"), sees=ALL, posts=LEADS),
    Row("issues:forum_bring_draft", lambda w: {"pk": w.before_forum.case_id}, sees=WORKER, only_post=True),
    Row("issues:forum_bring", lambda w: {"pk": w.before_forum.case_id}, sees=WORKER, posts=WORKER),
    Row("issues:forum_case", of("before_forum"), sees=WORKER),
    forum("forum_change"),
    forum("forum_plan"),
    forum("forum_risks"),
    forum("forum_state"),
    forum("forum_consent"),
    Row("issues:forum_pattern", of("before_forum"), refused=WORKER),
    forum("case_pledge_new"),
]
