"""What may happen as a cycle is governed. A finished review stands; promises and accounts go on."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.questions.actions import answer_set
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.sent import make_once
from cycles.stack.models import LearningCycle
from hls.governing.models import Account, Promise, Review, ReviewEvidence, Voice
from issues.meetings.telling import members_of

SET = "governing"
WORDS = ("held_on", "answered_by", "who_is_in", "who_is_out", "changes", "who_does", "draft")


# ------------------------------------------------------------------ a review


@transaction.atomic
def start_review(*, cycle, by):
    """The one being written, or a new one dated today: who is in and who is left out goes on from last time."""
    LearningCycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
    if draft := Review.objects.drafts().filter(cycle=cycle).first():
        return draft
    today = timezone.localdate()
    last = Review.objects.finished().filter(cycle=cycle).first()
    if Review.objects.filter(cycle=cycle, held_on=today).exists():
        raise Refused("A review was finished today. Begin the next one on another day.")
    went_on = {"who_is_in": last.who_is_in, "who_is_out": last.who_is_out} if last else {}
    return Review.objects.create(cycle=cycle, held_on=today, by=by, **went_on)


def _lock_draft(review, version, words):
    row = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if row.state == Review.State.FINISHED:
        raise Refused("This review is finished. What was said in it stands.")
    if row.version != version and not _says(row, words):  # the page saves by itself, too
        raise ChangedMeanwhile(current=row)
    return row


def _says(row, words):
    return all(getattr(row, name) == words[name] for name in WORDS)


def _keep(row, words, *more):
    same_day = Review.objects.filter(cycle=row.cycle_id, held_on=words["held_on"]).exclude(pk=row.pk)
    if words["held_on"] != row.held_on and same_day.exists():
        raise Refused("There is a review of that day already. Choose another.", "held_on")
    for name in WORDS:
        setattr(row, name, words[name])
    row.updated_at = timezone.now()
    row.version = F("version") + 1
    row.save(update_fields=[*WORDS, *more, "updated_at", "version"])
    row.refresh_from_db()
    return row


@transaction.atomic
def save_review(*, review, version, by, **words):
    """Keep what was typed as a draft, for those who take part."""
    row = _lock_draft(review, version, words)
    return row if _says(row, words) else _keep(row, words)


@transaction.atomic
def finish_review(*, review, version, by, **words):
    """From now on it stands, and what was said is among the cycle's dated answers. Sent twice, it is once."""
    row = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if row.state == Review.State.FINISHED and _says(row, words):
        return row
    row = _lock_draft(review, version, words)
    said = {key: words for key, words in words["draft"].items() if words["text"] or words["is_unknown"]}
    if not said:
        raise Refused("Answer at least one. “We don’t know” is an answer too.")
    told = {key: {"text": a["text"], "is_unknown": a["is_unknown"], "example": ""} for key, a in said.items()}
    answers = answer_set(subject=row.cycle, name=SET, said=told, by=by, on=words["held_on"], client_id=row.client_id)
    row.state, row.finished_at, row.finished_by = Review.State.FINISHED, timezone.now(), by
    row = _keep(row, words, "state", "finished_at", "finished_by")
    row.answers.set(answers)
    return row


@transaction.atomic
def lay_beside(*, review, question, things, by):
    """Lay what was chosen beside a question: {kind: rows}. Twice is once."""
    row = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if row.state == Review.State.FINISHED:
        raise Refused("This review is finished. What lies beside its questions stands.")
    if not any(things.values()):
        raise Refused("Tick one first.")
    for kind, rows in things.items():
        for thing in rows:
            ReviewEvidence.objects.get_or_create(
                review=row,
                question=question,
                **dict.fromkeys(ReviewEvidence.KINDS) | {kind: thing},
                defaults={"by": by},
            )
    return row


@transaction.atomic
def take_away(*, evidence):
    """While it is being written. Gone already is gone."""
    row = Review.objects.select_for_update(of=("self",)).get(pk=evidence.review_id)
    if row.state == Review.State.FINISHED:
        raise Refused("This review is finished. What lies beside its questions stands.")
    ReviewEvidence.objects.filter(pk=evidence.pk).delete()


