"""What may happen to a debrief. Each action locks what it changes, so that a double press does a thing once."""

import uuid
from datetime import timedelta
from functools import cache

from django.db import transaction
from django.utils import timezone

from cycles.lessons.actions import note_lesson as keep_lesson
from cycles.lessons.models import Lesson
from cycles.lives.models import Case
from cycles.measures.models import Reading
from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.people.models import Team, User
from cycles.prepared import Given, Prepared
from cycles.refusals import ChangedMeanwhile, Refused
from debriefs.record import hot
from debriefs.record.drafts import CLASH, keep_locked, lock_notes
from debriefs.record.models import (
    Addition,
    AnswerVersion,
    BeliefNote,
    Debrief,
    DebriefAnswer,
    FollowUp,
    Produced,
)
from debriefs.record.notes import BELIEF, NEXT, SINCE, measure_id, name_of, people_of
from debriefs.tags.actions import keep_ticked
from issues.log.actions import raise_issue, see_too
from issues.log.models import Issue, Sighting

WRITTEN_UP = "This debrief is written up. You can add to it, with today’s date."
NO_LONGER = "It is not needed any more."
HOT_STALE = timedelta(hours=12)


def lock_debrief(debrief):
    (row,) = _locked().rows(debrief=debrief)
    return row


@cache
def _locked():
    rows = Debrief.objects.select_for_update(of=("self",)).select_related("team", "place")
    return Prepared(rows.filter(pk=Given("debrief")))


def own_id(client_id, by):
    """The id that a device made, bound to its person: someone else's can neither be met nor be in the way."""
    return uuid.uuid5(client_id, f"by-{by.pk}") if client_id else uuid.uuid4()


def one_at_a_time(team):
    """Presses of one button that arrive together wait for each other here."""
    Team.objects.select_for_update(of=("self",), no_key=True).get(pk=team.pk)


def _still_open(debrief):
    row = lock_debrief(debrief)
    if row.state == Debrief.State.WRITTEN_UP:
        raise Refused(WRITTEN_UP)
    return row


# ------------------------------------------------------------------ planning one, calling one


@transaction.atomic
def plan_debrief(*, team, cycle, at, by, where="", recorder=None, case=None, client_id=None):
    """One debrief outside any plan. Sent twice, it is one."""
    client_id = own_id(client_id, by)
    debrief, _ = Debrief.objects.get_or_create(
        client_id=client_id,
        called_by=by,
        defaults={
            "place": team.place,
            "team": team,
            "cycle": cycle,
            "planned_for": at,
            "where": where,
            "recorder": recorder,
        },
    )
    if case is not None:
        debrief.cases.add(case)
    return debrief


@transaction.atomic
def call_hot_debrief(*, team, cycle, questions, words, at, asked, by, case=None, raises=False, client_id=None):
    """Anyone's, about one issue: it starts at held, and the whole team is told now (DOMAIN.md 25).

    `asked`: whom the caller needs there. `words` may hold ticked guides, by the names of their boxes.
    """
    one_at_a_time(team)
    client_id = own_id(client_id, by)
    if before := Debrief.objects.filter(client_id=client_id, called_by=by).first():
        return before
    debrief = Debrief.objects.create(
        place=team.place,
        team=team,
        cycle=cycle,
        kind=Debrief.Kind.HOT,
        planned_for=at,
        called_by=by,
        recorder=_recorder_of(team),
        state=Debrief.State.HELD,
        held_on=timezone.localdate(at),
        open_until=timezone.now() + hot.WINDOW,
        client_id=client_id,
    )
    debrief.present.add(by)
    debrief.needed.set(asked)
    notes = lock_notes(debrief, by)
    _keep_answers(notes, debrief, questions, words)
    notes.shared_at = timezone.now()
    notes.save(update_fields=["shared_at"])
    if case is not None:
        debrief.cases.add(case)
    if raises:
        issue = raise_issue(
            cycle=cycle, description=words["issue"], by=by, case=case, occasion_ref=debrief.pk, client_id=client_id
        )
        sighting = issue.sightings.filter(by=by).first()
        asked_about = next(q for q in questions if name_of(q) == "issue")
        Produced.objects.create(debrief=debrief, contribution=notes, question=asked_about, sighting=sighting)
    tell(
        users=hot.told_of(team, timezone.localdate()).exclude(pk=by.pk),
        place=team.place,
        kind=Notice.Kind.HOT_DEBRIEF,
        channel=Notice.Channel.AT_ONCE,
        subject_ref=debrief.pk,
        key=f"hot-debrief-{debrief.pk}",
        stale_at=max(at, timezone.now()) + HOT_STALE,
    )
    return debrief


def _recorder_of(team):
    holders = User.objects.filter(memberships__in=team.memberships.active(timezone.localdate()), is_active=True)
    return holders.filter(memberships__role="recorder", memberships__team=team).order_by("pk").first()


# ------------------------------------------------------------------ sharing notes


