"""Today, the overview and the summary packs: what leaders read, and nothing that a team kept to itself."""

from django.utils import timezone

from hls.leadership import packs, sheets
from hls.leadership.models import Summary
from issues.groups.actions import decide
from issues.log.actions import escalate, release_quote
from tests import factories as f
from tests.access.rows import CORE, SIGNED_IN, Row

READERS = frozenset({"leader", "evidence", "steward"})


def build(w):
    """One issue raised to leaders with a quote let go, one decided, one kept in the team; a story, a measure, a pack."""
    today = timezone.localdate()
    raised = f.IssueFactory(
        cycle=w.cycle,
        raised_by=w.worker,
        level=2,
        owner_tier="lship",
        description=w.secret("issue raised to leaders", CORE | READERS),
        words=w.secret("the team's own words behind an issue", CORE | {"steward"}, must_be_met=False),
    )
    quote = w.secret("quote released", CORE | READERS)
    release_quote(sighting=raised.sightings.get(), quote=quote, by=w.worker)
    escalate(
        issue=raised,
        to_team=w.leadership,
        why="Not ours to change",
        asks=w.secret("what is asked", CORE | READERS),
        by=w.worker,
    )
    decided = f.IssueFactory(cycle=w.cycle, raised_by=w.worker, level=2, owner_tier="lship")
    escalate(issue=decided, to_team=w.leadership, why="Not ours to change", asks="Decide", by=w.worker)
    decide(
        issue=decided,
        team=w.leadership,
        outcome="agreed",
        words=w.secret("decision", CORE | READERS),
        new_normal="People are asked first",
        by=w.leader,
    )
    f.IssueFactory(
        cycle=w.cycle, raised_by=w.worker, description=w.secret("issue kept in the team", CORE | {"steward"})
    )
    f.StoryFactory(
        cycle=w.cycle, shared=True, written_by=w.worker, body=w.secret("story for the whole place", SIGNED_IN)
    )
    f.MeasureFactory(cycle=w.cycle, audience="leaders", question=w.secret("question that looks back", CORE | READERS))
    w.pack = Summary(
        place=w.place, team=w.leadership, period_start=today, period_end=today, key=f"pack-{w.place.pk}", state="ready",
        built_at=timezone.now(), asked_by=w.leader,
    )  # fmt: skip
    w.pack.agenda = packs.collect(w.pack, today)
    w.pack.agenda["purpose"] = w.secret("words of a pack", READERS)
    w.pack.pdf, w.pack.pages = sheets.pdf_of(sheets.on_paper(w.pack.agenda))
    w.pack.save()


def pack(w):
    return {"pk": w.pack.pk}


ROWS = [
    Row("today", sees=SIGNED_IN),
    Row("notices_seen", posts=SIGNED_IN, only_post=True),
    Row("overview", sees=READERS),
    Row("decisions", sees=READERS),
    Row("summaries", sees=READERS, posts=READERS),
    Row("summary", pack, sees=READERS),
    Row("summary_pdf", pack, sees=READERS),
    Row("summary_again", pack, posts=READERS, only_post=True),
    Row("summary_discussed", pack, posts={"leader"}, refused={"evidence", "steward"}, only_post=True),
    Row(
        "summary_schedule",
        lambda w: {"team": w.leadership.pk},
        sees={"leader", "steward"},
        refused={"evidence"},
        posts={"leader", "steward"},
    ),
]
