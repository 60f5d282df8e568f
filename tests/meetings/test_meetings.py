"""Groups meet: the agenda builds itself, is put in order by hand, runs live, and its minutes stand."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.models import Question
from hls.governing.actions import make_promise
from hls.governing.models import Promise
from hls.leadership.models import Summary
from hls.meetings.waiting import waiting_for
from hls.sealed import seal_again
from issues.groups.models import Decision
from issues.log import actions as log
from issues.meetings import actions
from issues.models import AgendaItem, Meeting
from tests.factories import MeetingFactory, MembershipFactory, StoryFactory
from tests.helpers.queries import assert_queries_stay_flat
from tests.meetings.making import day, end, raised

# ------------------------------------------------------------------ the agenda


@pytest.mark.system(48)
def test_escalated_issue_reaches_the_agenda_and_what_was_promised_is_followed(client, here):
    issue = raised(here)
    client.force_login(here.leader)
    client.post(
        reverse("meetings:plan", args=[here.leadership.slug]),
        {"on": day().isoformat(), "begins_at": "10:00", "length": "60", "where": "Town hall", "kind": "formal"},
    )
    meeting = Meeting.objects.get()
    assert [item.kind for item in meeting.items.all()] == ["changed", "story", "issue", "reflect"]
    item = meeting.items.get(issue=issue)
    client.post(reverse("meetings:begin", args=[meeting.pk]))
    client.post(
        reverse("meetings:promise", args=[item.pk]),
        {"text": "Stop the second letter", "team": here.leadership.pk, "due_on": day(7).isoformat()},
    )
    promise = Promise.objects.get()
    assert (promise.cycle, promise.agenda_item, promise.due_on) == (here.cycle, item, day(7))
    end(client, meeting)
    later = MeetingFactory(team=here.leadership, by=here.leader, on=day(14))
    assert later.items.get(kind="promise").title == "We promised: Stop the second letter"
    assert later.items.filter(issue=issue).exists()


def test_agenda_holds_what_is_due_and_what_was_put_off_and_no_more(client, here, live):
    item = live.items.get(kind="issue")
    soon = {"cycle": here.cycle, "team": here.leadership, "by": here.leader, "made_on": day(-9)}
    make_promise(text="Due by then", due_on=day(3), **soon)
    make_promise(text="Not due yet", due_on=day(30), **soon)
    actions.settle(item=item, outcome="deferred", words="We ran out of time", by=here.leader)
    client.force_login(here.leader)
    end(client, live)
    later = MeetingFactory(team=here.leadership, by=here.leader, on=day(7))
    titles = [i.title for i in later.items.all()]
    assert "We promised: Due by then" in titles
    assert "We promised: Not due yet" not in titles
    assert later.items.get(kind="issue").from_item == item
    assert len(titles) == len(set(titles))


def test_standing_items_of_a_group_are_on_each_agenda_in_its_order(client, here):
    client.force_login(here.leader)
    address = reverse("meetings:standing", args=[here.leadership.slug])
    for text, kind in (("Who is missing?", "topic"), ("Since last time", "changed")):
        client.post(address, {"text": text, "kind": kind, "length": "5"})
    last = here.leadership.standing_items.get(text="Since last time")
    client.post(reverse("meetings:standing_change", args=[last.pk]), {"action": "up"})
    assert [s.text for s in here.leadership.standing_items.all()] == ["Since last time", "Who is missing?"]
    meeting = MeetingFactory(team=here.leadership, by=here.leader)
    assert [i.title for i in meeting.items.all()] == ["Since last time", "Who is missing?"]


def test_order_changes_by_button_by_dragging_and_not_unseen(client, here, meeting):
    client.force_login(here.leader)
    address = reverse("meetings:order", args=[meeting.pk])
    first, second, third = meeting.items.all()
    client.post(address, {"down": first.pk})
    assert list(meeting.items.all()) == [second, first, third]
    client.post(address, {"order": f"{third.pk},{second.pk},{first.pk}"})
    assert list(meeting.items.all()) == [third, second, first]
    actions.add_topic(meeting=meeting, title="Came in between", length=5, by=here.leader)
    page = client.post(address, {"order": f"{first.pk},{second.pk},{third.pk}"}, follow=True)
    assert "The agenda changed while you moved it." in page.content.decode()
    assert list(meeting.items.all())[:3] == [third, second, first]


def test_what_comes_up_later_is_offered_and_put_on_by_one_press(client, here, meeting):
    issue = raised(here)
    client.force_login(here.leader)
    assert issue.ref in client.get(meeting.get_absolute_url()).content.decode()
    client.post(reverse("meetings:fill", args=[meeting.pk]), {"add": f"issue-{issue.pk}"})
    client.post(reverse("meetings:fill", args=[meeting.pk]), {"add": ""})
    assert meeting.items.filter(issue=issue).count() == 1


def test_a_name_taken_out_of_an_issue_is_out_of_each_agenda_and_its_minutes(client, here):
    issue = raised(here, "Marie waits for a letter")
    live = MeetingFactory(team=here.leadership, by=here.leader, is_live=True)
    coming = MeetingFactory(team=here.leadership, by=here.leader, on=day(7))
    actions.settle(item=live.items.get(issue=issue), outcome="deferred", words="Next time", by=here.leader)
    issue.refresh_from_db()
    log.edit_issue(issue=issue, version=issue.version, by=here.worker, description="Someone waits for a letter")
    client.force_login(here.leader)
    agenda = client.get(coming.get_absolute_url()).content.decode()
    assert "Marie" not in agenda
    assert "Someone waits for a letter" in agenda
    end(client, live)
    assert "Marie" not in str(Meeting.objects.get(pk=live.pk).minutes)
    issue.refresh_from_db()
    log.edit_issue(issue=issue, version=issue.version, by=here.worker, description="People wait for letters")
    assert "Someone waits" in str(Meeting.objects.get(pk=live.pk).minutes)
    actions.take_off(item=coming.items.get(issue=issue), by=here.leader)
    carried = [one.title for one in waiting_for(coming) if one.from_item]
    assert carried == [f"{issue.ref}: People wait for letters"]


def test_next_day_follows_the_rhythm_of_the_group(client, here):
    client.force_login(here.leader)
    client.post(
        reverse("meetings:rhythm", args=[here.leadership.slug]),
        {"version": 0, "every": "fortnight", "begins_at": "10:00", "length": "90", "where": "Town hall",
         "cadence_note": "Every second Tuesday"},
    )  # fmt: skip
    MeetingFactory(team=here.leadership, by=here.leader, on=day(3))
    here.leadership.refresh_from_db()
    assert here.leadership.next_meeting_on == day(3)
    page = client.get(reverse("meetings:plan", args=[here.leadership.slug])).content.decode()
    assert day(17).isoformat() in page
    assert "Town hall" in page


def test_a_group_meets_once_a_day(client, here, meeting):
    client.force_login(here.leader)
    page = client.post(
        reverse("meetings:plan", args=[here.leadership.slug]),
        {"on": day().isoformat(), "length": "60", "kind": "formal"},
    )
    assert page.status_code == 422
    assert "a meeting on that day already" in page.content.decode()
    client.post(reverse("meetings:off", args=[meeting.pk]), {"off_why": "Half of us are ill"})
    client.post(
        reverse("meetings:plan", args=[here.leadership.slug]),
        {"on": day().isoformat(), "length": "60", "kind": "formal"},
    )
    assert Meeting.objects.exclude(state="off").count() == 1


# ------------------------------------------------------------------ live


def test_one_item_at_a_time_with_what_the_team_has_now_and_no_words_of_the_team(client, here, live):
    item = live.items.get(kind="issue")
    client.force_login(here.leader)
    page = client.get(item.get_absolute_url()).content.decode()
    for said in ("Letters run first", "May it wait?", "Countermeasure (now)", "Decide", "Promise", "Put it off"):
        assert said in page
    assert "Marie" not in page
    assert here.worker.name not in page


def test_decision_in_the_meeting_is_the_groups_decision(client, here, live):
    item = live.items.get(kind="issue")
    client.force_login(here.leader)
    address = reverse("meetings:decide", args=[item.pk])
    sent = {"version": item.issue.version, "outcome": "agreed", "words": "Yes, from January", "new_normal": ""}
    assert client.post(address, sent).status_code == 422
    client.post(address, sent | {"new_normal": "A talk comes first"})
    decision = Decision.objects.get()
    assert (decision.team, decision.outcome, decision.new_normal) == (here.leadership, "agreed", "A talk comes first")
    item.refresh_from_db()
    assert item.outcome == "decided"
    item.issue.refresh_from_db()
    assert item.issue.held_by == here.leadership


def test_two_who_decide_at_once_are_laid_side_by_side(client, here, live):
    item = live.items.get(kind="issue")
    version = item.issue.version
    client.force_login(here.leader)
    address = reverse("meetings:decide", args=[item.pk])
    client.post(address, {"version": version, "outcome": "not_now", "words": "After the summer"})
    late = client.post(address, {"version": version, "outcome": "as_is", "words": "It stays"})
    assert late.status_code == 409
    for words in ("After the summer", "It stays"):
        assert words in late.content.decode()
    assert Decision.objects.count() == 1


def test_putting_off_needs_a_reason(client, here, live):
    item = live.items.get(kind="issue")
    client.force_login(here.leader)
    address = reverse("meetings:defer", args=[item.pk])
    page = client.post(address, {"version": item.version, "words": ""})
    assert page.status_code == 422
    client.post(address, {"version": item.version, "words": "The one who knows is away"})
    item.refresh_from_db()
    assert (item.outcome, item.words) == ("deferred", "The one who knows is away")


def test_nothing_comes_of_a_meeting_that_has_not_begun(client, here, meeting):
    item = meeting.items.first()
    client.force_login(here.leader)
    page = client.post(reverse("meetings:talk", args=[item.pk]), {"version": 1, "words": "Early"})
    assert page.status_code == 422
    assert "The meeting has not begun." in page.content.decode()
    assert "Early" in page.content.decode()


def test_what_was_typed_while_someone_ended_it_is_kept_and_told_why(client, here, live):
    item = live.items.get(kind="issue")
    client.force_login(here.leader)
    end(client, live)
    late = {
        "decide": {"version": item.issue.version, "outcome": "not_now", "words": "Late words"},
        "promise": {"text": "Late words", "team": here.leadership.pk, "due_on": day(9).isoformat()},
        "defer": {"version": 1, "words": "Late words"},
        "talk": {"version": 1, "words": "Late words"},
    }
    for name, sent in late.items():
        page = client.post(reverse(f"meetings:{name}", args=[item.pk]), sent)
        said = page.content.decode()
        assert page.status_code == 422, name
        assert "This meeting was held." in said, name
        assert "has not begun" not in said, name
        assert "Late words" in said, name
    assert not Decision.objects.exists()
    assert not Promise.objects.exists()


def test_taking_off_twice_is_taking_off_once(client, here, meeting):
    client.force_login(here.leader)
    item = meeting.items.first()
    address = reverse("meetings:order", args=[meeting.pk])
    client.post(address, {"off": item.pk})
    for again in ({"off": item.pk}, {"up": item.pk}):
        assert client.post(address, again)["Location"] == meeting.get_absolute_url()
    standing = actions.add_standing(team=here.leadership, text="Money", by=here.leader)
    other = actions.add_standing(team=here.leadership, text="Rooms", by=here.leader)
    address = reverse("meetings:standing_change", args=[standing.pk])
    list_of_it = reverse("meetings:standing", args=[here.leadership.slug])
    sent = {"action": "off", "group": here.leadership.slug}
    for _ in range(2):
        assert client.post(address, sent)["Location"] == list_of_it
    assert list(here.leadership.standing_items.all()) == [other]


def test_steward_reads_along_and_others_do_not(client, here, live):
    item = live.items.first()
    for who, reads, acts in (("leader", 200, 200), ("steward", 200, 403), ("worker", 404, 404), ("helper", 404, 404)):
        client.force_login(getattr(here, who))
        assert client.get(item.get_absolute_url()).status_code == reads
        assert client.get(reverse("meetings:talk", args=[item.pk])).status_code == acts


# ------------------------------------------------------------------ learning together


@pytest.mark.system(64)
def test_learning_session_runs_from_a_summary_and_stories(client, here):
    StoryFactory(cycle=here.cycle, title="Behind the bread bin", shared=True)
    summary = Summary.objects.create(
        place=here.place, team=here.leadership, period_start=day(-40), period_end=day(-10), key="k", state="ready",
        built_at=timezone.now(), pdf=b"%PDF", pages=1,
    )  # fmt: skip
    meeting = MeetingFactory(team=here.leadership, by=here.leader, kind="learning", is_live=True)
    assert [i.kind for i in meeting.items.all()] == ["changed", "story", "summary", "reflect"]
    client.force_login(here.leader)
    assert "Behind the bread bin" in client.get(meeting.items.get(kind="story").get_absolute_url()).content.decode()
    item = meeting.items.get(kind="summary")
    assert summary.get_absolute_url() in client.get(item.get_absolute_url()).content.decode()
    client.post(reverse("meetings:talk", args=[item.pk]), {"version": 1, "words": "We read it line by line"})
    summary.refresh_from_db()
    assert (summary.discussed_on, summary.discussed_words) == (day(), "We read it line by line")


@pytest.mark.system(76)
def test_reflection_is_answered_in_the_meeting_and_stands_in_its_minutes(client, here, live):
    question = Question.objects.filter(set="reflect").order_by("order").first()
    item = live.items.get(kind="reflect")
    client.force_login(here.leader)
    assert question.text in client.get(item.get_absolute_url()).content.decode()
    address = reverse("cycles:team_question_set", args=[here.leadership.pk, "reflect"])
    client.post(address, {f"q{question.pk}-text": "We let go of the score sheet", "on": day().isoformat()})
    assert "We let go of the score sheet" in client.get(item.get_absolute_url()).content.decode()
    end(client, live)
    page = client.get(reverse("meetings:minutes", args=[live.pk])).content.decode()
    assert "We let go of the score sheet" in page


@pytest.mark.system(29)
def test_each_group_has_its_meetings_and_what_lies_before_it(client, here):
    for who, team in ((here.worker, here.core), (here.helper, here.working), (here.evidence, here.evidence_team)):
        meeting = MeetingFactory(team=team, by=who)
        client.force_login(who)
        page = client.get(team.get_absolute_url()).content.decode()
        assert meeting.get_absolute_url() in page
        assert client.get(reverse("meetings:list", args=[team.slug])).status_code == 200


def test_meeting_pages_query_counts(client, here, live):
    client.force_login(here.leader)
    assert_queries_stay_flat(client, live.get_absolute_url(), lambda: raised(here))
    item = live.items.get(kind="changed")
    assert_queries_stay_flat(
        client,
        item.get_absolute_url(),
        lambda: actions.add_topic(meeting=live, title="One more", length=5, by=here.leader),
    )


def test_meeting_list_query_count(client, here):
    client.force_login(here.leader)
    days = iter(range(1, 9))
    assert_queries_stay_flat(
        client,
        reverse("meetings:list", args=[here.leadership.slug]),
        lambda: MeetingFactory(team=here.leadership, by=here.leader, on=day(next(days))),
    )


def test_member_who_left_before_it_began_has_no_seat(here, meeting):
    gone = MembershipFactory(team=here.leadership, place=here.place, role="leader").user
    actions.seat_members(meeting)
    assert meeting.seats.filter(user=gone).exists()
    gone.memberships.update(to_on=timezone.localdate())
    actions.begin(meeting=meeting, by=here.leader)
    assert not meeting.seats.filter(user=gone).exists()


def test_sealed_notes_of_held_meetings_can_be_sealed_with_a_new_key(client, here, live, settings):
    from cryptography.fernet import Fernet

    item = live.items.first()
    actions.settle(item=item, outcome="talked", words="Said", sealed="Tom is worn out", by=here.leader)
    client.force_login(here.leader)
    end(client, live)
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert seal_again()[1] == 0
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert AgendaItem.objects.get(pk=item.pk).note == "Tom is worn out"


def test_lost_key_closes_one_note_and_not_the_agenda(client, here, live, settings):
    from cryptography.fernet import Fernet

    item = live.items.first()
    actions.settle(item=item, outcome="talked", words="Said", sealed="Tom is worn out", by=here.leader)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    client.force_login(here.leader)
    assert client.get(live.get_absolute_url()).status_code == 200
    page = client.get(item.get_absolute_url()).content.decode()
    assert "This note is sealed with a key that is not here." in page