@transaction.atomic
def share_notes(*, debrief, words, typed, questions, revision, by, writer="", seq=0):
    """Make one author's notes the team's. `words` are as typed, `typed` the cleaned answers. Sent twice, it is once.

    Belief is kept without its author; the draft is emptied.
    """
    row = _still_open(debrief)
    notes = lock_notes(row, by)
    if notes.shared_at:
        return notes
    if not _says_something(typed, questions) and not notes.produced.exists():
        raise Refused("Say one thing first. A few words is fine.", name_of(questions[0]))
    if keep_locked(notes, words=words, revision=revision, writer=writer, seq=seq) or "other" in notes.draft:
        raise ChangedMeanwhile(CLASH)  # two versions: one of them would be lost unchosen
    _keep_answers(notes, row, questions, typed)
    _keep_follow_ups(notes, row, typed, by)
    _keep_who_and_whom(row, typed, by)
    notes.shared_at = timezone.now()
    notes.draft = {}
    notes.save(update_fields=["shared_at", "draft", "revision", "saved_at"])
    return notes


def _says_something(typed, questions):
    return any(typed.get(name) for name in [*(name_of(q) for q in questions), *NEXT])


def _keep_answers(notes, debrief, questions, typed):
    said = [(question, text) for question in questions if (text := typed.get(name_of(question)))]
    BeliefNote.objects.bulk_create(BeliefNote(debrief=debrief, text=t) for q, t in said if name_of(q) == BELIEF)
    answers = DebriefAnswer.objects.bulk_create(
        DebriefAnswer(debrief=debrief, contribution=notes, question=q, text=t) for q, t in said if name_of(q) != BELIEF
    )
    keep_ticked(answers, typed)


def _keep_follow_ups(notes, debrief, typed, by):
    FollowUp.objects.bulk_create(
        FollowUp(debrief=debrief, contribution=notes, audience=audience, text=typed[name])
        for name, audience in NEXT.items()
        if typed.get(name)
    )
    for name, state in typed.items():
        if name.startswith(SINCE) and state != FollowUp.State.TO_DO:
            asked = FollowUp.objects.filter(debrief__team=debrief.team_id, pk=name.removeprefix(SINCE)).first()
            if asked:
                answer_follow_up(follow_up=asked, state=state, by=by)


def _keep_who_and_whom(debrief, typed, by):
    """Who was there, who records, whose lives: added to what others said, never taken away."""
    named = typed.get("present") or typed.get("recorder")
    team = {str(pk) for pk, _, _ in people_of(debrief.team, timezone.localdate())} if named else set()
    debrief.present.add(by, *(int(pk) for pk in typed.get("present", []) if pk in team))
    if cases := typed.get("cases"):
        debrief.cases.add(*Case.objects.of(by).filter(cycle__team=debrief.team_id, pk__in=cases))
    if typed.get("recorder") in team:
        debrief.recorder_id = int(typed["recorder"])
    if debrief.state in (Debrief.State.PLANNED, Debrief.State.MISSED):
        debrief.state = Debrief.State.HELD
        debrief.held_on = min(timezone.localdate(debrief.planned_for), timezone.localdate())
    if debrief.called_by_id != by.pk:
        debrief.open_until = None  # the caller of a hot debrief is no longer alone
    debrief.save(update_fields=["recorder", "state", "held_on", "open_until"])


# ------------------------------------------------------------------ from an answer, without typing it again


@transaction.atomic
def raise_from(*, debrief, question, description, by, same=None, case=None, client_id=None, **about):
    """Put an issue in the log, or add to one seen before, and keep the thread back to the answer."""
    row = _still_open(debrief)
    notes = lock_notes(row, by)
    client_id = own_id(client_id, by)
    if before := Produced.objects.filter(client_id=client_id, contribution=notes).first():
        return before
    if not description.strip():
        raise Refused("Say what is getting in the way. A few words is fine.", "description")
    if same is not None:
        sighting = see_too(
            issue=same, team=row.team, by=by, words=description, case=case, occasion_ref=row.pk, client_id=client_id
        )
    else:
        issue = raise_issue(
            cycle=row.cycle,
            description=description,
            by=by,
            case=case,
            occasion_ref=row.pk,
            client_id=client_id,
            **about,
        )
        sighting = Sighting.objects.filter(issue=issue, by=by).order_by("pk").first()
    return Produced.objects.create(
        debrief=row, contribution=notes, question=question, sighting=sighting, client_id=client_id
    )


@transaction.atomic
def note_lesson(*, debrief, question, text, direction, by, same=None, client_id=None):
    """Put down what was learned, or say that one noted before was seen again; either keeps the thread to the answer."""
    row = _still_open(debrief)
    notes = lock_notes(row, by)
    client_id = own_id(client_id, by)
    if before := Produced.objects.filter(client_id=client_id, contribution=notes).first():
        return before
    if same is not None and (before := notes.produced.filter(debrief=row, lesson=same).first()):
        return before
    if same is None and not text.strip():
        raise Refused("Say what you learned. A few words is fine.", "text")
    lesson = same or keep_lesson(cycle=row.cycle, text=text, direction=direction or Lesson.Hear.US, by=by)
    return Produced.objects.create(
        debrief=row, contribution=notes, question=question, lesson=lesson, client_id=client_id
    )


