"""What leaders are asked, what they decided, and what became normal: words, each with the voice beside it."""

from functools import cache

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from cycles.lessons.models import Lesson, Offer
from cycles.people.models import Team
from cycles.prepared import Given, Prepared
from cycles.stack.models import Scale
from hls.leadership.facts.bands import lives_words
from hls.leadership.facts.voices import QUOTE, quote_voice
from hls.look.words import ago_days, day
from issues.groups.models import Decision
from issues.log.models import IssueAccess, IssueMove, Level, OwnerTier, Response, Sighting

LEADERSHIP = Team.Kind.LEADERSHIP


def seen(issue):
    """Evidence for one issue: how often, in how many debriefs, in how many lives."""
    return Subquery(
        Sighting.objects.filter(issue=OuterRef(issue))
        .order_by()
        .values("issue")
        .annotate(
            seen=JSONObject(
                times=Count("pk"), debriefs=Count("occasion_ref", distinct=True), lives=Count("case", distinct=True)
            )
        )
        .values("seen")
    )


def quote_of(issue):
    """The newest sentence that someone let leave their team."""
    return Subquery(
        Sighting.objects.filter(issue=OuterRef(issue))
        .exclude(quote="")
        .order_by("-quote_released_on", "-pk")
        .values(voice=QUOTE)[:1]
    )


def response_text(issue, kind):
    return Subquery(Response.objects.filter(issue=OuterRef(issue), kind=kind).values("text")[:1])


def seen_words(seen):
    """Evidence in words; lives in steps of five."""
    if not seen:
        return ""
    many = seen["debriefs"] or seen["times"]
    if seen["debriefs"]:
        words = f"seen in {many:,} debrief{'' if many == 1 else 's'}"
    else:
        words = "seen once" if many == 1 else f"seen {many:,} times"
    lives = lives_words(seen["lives"])
    return f"{words}, {lives}" if lives else words


# ------------------------------------------------------------------ asked


def first_asked(place, most, only=()):
    """`only` names what the issues must be, such as `is_barrier`."""
    return _first_asked(most, only).rows(place=place)


@cache
def _first_asked(most, only):
    return Prepared(asked(Given("place")).filter(**{f"issue__{flag}": True for flag in only})[:most])


def asked(place):
    """Moves that wait for a decision by a leadership group: offered to it, or held by it; the longest wait first."""
    return (
        IssueMove.objects.filter(waits=True, issue__place=place, to_team__kind=LEADERSHIP)
        .select_related("issue", "to_team")
        .defer("issue__search")
        .annotate(
            seen=seen("issue"),
            voice=quote_of("issue"),
            now=response_text("issue", Response.Kind.COUNTERMEASURE),
            new=response_text("issue", Response.Kind.SYSTEM_CHANGE),
        )
        .order_by("at", "pk")
    )


def ask_fact(move, today):
    issue = move.issue
    return {
        "ref": issue.ref,
        "team": move.to_team_id,
        "group": move.to_team.name,
        "meets": day(move.to_team.next_meeting_on, today) if move.to_team.next_meeting_on else "",
        "asks": move.asks or "Say what should happen about this.",
        "issue": issue.description,
        "why": move.why,
        "voice": quote_voice(move.voice),
        "seen": seen_words(move.seen),
        "waited": ago_days(move.at, today),
        "accepted": move.state == IssueMove.State.ACCEPTED,
        "barrier": issue.is_barrier,
        "demo": issue.is_demo,
        "level": issue.level,
        "levels": [issue.level == level for level in Level],
        "owners": [issue.owner_tier == tier for tier in OwnerTier],
        "now": move.now or "",
        "new": move.new or "",
    }


def with_words(ask):
    """How long, and with whom, as one line."""
    if ask["waited"] == "today":
        return f"with {ask['group']} from today"
    return f"with {ask['group']} {ask['waited']}"


# ------------------------------------------------------------------ decided, promised, in place


def newest_decisions(place, most, only=()):
    return _newest_decisions(most, only).rows(place=place)


@cache
def _newest_decisions(most, only):
    return Prepared(decisions(Given("place")).filter(**{f"issue__{flag}": True for flag in only})[:most])


def decisions(place):
    """What leadership groups decided, newest first."""
    return (
        Decision.objects.filter(issue__place=place, team__kind=LEADERSHIP)
        .select_related("issue", "team")
        .defer("issue__search")
        .annotate(voice=quote_of("issue"))
        .order_by("-decided_on", "-pk")
    )


def decision_fact(decision, today):
    return {
        "ref": decision.issue.ref,
        "team": decision.team_id,
        "group": decision.team.name,
        "outcome": decision.get_outcome_display(),
        "words": decision.words,
        "new_normal": decision.new_normal,
        "issue": decision.issue.description,
        "demo": decision.issue.is_demo,
        "on": day(decision.decided_on, today),
        "review": day(decision.review_on, today) if decision.review_on else "",
        "voice": quote_voice(decision.voice),
    }


def new_normals(place, most):
    """`place` as `learning` reads it. Changes that leaders were asked for and that are in place, the newest first."""
    return _changes(place, Response.State.IN_PLACE, most)


def promised(place, most):
    """Changes that leaders were asked for and that are agreed: what should begin first comes first."""
    return _changes(place, Response.State.AGREED, most)


def _changes(place, state, most):
    if not place.leaders:
        return []
    groups = {f"group{at}": group for at, group in enumerate(place.leaders)}
    return _system_changes(len(groups), state, most).rows(**groups)


ORDER = {  # of the responses, and the same of the access rows that carry their day
    Response.State.IN_PLACE: ("-in_place_on", ("-changes_on", "-issue")),
    Response.State.AGREED: (F("starts_on").asc(nulls_last=True), ("changes_on", "issue")),
}


@cache
def _system_changes(groups, state, most):
    """Read from the leaders' own access rows, which carry the day: the first few of each group hold the first of all.

    Only what was raised to leaders on purpose is told to leaders in its own words.
    """
    first, way = ORDER[state]
    head, *others = [
        IssueAccess.objects.filter(team=Given(f"group{at}"), system_change_state=state)
        .order_by(*way)
        .values("issue")[:most]
        for at in range(groups)
    ]
    return Prepared(
        Response.objects.filter(kind=Response.Kind.SYSTEM_CHANGE, state=state)
        .filter(issue__in=head.union(*others) if others else head)
        .select_related("issue")
        .defer("issue__search")
        .annotate(seen=seen("issue"), voice=quote_of("issue"))
        .order_by(first, way[-1])[:most]
    )


def change_fact(response, today):
    due = response.starts_on
    return {
        "ref": response.issue.ref,
        "demo": response.issue.is_demo,
        "text": response.text,
        "said": response.issue.description,
        "seen": seen_words(response.seen),
        "since": day(response.in_place_on, today) if response.in_place_on else "",
        "due": day(due, today) if due else "",
        "is_due": bool(due and due <= today),
        "voice": quote_voice(response.voice),
    }


# ------------------------------------------------------------------ lessons


def lessons_awaiting_reply(place):
    """Offered up, and no reply yet, in the words that were passed. What comes from a life goes to its team alone."""
    return (
        Offer.objects.waiting()
        .filter(to__place=place, direction=Lesson.Hear.UP)
        .exclude(lesson__cycle__scale=Scale.PERSON)
        .select_related("lesson")
        .order_by("pk")
    )


def lesson_fact(offer, today):
    return {"text": offer.text, "noticed": day(offer.lesson.noticed_on, today)}
