"""What every act on an issue does: lock it, write its path, and tell those who follow it, in one transaction."""

import uuid
from functools import cache
from types import SimpleNamespace

from django.db.models import F, UUIDField

from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.people.models import Place
from cycles.prepared import Given, Prepared
from issues.log.models import Issue, IssueStep


@cache
def _reads():
    """What each act reads first; the SQL is put together once."""
    issues = Issue.objects.defer("search")
    return SimpleNamespace(
        locked=Prepared(issues.filter(pk=Given("issue")).select_for_update(of=("self",))),
        sent=Prepared(issues.filter(client_id=Given("client_id", UUIDField()))),
        log=Prepared(Place.objects.filter(pk=Given("place")).select_for_update(no_key=True)),
    )


def _lock(issue):
    (row,) = _reads().locked.rows(issue=issue.pk)
    return row


# What changes the issue's own words, level or state makes an open editor of them stale. Evidence does not,
# and each response keeps a version of its own.
_MAKES_STALE = {
    IssueStep.What.EDITED,
    IssueStep.What.LEVEL,
    IssueStep.What.ACCEPTED,
    IssueStep.What.DECIDED,
    IssueStep.What.CLOSED,
    IssueStep.What.REOPENED,
}


def _step(issue, what, *, by, words="", team=None, move=None, state="", tell_raisers=True):
    step = issue.steps.create(what=what, by=by, words=words, team=team, move=move, state=state)
    stale = {"version": F("version") + 1} if what in _MAKES_STALE else {}
    Issue.objects.filter(pk=issue.pk).update(updated_at=step.at, **stale)
    if tell_raisers:
        from issues.talk.watching import told_of  # talk knows the log; the log asks it late

        tell(
            users=told_of(issue).exclude(pk=by.pk),
            place=issue.place,
            kind=Notice.Kind.ISSUE_STEP,
            subject_ref=step.pk,
            key=f"issue-step-{step.pk}",
        )
    return step


def lock_log(place_id):
    """Writers of one place's log wait for each other here: numbers stay unique, and a second click finds the first."""
    (place,) = _reads().log.rows(place=place_id)
    return place


def next_numbers(place, count=1):
    """Take `count` numbers of a place's log, in order. `place` is locked."""
    first = place.issue_counter + 1
    place.issue_counter += count
    place.save(update_fields=["issue_counter"])
    return range(first, first + count)


def _own_client_id(model, client_id):
    """A fresh id where none was sent, or where someone else's was."""
    return uuid.uuid4() if client_id is None or model.objects.filter(client_id=client_id).exists() else client_id
