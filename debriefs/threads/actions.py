"""From a sentence of an answer to what is made of it, with the thread between them. Sent twice, each is once."""

from django.db import transaction
from django.utils import timezone

from cycles.lessons.actions import note_lesson
from cycles.measures.actions import add_reading
from cycles.refusals import Refused
from cycles.stories.actions import write_story
from debriefs.record.actions import lock_debrief, own_id
from debriefs.record.models import FollowUp, Produced
from issues.log.actions import raise_issue, see_too
from issues.log.models import Sighting


@transaction.atomic
def make_of(*, answer, words, by, make, client_id=None):
    """Keep the thread from `words` of the answer to what `make(debrief, id)` answers: {one name of it: the row}."""
    debrief = lock_debrief(answer.debrief)
    client_id = own_id(client_id, by)
    if before := Produced.objects.filter(client_id=client_id, debrief=debrief).first():
        return before
    return Produced.objects.create(
        debrief=debrief,
        contribution=answer.contribution,
        question=answer.question,
        answer=answer,
        words=words,
        client_id=client_id,
        **make(debrief, client_id),
    )


def make_issue(*, answer, words, by, description, same=None, case=None, client_id=None, **about):
    """A new issue, or one more sighting of an open one that says the same."""

    def make(debrief, sent):
        facts = {"by": by, "case": case, "words": words, "occasion_ref": debrief.pk, "client_id": sent}
        if same is not None:
            return {"sighting": see_too(issue=same, team=debrief.team, **facts)}
        issue = raise_issue(cycle=debrief.cycle, description=description, **facts, **about)
        return {"sighting": Sighting.objects.filter(issue=issue, by=by).order_by("pk").first()}

    return make_of(answer=answer, words=words, by=by, make=make, client_id=client_id)


def make_lesson(*, answer, words, by, text, direction, same=None, client_id=None):
    """A new lesson, or this debrief too saw one that was noted before."""

    def make(debrief, sent):
        if same and Produced.objects.filter(debrief=debrief, contribution=answer.contribution, lesson=same).exists():
            raise Refused("This debrief says so already.", "same")
        return {"lesson": same or note_lesson(cycle=debrief.cycle, text=text, direction=direction, by=by)}

    return make_of(answer=answer, words=words, by=by, make=make, client_id=client_id)


def make_reading(*, answer, words, by, measure, said, value=None, client_id=None):
    """An answer to one of the cycle's questions, put there by a person who read it: nothing flows by itself."""

    def make(debrief, sent):
        day = debrief.held_on or timezone.localdate(debrief.planned_for)
        facts = {"period_start": day, "period_end": day, "value": value, "words": said, "source": "A debrief"}
        n = 1 if value is not None else None
        return {"reading": add_reading(measure=measure, by=by, client_id=sent, n=n, **facts)}

    return make_of(answer=answer, words=words, by=by, make=make, client_id=client_id)


def make_story(*, answer, words, by, title, body, told_by="", case=None, client_id=None):
    """A draft, for its writer and the life's people, until its teller has read it."""

    def make(debrief, sent):
        cycle = case.cycle if case else debrief.cycle
        facts = {"title": title, "body": body, "told_by": told_by}
        return {"story": write_story(cycle=cycle, case=case, by=by, client_id=sent, **facts)}

    return make_of(answer=answer, words=words, by=by, make=make, client_id=client_id)


def make_follow_up(*, answer, words, by, text, audience, owner=None, due_on=None, client_id=None):
    def make(debrief, sent):
        row = FollowUp.objects.create(
            debrief=debrief,
            contribution=answer.contribution,
            audience=audience,
            text=text,
            owner=owner,
            due_on=due_on,
        )
        return {"follow_up": row}

    return make_of(answer=answer, words=words, by=by, make=make, client_id=client_id)
