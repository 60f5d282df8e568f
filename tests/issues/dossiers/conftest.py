"""A macro issue with its way round, its price, a story that anyone may hear, and a group that answered."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from issues.dossiers import actions
from issues.log import actions as log
from tests import factories as f

ASKS = "Let people keep their money while a claim is put right."
RULE = "Deductions shall begin fourteen days after the notice is sent."


@pytest.fixture
def macro(here):
    """`here` with an issue at level Macro that has all of what a dossier gathers."""
    issue = f.IssueFactory(
        cycle=here.cycle,
        raised_by=here.worker,
        description="Money is taken while the claim is still wrong",
        level=3,
        words="Kay told me over tea",
        who_affected="People who are paid by the week",
        how_many="3 families",
    )
    for _ in range(6):
        case = f.CaseFactory(team=here.core, worker=here.worker, alias="zqaliaszq")
        log.see_too(issue=issue, team=here.core, by=here.colleague, words="zqsecretzq", case=case)
    log.set_response(
        issue=issue,
        kind="countermeasure",
        text="We ring the office and ask for a hold",
        leaves_behind="The hold ends after 30 days",
        state="in_place",
        by=here.worker,
    )
    log.escalate(issue=issue, to_team=here.leadership, why="zqwhyzq", asks="Write to them?", by=here.worker)
    log.hand_back(move=issue.moves.get(state="offered"), by=here.leader, answer="The law stands in the way")
    issue.refresh_from_db()
    told = f.StoryFactory(cycle=here.cycle, title="The fortnight", body="We ate toast for two weeks.")
    type(told).objects.filter(pk=told.pk).update(reach="public", checked_by_teller_on=timezone.localdate())
    told.refresh_from_db()
    return SimpleNamespace(**vars(here), issue=issue, story=told)


@pytest.fixture
def dossier(macro):
    return write(macro)


def write(macro, **more):
    words = {
        "asks": ASKS,
        "rule": RULE,
        "rule_source": "Regulation 7, paragraph 2",
        "cost": "A morning each week",
        "shows_answers": False,
    }
    return actions.write_dossier(issue=macro.issue, by=macro.worker, stories=[macro.story], **words | more)
