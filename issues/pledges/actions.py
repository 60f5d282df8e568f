"""Fix it now, in your own house; recommend to commissioners what nobody here can fix; follow both to their end."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cycles.refusals import ChangedMeanwhile, Refused
from cycles.sent import make_once
from issues.log.actions import _lock, _step
from issues.log.models import IssueStep
from issues.pledges import telling
from issues.pledges.models import Pledge, Recommendation


@transaction.atomic
def pledge(*, team, agency, text, due_on, by, issue=None, forum_case=None, client_id=None):
    """A member organisation says what it will fix, by a day. About an issue, those who raised it are told."""
    if due_on < timezone.localdate():
        raise Refused("Choose a day that is still to come.", "due_on")
    row = _lock(issue) if issue else None
    if row and not row.is_open:
        raise Refused("It is closed. Open it again first.")
    if forum_case and not forum_case.has_consent:
        raise Refused("Consent was taken back, so nothing more is written here.")
    made, is_new = make_once(
        Pledge,
        client_id,
        place_id=team.place_id,
        team=team,
        agency=agency,
        issue=row,
        forum_case=forum_case,
        text=text,
        due_on=due_on,
        by=by,
    )
    if is_new and row:
        _step(row, IssueStep.What.PLEDGED, by=by, words=f"{agency}: {text}"[:4000], team=team)
    return made


@transaction.atomic
def tell_pledge(*, pledge, state, became, version, by):
    """Done, or not done and why. Nobody is marked for it."""
    row = Pledge.objects.select_for_update(of=("self",)).select_related("agency", "team").get(pk=pledge.pk)
    if (row.state, row.became) == (state, became):
        return row
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    if not row.is_open:
        raise Refused("What became of it was said already.")
    if state == Pledge.State.NOT_DONE and not became.strip():
        raise Refused("Say why, so that something else can be tried.", "became")
    row.state, row.became, row.answered_on, row.version = state, became, timezone.localdate(), F("version") + 1
    row.save(update_fields=["state", "became", "answered_on", "version"])
    row.refresh_from_db()
    if row.issue_id:
        issue = _lock(row.issue)
        said = f"{row.agency}: {row.text} {row.get_state_display()}. {became}".strip()[:4000]
        _step(issue, IssueStep.What.PLEDGE_TOLD, by=by, words=said, team=row.team)
    return row


@transaction.atomic
def recommend(*, issue, team, to, text, why, by, answer_by_on=None, client_id=None):
    """Put to commissioners what nobody here can change. The issue stays where it is, and what is done now goes on."""
    row = _lock(issue)
    if not row.is_open:
        raise Refused("It is closed. Open it again first.")
    if answer_by_on and answer_by_on < timezone.localdate():
        raise Refused("Choose a day that is still to come.", "answer_by_on")
    made, is_new = make_once(
        Recommendation,
        client_id,
        place_id=row.place_id,
        issue=row,
        team=team,
        to=to,
        text=text,
        why=why,
        answer_by_on=answer_by_on,
        by=by,
    )
    if is_new:
        _step(row, IssueStep.What.RECOMMENDED, by=by, words=f"To {to}: {text}"[:4000], team=team)
        telling.asked(made, by)
    return made


@transaction.atomic
def answer(*, recommendation, says, answer, version, by):
    """Once; the first answer stands, and goes back to those who raised it."""
    row = Recommendation.objects.select_for_update(of=("self",)).select_related("to", "team").get(pk=recommendation.pk)
    if (row.says, row.answer) == (says, answer):
        return row
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    if row.answer:
        raise Refused("It has been answered. Make a new recommendation if more is needed.", "answer")
    row.says, row.answer, row.answered_on, row.answered_by = says, answer, timezone.localdate(), by
    row.version = F("version") + 1
    row.save(update_fields=["says", "answer", "answered_on", "answered_by", "version"])
    row.refresh_from_db()
    telling.answered(row)
    issue = _lock(row.issue)
    said = f"{row.to}: {row.get_says_display()} {answer}"[:4000]
    _step(issue, IssueStep.What.ADVISED, by=by, words=said, team=row.team)
    return row
