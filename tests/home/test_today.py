from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cycles.notices.models import Notice
from hls.home.views import starts_words
from issues.forum_cases.actions import take_back_consent
from issues.groups.actions import decide
from issues.log.actions import answer_fit, close_issue, escalate, hand_back, set_response
from issues.log.models import FitAnswer
from tests import factories as f
from tests.helpers.html import parse, text_of
from tests.helpers.htmx import assert_swap_equals_fresh, htmx_post
from tests.helpers.queries import assert_queries_stay_flat

TODAY = "/today/"


def read(client, user):
    client.force_login(user)
    response = client.get(TODAY)
    assert response.status_code == 200
    return text_of(parse(response))


@pytest.mark.parametrize(
    "who", ["worker", "colleague", "recorder", "op_lead", "helper", "leader", "evidence", "steward", "admin"]
)
def test_today_works_for_every_role(client, here, who):
    page = read(client, getattr(here, who))

    assert "Call a hot debrief" in page
    assert "What changed because of you" in page


def test_today_says_which_debrief_is_next(client, here):
    soon = timezone.now() + timedelta(minutes=40, seconds=10)
    f.DebriefFactory(cycle=here.cycle, planned_for=soon, where="North hub", recorder=here.recorder)
    f.DebriefFactory(cycle=here.cycle, planned_for=soon + timedelta(days=1))

    page = read(client, here.worker)

    assert "Next debrief, in 40 minutes" in page
    assert f"North hub. {here.recorder.short_name} is recorder." in page
    assert "Start my notes" in page


def test_today_says_how_to_plan_a_debrief_when_there_is_none(client, here, elsewhere):
    f.DebriefFactory(cycle=elsewhere.cycle, planned_for=timezone.now() + timedelta(hours=1))

    page = read(client, here.worker)

    assert "Plan when your team talks" in page
    assert reverse("debriefs:plans") in client.get(TODAY).content.decode()


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(minutes=-10), "now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=59), "in 59 minutes"),
        (timedelta(hours=3), "in 3 hours"),
        (timedelta(hours=20), "tomorrow"),
        (timedelta(days=3), "in 3 days"),
    ],
)
def test_how_far_off_a_debrief_is(later, words):
    noon = timezone.make_aware(timezone.datetime(2026, 11, 21, 12))

    assert (
        starts_words(f.DebriefFactory.build(planned_for=noon + later, cycle=None, team=None, place=None), noon) == words
    )


def test_today_lists_only_my_own_drafts(client, here):
    debrief = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(hours=1))
    debrief.contributions.create(author=here.worker, draft={"a": "x"}, saved_at=timezone.now())

    assert "not shared yet" in read(client, here.worker)
    assert "not shared yet" not in read(client, here.colleague)


def test_what_changed_comes_back_to_who_raised_it(client, here):
    issue = f.IssueFactory(
        cycle=here.cycle, raised_by=here.worker, description="Letters first", words="They frighten her"
    )
    set_response(issue=issue, kind="system_change", text="We ring first", state="in_place", by=here.colleague)

    page = read(client, here.worker)

    assert "“They frighten her”" in page
    assert "What changed New normal: We ring first" in page
    assert "Does this fix it?" in page


def test_where_it_has_got_to_is_told_honestly(client, here):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    move = escalate(issue=issue, to_team=here.leadership, why="Not ours", asks="Decide", by=here.steward)
    assert f"Where it has got to It is with {here.leadership.name}, who will answer. Not ours" in read(
        client, here.worker
    )

    hand_back(move=move, by=here.leader, answer="The team may decide this.")

    page = read(client, here.worker)
    assert f"{here.leadership.name} handed it back. The team may decide this." in page
    assert "Does this fix it?" not in page


def test_a_decision_reaches_who_raised_it_in_the_groups_words(client, here):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    escalate(issue=issue, to_team=here.leadership, why="Not ours", asks="Decide", by=here.steward)
    decide(issue=issue, team=here.leadership, outcome="not_now", words="Not before spring.", by=here.leader)

    assert f"{here.leadership.name} decided: Not before spring." in read(client, here.worker)


def test_answering_does_this_fix_it_becomes_thanks_in_place(client, here):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    close_issue(issue=issue, how="no_longer", words="It stopped in May.", by=here.colleague)
    client.force_login(here.worker)
    url = reverse("issues:fit", args=[issue.ref])

    assert_swap_equals_fresh(
        client,
        start=TODAY,
        act=lambda: htmx_post(client, url, {"fits": "partly", "next": TODAY}),
        target="changed-because",
    )

    assert FitAnswer.objects.get(issue=issue).fits == "partly"
    assert "Thank you. Your answer is on the issue" in read(client, here.worker)


def test_answering_without_script_comes_back_to_today(client, here):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    close_issue(issue=issue, how="no_longer", words="It stopped in May.", by=here.colleague)
    client.force_login(here.worker)

    response = client.post(reverse("issues:fit", args=[issue.ref]), {"fits": "no", "next": TODAY + "#changed"})

    assert (response.status_code, response["Location"]) == (302, TODAY + "#changed")


def test_what_was_answered_comes_after_what_was_not(client, here):
    first, second = (
        f.IssueFactory(cycle=here.cycle, raised_by=here.worker, words=words) for words in ("said first", "said second")
    )
    for issue in (first, second):
        close_issue(issue=issue, how="no_longer", words="Gone.", by=here.colleague)
    answer_fit(issue=second, fits="yes", by=here.worker)

    page = read(client, here.worker)

    assert page.index("said first") < page.index("said second")