# ------------------------------------------------------------------ promises


@transaction.atomic
def make_promise(*, cycle, team, text, due_on, by, client_id=None, review=None, made_on=None, agenda_item=None):
    """Write down what a group said it would do, and by when."""
    made_on = made_on or timezone.localdate()
    if due_on < made_on:
        raise Refused("Choose the day it was made, or a later one.", "due_on")
    promise, is_new = make_once(
        Promise,
        client_id,
        cycle=cycle,
        team=team,
        text=text,
        due_on=due_on,
        made_on=made_on,
        review=review,
        agenda_item=agenda_item,
        by=by,
    )
    if is_new:
        promise.steps.create(state=promise.state, text=text, due_on=due_on, by=by)
        _tell_who_promised(promise)
    return promise


def _tell_who_promised(promise):
    """The group that it is a promise of: whoever was not in the room reads it in their letter."""
    if promise.due_on >= timezone.localdate():
        tell(
            users=members_of(promise.team).exclude(pk=promise.by_id),
            place=promise.team.place,
            kind=Notice.Kind.PROMISE_MADE,
            subject_ref=promise.pk,
            key=f"promise-{promise.pk}-made",
        )


@transaction.atomic
def answer_promise(*, promise, version, state, by, words="", text="", due_on=None):
    """Kept; changed, with the new words or day; or not kept, with why. What was said before stays."""
    row = Promise.objects.select_for_update(of=("self",)).get(pk=promise.pk)
    last = row.steps.last()
    if last and row.state == state and (last.words, last.by_id) == (words, by.pk) and not (text or due_on):
        return row
    if row.version != version:
        raise ChangedMeanwhile("Someone answered this while you were writing. Their words are shown beside.", row)
    if not row.is_open:
        raise Refused("It has been answered already.")
    if state != Promise.State.KEPT and not words.strip():
        raise Refused(
            "Say what changed, and why." if state == Promise.State.CHANGED else "Say why it was not kept.", "words"
        )
    if state == Promise.State.CHANGED:
        row.text, row.due_on = text.strip() or row.text, due_on or row.due_on
        if row.due_on < row.made_on:
            raise Refused("Choose the day it was made, or a later one.", "due_on")
    row.state = state
    row.version = F("version") + 1
    row.save(update_fields=["text", "due_on", "state", "version"])
    row.refresh_from_db()
    row.steps.create(state=state, text=row.text, due_on=row.due_on, words=words, by=by)
    return row


# ------------------------------------------------------------------ accounts and voices


def give_account(*, cycle, by, client_id=None, **words):
    account, _ = make_once(Account, client_id, cycle=cycle, by=by, **words)
    return account


@transaction.atomic
def hear_back(*, account, version, said_back, by):
    row = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if row.said_back == said_back:
        return row
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    row.said_back = said_back
    row.version = F("version") + 1
    row.save(update_fields=["said_back", "version"])
    row.refresh_from_db()
    return row


def bring_voice(*, cycle, by, client_id=None, **words):
    voice, _ = make_once(Voice, client_id, cycle=cycle, by=by, **words)
    return voice


@transaction.atomic
def answer_voice(*, voice, answer, by):
    """Once; the first answer stands."""
    row = Voice.objects.select_for_update(of=("self",)).get(pk=voice.pk)
    if row.answer:
        if row.answer == answer:
            return row
        raise Refused(f"It has been answered: “{row.answer}”", "answer")
    row.answer, row.answered_on, row.answered_by = answer, timezone.localdate(), by
    row.save(update_fields=["answer", "answered_on", "answered_by"])
    if row.by_id != by.pk:
        tell(
            users=[row.by],
            place=row.cycle.place,
            kind=Notice.Kind.VOICE_ANSWERED,
            subject_ref=row.cycle_id,
            key=f"voice-{row.pk}-answered",
        )
    return row
