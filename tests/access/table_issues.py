"""The issue log, each issue and the groups: the team, the group it was raised to, the stewards; nobody else."""

from issues.log import actions
from tests import factories as f
from tests.access.rows import CORE, SIGNED_IN, Row

INSIDE = CORE | {"steward"}
ALL = INSIDE | {"leader"}
STEWARD = frozenset({"steward"})
RAISES = SIGNED_IN - {"admin"}


def build(w):
    """One issue within its team, and one that was raised to leaders with a quote shared on purpose."""
    w.issue = f.IssueFactory(
        cycle=w.cycle,
        raised_by=w.worker,
        description=f"It was first worded {w.secret('wording before an edit', CORE)}",
        words=f"Said over tea: {w.secret('words of the team', CORE)}",
        countermeasure=f"Ring {w.secret('countermeasure within the team', INSIDE)}",
    )
    w.issue.refresh_from_db()
    actions.edit_issue(
        issue=w.issue,
        version=w.issue.version,
        by=w.worker,
        description=f"It now reads {w.secret('issue within the team', INSIDE)}",
    )
    w.raised = f.IssueFactory(
        cycle=w.cycle,
        raised_by=w.worker,
        description=f"The post waits {w.secret('issue raised to leaders', ALL | {'evidence'})}",
        words=f"She told me {w.secret('words behind an issue raised to leaders', CORE)}",
        level=2,
    )
    case = f.CaseFactory(
        team=w.core, worker=w.worker, alias=w.secret("alias behind a sighting", CORE, must_be_met=False)
    )
    seen = actions.see_too(
        issue=w.raised, team=w.core, by=w.colleague, words=w.secret("words of a second sighting", CORE), case=case
    )
    actions.release_quote(
        sighting=seen, quote=f"Nobody rang, {w.secret('a quote shared on purpose', ALL | {'evidence'})}", by=w.colleague
    )
    actions.escalate(
        issue=w.raised,
        to_team=w.leadership,
        why=f"Policy, {w.secret('why it was raised', ALL)}",
        asks="May we hold the letters?",
        by=w.worker,
    )
    w.own_sighting = w.issue.sightings.get()


def inside(w):
    return {"ref": w.issue.ref}


def raised(w):
    return {"ref": w.raised.ref}


def changes(name):
    """The team and stewards change it; a leader it was raised to sees it and may not."""
    return Row(name, raised, sees=INSIDE, refused=frozenset({"leader"}), posts=INSIDE)


ROWS = [
    Row("issues:list", sees=SIGNED_IN, posts=SIGNED_IN),
    Row("issues:new", sees=RAISES, refused=frozenset({"admin"}), posts=RAISES),
    Row("issues:new_draft", posts=RAISES, refused=frozenset({"admin"}), only_post=True),
    Row("issues:similar", posts=RAISES, refused=frozenset({"admin"}), only_post=True),
    Row("issues:issue", inside, sees=INSIDE),
    Row("issues:issue", raised, sees=ALL),
    Row("issues:history", inside, sees=INSIDE),
    Row("issues:history", raised, sees=ALL),
    changes("issues:edit"),
    changes("issues:level"),
    changes("issues:countermeasure"),
    changes("issues:system_change"),
    changes("issues:close"),
    changes("issues:reopen"),
    changes("issues:escalate"),
    changes("issues:withdraw"),
    # A steward is in no team: evidence is always some team's.
    Row("issues:seen", raised, sees=CORE | {"leader"}, refused=STEWARD, posts=CORE | {"leader"}),
    Row(
        "issues:quote",
        lambda w: {"ref": w.issue.ref, "pk": w.own_sighting.pk},
        sees=frozenset({"worker"}),
        posts=frozenset({"worker"}),
    ),
    Row("issues:fit", inside, sees=frozenset({"worker"}), refused=INSIDE - {"worker"}, posts=frozenset({"worker"})),
    Row("issues:answer", raised, sees=frozenset({"leader"}), refused=INSIDE, posts=frozenset({"leader"})),
    Row("issues:triage", sees=STEWARD, refused=SIGNED_IN - STEWARD, posts=STEWARD),
    Row("issues:triage", sees=STEWARD, refused=SIGNED_IN - STEWARD, posts=STEWARD, query="?tab=waiting"),
    Row("issues:groups", sees=SIGNED_IN),
    Row("issues:group", lambda w: {"slug": w.core.slug}, sees=INSIDE),
    Row("issues:group", lambda w: {"slug": w.leadership.slug}, sees=frozenset({"leader", "steward"})),
]
