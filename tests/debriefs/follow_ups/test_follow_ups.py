"""What was asked for in a debrief: who does it, by when, and an answer to whoever asked."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.models import Notice
from debriefs.follow_ups.owners import owners_for
from debriefs.follow_ups.queries import asked_of
from debriefs.models import FollowUp
from hls.notices.letters import LOOK_UP
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
        "Yours", "Operational lead needs", "What leaders are asked for",
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


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("", {"op_lead", "leaders", "staff", "others"}),
        ("mine", {"leaders"}),
        ("op_lead", {"op_lead"}),
        ("leaders", {"leaders"}),
        ("answered", {"answered"}),
    ],
)
def test_each_view_lists_its_own(debrief, here, client, view, shown):
    for audience in ("op_lead", "staff", "others"):
        ask(debrief, audience)
    ask(debrief, "leaders", owner=here.worker)
    FollowUp.objects.create(
        debrief=debrief, audience="staff", text="A room for answered", state="done", answered_by=here.worker,
        answered_on=date(2027, 1, 2),
    )  # fmt: skip
    client.force_login(here.worker)
    page = client.get(reverse("debriefs:follow_ups"), {"view": view}).content.decode()
    everything = {"op_lead", "leaders", "staff", "others", "answered"}
    assert {one for one in everything if f'class="voice">A room for {one}' in page} == shown
    assert client.get(reverse("debriefs:follow_ups"), {"view": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("audience", "offered"),
    [
        ("staff", ["worker", "colleague", "recorder", "op_lead"]),
        ("op_lead", ["op_lead", "worker", "colleague", "recorder"]),
        ("leaders", ["leader", "worker", "colleague", "recorder", "op_lead"]),
        ("others", ["worker", "colleague", "recorder", "op_lead"]),
    ],
)
def test_those_it_is_meant_for_can_be_asked_and_come_first(debrief, here, elsewhere, audience, offered):
    """Never someone of another place, nor a helper of another group."""
    found = [pk for _, people in owners_for(ask(debrief, audience)) for pk, _ in people]
    wanted = [getattr(here, name).pk for name in offered]
    assert sorted(found) == sorted(wanted)
    if audience in ("op_lead", "leaders"):
        assert found[0] == wanted[0]


def test_a_leader_who_is_asked_reads_that_one_answers_it_and_opens_nothing_else(debrief, here, client):
    mine, other = ask(debrief, "leaders"), ask(debrief, "staff")
    client.force_login(here.worker)
    arrange = reverse("debriefs:arrange", args=[mine.pk])
    assert "A leader you choose reads these words" in client.get(arrange).content.decode()
    assert client.post(arrange, {"owner": here.leader.pk, "due_on": "", "version": "1"}).status_code == 302
    client.force_login(here.leader)
    page = client.get(reverse("debriefs:follow_ups")).content.decode()
    assert mine.text in page
    assert other.text not in page
    assert debrief.get_absolute_url() not in page
    assert client.get(debrief.get_absolute_url()).status_code == 404
    assert client.get(arrange).status_code == 403, "the team arranges"
    assert client.get(reverse("debriefs:arrange", args=[other.pk])).status_code == 404
    done = client.post(reverse("debriefs:follow_up", args=[mine.pk]), {"state": "done"})
    assert done.url == reverse("debriefs:follow_ups")
    mine.refresh_from_db()
    assert (mine.state, mine.answered_by) == ("done", here.leader)
    assert client.post(reverse("debriefs:follow_up", args=[other.pk]), {"state": "done"}).status_code == 404
    here.leader.memberships.update(to_on=date(2020, 1, 1), from_on=date(2019, 1, 1))
    assert client.get(reverse("debriefs:decline", args=[mine.pk])).status_code == 404, "once gone from the place"


def test_whoever_is_asked_is_told_once_by_a_letter_without_the_words(debrief, here, client):
    row = ask(debrief, "leaders")
    client.force_login(here.worker)
    page = reverse("debriefs:arrange", args=[row.pk])
    for version in (1, 1, 2):  # pressed twice, then changed only by its day
        client.post(page, {"owner": here.leader.pk, "due_on": "2027-03-04", "version": str(version)})
    told = Notice.objects.get()
    assert (told.user, told.kind, told.channel, told.subject_ref) == (here.leader, "follow_up", "digest", row.pk)
    (line,) = LOOK_UP[told.kind]([told]).values()
    assert line.words == "A debrief asks you to see to something."
    assert line.url.endswith(reverse("debriefs:follow_ups"))
    client.force_login(here.leader)
    client.post(reverse("debriefs:follow_up", args=[row.pk]), {"state": "done"})
    assert LOOK_UP[told.kind]([Notice.objects.get()]) == {}, "once it is answered there is nothing to tell"
    client.force_login(here.worker)
    own = ask(debrief)
    client.post(reverse("debriefs:arrange", args=[own.pk]), {"owner": here.worker.pk, "version": "1"})
    assert Notice.objects.count() == 1, "nobody is told what they did themselves"


@pytest.mark.system(24)
def test_an_operational_lead_sees_the_teams_needs_at_once(debrief, here, client):
    ask(debrief, "op_lead")
    ask(debrief, "op_lead", owner=here.colleague)
    theirs = FollowUp.objects.create(debrief=debrief, audience="staff", text="Ring the school", owner=here.op_lead)
    assert [row.text for row in asked_of(here.op_lead, timezone.now()).answer()] == [
        "A room for op_lead",
        "Ring the school",
    ]
    client.force_login(here.op_lead)
    today = client.get("/today/").content.decode()
    assert "A room for op_lead" in today
    assert theirs.text in today
    client.force_login(here.worker)
    assert asked_of(here.worker, timezone.now()).answer() == []
    assert "Ring the school" not in client.get("/today/").content.decode()


def test_not_needed_any_more_is_a_reason_too_and_waiting_again_has_none(debrief, here, client):
    row = ask(debrief)
    client.force_login(here.worker)
    for state, because in (("no_need", "It is not needed any more."), ("to_do", ""), ("done", "")):
        client.post(reverse("debriefs:follow_up", args=[row.pk]), {"state": state})
        row.refresh_from_db()
        assert (row.state, row.because) == (state, because)


def test_not_doing_it_needs_a_reason_that_whoever_asked_can_read(debrief, here, client):
    row = ask(debrief)
    client.force_login(here.op_lead)
    page = reverse("debriefs:decline", args=[row.pk])
    assert client.post(page, {"because": " "}).context["form"].errors
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
