"""A person's case before a forum: with consent, a plan in versions, risks by marks, and no hand-off."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.people.models import AuditEntry
from cycles.refusals import ChangedMeanwhile, Refused
from issues.forum_cases import actions
from issues.models import ForumCase, Issue, PlanVersion
from tests.factories import CaseFactory, ForumCaseFactory, ForumFactory, MeetingFactory, MembershipFactory
from tests.helpers.queries import assert_queries_stay_flat

MARKS = {"seen": "0", "before-0": "++", "now-0": "+"}


@pytest.fixture
def forum(here):
    return ForumFactory(place=here.place)


@pytest.fixture
def member(here, forum):
    return MembershipFactory(team=forum, place=here.place, role="caseworker").user


@pytest.fixture
def case(here):
    return CaseFactory(team=here.core, worker=here.worker, alias="Jo")


def bring(client, case, forum, **more):
    sent = {
        "team": forum.pk, "agency": "", "reasons": ["hand_offs", "home"], "why": "Four services said no",
        "blocked_by": "A threshold", "hand_offs": "Hostel to housing\nHousing to health", "invited": "Her sister",
        "consent_given": "on", "consent_words": "If it gets me a door that locks",
        "consent_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    return client.post(reverse("issues:forum_bring", args=[case.pk]), sent | more)


def brought(case, forum, by):
    return ForumCaseFactory(case=case, team=forum, by=by)


@pytest.mark.system(49)
def test_case_is_brought_planned_in_versions_and_never_handed_on(client, here, forum, member, case):
    client.force_login(here.worker)
    without = bring(client, case, forum, consent_given="")
    assert without.status_code == 422
    assert "A case is only brought when the person says yes." in without.content.decode()
    assert not ForumCase.objects.exists()

    bring(client, case, forum)
    row = ForumCase.objects.get()
    assert (row.brought_by, row.reason_words[0]) == (here.worker, "Passed on again and again")

    meeting = MeetingFactory(team=forum, by=member)
    assert meeting.items.get(forum_case=row).title == "A person’s case"
    client.force_login(member)
    page = client.get(row.get_absolute_url()).content.decode()
    for words in ("Jo", "A threshold", "Hostel to housing", "who stays"):
        assert words in page
    plan = reverse("issues:forum_plan", args=[row.pk])
    client.post(plan, {"version": 0, "text": "A room on Friday", "look_again_on": ""})
    client.force_login(here.worker)
    client.post(plan, {"version": 1, "text": "The room, and Ann comes along", "changed": "Ann has time"})
    client.post(reverse("issues:forum_risks", args=[row.pk]), MARKS)
    row.refresh_from_db()
    assert [p.text for p in row.plans.all()] == ["The room, and Ann comes along", "A room on Friday"]
    assert row.state == "live"
    mark = actions.risks_of(row)["Suicide"]
    assert (mark.before, mark.now) == ("++", "+")

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        ForumCase.objects.filter(pk=row.pk).update(brought_by=member)
    case.worker = here.colleague
    case.save()
    client.force_login(here.worker)
    assert client.get(row.get_absolute_url()).status_code == 200


def test_forum_sees_it_only_from_the_meeting_it_comes_to(client, here, forum, member, case):
    row = brought(case, forum, here.worker)
    client.force_login(member)
    assert client.get(row.get_absolute_url()).status_code == 404
    MeetingFactory(team=forum, by=member)
    assert client.get(row.get_absolute_url()).status_code == 200
    later = MembershipFactory(team=forum, place=here.place).user
    client.force_login(later)
    assert client.get(row.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("who", ["colleague", "steward", "leader", "evidence", "admin", "helper"])
def test_nobody_else_sees_it(client, here, forum, member, case, who):
    row = brought(case, forum, here.worker)
    MeetingFactory(team=forum, by=member)
    client.force_login(getattr(here, who))
    for name in ("forum_case", "forum_plan", "forum_risks", "forum_state", "forum_consent", "forum_pattern"):
        assert client.get(reverse(f"issues:{name}", args=[row.pk])).status_code == 404


def test_a_member_who_left_sees_it_no_more(client, here, forum, member, case):
    row = brought(case, forum, here.worker)
    MeetingFactory(team=forum, by=member)
    member.memberships.update(to_on=timezone.localdate())
    client.force_login(member)
    assert client.get(row.get_absolute_url()).status_code == 404


def test_consent_taken_back_hides_it_from_the_forum_at_once(client, here, forum, member, case):
    row = brought(case, forum, here.worker)
    meeting = MeetingFactory(team=forum, by=member, is_live=True)
    item = meeting.items.get(forum_case=row)
    client.force_login(member)
    assert "Jo" in client.get(item.get_absolute_url()).content.decode()
    client.force_login(here.worker)
    client.post(reverse("issues:forum_consent", args=[row.pk]))
    assert client.get(row.get_absolute_url()).status_code == 200
    client.force_login(member)
    screen = client.get(item.get_absolute_url()).content.decode()
    assert "Jo" not in screen
    assert "A threshold" not in screen
    assert client.get(row.get_absolute_url()).status_code == 404
    for name in ("forum_plan", "forum_risks", "forum_state"):
        assert client.post(reverse(f"issues:{name}", args=[row.pk]), {"text": "x"}).status_code == 404
    with pytest.raises(Refused):
        actions.write_plan(forum_case=row, text="After all", by=here.worker)


def test_reading_it_on_the_screen_of_a_meeting_is_written_down_too(client, here, forum, member, case):
    row = brought(case, forum, here.worker)
    item = MeetingFactory(team=forum, by=member, is_live=True).items.get(forum_case=row)
    client.force_login(member)
    for address in (item.get_absolute_url(), row.get_absolute_url()):
        client.get(address)
    kept = AuditEntry.objects.filter(act="read a forum case", kind="forumcase", target_ref=row.pk)
    assert [entry.actor_ref for entry in kept] == [member.pk] * 2
    client.force_login(here.worker)
    client.get(row.get_absolute_url())
    assert kept.count() == 2


def test_who_reads_what_is_written_about_a_case_is_said_as_it_is(client, here, forum, member, case):
    row = brought(case, forum, here.worker)
    item = MeetingFactory(team=forum, by=member, is_live=True).items.get(forum_case=row)
    client.force_login(member)
    for name in ("talk", "defer"):
        page = client.get(reverse(f"meetings:{name}", args=[item.pk])).content.decode()
        assert "members who sit in this meeting, for as long as consent stands" in page
        assert "It stands in the minutes." not in page
    client.post(reverse("meetings:defer", args=[item.pk]), {"version": 1, "words": "Jo is in hospital"})
    screen = item.get_absolute_url()
    assert "Jo is in hospital" in client.get(screen).content.decode()
    actions.take_back_consent(forum_case=row, by=here.worker)
    shown = client.get(screen).content.decode()
    assert "Jo is in hospital" not in shown
    assert reverse("meetings:talk", args=[item.pk]) not in shown
    late = client.post(reverse("meetings:talk", args=[item.pk]), {"version": 2, "sealed": "More"})
    assert late.status_code == 403
    assert "You can take it off the agenda" in late.content.decode()
    client.force_login(here.steward)
    assert "Jo is in hospital" not in client.get(screen).content.decode()


def test_a_later_yes_brings_it_anew_and_opens_nothing_of_before(client, here, forum, member, case):
    before = brought(case, forum, here.worker)
    MeetingFactory(team=forum, by=member)
    actions.take_back_consent(forum_case=before, by=here.worker)
    client.force_login(here.worker)
    assert bring(client, case, forum, why="She wants to try once more").status_code == 302
    anew = ForumCase.objects.latest("pk")
    assert anew.has_consent
    client.force_login(member)
    assert client.get(anew.get_absolute_url()).status_code == 404
    MeetingFactory(team=forum, by=member, on=timezone.localdate() + timedelta(days=7))
    assert "once more" in client.get(anew.get_absolute_url()).content.decode()
    assert client.get(before.get_absolute_url()).status_code == 404


def test_only_its_own_people_speak_for_consent(client, here, forum, member, case):
    row = brought(case, forum, here.worker)
    MeetingFactory(team=forum, by=member)
    client.force_login(member)
    assert client.post(reverse("issues:forum_consent", args=[row.pk])).status_code == 403
    row.refresh_from_db()
    assert row.has_consent


def test_second_plan_says_what_changed_and_a_late_one_is_laid_beside(client, here, forum, case):
    row = brought(case, forum, here.worker)
    actions.write_plan(forum_case=row, text="A room", by=here.worker)
    with pytest.raises(Refused, match="Say what changed"):
        actions.write_plan(forum_case=row, text="Two rooms", by=here.worker, number=1)
    actions.write_plan(forum_case=row, text="Two rooms", changed="Her sister comes", by=here.worker, number=1)
    client.force_login(here.worker)
    late = client.post(
        reverse("issues:forum_plan", args=[row.pk]), {"version": 1, "text": "A flat", "changed": "It came free"}
    )
    assert late.status_code == 409
    for words in ("Two rooms", "A flat"):
        assert words in late.content.decode()
    assert row.plans.count() == 2


def test_plans_and_marks_are_never_changed(here, forum, case):
    row = brought(case, forum, here.worker)
    plan = actions.write_plan(forum_case=row, text="A room", by=here.worker)
    actions.mark_risks(forum_case=row, marks={"Neglect": ("+", "-")}, seen=0, by=here.worker)
    for model in (PlanVersion, type(row.risks.get())):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(by=here.colleague)
    plan.refresh_from_db()
    assert plan.text == "A room"


def test_marks_at_once_do_not_overwrite(here, forum, case):
    row = brought(case, forum, here.worker)
    actions.mark_risks(forum_case=row, marks={"Neglect": ("+", "")}, seen=0, by=here.worker)
    with pytest.raises(ChangedMeanwhile):
        actions.mark_risks(forum_case=row, marks={"Neglect": ("++", "")}, seen=0, by=here.worker)
    assert row.risks.count() == 1


@pytest.mark.system(48)
def test_pattern_goes_on_to_the_system_optimisation_group_without_a_life(client, here, forum, member, case):
    sog = ForumFactory(place=here.place, name="System Optimisation Group")
    row = brought(case, forum, here.worker)
    MeetingFactory(team=forum, by=member)
    client.force_login(member)
    client.post(
        reverse("issues:forum_pattern", args=[row.pk]),
        {"description": "A hostel bed ends a place in treatment", "why": "Two contracts", "to_team": sog.pk,
         "cycle": here.cycle.pk, "level": "2"},
    )  # fmt: skip
    issue = Issue.objects.get()
    assert issue.moves.get().to_team == sog
    assert issue.sightings.get().case is None
    chief = MembershipFactory(team=sog, place=here.place, role="leader").user
    meeting = MeetingFactory(team=sog, by=chief)
    assert meeting.items.filter(issue=issue).exists()
    client.force_login(chief)
    assert "Jo" not in client.get(issue.get_absolute_url()).content.decode()
    assert client.get(row.get_absolute_url()).status_code == 404


def test_a_case_comes_back_when_its_plan_is_to_be_looked_at(here, forum, member, case):
    row = brought(case, forum, here.worker)
    actions.write_plan(
        forum_case=row, text="A room", by=here.worker, look_again_on=timezone.localdate() + timedelta(days=20)
    )
    assert not MeetingFactory(team=forum, by=member).items.filter(forum_case=row).exists()
    late = MeetingFactory(team=forum, by=member, on=timezone.localdate() + timedelta(days=28))
    assert late.items.filter(forum_case=row).exists()


def test_it_is_before_a_forum_once_and_a_second_click_makes_none(client, here, forum, case):
    client.force_login(here.worker)
    click = "5b0e7c1e-0000-4000-8000-000000000001"
    bring(client, case, forum, client_id=click)
    bring(client, case, forum, client_id=click)
    assert ForumCase.objects.count() == 1
    again = bring(client, case, forum)
    assert again.status_code == 422
    assert "before this forum already" in again.content.decode()


def test_forum_case_page_query_count(client, here, forum, case):
    row = brought(case, forum, here.worker)
    client.force_login(here.worker)

    def add():
        number = row.plans.count()
        actions.write_plan(forum_case=row, text=f"Plan {number}", changed="So", number=number, by=here.worker)
        actions.mark_risks(
            forum_case=row, marks={f"Risk {number}": ("+", "")}, by=here.worker,
            seen=max((m.pk for m in row.risks.all()), default=0),
        )  # fmt: skip

    assert_queries_stay_flat(client, row.get_absolute_url(), add)


def test_case_brought_before_is_erased_with_the_life(here, forum, member, case):
    row = brought(case, forum, here.worker)
    meeting = MeetingFactory(team=forum, by=member)
    actions.write_plan(forum_case=row, text="A room", by=here.worker)
    case.delete()
    assert not ForumCase.objects.exists()
    assert not meeting.items.filter(kind="case").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM issues_planversion")
        assert cursor.fetchone() == (0,)
