"""What members fix now, and what goes to commissioners, each followed to its end."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cycles.notices.models import Notice
from hls.notices.sending import send_digests
from hls.notices.waiting import tell_what_waits
from issues.log import actions as log
from issues.models import Pledge, Recommendation
from issues.pledges import actions, views
from tests.factories import AgencyFactory, CaseFactory, ForumCaseFactory, IssueFactory, MembershipFactory
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def issue(here):
    row = IssueFactory(cycle=here.cycle, raised_by=here.worker, description="Letters run first", level=2)
    log.escalate(issue=row, to_team=here.leadership, why="Policy", asks="May it wait?", by=here.worker)
    return row


def soon(days=7):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.mark.system(48)
def test_member_pledges_a_fix_and_raisers_read_what_became_of_it(client, here, issue):
    housing = AgencyFactory(place=here.place, name="Northbank Homes")
    here.leadership.agencies.add(housing)
    client.force_login(here.leader)
    address = reverse("issues:pledge_new", args=[issue.ref])
    client.post(address, {"agency": housing.pk, "text": "We hold our own letters", "due_on": soon()})
    pledge = Pledge.objects.get()
    client.post(reverse("issues:pledge", args=[pledge.pk]), {"version": 1, "state": "done", "became": "Since Monday"})
    pledge.refresh_from_db()
    assert (pledge.state, pledge.answered_on) == ("done", timezone.localdate())
    assert [s.what for s in issue.steps.all()][-2:] == ["pledged", "pledge_told"]
    client.force_login(here.worker)
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "We hold our own letters" in page
    assert "Since Monday" in page


def test_not_done_says_why_and_marks_nobody(client, here, issue):
    agency = AgencyFactory(place=here.place)
    row = actions.pledge(
        issue=issue, team=here.leadership, agency=agency, text="Hold them", by=here.leader,
        due_on=timezone.localdate(),
    )  # fmt: skip
    client.force_login(here.leader)
    page = client.post(reverse("issues:pledge", args=[row.pk]), {"version": 1, "state": "not_done", "became": ""})
    assert page.status_code == 422
    assert "Say why, so that something else can be tried." in page.content.decode()


def test_pledge_of_a_case_is_seen_by_those_who_see_the_case(client, here):
    shown = ForumCaseFactory(case=CaseFactory(team=here.core, worker=here.worker))
    agency = AgencyFactory(place=here.place)
    row = actions.pledge(
        forum_case=shown, team=shown.team, agency=agency, text="A key on Friday", by=here.worker,
        due_on=timezone.localdate(),
    )  # fmt: skip
    for user, status in ((here.worker, 200), (here.colleague, 404), (here.steward, 404), (here.leader, 404)):
        client.force_login(user)
        assert client.get(reverse("issues:pledge", args=[row.pk])).status_code == status


@pytest.mark.system(48)
def test_what_nobody_can_fix_goes_to_commissioners_and_comes_back_answered(client, here, issue):
    commissioner = MembershipFactory(team=here.evidence_team, place=here.place, role="commissioner").user
    to = AgencyFactory(place=here.place, name="The council")
    client.force_login(here.leader)
    client.post(
        reverse("issues:recommend", args=[issue.ref]),
        {
            "to": to.pk,
            "text": "Buy a service with no threshold",
            "why": "The contract is yours",
            "answer_by_on": soon(),
        },
    )
    row = Recommendation.objects.get()
    client.force_login(commissioner)
    listed = client.get(reverse("issues:recommendations")).content.decode()
    assert "Buy a service with no threshold" in listed
    page = client.get(row.get_absolute_url()).content.decode()
    assert issue.get_absolute_url() not in page
    client.post(row.get_absolute_url(), {"version": 1, "says": "partly", "answer": "For one year, from April"})
    client.force_login(here.worker)
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "For one year, from April" in page
    assert [s.what for s in issue.steps.all()][-2:] == ["recommended", "advised"]
    issue.refresh_from_db()
    assert issue.moves.get().state == "offered"


@pytest.fixture
def commissioners(here, elsewhere):
    """Two who sit, beside one who does no more, and one of another place."""
    long_ago, yesterday = (timezone.localdate() - timedelta(days=days) for days in (90, 1))
    ours = {"team": here.evidence_team, "place": here.place, "role": "commissioner"}
    MembershipFactory(**ours, from_on=long_ago, to_on=yesterday)
    MembershipFactory(team=elsewhere.evidence_team, place=elsewhere.place, role="commissioner")
    return [MembershipFactory(**ours).user for _ in range(2)]


def told(kind):
    rows = Notice.objects.filter(kind=kind)
    return sorted(rows.values_list("user", flat=True))


def letters():
    """What goes out by the evening of the next day: {to whom: its words}."""
    with time_machine.travel(timezone.localtime().replace(hour=18) + timedelta(days=1), tick=False):
        while send_digests(timezone.now()):
            pass
    return {letter.to[0]: letter.body for letter in mail.outbox}


def test_commissioners_are_told_once_that_something_is_asked_of_them(here, issue, commissioners):
    to, sent = AgencyFactory(place=here.place), uuid.uuid4()
    for _ in range(2):
        row = actions.recommend(
            issue=issue, team=here.leadership, to=to, text="Buy Anna a cooker", why="Yours", by=here.leader,
            client_id=sent,
        )  # fmt: skip
    assert told("advice_asked") == sorted(user.pk for user in commissioners)
    sent_to = letters()
    assert {user.email for user in commissioners} <= set(sent_to)
    letter = sent_to[commissioners[0].email]
    assert row.get_absolute_url() in letter
    assert "Anna" not in letter


def test_nobody_is_asked_for_what_was_answered_before_the_letter(here, issue, commissioners):
    to = AgencyFactory(place=here.place)
    row = actions.recommend(issue=issue, team=here.leadership, to=to, text="Buy it", why="Yours", by=here.leader)
    actions.answer(recommendation=row, says="yes", answer="From April", version=1, by=commissioners[0])
    other = actions.recommend(issue=issue, team=here.leadership, to=to, text="And this", why="Yours", by=here.leader)
    letter = letters()[commissioners[1].email]
    assert other.get_absolute_url() in letter
    assert row.get_absolute_url() not in letter


def test_what_waits_past_the_day_that_was_hoped_for_is_told_each_week(here, issue, commissioners):
    to = AgencyFactory(place=here.place)
    about = {"issue": issue, "team": here.leadership, "to": to, "why": "Yours", "by": here.leader}
    row = actions.recommend(text="Buy it", answer_by_on=timezone.localdate() + timedelta(days=3), **about)
    began = timezone.now()

    def told_by(day):
        with time_machine.travel(began + timedelta(days=day), tick=False):
            tell_what_waits(now=timezone.now())
        return len(told("advice_waits")) / len(commissioners)

    assert [told_by(day) for day in (3, 4, 5, 11, 12, 18)] == [0, 1, 1, 2, 2, 3]
    actions.answer(recommendation=row, says="no", answer="No money", version=1, by=commissioners[0])
    assert told_by(25) == 3
    actions.recommend(text="Buy two", **about)
    assert [told_by(day) for day in (28, 29)] == [3, 4], "four weeks where no day was named"


def test_what_waits_for_an_answer_is_on_the_first_page_however_much_was_answered(client, here, issue, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    to = AgencyFactory(place=here.place)
    for number in range(5):
        row = actions.recommend(
            issue=issue, team=here.leadership, to=to, text=f"Ask {number}", why="Yours", by=here.leader
        )
        if number != 1:
            actions.answer(recommendation=row, says="no", answer="No money", version=1, by=here.leader)
    client.force_login(here.leader)
    first = client.get(reverse("issues:recommendations"))
    assert [row.text for row in first.context["waiting"]] == ["Ask 1"]
    assert [row.text for row in first.context["answered"]] == ["Ask 4"]


def test_second_answer_to_a_recommendation_lays_both_side_by_side(client, here, issue):
    to = AgencyFactory(place=here.place)
    row = actions.recommend(issue=issue, team=here.leadership, to=to, text="Buy it", why="It is yours", by=here.leader)
    actions.answer(recommendation=row, says="no", answer="There is no money", version=1, by=here.leader)
    client.force_login(here.leader)
    page = client.post(row.get_absolute_url(), {"version": 1, "says": "yes", "answer": "From April"})
    assert page.status_code == 409
    for words in ("There is no money", "From April"):
        assert words in page.content.decode()


def test_only_the_groups_with_it_pledge_or_recommend(client, here, issue):
    for name in ("pledge_new", "recommend", "ask_back"):
        address = reverse(f"issues:{name}", args=[issue.ref])
        for user, status in ((here.leader, 200), (here.worker, 403), (here.steward, 403), (here.helper, 404)):
            client.force_login(user)
            assert client.get(address).status_code == status


def test_recommendation_list_query_count(client, here, issue):
    to = AgencyFactory(place=here.place)
    client.force_login(here.leader)
    assert_queries_stay_flat(
        client,
        reverse("issues:recommendations"),
        lambda: actions.recommend(issue=issue, team=here.leadership, to=to, text="Buy it", why="Yours", by=here.leader),
    )


def test_the_list_is_called_as_the_link_that_leads_there(client, here, issue):
    """In the bar of those who are asked, and on the page of a group that asks."""
    commissioner = MembershipFactory(team=here.evidence_team, place=here.place, role="commissioner").user
    address = reverse("issues:recommendations")
    for user, name in ((commissioner, "Asked of us"), (here.leader, "Recommendations to commissioners")):
        client.force_login(user)
        leads = client.get("/groups/" if user == commissioner else here.leadership.get_absolute_url())
        assert name in leads.content.decode()
        page = client.get(address).content.decode()
        assert f"<h1>{name}</h1>" in page
        assert f"<title>{name} " in page