def test_my_open_issues_end_with_my_place_in_the_team(client, here):
    f.IssueFactory(cycle=here.cycle, raised_by=here.worker, description="Nine systems, one story")
    assert "Nine systems, one story" in read(client, here.worker)

    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        here.worker.memberships.update(to_on=timezone.localdate())
        assert "Nine systems, one story" not in read(client, here.worker)


def test_people_i_am_alongside_are_mine_alone(client, here):
    f.CaseFactory(team=here.core, worker=here.worker, alias="Marie", what_matters="To stop being scared")

    page = read(client, here.worker)
    assert "Marie" in page
    assert "“To stop being scared”" in page
    assert "Marie" not in read(client, here.colleague)


def test_notices_are_put_away_by_a_post_and_by_nobody_else(client, here):
    rows = [
        Notice.objects.create(user=who, place=here.place, kind="summary_ready", subject_ref=7, key=f"k{who.pk}")
        for who in (here.leader, here.steward)
    ]
    assert "A summary is ready." in read(client, here.leader)
    assert client.get(reverse("notices_seen")).status_code == 405

    client.post(reverse("notices_seen"), {"notice": rows[1].pk})
    assert Notice.objects.filter(seen_at=None).count() == 2

    client.post(reverse("notices_seen"), {"notice": rows[0].pk})
    assert "A summary is ready." not in read(client, here.leader)
    assert Notice.objects.get(seen_at=None).user == here.steward


@pytest.fixture
def brought(here):
    """A life before a forum of which the colleague is a member."""
    forum = f.ForumFactory(place=here.place, name="Forum of the quay")
    f.MembershipFactory(team=forum, place=here.place, user=here.colleague, role="caseworker")
    case = f.CaseFactory(team=here.core, worker=here.worker, alias="Marie")
    return f.ForumCaseFactory(case=case, team=forum, by=here.worker, why="Four doors said no")


def test_a_case_brought_to_a_forum_waits_with_its_members(client, here, brought):
    client.force_login(here.colleague)
    page = client.get(TODAY).content.decode()
    assert "A case was brought to Forum of the quay." in page
    assert reverse("meetings:list", args=[brought.team.slug]) in page
    assert "Marie" not in page
    assert "Four doors" not in page
    for other in (here.worker, here.leader, here.steward):
        assert "A case was brought" not in read(client, other)

    meeting = f.MeetingFactory(team=brought.team, by=here.colleague, on=timezone.localdate() + timedelta(days=3))
    client.force_login(here.colleague)
    assert meeting.get_absolute_url() in client.get(TODAY).content.decode()
    assert client.get(meeting.get_absolute_url()).status_code == 200


def test_a_case_no_longer_waits_without_consent_or_for_who_left_the_forum(client, here, brought):
    member = here.colleague.memberships.filter(team=brought.team)
    member.update(from_on=timezone.localdate() - timedelta(days=2), to_on=timezone.localdate())
    here.colleague.__dict__.pop("rights", None)
    assert "A case was brought" not in read(client, here.colleague)
    member.update(to_on=None)
    assert "A case was brought" in read(client, here.colleague)

    take_back_consent(forum_case=brought, by=here.worker)
    assert "A case was brought" not in read(client, here.colleague)


@pytest.mark.parametrize("odd", ["x", "9" * 40, "-1", "١"])
def test_an_odd_notice_puts_nothing_away(client, here, odd):
    Notice.objects.create(user=here.leader, place=here.place, kind="summary_ready", subject_ref=7, key="k")
    client.force_login(here.leader)

    assert client.post(reverse("notices_seen"), {"notice": odd}).status_code == 302
    assert Notice.objects.filter(seen_at=None).count() == 1


def test_today_query_count(client, here):
    forum = f.ForumFactory(place=here.place)
    f.MembershipFactory(team=forum, place=here.place, user=here.worker, role="caseworker")
    client.force_login(here.worker)

    def add():
        issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
        set_response(issue=issue, kind="system_change", text="Now", state="in_place", by=here.colleague)
        f.CaseFactory(team=here.core, worker=here.worker)
        debrief = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(hours=1))
        debrief.contributions.create(author=here.worker, draft={"a": "x"}, saved_at=timezone.now())
        debrief.follow_ups.create(audience="staff", text="Ring the school", owner=here.worker)
        here.worker.form_drafts.create(form=f"paper-{debrief.pk}", page="/x/", has_words=True, saved_at=timezone.now())
        Notice.objects.create(
            user=here.worker, place=here.place, kind="hot_debrief", subject_ref=debrief.pk, key=f"hot-{debrief.pk}"
        )
        case = f.CaseFactory(team=here.core, worker=here.colleague)
        f.ForumCaseFactory(case=case, team=forum, by=here.colleague)

    # who is asking (2); next debrief; drafts of notes and of other forms; notices; issues with all that became of them; people;
    # whether one's debriefs fed a lesson; lessons that wait for an answer; what was asked of them
    assert_queries_stay_flat(client, TODAY, add, most=10)


def test_a_stewards_today_takes_one_query_more_for_the_cycles_in_care(client, here):
    client.force_login(here.steward)

    def add():
        f.LearningCycleFactory(team=here.core, steward=here.steward)

    assert_queries_stay_flat(client, TODAY, add)
    assert len(client.get(TODAY).context["in_care"]) == 3
