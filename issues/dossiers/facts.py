"""What a dossier says, read anew each time: so that a story or a word that was taken back is gone from it at once."""

import hashlib
import json
import re
from datetime import datetime, time

from django.db.models import Sum
from django.utils import timezone

from cycles.stories.models import Story
from hls.bands import lives_words
from hls.look.words import day, few
from issues.groups.models import Decision
from issues.log.models import IssueStep, Response
from issues.log.seen import Seen, seen_counts

What = IssueStep.What
TOLD = (What.OFFERED, What.ACCEPTED, What.HANDED_BACK, What.DECIDED, What.CLOSED, What.REOPENED)
# What leaves the place, by name: whatever is added to the facts stays inside until it is added here too.
GOES_OUT = (
    "place", "ref", "issue", "level", "status", "raised", "who", "face", "many", "asks", "rule", "rule_source",
    "seen", "lives", "now", "leaves", "cost", "spent", "stories", "told",
)  # fmt: skip
SMALL = re.compile(r"\b(?:[1-4]|one|two|three|four)\b", re.I)
LARGER = re.compile(r"\d{2,}|[5-9]")


def stories_to_choose(dossier_or_issue):
    """Told by people who said that anyone may hear them, checked by them, and not taken back."""
    place = dossier_or_issue.place_id
    return Story.objects.filter(
        place=place, reach=Story.Reach.PUBLIC, checked_by_teller_on__isnull=False, withdrawn_on=None
    ).order_by("-written_on", "-pk")


def facts_of(dossier):
    """Everything the page shows; `dossier.issue` with its place, team and agency read already."""
    issue = dossier.issue
    seen = seen_counts([issue.pk]).get(issue.pk, Seen())
    now = issue.responses.filter(kind=Response.Kind.COUNTERMEASURE).first()
    return {
        "place": issue.place.name,
        "ref": issue.ref,
        "issue": issue.description,
        "level": issue.level,
        "status": "Open" if issue.is_open else f"Closed {day(issue.closed_on)}",
        "raised": day(issue.raised_on),
        "who": issue.who_affected,
        "face": issue.what_they_face,
        "many": without_small(issue.how_many),
        "asks": dossier.asks,
        "rule": dossier.rule,
        "rule_source": dossier.rule_source,
        "seen": occasions(seen),
        "lives": lives_words(seen.lives),
        "now": now.text if now else "",
        "leaves": now.leaves_behind if now else "",
        "cost": dossier.cost,
        "spent": spent(now),
        "stories": [_story(story, issue) for story in _chosen(dossier)],
        "told": _told(dossier, issue),
        "outside": _outside(issue),
    }


def for_outside(facts):
    return {name: facts[name] for name in GOES_OUT}


def digest(facts):
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def occasions(seen):
    """How often, in talks about the work: nobody is counted."""
    if not seen.times:
        return ""
    return seen.occasions if seen.times >= 5 else f"{few(seen.times)} times"


def without_small(words):
    """“How many are there?” in people's own words; a number under five is not repeated outside."""
    if SMALL.search(words) and not LARGER.search(words):
        return "fewer than 5"
    return words


def spent(now):
    """What the way round has taken so far: hours and pounds as they were noted, of everyone together."""
    if now is None:
        return ""
    sums = now.upkeep.aggregate(hours=Sum("hours"), pounds=Sum("pounds"))
    hours = f"{sums['hours']:,.0f} hours" if sums["hours"] else ""
    pounds = f"£{sums['pounds']:,.0f}" if sums["pounds"] else ""
    return " and ".join(part for part in (hours, pounds) if part)


def _chosen(dossier):
    return stories_to_choose(dossier).filter(pk__in=dossier.stories.values("pk"))


def earlier(dossier, versions):
    """How it read before, each with the titles of those of its stories that may still be told."""
    wanted = {pk for version in versions for pk in version.stories}
    told = dict(stories_to_choose(dossier).filter(pk__in=wanted).values_list("pk", "title"))
    return [
        {
            "row": version,
            "stories": [told[pk] for pk in version.stories if pk in told],
            "some_gone": any(pk not in told for pk in version.stories),
        }
        for version in versions
    ]


def _story(story, issue):
    return {
        "id": story.pk,
        "title": story.title,
        "text": story.body,
        "by": f"Someone in {issue.place.name}. Told with permission",
        "demo": story.is_demo,
    }


def _told(dossier, issue):
    """Which groups and commissioners were asked, and what each did; their own words only where the dossier says so."""
    steps = issue.steps.filter(what__in=TOLD).select_related("team", "move__from_team", "move__to_team")
    rows = [(step.at, _line(step, dossier.shows_answers)) for step in steps]
    for row in issue.recommendations.select_related("to").order_by("pk"):
        rows += _asked(row, dossier.shows_answers)
    return [line for _, line in sorted(rows, key=lambda pair: pair[0])]


def _asked(row, with_words):
    """A recommendation, and what commissioners answered to it."""
    yield row.at, {"who": row.to.name, "what": "Asked to change it", "on": day(row.sent_on), "said": ""}
    if row.answer:
        at = timezone.make_aware(datetime.combine(row.answered_on, time.max))
        said = row.answer if with_words else ""
        yield at, {"who": row.to.name, "what": row.get_says_display(), "on": day(row.answered_on), "said": said}


def _line(step, with_words):
    who, what = step.team.name if step.team else "The log", step.get_what_display()
    if step.move and step.what in (What.OFFERED, What.ACCEPTED, What.HANDED_BACK):
        who = step.move.to_team.name
        what = {What.OFFERED: "Told of it", What.ACCEPTED: "Took it on", What.HANDED_BACK: "Handed it back"}[step.what]
    elif step.what == What.DECIDED:
        what = dict(Decision.Outcome.choices).get(step.state, what)
    said = step.words if with_words and step.what != What.OFFERED else ""
    return {"who": who, "what": what, "on": day(step.at), "said": said}


def _outside(issue):
    """To whom it was shown outside, and what came back: for readers here alone."""
    shown = issue.steps.filter(what=What.SHOWN_OUTSIDE)
    replies = issue.comments.filter(outside__isnull=False).select_related("outside").order_by("pk")
    rows = [(step.at, {"who": step.words, "what": "Shown to them", "on": day(step.at), "said": ""}) for step in shown]
    rows += [
        (reply.at, {"who": reply.outside.to_whom, "what": "Replied", "on": day(reply.at), "said": reply.words})
        for reply in replies
    ]
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]