@transaction.atomic
def answer_measure(*, debrief, measure, value, words, by):
    """One answer of each author to a measure. Neither the reading nor the thread names who gave it."""
    row = _still_open(debrief)
    notes = lock_notes(row, by)
    client_id = measure_id(notes, measure)
    if before := Produced.objects.filter(client_id=client_id).first():
        return before
    day = min(timezone.localdate(row.planned_for), timezone.localdate())
    reading = Reading.objects.create(
        measure=measure,
        period_start=day,
        period_end=day,
        value=value,
        words=words,
        n=1,
        source="A debrief",
        by=None,
    )
    return Produced.objects.create(debrief=row, reading=reading, client_id=client_id)


# ------------------------------------------------------------------ after it


@transaction.atomic
def put_right(*, answer, text, version, by):
    """Change words that are shared. The old ones are kept; `version` is how many old ones the writer saw."""
    row = DebriefAnswer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    _still_open(row.debrief)
    if row.versions.count() != version:
        raise ChangedMeanwhile("Someone put this right while you were writing. Theirs is shown beside yours.")
    if row.text == text:
        return row
    if not text.strip():
        raise Refused("Words that were shared can be changed, not emptied.")
    AnswerVersion.objects.create(answer=row, text=row.text, by=by)
    row.text = text
    row.save(update_fields=["text"])
    return row


@transaction.atomic
def add_answer(*, debrief, question, text, by):
    """Something the author left out when they shared. Belief stays without an author."""
    row = _still_open(debrief)
    notes = lock_notes(row, by)
    if name_of(question) == BELIEF:
        return BeliefNote.objects.get_or_create(debrief=row, text=text)[0]
    answer, _ = DebriefAnswer.objects.get_or_create(
        debrief=row, contribution=notes, question=question, defaults={"text": text}
    )
    return answer


@transaction.atomic
def write_up(*, debrief, by):
    """The recorder confirms it. Twice is once."""
    row = lock_debrief(debrief)
    if row.state == Debrief.State.WRITTEN_UP:
        return row
    if row.state != Debrief.State.HELD:
        raise Refused("Nobody has shared notes yet, so there is nothing to write up.")
    row.state, row.written_up_at, row.written_up_by = Debrief.State.WRITTEN_UP, timezone.now(), by
    row.save(update_fields=["state", "written_up_at", "written_up_by"])
    return row


@transaction.atomic
def add_later(*, debrief, text, by, client_id=None):
    """A dated addition to what is written up."""
    row = lock_debrief(debrief)
    if row.state != Debrief.State.WRITTEN_UP:
        raise Refused("It is not written up yet. Put the words right instead.")
    addition, _ = Addition.objects.get_or_create(
        client_id=own_id(client_id, by), by=by, defaults={"debrief": row, "text": text}
    )
    return addition


@transaction.atomic
def answer_follow_up(*, follow_up, state, by):
    row = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if row.state == state:
        return row
    row.state = FollowUp.State(state)
    open_again = row.state == FollowUp.State.TO_DO
    row.answered_by, row.answered_on = (None, None) if open_again else (by, timezone.localdate())
    row.because = NO_LONGER if row.state == FollowUp.State.NO_NEED else ""  # not doing always has a reason
    row.save(update_fields=["state", "answered_by", "answered_on", "because"])
    return row


@transaction.atomic
def say_why_missed(*, debrief, words, by, becomes=""):
    """What got in the way is learning about capacity: `becomes` a "lesson" or an "issue" in the same step.

    Of nobody in particular: no row says who was or was not there. Pressed twice, one thing is made.
    """
    row = lock_debrief(debrief)
    if row.state != Debrief.State.MISSED:
        raise Refused("It is not marked as missed any more.")
    row.missed_because = words
    row.save(update_fields=["missed_because"])
    if becomes and not words.strip():
        raise Refused("Say what got in the way first. A few words is fine.", "words")
    client_id = uuid.uuid5(row.client_id, f"missed-{becomes}-{words}")
    if not becomes or row.cycle_id is None or Produced.objects.filter(client_id=client_id).exists():
        return row
    Produced.objects.create(debrief=row, client_id=client_id, words=words, **_of_missed(row, words, becomes, by))
    return row


def _of_missed(row, words, becomes, by):
    """What got in the way is about how we work, until someone sees that it is about the system."""
    if becomes == "lesson":
        return {"lesson": keep_lesson(cycle=row.cycle, text=words, direction=Lesson.Hear.US, by=by, kind="method")}
    issue = raise_issue(
        cycle=row.cycle, description=words, by=by, occasion_ref=row.pk, kind=Issue.Kind.METHOD, client_id=uuid.uuid4()
    )
    return {"sighting": Sighting.objects.filter(issue=issue, by=by).order_by("pk").first()}


def open_issue_by_ref(user, ref):
    """An issue this person may see and add to, by its reference; None where there is none."""
    number = Issue.number_from_ref(ref or "")
    return Issue.objects.visible_to(user).open().filter(number=number).first() if number else None
