"""The demo's two tracks: what a way round costs, one pattern, one question four weeks later, one saved view. Filler."""

from decimal import Decimal

from django.utils import timezone

from hls.demo.issues import _set_back
from issues.log import actions
from issues.log.models import Issue, Response
from issues.patterns.actions import make_pattern
from issues.receipts.actions import ask_better, received
from issues.saved.models import SavedView
from issues.tracks.actions import look_at


def load(world):
    data = world.data["tracks"]
    for row in data["kept_going"]:
        _kept_going(world, row)
    for key, day in data["seen"]:
        _on(world, world.issue[key], day, lambda issue: received(issue=issue, by=world.user["sam"]))
    for row in data["patterns"]:
        _pattern(world, row)
    for row in data["views"]:
        SavedView.objects.create(
            place=world.place,
            by=world.user[row["by"]],
            name=row["name"],
            asked=row["asked"],
            reach=row["reach"],
            at=world.at(row["day"]),
        )
    ask_better(timezone.localdate())


def _on(world, issue, day, act):
    issue.refresh_from_db()
    now = timezone.now()
    made = act(issue)
    _set_back(world, issue, now, day)
    return made


def _kept_going(world, row):
    """Who keeps a way round going, and each look at it."""
    issue, by = world.issue[row["issue"]], world.user[row["by"]]
    now = issue.responses.get(kind=Response.Kind.COUNTERMEASURE)
    _on(
        world,
        issue,
        row["day"],
        lambda issue: actions.set_response(
            issue=issue,
            kind=now.kind,
            text=now.text,
            state=now.state,
            by=by,
            in_place_on=now.in_place_on,
            leaves_behind=now.leaves_behind,
            owner=world.team[row["owner"]],
        ),
    )
    for day, working, hours, pounds, words, again in row["looks"]:
        _on(
            world,
            issue,
            day,
            lambda issue, day=day, working=working, hours=hours, pounds=pounds, words=words, again=again: look_at(
                issue=issue,
                by=by,
                working=working,
                hours=Decimal(hours),
                pounds=Decimal(pounds) if pounds else None,
                words=words,
                on=world.day(day),
                review_on=world.day(again),
            ),
        )


def _pattern(world, row):
    now = timezone.now()
    issues = [world.issue[key] for key in row["issues"]]
    for issue in issues:
        issue.refresh_from_db()
    pattern = make_pattern(
        issues=issues, description=row["text"], underneath=row["underneath"], by=world.user[row["by"]]
    )
    Issue.objects.filter(pk=pattern.pk).update(is_demo=True)
    pattern.gathered.update(at=world.at(row["day"]))
    for issue in (*issues, pattern):
        _set_back(world, issue, now, row["day"])
    Issue.objects.filter(pk=pattern.pk).update(raised_on=world.day(row["day"]), held_since=world.day(row["day"]))
