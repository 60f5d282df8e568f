"""What may be said to a question. Answers are only ever added: the newest stands, and the others stay."""

import uuid

from django.db import transaction
from django.db.models import Max

from cycles.people.models import Place
from cycles.questions.models import Answer, Question, QuestionWording, Remark, Rhythm
from cycles.questions.which import SETS, fits, kind_of, place_of
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.sent import make_once
from cycles.stack import actions as cycles

FIRST_OWN = 1000  # a place's own questions come after those of the file
# Other rooms ask these by their keys, one box each: a place may word them, but not add to them.
FIXED = frozenset({"debrief", "hot", "confirm", "central.team", "central.leaders"})


@transaction.atomic
def answer_set(*, subject, name, said, by, on, client_id=None):
    """Keep what was said to the questions of a set: `said` holds text, is_unknown and example by question key.

    The same words sent twice are one answer; other words are another answer, so nothing is ever written over.
    """
    if not fits(name, subject):
        raise Refused("These questions are not asked here.")
    found = Question.objects.worded(place_of(subject)).of(place_of(subject)).in_bulk(said, field_name="key")
    kept = [
        _answer(subject, found[key], words, by=by, on=on, client_id=client_id)
        for key, words in said.items()
        if key in found and any(words.values())
    ]
    if not kept:
        raise Refused("Answer at least one. “We don’t know” is an answer too.")
    return kept


def _answer(subject, question, words, *, by, on, client_id):
    answer, _ = make_once(
        Answer,
        _id_of(client_id, subject, question, words, by, on),
        question=question,
        asked=question.asked,
        by=by,
        on=on,
        **{kind_of(subject): subject},
        **words,
    )
    return answer


def _id_of(client_id, *parts):
    """One id for one form and these very words: the form sent again finds them, changed words are new."""
    return uuid.uuid5(client_id, repr([getattr(part, "pk", part) for part in parts])) if client_id else None


@transaction.atomic
def answer_back(*, answer, text, by, said_by="", client_id=None):
    """Add what someone who looked at it says; the answer stays as it was given."""
    remark, _ = make_once(Remark, client_id, answer=answer, text=text, said_by=said_by, by=by)
    return remark


@transaction.atomic
def start_cycle(*, team, title, purpose, said, by, on, client_id=None, **about):
    """Open a draft cycle from the answers to `start`: what was said goes with it."""
    cycle = cycles.open_cycle(
        team=team, title=title, purpose=purpose, by=by, client_id=client_id, is_draft=True, **about
    )
    if any(any(words.values()) for words in said.values()):
        answer_set(subject=cycle, name="start", said=said, by=by, on=on, client_id=client_id)
    return cycle


@transaction.atomic
def set_rhythm(*, cycle, name, every, by):
    """How often this cycle looks at the set again."""
    if name not in SETS or SETS[name].every == Rhythm.Every.NEVER:
        raise Refused("These questions come round only when you choose to answer them.")
    rhythm, _ = Rhythm.objects.update_or_create(cycle=cycle, set=name, defaults={"every": every})
    return rhythm


def _lock_wording(place, question):
    """Two administrators at once: the second waits here, then finds what the first wrote."""
    Place.objects.select_for_update(no_key=True).get(pk=place.pk)
    return QuestionWording.objects.filter(place=place, question=question).first()


@transaction.atomic
def word_question(*, place, question, version, by, text=None, is_asked=None):
    """Ask a question in the place's own words, or not at all. Empty words put the original back.

    What it said before stays as a version, and every answer keeps the words it was given to.
    """
    newest = _lock_wording(place, question) or QuestionWording(question=question)
    was = (newest.text, newest.is_asked)
    if version != newest.version:
        newest.text = newest.text or question.text  # as it is asked now, to lay beside what was typed
        raise ChangedMeanwhile(current=newest)
    text = was[0] if text is None else "" if text == question.text else text
    is_asked = was[1] if is_asked is None else is_asked
    if (text, is_asked) == was:
        return newest
    if not is_asked and question.set in FIXED:
        raise Refused("Another page counts on this one. You can put it in other words.")
    return QuestionWording.objects.create(place=place, question=question, text=text, is_asked=is_asked, by=by)


@transaction.atomic
def add_question(*, place, set_name, text, by, client_id):
    """A question of the place's own, after the others of its set, with a key that stays."""
    beside = Question.objects.filter(set=set_name, place=None).order_by("order").last()
    if set_name in FIXED or beside is None:
        raise Refused("Choose one of the sets.", "set_name")
    Place.objects.select_for_update(no_key=True).get(pk=place.pk)
    last = Question.objects.filter(place=place).aggregate(last=Max("order"))["last"] or FIRST_OWN
    question, is_new = Question.objects.get_or_create(
        key=f"own.{client_id.hex}",
        defaults={
            "place": place,
            "set": set_name,
            "text": text,
            "order": last + 1,
            "scale": beside.scale,
            "layer": beside.layer,
        },
    )
    if is_new:
        QuestionWording.objects.create(place=place, question=question, by=by)  # who added it, and when
    return question
