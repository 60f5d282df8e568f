"""Patterns, saved views, receipts and the price of a countermeasure."""

from datetime import timedelta

from django.utils import timezone

from issues.log import actions
from issues.log.models import Better
from issues.patterns.actions import make_pattern, say_what_is_underneath
from issues.receipts.links import token_of
from issues.saved.models import SavedView
from issues.tracks.actions import look_at
from tests import factories as f
from tests.access.rows import CORE, PUBLIC, SIGNED_IN, Row

INSIDE = CORE | {"steward"}
STEWARD = frozenset({"steward"})
WORKER = frozenset({"worker"})


def build(w):
    one, two = (
        f.IssueFactory(
            cycle=w.cycle,
            raised_by=w.worker,
            description=f"{words} {w.secret(f'gathered issue, {words}', INSIDE)}",
            countermeasure="Ring",
        )
        for words in ("Holds end early", "Help ends in September")
    )
    look_at(issue=one, by=w.worker, hours=2, words=w.secret("a look at a countermeasure", INSIDE))
    w.gathered = one
    w.pattern = make_pattern(
        issues=[one, two],
        description=f"It carries on {w.secret('words of a pattern', INSIDE)}",
        underneath=w.secret("what was underneath a pattern before", CORE),
        by=w.steward,
    )
    now = w.secret("what is underneath a pattern", INSIDE)
    say_what_is_underneath(pattern=w.pattern, underneath=now, version=1, by=w.worker)
    w.team_view = SavedView.objects.create(
        place=w.place, by=w.worker, team=w.core, reach="team", name=w.secret("name of a team's view", CORE)
    )
    day = timezone.localdate() - timedelta(days=30)
    actions.set_response(
        issue=two, kind="system_change", text="Ask first", state="in_place", by=w.worker, in_place_on=day
    )
    w.ask = Better.objects.create(issue=two, user=w.worker, since=day)


def gathered(w):
    return {"ref": w.gathered.ref}


def view(w):
    return {"pk": w.team_view.pk}


ROWS = [
    Row("issues:pattern", lambda w: {"ref": w.pattern.ref}, sees=INSIDE),
    Row("issues:history", lambda w: {"ref": w.pattern.ref}, sees=INSIDE),
    Row("issues:underneath", lambda w: {"ref": w.pattern.ref}, sees=INSIDE, posts=INSIDE),
    Row("issues:new_pattern", sees=SIGNED_IN, posts=SIGNED_IN),
    Row(
        "issues:take_out",
        lambda w: {"ref": w.pattern.ref, "issue_ref": w.gathered.ref},
        sees=INSIDE,
        posts=INSIDE,
    ),
    Row("issues:upkeep", gathered, sees=INSIDE, posts=INSIDE),
    Row("issues:received", gathered, posts=STEWARD, refused=CORE, only_post=True),
    Row("issues:received_many", posts=STEWARD, only_post=True),
    Row("issues:better", lambda w: {"pk": w.ask.pk}, sees=WORKER, posts=WORKER),
    Row(
        "issues:better_by_link",
        lambda w: {"token": token_of(w.ask.pk, w.worker.pk)},
        sees=PUBLIC,
        posts=PUBLIC,
        crawl=False,
    ),
    Row("issues:views", sees=SIGNED_IN),
    Row("issues:new_view", sees=SIGNED_IN, posts=SIGNED_IN),
    Row("issues:view", view, sees=CORE),
    Row("issues:change_view", view, sees=WORKER, refused=CORE - WORKER, posts=WORKER),
    Row("issues:delete_view", view, posts=WORKER, only_post=True),
    Row("issues:stuck", sees=SIGNED_IN),
]
