"""The minutes of a meeting as plain facts, frozen when it ends: nothing of a life, and no sealed note, goes in."""

from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils import timezone

from cycles.questions.models import Answer
from hls.governing.models import Promise
from hls.look.words import day
from hls.meetings.onscreen import decided_here
from issues.meetings.models import ItemKind
from issues.pledges.models import Pledge, Recommendation

PRIVATE_TITLE = "A person’s case"
PRIVATE_WORDS = (
    "Talked about with consent. What was said and planned stays with the person’s own people and those who were there."
)


def minutes_of(meeting):
    """What stands from now on. Read once, in the transaction that ends the meeting."""
    items = meeting.items.select_related("issue__place").defer("issue__search")
    items = items.prefetch_related(Prefetch("promises", Promise.objects.select_related("team").order_by("pk")))
    seats = list(meeting.seats.select_related("user").order_by("user__name", "pk"))
    return {
        "place": meeting.place.name,
        "group": meeting.team.name,
        "kind": meeting.get_kind_display(),
        "on": long_day(meeting.on),
        "began": _clock(meeting.started_at),
        "ended": _clock(meeting.ended_at),
        "where": meeting.where,
        "there": [seat.user.name for seat in seats if seat.was_there],
        "sorry": [seat.user.name for seat in seats if not seat.was_there],
        "also_there": meeting.also_there,
        "said": [_item(meeting, item) for item in items],
    }


def _item(meeting, item):
    item.meeting = meeting
    if item.kind == ItemKind.CASE:
        said = PRIVATE_WORDS if item.outcome == "talked" else ""
        return _facts(item, title=PRIVATE_TITLE, words=said or _put_off(item))
    facts = _facts(item, title=item.title, words=item.words)
    facts["decisions"] = [_decision(row) for row in reversed(decided_here(item))]
    facts["promises"] = [
        {"text": row.text, "who": row.team.name, "due": day(row.due_on)} for row in item.promises.all()
    ]
    facts["pledges"] = [_pledge(row) for row in _pledges(meeting, item)]
    facts["advice"] = [_advised(row) for row in _advice(meeting, item)]
    facts["answers"] = _answers(meeting) if item.kind == ItemKind.REFLECT else []
    return facts


def _facts(item, *, title, words):
    return {
        "title": title,
        "kind": item.get_kind_display(),
        "outcome": item.get_outcome_display() if item.is_settled else "Not talked about",
        "is_private": item.kind == ItemKind.CASE,
        "words": words,
        "decisions": [],
        "promises": [],
        "pledges": [],
        "advice": [],
        "answers": [],
    }


def _put_off(item):
    """Why a case was put off may say something of the person, so only that it was."""
    return "Put off to another day." if item.outcome == "deferred" else ""


def _decision(row):
    return {
        "outcome": row.get_outcome_display(),
        "words": row.words,
        "new_normal": row.new_normal,
        "starts": day(row.starts_on) if row.starts_on else "",
        "review": day(row.review_on) if row.review_on else "",
    }


def _pledges(meeting, item):
    if not item.issue_id:
        return []
    rows = Pledge.objects.filter(
        issue=item.issue_id, team=meeting.team_id, made_on=timezone.localdate(meeting.started_at)
    )
    return rows.select_related("agency").order_by("pk")


def _pledge(row):
    return {"text": row.text, "who": row.agency.name, "due": day(row.due_on)}


def _advice(meeting, item):
    """What went from here to commissioners while it was talked about."""
    if not item.issue_id:
        return []
    rows = Recommendation.objects.filter(issue=item.issue_id, team=meeting.team_id, at__gte=meeting.started_at)
    return rows.select_related("to").order_by("pk")


def _advised(row):
    return {"text": row.text, "to": row.to.name, "hoped": day(row.answer_by_on) if row.answer_by_on else ""}


def _answers(meeting):
    rows = Answer.objects.filter(team=meeting.team_id, question__set="reflect", on=meeting.on)
    return [{"asked": row.asked, "text": row.text or "We don’t know"} for row in rows.order_by("question__order", "pk")]


def _clock(moment):
    return f"{timezone.localtime(moment):%-I:%M%p}".lower() if moment else ""


def long_day(on):
    return f"{on:%A} {on.day} {on:%B %Y}"


def on_paper(meeting):
    """The HTML that becomes the PDF: the frozen words, and the corrections that came since."""
    page = {"facts": meeting.minutes, "corrections": corrections(meeting)}
    return render_to_string("meetings/paper.html", page)


def corrections(meeting):
    return [{"on": day(row.at), "text": row.text} for row in meeting.corrections.all()]
