"""What happens to an issue is told to everyone whose debrief saw it, not to whoever wrote it down alone."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cycles.notices.models import Notice
from hls.notices import sending
from issues.log import actions as log
from issues.log.models import Issue, IssueStep
from issues.patterns.actions import make_pattern
from issues.receipts.actions import ask_better, received
from issues.talk.actions import watch
from issues.talk.watching import told_of
from tests import factories as f


@pytest.fixture
def debrief(here):
    row = f.DebriefFactory(cycle=here.cycle, held=True)
    row.present.add(here.worker, here.colleague)
    return row


@pytest.fixture
def issue(here, debrief):
    """Raised by one in a debrief that another sat in."""
    return f.IssueFactory(cycle=here.cycle, raised_by=here.worker, occasion_ref=debrief.pk)


def told(kind="issue_step"):
    return Notice.objects.filter(kind=kind)


def who(kind="issue_step"):
    return {notice.user for notice in told(kind)}


@pytest.mark.system(29)
def test_each_who_sat_in_the_debrief_is_told_of_each_step_once(here, issue, debrief, settings):
    settings.QUIET_HOURS = None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    debrief.contributions.create(author=here.op_lead, shared_at=timezone.now())
    debrief.contributions.create(author=here.colleague, shared_at=timezone.now())  # there, and wrote: still once
    received(issue=issue, by=here.steward)
    log.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.steward)
    steps = IssueStep.objects.filter(what__in=["received", "offered"])
    for user in (here.worker, here.colleague, here.op_lead):
        assert sorted(told().filter(user=user).values_list("subject_ref", flat=True)) == sorted(
            steps.values_list("pk", flat=True)
        )
    assert told().count() == 6, "no steward, leader, recorder or administrator who was not there"
    evening = timezone.localtime().replace(hour=16, minute=30) + timedelta(days=1)
    sending.send_digests(evening)
    sent = {letter.to[0]: letter.body for letter in mail.outbox}
    assert issue.ref in sent[here.colleague.email]


def test_notes_that_were_not_shared_or_were_taken_away_are_no_presence(here, issue, debrief):
    debrief.contributions.create(author=here.op_lead)
    debrief.contributions.create(author=here.recorder, shared_at=timezone.now(), deleted_at=timezone.now())
    received(issue=issue, by=here.steward)
    assert who() == {here.worker, here.colleague}


def test_another_debrief_of_the_team_tells_nobody(here, issue):
    other = f.DebriefFactory(cycle=here.cycle, held=True)
    other.present.add(here.op_lead)
    received(issue=issue, by=here.steward)
    assert here.op_lead not in who()


def test_who_is_put_down_as_there_later_hears_of_what_comes_then(here, issue, debrief):
    received(issue=issue, by=here.steward)
    debrief.present.add(here.recorder)
    log.close_issue(issue=issue, how="no_longer", words="Gone", by=here.worker)
    assert told().filter(user=here.recorder).count() == 1


def test_a_debrief_in_which_it_was_seen_too_is_told_as_well(here, issue):
    again = f.DebriefFactory(cycle=here.cycle, held=True)
    again.present.add(here.op_lead, here.recorder)
    log.see_too(issue=issue, team=here.core, by=here.recorder, occasion_ref=again.pk)
    received(issue=issue, by=here.steward)
    assert {here.op_lead, here.recorder} <= who()


def test_who_stopped_following_is_left_in_peace_and_may_begin_again(client, here, issue):
    client.force_login(here.colleague)
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "You follow this issue." in page
    client.post(reverse("issues:watch", args=[issue.ref]), {"on": "0"})
    assert "You follow this issue." not in client.get(issue.get_absolute_url()).content.decode()
    received(issue=issue, by=here.steward)
    assert who() == {here.worker}
    watch(issue=issue, by=here.colleague, is_on=True)
    assert here.colleague in told_of(issue)


def test_who_may_not_read_the_issue_any_more_gets_no_letter(here, issue, debrief, settings):
    settings.QUIET_HOURS = None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    debrief.present.add(here.helper)  # a guest from another team: in the room, but not a reader of the log
    received(issue=issue, by=here.steward)
    here.colleague.memberships.update(team=here.evidence_team)
    sending.send_digests(timezone.localtime().replace(hour=16, minute=30) + timedelta(days=1))
    assert {letter.to[0] for letter in mail.outbox} == {here.worker.email}
    assert told().filter(dropped_at__isnull=False).count() == 2


def test_those_of_the_debrief_are_asked_once_whether_it_is_better(here, issue, debrief):
    debrief.present.add(here.op_lead)
    watch(issue=issue, by=here.op_lead, is_on=False)
    today = timezone.localdate()
    log.set_response(
        issue=issue, kind="system_change", text="Ring first", state="in_place", by=here.leader,
        in_place_on=today - timedelta(days=28),
    )  # fmt: skip
    assert ask_better(today) == 2
    assert ask_better(today) == 0
    assert who("issue_better") == {here.worker, here.colleague}


def test_the_debrief_of_one_issue_hears_of_the_pattern_over_it(here, issue, debrief):
    other = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    pattern = make_pattern(issues=[issue, other], description="Letters", by=here.steward)
    told().delete()
    received(issue=pattern, by=here.steward)
    assert here.colleague in who()


def test_a_step_asks_as_often_however_many_were_there(here, issue, debrief):
    def counted():
        row = Issue.objects.get(pk=issue.pk)
        row.steps.filter(what="received").delete()
        with CaptureQueriesContext(connection) as captured:
            received(issue=row, by=here.steward)
        return len(captured)

    one = counted()
    for _ in range(3):
        more = f.DebriefFactory(cycle=here.cycle, held=True)
        more.present.add(f.MembershipFactory(team=here.core).user, here.colleague)
        log.see_too(issue=issue, team=here.core, by=here.worker, occasion_ref=more.pk)
    assert counted() == one
