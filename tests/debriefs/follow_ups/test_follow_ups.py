"""What was asked for in a debrief: who does it, by when, and an answer to whoever asked."""

from datetime import date

import pytest
from django.urls import reverse

from debriefs.models import FollowUp
from tests import factories as f


@pytest.fixture
def debrief(here):
    return f.DebriefFactory(cycle=here.cycle, held=True)


def ask(debrief, audience="op_lead", **more):
    return FollowUp.objects.create(debrief=debrief, audience=audience, text=f"A room for {audience}", **more)


def test_the_list_says_what_op_leads_are_asked_and_mine_first(debrief, here, client):
    ask(debrief, "op_lead")
    ask(debrief, "leaders")
    ask(debrief, "staff", owner=here.op_lead, due_on=date(2027, 3, 4))
    ask(debrief, "others", state="done")
    client.force_login(here.op_lead)
    answer = client.get(reverse("debriefs:follow_ups"))
    assert [group["heading"] for group in answer.context["groups"]] == [
        "Yours", "What operational leads are asked for", "What leaders are asked for",
    ]  # fmt: skip
    page = answer.content.decode()
    assert "By 4 March 2027" in page
    assert "A room for others" not in page


def test_someone_takes_it_for_a_day_and_a_second_editor_sees_both(debrief, here, client):
    row = ask(debrief)
    client.force_login(here.worker)
    page = reverse("debriefs:arrange", args=[row.pk])
    sent = {"owner": here.op_lead.pk, "due_on": "2027-03-04", "version": "1"}
    assert client.post(page, sent).status_code == 302
    row.refresh_from_db()
    assert (row.owner, row.due_on) == (here.op_lead, date(2027, 3, 4))
    stale = client.post(page, sent | {"due_on": "2027-05-01"})
    assert stale.status_code == 409
    assert "4 March 2027" in stale.content.decode()
    assert 'value="2027-05-01"' in stale.content.decode()
    outsider = client.post(page, sent | {"owner": here.leader.pk, "version": "2"})
    assert outsider.status_code == 422


def test_not_doing_it_needs_a_reason_that_whoever_asked_can_read(debrief, here, client):
    row = ask(debrief)
    client.force_login(here.op_lead)
    page = reverse("debriefs:decline", args=[row.pk])
    assert client.post(page, {"because": " "}).status_code == 422
    assert client.post(page, {"because": "The hub has one from May."}).status_code == 302
    client.force_login(here.worker)
    shown = client.get(debrief.get_absolute_url()).content.decode()
    assert "Not doing" in shown
    assert "The hub has one from May." in shown
    assert "A room for op_lead" not in client.get(reverse("debriefs:follow_ups")).content.decode()


def test_another_teams_are_out_of_sight(debrief, here, elsewhere, client):
    row = ask(debrief)
    for person in (here.helper, here.leader, elsewhere.worker):
        client.force_login(person)
        assert "A room for" not in client.get(reverse("debriefs:follow_ups")).content.decode()
        assert client.get(reverse("debriefs:arrange", args=[row.pk])).status_code == 404


def test_the_list_asks_the_same_few_queries(debrief, here, client):
    client.force_login(here.worker)
    client.get(reverse("debriefs:follow_ups"))
    counts = []
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(2):
        for _ in range(4):
            ask(f.DebriefFactory(cycle=here.cycle, held=True), owner=here.colleague)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("debriefs:follow_ups"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
