"""Gathering issues under a pattern, and taking one out again. Nothing of the issue itself is ever written.

Locks go from the pattern to its issues, the lower number first, so that two who gather at once wait and don't block.
"""

import uuid

from django.db import transaction
from django.utils import timezone

from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.refusals import ChangedMeanwhile, Refused
from issues.log.actions import lock_log, next_numbers
from issues.log.models import Issue, IssueAccess, IssueMove, IssueStep
from issues.patterns.models import Gathering, Pattern
from issues.patterns.permissions import can_gather
from issues.patterns.under import gathered_under

FEWEST = 2


@transaction.atomic
def make_pattern(*, issues, description, by, underneath="", client_id=None):
    """Say what several issues are underneath, and gather them under it. Sent twice, it is one.

    The pattern belongs to the cycle of the issue that has been open longest.
    """
    issues = sorted(issues, key=lambda issue: (issue.raised_on, issue.pk))
    if len(issues) < FEWEST:
        raise Refused("Tick two issues or more. One alone is no pattern yet.", "issue")
    if len({issue.place_id for issue in issues}) > 1:
        raise Refused("Choose issues of one place.", "issue")
    place = lock_log(issues[0].place_id)
    before = Issue.objects.filter(client_id=client_id).defer("search").first() if client_id else None
    if before and before.raised_by_id == by.pk:
        return before
    (number,) = next_numbers(place)
    first = issues[0]
    pattern = Issue.objects.create(
        place=place,
        number=number,
        cycle=first.cycle,
        team=first.team,
        held_by=first.team,
        description=description,
        level=max((issue.level for issue in issues if issue.level), default=None),
        raised_by=by,
        is_pattern=True,
        client_id=uuid.uuid4() if before or client_id is None else client_id,
    )
    Pattern.objects.create(issue=pattern, underneath=underneath)
    pattern.steps.create(what=IssueStep.What.RAISED, by=by, team=first.team, at=pattern.updated_at)
    gather(pattern=pattern, issues=issues, by=by, why=underneath)
    return pattern


@transaction.atomic
def say_what_is_underneath(*, pattern, underneath, version, by):
    """Put it in other words. What was thought before is kept, with who thought so and since when."""
    row = Pattern.objects.select_for_update(of=("self",)).select_related("issue").get(issue=pattern)
    if row.underneath == underneath:
        return row
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    row.versions.create(underneath=row.underneath, by_id=row.by_id or row.issue.raised_by_id, at=row.written_at)
    row.underneath, row.by, row.updated_at, row.version = underneath, by, timezone.now(), row.version + 1
    row.save(update_fields=["underneath", "by", "updated_at", "version"])
    row.issue.steps.create(what=IssueStep.What.EDITED, by=by, at=row.updated_at)
    Issue.objects.filter(pk=row.issue_id).update(updated_at=row.updated_at)
    return row


def _lock_both(pattern, issues):
    """The pattern and the issues as they are now, theirs until this is over. Links hang on them, keys don't change."""
    rows = Issue.objects.select_for_update(of=("self",), no_key=True).defer("search").select_related("place")
    pattern = rows.get(pk=pattern.pk)
    return pattern, list(rows.filter(pk__in=[issue.pk for issue in issues]).order_by("pk"))


@transaction.atomic
def gather(*, pattern, issues, by, why=""):
    """Put issues under a pattern. One that lies there already stays as it is; one of another pattern is refused."""
    row, issues = _lock_both(pattern, issues)
    if not row.is_pattern:
        raise Refused("Issues are gathered under a pattern, not under an issue.", "pattern")
    if not row.is_open:
        raise Refused("That pattern is closed. Open it again first.", "pattern")
    current = {link.issue_id: link for link in Gathering.objects.filter(issue__in=issues).current()}
    for issue in issues:
        if issue.is_pattern or issue.place_id != row.place_id:
            raise Refused(f"{issue.ref} can’t lie under this pattern.", "issue")
        lies = current.get(issue.pk)
        if lies and lies.pattern_id != row.pk:
            raise Refused(f"{issue.ref} lies under another pattern. Take it out there first.", "issue")
    new = [issue for issue in issues if issue.pk not in current]
    for issue in new:
        Gathering.objects.create(pattern=row, issue=issue, by=by, why=why)
        _tell_of(issue, IssueStep.What.GATHERED, row, by=by, words=why)
    if new:
        _open_as_far_as_its_issues(row)
        Issue.objects.filter(pk=row.pk).update(updated_at=timezone.now())
    return row


@transaction.atomic
def take_out(*, pattern, issue, by, why=""):
    """Take an issue out of a pattern: it is as it was before, and both say when and why."""
    row, (issue,) = _lock_both(pattern, [issue])
    link = Gathering.objects.filter(pattern=row, issue=issue).current().first()
    if link is None:
        if Gathering.objects.filter(pattern=row, issue=issue, until_by=by, until_why=why).exists():
            return row
        raise Refused("It does not lie under this pattern any more.")
    link.until_at, link.until_by, link.until_why = timezone.now(), by, why
    link.save(update_fields=["until_at", "until_by", "until_why"])
    _tell_of(issue, IssueStep.What.UNGATHERED, row, by=by, words=why)
    _open_as_far_as_its_issues(row)
    Issue.objects.filter(pk=row.pk).update(updated_at=timezone.now())
    return row


def _tell_of(issue, what, pattern, *, by, words):
    """A line on the issue's path, and a notice to those who follow it. The issue's own row is not touched."""
    from issues.talk.watching import told_of  # talk knows the log; what it is told by asks it late

    step = issue.steps.create(what=what, by=by, words=words, state=pattern.ref)
    tell(
        users=told_of(issue).exclude(pk=by.pk),
        place=issue.place,
        kind=Notice.Kind.ISSUE_STEP,
        subject_ref=step.pk,
        key=f"issue-step-{step.pk}",
    )


def _open_as_far_as_its_issues(pattern):
    """A pattern is read by the teams that read an issue under it, by who holds it, and by who was asked."""
    asked = pattern.moves.exclude(state__in=[IssueMove.State.WITHDRAWN, IssueMove.State.DONE])
    teams = {
        pattern.held_by_id,
        *asked.values_list("to_team", flat=True),
        *IssueAccess.objects.filter(issue__in=gathered_under(pattern.pk)).values_list("team", flat=True),
    }
    IssueAccess.objects.filter(issue=pattern).exclude(team__in=teams).delete()
    there = set(IssueAccess.objects.filter(issue=pattern).values_list("team", flat=True))
    for team in sorted(teams - there):
        IssueAccess.objects.get_or_create(issue=pattern, team_id=team)


def open_with_pattern(pattern, team, by):
    """A group that is asked about a pattern reads what lies under it: those issues that `by` could raise to it too."""
    issues = Issue.objects.filter(pk__in=gathered_under(pattern.pk)).select_related("held_by").defer("search")
    for issue in issues.order_by("pk"):
        if can_gather(by, issue):
            IssueAccess.objects.get_or_create(issue=issue, team=team)
