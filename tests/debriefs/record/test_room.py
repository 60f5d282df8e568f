"""What lies on the table beside the prompts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.models import AuditEntry, Contact, Spend
from debriefs.models import Debrief, FollowUp
from issues.groups.models import Decision
from issues.log.actions import see_too
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def writer(client, here):
    client.force_login(here.worker)
    return client


def life_of(here, alias="Joe"):
    life = f.CaseFactory(team=here.core, worker=here.worker, alias=alias)
    Contact.objects.create(case=life, by=here.worker, activity=f"Agents rang {alias}", kind="call", cost="40.00")
    Spend.objects.create(case=life, by=here.worker, amount="12.50", what_for="A bus pass")
    issue = f.IssueFactory(cycle=here.cycle, description=f"A hold of {alias} ends unseen")
    see_too(issue=issue, team=here.core, by=here.worker, case=life)
    return life, issue


def write_url(debrief):
    return reverse("debriefs:write", args=[debrief.pk])


@pytest.mark.system(24)
def test_contacts_costs_and_open_issues_of_the_life_lie_beside_the_prompts(writer, here):
    life, issue = life_of(here)
    closed = f.IssueFactory(cycle=here.cycle, description="Closed long ago")
    see_too(issue=closed, team=here.core, by=here.worker, case=life)
    closed.__class__.objects.filter(pk=closed.pk).update(
        status="closed", closed_on=timezone.localdate(), closed_how="as_is", closed_words="x"
    )
    debrief = f.DebriefFactory(cycle=here.cycle)
    debrief.cases.add(life)
    page = writer.get(write_url(debrief)).text
    for words in (
        "Joe: what has happened",
        "Agents rang Joe",
        "£40.00 of services",
        "£12.50 from their purse",
        issue.ref,
    ):
        assert words in page
    assert "Closed long ago" not in page


def test_a_colleague_who_is_not_alongside_sees_nothing_of_the_life(client, here):
    life, _ = life_of(here)
    debrief = f.DebriefFactory(cycle=here.cycle)
    debrief.cases.add(life)
    client.force_login(here.colleague)
    page = client.get(write_url(debrief)).text
    assert "Agents rang Joe" not in page
    assert "what has happened" not in page
    assert not AuditEntry.objects.filter(act="case_read").exists()


def test_each_reading_of_the_life_is_logged(writer, here):
    life, _ = life_of(here)
    debrief = f.DebriefFactory(cycle=here.cycle)
    debrief.cases.add(life)
    writer.get(write_url(debrief))
    (entry,) = AuditEntry.objects.filter(act="case_read")
    assert (entry.target_ref, entry.actor_ref, entry.kind) == (life.pk, here.worker.pk, "case")


def test_a_debrief_can_be_called_about_one_life_from_its_page(writer, here):
    life, _ = life_of(here)
    link = reverse("debriefs:new") + f"?team={here.core.pk}&amp;life={life.pk}"
    assert link in writer.get(life.get_absolute_url()).text
    page = writer.get(link.replace("&amp;", "&")).text
    assert f'<option value="{life.pk}" selected>' in page
    now = timezone.localtime()
    sent = {"team": here.core.pk, "cycle": here.cycle.pk, "on": now.date(), "at": "00:00", "case": life.pk}
    writer.post(reverse("debriefs:new"), sent | {"client_id": "5d0c6f6e-5a0e-4a50-9f0e-0a8a4f6d2b11"})
    assert list(Debrief.objects.get().cases.all()) == [life]


def test_a_life_one_is_not_alongside_cannot_be_named(client, here):
    life, _ = life_of(here)
    client.force_login(here.colleague)
    assert "Joe" not in client.get(reverse("debriefs:new") + f"?life={life.pk}").text
    sent = {"team": here.core.pk, "cycle": here.cycle.pk, "on": timezone.localdate(), "at": "00:00", "case": life.pk}
    refused = client.post(reverse("debriefs:new"), sent | {"client_id": "5d0c6f6e-5a0e-4a50-9f0e-0a8a4f6d2b12"})
    assert refused.status_code == 422


@pytest.mark.system(24)
def test_what_leaders_answered_since_the_last_debrief_is_there_and_no_more(writer, here):
    today = timezone.localdate()
    f.DebriefFactory(
        cycle=here.cycle,
        state="held",
        held_on=today - timedelta(days=7),
        planned_for=timezone.now() - timedelta(days=7),
    )
    earlier = f.DebriefFactory(
        cycle=here.cycle,
        state="held",
        held_on=today - timedelta(days=30),
        planned_for=timezone.now() - timedelta(days=30),
    )
    issue = f.IssueFactory(cycle=here.cycle)

    def decided(days, words):
        return Decision.objects.create(
            issue=issue,
            team=here.leadership,
            outcome="not_now",
            words=words,
            by=here.leader,
            decided_on=today - timedelta(days=days),
        )

    decided(2, "Every hold gets a name.")
    decided(20, "Said long before.")
    for days, text in ((1, "Put it on the agenda"), (25, "An old wish")):
        FollowUp.objects.create(
            debrief=earlier,
            audience="leaders",
            text=text,
            state="done",
            answered_by=here.leader,
            answered_on=today - timedelta(days=days),
        )
    page = writer.get(write_url(f.DebriefFactory(cycle=here.cycle))).text
    assert "What leaders answered since" in page
    assert "Every hold gets a name." in page
    assert "Put it on the agenda" in page
    assert "Said long before." not in page
    assert "An old wish" not in page


def test_the_first_debrief_of_a_team_has_nothing_to_look_back_on(writer, here):
    assert "What leaders answered" not in writer.get(write_url(f.DebriefFactory(cycle=here.cycle))).text


def test_the_page_takes_as_many_queries_for_three_lives_as_for_one(writer, here):
    debrief = f.DebriefFactory(cycle=here.cycle)
    f.DebriefFactory(cycle=here.cycle, held=True, planned_for=timezone.now() - timedelta(days=1))
    names = iter("ABC")

    def add():
        life, issue = life_of(here, next(names))
        debrief.cases.add(life)
        Contact.objects.create(case=life, by=here.worker, activity="Again", kind="visit", cost="1.00")
        Decision.objects.create(issue=issue, team=here.leadership, outcome="not_now", words="Soon.", by=here.leader)

    assert_queries_stay_flat(writer, write_url(debrief), add)
