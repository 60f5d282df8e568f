"""Triage as the design draws it: its queue in parts, an answer or a pattern from it, and what stands beside it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.notices.models import Notice
from issues.groups import beside
from issues.groups import triage as triage_page
from issues.groups.triage import queue
from issues.log import actions
from issues.log.many import Many
from issues.log.models import Issue, IssueStep
from issues.meetings import actions as meetings
from issues.meetings.models import Meeting
from tests.factories import ForumFactory, IssueFactory, MeetingFactory, MembershipFactory
from tests.helpers.queries import assert_queries_stay_flat

VANS = ["The van", "A letter", "Our key", "Every form", "Each call"]
TRIAGE = "/triage/"


@pytest.fixture
def steward(client, here):
    client.force_login(here.steward)
    return client


def parts_of(page):
    """{heading: the refs under it}"""
    queue = page.content.decode().split('id="look"')[1].split('class="dock')[0]
    found = re.split(r'<h3 class="sub-head">(.+?)</h3>', queue)
    return {
        name: re.findall(r"<span>([A-Z]-\d{3})</span>", rows)
        for name, rows in zip(found[1::2], found[2::2], strict=True)
    }


def refs_of(issues):
    return [issue.ref for issue in issues]


# ------------------------------------------------------------------ the queue in parts


def test_queue_stands_in_parts(steward, here):
    van = IssueFactory(cycle=here.cycle, description="The van is late", level=2)
    hold = IssueFactory(cycle=here.cycle, description="The benefit letter arrives after the appointment", level=2)
    passed_on = IssueFactory(cycle=here.cycle, description="He has been passed on three times", level=1)
    like = IssueFactory(cycle=here.cycle, description="Benefit letters arrive later than the appointments")
    assert parts_of(steward.get(TRIAGE)) == {
        "Stuck now": [passed_on.ref],
        "Looks like the same thing": [hold.ref, like.ref],
        "Everything else": [van.ref],
    }


def test_those_that_look_alike_stand_side_by_side(steward, here):
    said = ("The benefit letter arrives after the appointment", "The key meter keeps an old debt of a tenant") * 2
    letter, meter, letter_too, meter_too = [IssueFactory(cycle=here.cycle, description=words) for words in said]
    (refs,) = parts_of(steward.get(TRIAGE)).values()
    assert refs == [letter.ref, letter_too.ref, meter.ref, meter_too.ref]


def test_a_queue_of_one_kind_has_no_parts(steward, here):
    IssueFactory(cycle=here.cycle, description="The van is late", level=2)
    page = steward.get(TRIAGE)
    assert parts_of(page) == {}
    assert "The van is late" in page.content.decode()


def test_what_is_stuck_now_comes_first_though_it_came_last(steward, here, monkeypatch):
    """A few of it before the first page, which is no longer for that; the rest by a press, and nothing twice."""
    monkeypatch.setattr(triage_page, "PAGE", 4)
    monkeypatch.setattr(triage_page, "STUCK_MOST", 2)
    triage_page._first_of_both.cache_clear()
    late = [IssueFactory(cycle=here.cycle, description=f"{word} is late", level=2) for word in VANS]
    stuck = [IssueFactory(cycle=here.cycle, description=f"{word} waits", level=1) for word in VANS[:2]]
    page = steward.get(TRIAGE)
    assert parts_of(page) == {"Stuck now": refs_of(stuck), "Everything else": refs_of(late[:2])}
    assert "All that is stuck now" not in page.content.decode()

    stuck.append(IssueFactory(cycle=here.cycle, description="The baby waits", level=1))
    page = steward.get(TRIAGE)
    assert parts_of(page) == {"Stuck now": refs_of(stuck[:2]), "Everything else": refs_of(late[:2])}
    assert '<a href="/triage/?level=ind">All that is stuck now</a>' in page.content.decode()
    there = steward.get(TRIAGE, {"level": "ind"})
    assert parts_of(there) == {"Stuck now": refs_of(stuck)}
    assert "All that is stuck now" not in there.content.decode()

    second = steward.get(page.context["older"])
    assert re.findall(r"Choose ([A-Z]-\d+)", second.content.decode()) == refs_of(late[2:])
    assert "All that is stuck now" in second.content.decode()
    back = steward.get(second.context["newer"])
    assert parts_of(back) == parts_of(page)
    assert not back.context["newer"]
    triage_page._first_of_both.cache_clear()


# ------------------------------------------------------------------ an answer back


def test_an_answer_goes_back_once_and_the_issues_stay(steward, here):
    issues = [IssueFactory(cycle=here.cycle, raised_by=here.worker) for _ in range(3)]
    sent = {"action": "reply", "issue": [one.pk for one in issues[:2]], "reply": "The new form comes in <May>"}
    for _ in range(2):
        steward.post(TRIAGE, sent)
    assert Notice.objects.filter(user=here.worker, kind=Notice.Kind.ISSUE_STEP).count() == 2
    assert IssueStep.objects.filter(what="received").count() == 2
    assert queue(here.place).count() == 3
    steward.force_login(here.worker)
    assert "The new form comes in &lt;May&gt;" in steward.get("/today/").content.decode()
    assert "The new form comes in &lt;May&gt;" in steward.get(issues[0].get_absolute_url()).content.decode()
    assert "The new form" not in steward.get(issues[2].get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"reply": "It comes in May"}, "Tick at least one issue."),
        ({"issue": "own"}, "Say something to them."),
        ({"reply": "It comes in May", "issue": "foreign"}, "One of these has moved since."),
    ],
)
def test_an_answer_that_lacks_something_loses_no_words(steward, here, elsewhere, sent, said):
    keys = {"own": IssueFactory(cycle=here.cycle).pk, "foreign": IssueFactory(cycle=elsewhere.cycle).pk}
    sent = sent | {"issue": [keys[sent["issue"]]] if "issue" in sent else []}
    page = steward.post(TRIAGE, {"action": "reply", "why": "For another day", "underneath": "A rule", **sent})
    assert page.status_code == 422
    text = page.content.decode()
    assert said in text
    assert "For another day</textarea>" in text
    assert "A rule</textarea>" in text
    assert f"{sent.get('reply', '')}</textarea>" in text
    assert not IssueStep.objects.filter(what="received").exists()


@pytest.mark.parametrize(("button", "name"), [("reply", "to_team"), ("reply", "then"), ("", "then")])
def test_a_choice_for_another_button_is_looked_at_too(steward, here, elsewhere, button, name):
    """Whatever comes from another place is refused, also where this button would not have used it."""
    issue = IssueFactory(cycle=here.cycle)
    sent = {"action": button, "issue": [issue.pk], "reply": "In May", "why": "They can", "level": "1"}
    assert steward.post(TRIAGE, sent | {name: elsewhere.leadership.pk}).status_code == 422
    assert issue.steps.count() == 1
    assert steward.post(TRIAGE, sent).status_code == 302


def test_others_may_not_answer_from_triage(client, here):
    issue = IssueFactory(cycle=here.cycle)
    client.force_login(here.leader)
    sent = {"action": "reply", "issue": [issue.pk], "reply": "No"}
    assert client.post(TRIAGE, sent).status_code == 403
    assert not issue.steps.filter(what="received").exists()


# ------------------------------------------------------------------ a pattern, and then


def gathered(here, **more):
    issues = [IssueFactory(cycle=here.cycle) for _ in range(2)]
    return {"issue": [one.pk for one in issues], "description": "It carries on", "underneath": "A date", **more}


@pytest.mark.system(48)
def test_a_pattern_goes_before_a_group_in_the_same_step(steward, here):
    sent = gathered(here, then=here.leadership.pk, then_asks="May the date move?")
    assert steward.post(reverse("issues:new_pattern"), sent).status_code == 302
    pattern = Issue.objects.get(is_pattern=True)
    offer = pattern.moves.get(state="offered")
    assert (offer.to_team, offer.why, offer.asks) == (here.leadership, "A date", "May the date move?")
    steward.force_login(here.leader)
    assert "May the date move?" in steward.get(here.leadership.get_absolute_url()).content.decode()


@pytest.mark.parametrize("missing", ["then_asks", "underneath"])
def test_a_pattern_is_raised_with_its_reason_and_its_question(steward, here, missing):
    sent = gathered(here, then=here.leadership.pk, then_asks="May the date move?") | {missing: ""}
    page = steward.post(reverse("issues:new_pattern"), sent)
    assert page.status_code == 422
    assert f'<option value="{here.leadership.pk}" selected>' in page.content.decode()
    assert not Issue.objects.filter(is_pattern=True).exists()


def test_gathered_and_raised_are_both_or_neither(steward, here):
    """The group that was asked already is not asked twice, and nothing is half done."""
    steward.post(reverse("issues:new_pattern"), gathered(here, then=here.leadership.pk, then_asks="May it move?"))
    pattern = Issue.objects.get(is_pattern=True)
    late = IssueFactory(cycle=here.cycle)
    sent = {
        "issue": [late.pk], "pattern": pattern.pk, "underneath": "A rule", "then": here.working.pk, "then_asks": "And you?",
    }  # fmt: skip
    page = steward.post(reverse("issues:new_pattern"), sent)
    assert page.status_code == 422
    assert "It is already waiting for a group to answer." in page.content.decode()
    assert pattern.gathered.count() == 2


def test_a_group_of_another_place_is_no_choice(steward, here, elsewhere):
    sent = gathered(here, then=elsewhere.leadership.pk, then_asks="And you?")
    assert steward.post(reverse("issues:new_pattern"), sent).status_code == 422
    assert elsewhere.leadership.name not in steward.get(TRIAGE).content.decode()


# ------------------------------------------------------------------ where issues wait


def waits(page):
    """{view: how many}"""
    rows = page.content.decode().split('id="waits"')[1]
    return dict(re.findall(r'\?view=([a-z-]+)">[^<]+</a><span class="by">([^<]+)<', rows))


def test_beside_the_queue_stands_where_issues_wait(steward, here, elsewhere):
    for place in (here, elsewhere):
        IssueFactory(cycle=place.cycle, countermeasure="We ring")
        IssueFactory(cycle=place.cycle, owner_tier="lship")
        asked = IssueFactory(cycle=place.cycle, owner_tier="lship", countermeasure="We wait")
        actions.escalate(issue=asked, to_team=place.leadership, why="Policy", asks="May it?", by=place.worker)
    Issue.objects.filter(place=here.place, responses__text="We ring").update(
        review_on=timezone.localdate() - timedelta(days=1)
    )
    found = waits(steward.get(TRIAGE))
    assert found == {"no-owner": "1 issue", "no-countermeasure": "1 issue", "waiting": "1 issue", "review": "1 issue"}
    for view in found:
        assert len(steward.get(reverse("issues:list"), {"view": view}).context["rows"]) > 0
        assert steward.get(reverse("issues:list"), {"view": view}).status_code == 200


def test_more_than_is_counted_is_said_so_and_believed_for_a_minute(here, monkeypatch):
    for _ in range(3):
        IssueFactory(cycle=here.cycle)

    def counts():
        return beside.of_place(here.place.pk, queue, "", "")[1]

    monkeypatch.setattr(beside, "COUNTED_MOST", 2)
    monkeypatch.setattr(beside, "MANY", Many())
    beside._told.cache_clear()
    try:
        assert counts() == [3, 3, 3, 0, 0]
        Issue.objects.filter(place=here.place).update(owner_tier="team")
        assert counts() == [3, 3, 3, 0, 0]
        monkeypatch.setattr(beside, "MANY", Many())
        assert counts() == [0, 0, 3, 0, 0]
    finally:
        beside._told.cache_clear()


# ------------------------------------------------------------------ the agenda of the next meeting


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def test_the_next_meeting_stands_beside_the_queue(steward, here, elsewhere):
    issue = IssueFactory(cycle=here.cycle, description="Letters run <first>")
    actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="May it?", by=here.worker)
    MeetingFactory(team=elsewhere.leadership, by=elsewhere.leader, on=in_days(1))
    MeetingFactory(team=here.working, by=here.helper, on=in_days(9))
    off = MeetingFactory(team=ForumFactory(place=here.place, name="Forum of the north"), on=in_days(2))
    meetings.call_off(meeting=off, why="Snow", by=here.leader)
    meeting = MeetingFactory(team=here.leadership, by=here.leader, on=in_days(5))
    text = steward.get(TRIAGE).content.decode()
    agenda = text.split('id="agenda"')[1].split("</section>")[0]
    assert meeting.get_absolute_url() in agenda
    assert f"{issue.ref}: Letters run &lt;first&gt;" in agenda
    assert agenda.index("What changed since last time") < agenda.index("A story") < agenda.index(issue.ref)
    assert here.working.name in agenda  # what comes after it, by name and day
    assert elsewhere.leadership.name not in agenda.replace(here.leadership.name, "")
    assert "Forum of the north" not in agenda


def test_without_a_meeting_it_says_so(steward, here):
    held = MeetingFactory(team=here.leadership, by=here.leader, is_live=True)
    meetings.end(meeting=held, by=here.leader, minutes_of=lambda row: {})
    assert "No group has planned one." in steward.get(TRIAGE).content.decode()


def test_a_steward_who_is_no_member_reads_along(steward, here):
    meeting = MeetingFactory(team=here.leadership, by=here.leader, on=in_days(5))
    page = steward.get(TRIAGE).content.decode()
    assert "What changed since last time" in page
    assert "agenda-order" not in page
    item = meeting.items.last()
    assert steward.post(reverse("meetings:order", args=[meeting.pk]), {"up": item.pk}).status_code == 403


def test_the_meeting_of_ones_own_group_comes_first_and_is_put_in_order_here(steward, here):
    MeetingFactory(team=here.leadership, by=here.leader, on=in_days(1))
    MembershipFactory(place=here.place, team=here.working, user=here.steward, role="steward")
    meeting = MeetingFactory(team=here.working, by=here.helper, on=in_days(8))
    first, second, *_ = meeting.items.all()
    page = steward.get(TRIAGE, {"tab": "back", "level": "sys"}).content.decode()
    assert f'action="{reverse("meetings:order", args=[meeting.pk])}"' in page
    sent = {"up": second.pk, "from": "triage", "tab": "back", "level": "sys"}
    answer = steward.post(reverse("meetings:order", args=[meeting.pk]), sent)
    assert answer.url == f"/triage/?tab=back&level=sys&moved={second.pk}#agenda"
    assert list(meeting.items.all())[:2] == [second, first]
    assert f"“{second.title}” is number 1 of {meeting.items.count()} now." in steward.get(answer.url).content.decode()


@pytest.mark.parametrize("moved", ["x", "-1", "9" * 30, "0", "1"])
def test_any_address_gives_the_page(steward, here, moved):
    MeetingFactory(team=here.leadership, by=here.leader, on=in_days(5))
    page = steward.get(TRIAGE, {"moved": moved})
    assert page.status_code == 200
    assert "more than fits" not in page.content.decode()
    assert "data-say" not in page.content.decode()


def test_a_long_agenda_leads_on_to_the_rest(steward, here):
    meeting = MeetingFactory(team=here.leadership, by=here.leader, on=in_days(5))
    for n in range(beside.ITEMS_MOST):
        meetings.put(meeting=meeting, things=[meetings.Waiting("topic", f"Topic {n}", 5)], by=here.leader)
    steward.force_login(here.leader)
    assert "more than fits: take something off" in steward.get(meeting.get_absolute_url()).content.decode()
    steward.force_login(here.steward)
    page = steward.get(TRIAGE).content.decode()
    assert "more than fits. Every agenda" in page
    assert f"And {meeting.items.count() - beside.ITEMS_MOST} more." in page
    assert page.count('id="item-') == beside.ITEMS_MOST


def test_triage_with_its_sides_has_a_fixed_number_of_queries(steward, here):
    groups = iter([here.leadership, here.working, here.evidence_team])

    def add():
        IssueFactory(cycle=here.cycle, level=1)
        MeetingFactory(team=next(groups), on=in_days(Meeting.objects.count() + 1))

    # session, who; rows, last moves, groups with counts, meetings, lessons, cycles in care
    assert_queries_stay_flat(steward, TRIAGE, add, most=8)
