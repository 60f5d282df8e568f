"""Two tracks that move separately, both answered before an issue closes; and the price of not fixing the system."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.refusals import Refused
from issues.log import actions
from issues.log.filters import log_of
from issues.log.models import Issue, Response, Upkeep
from issues.tracks.actions import look_at
from tests.factories import IssueFactory
from tests.helpers.html import parse, text_of
from tests.helpers.queries import assert_queries_stay_flat

NOW, NEW = Response.Kind.COUNTERMEASURE, Response.Kind.SYSTEM_CHANGE
State = Response.State


@pytest.fixture
def issue(here):
    return IssueFactory(cycle=here.cycle, raised_by=here.worker, countermeasure="Ring first", system_change="A policy")


def page_of(client, issue):
    return client.get(issue.get_absolute_url()).content.decode()


@pytest.mark.system(35)
def test_countermeasure_and_system_change_move_separately(client, here, issue):
    client.force_login(here.worker)
    day = timezone.localdate() + timedelta(days=20)
    client.post(reverse("issues:countermeasure", args=[issue.ref]), {
        "text": "Ring first", "state": "in_place", "owner": here.core.pk, "review_on": day, "version": 1,
    })  # fmt: skip
    client.post(reverse("issues:system_change", args=[issue.ref]), {
        "text": "A policy", "state": "with_group", "owner": here.leadership.pk, "version": 1,
    })  # fmt: skip
    now, new = issue.responses.get(kind=NOW), issue.responses.get(kind=NEW)
    assert (now.state, now.owner, now.review_on) == (State.IN_PLACE, here.core, day)
    assert (new.state, new.owner) == (State.WITH_GROUP, here.leadership)
    page = page_of(client, issue)
    assert f"Kept going by {here.core.name}" in page
    assert f"{here.leadership.name} has it in hand" in page
    issue.refresh_from_db()
    assert (issue.countermeasure_state, issue.system_change_state, issue.review_on) == ("in_place", "with_group", day)


def test_with_a_group_names_the_group_beside_the_field(client, here, issue):
    client.force_login(here.worker)
    answer = client.post(reverse("issues:system_change", args=[issue.ref]), {
        "text": "A policy for all", "state": "with_group", "version": 1,
    })  # fmt: skip
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"owner": ["Say which group has it in hand."]}
    assert "A policy for all" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(issue=issue, kind=NEW).update(state="with_group")


def test_owner_is_a_team_of_the_place(client, here, elsewhere, issue):
    client.force_login(here.worker)
    answer = client.post(reverse("issues:countermeasure", args=[issue.ref]), {
        "text": "Ring first", "state": "trying", "owner": elsewhere.core.pk, "version": 1,
    })  # fmt: skip
    assert answer.status_code == 422
    assert "owner" in answer.context["form"].errors


def test_what_is_not_named_stays(here, issue):
    """A decision of a group sets the system change; it does not empty who has it."""
    about = {"issue": issue, "kind": NEW, "by": here.worker}
    actions.set_response(text="A policy", state=State.WITH_GROUP, owner=here.leadership, **about)
    actions.set_response(text="A policy", state=State.AGREED, **about)
    assert issue.responses.get(kind=NEW).owner == here.leadership


def test_second_editor_reads_the_first_one_s_owner_and_day(client, here, issue):
    day = timezone.localdate() + timedelta(days=9)
    actions.set_response(
        issue=issue,
        kind=NOW,
        text="Ring twice",
        state=State.TRYING,
        owner=here.working,
        review_on=day,
        by=here.colleague,
    )
    client.force_login(here.worker)
    answer = client.post(reverse("issues:countermeasure", args=[issue.ref]), {
        "text": "Ring and wait", "state": "trying", "version": 1,
    })  # fmt: skip
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Ring twice" in page
    assert "Ring and wait" in page
    assert f"Kept going by {here.working.name}" in page


# --------------------------------------------------------------- closing


def test_closing_asks_what_happens_to_the_countermeasure(client, here, issue):
    client.force_login(here.worker)
    address = reverse("issues:close", args=[issue.ref])
    answer = client.post(address, {"how": "no_longer", "words": "They changed the form"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["countermeasure"]
    assert "They changed the form" in answer.content.decode()
    client.post(address, {"how": "no_longer", "words": "They changed the form", "countermeasure": "not_needed"})
    issue.refresh_from_db()
    assert issue.status == "closed"
    assert issue.responses.get(kind=NOW).state == State.NOT_NEEDED


def test_closing_says_which_track_is_not_answered(here, issue):
    about = {"issue": issue, "words": "Enough", "by": here.worker, "countermeasure": "stays"}
    with pytest.raises(Refused, match="being worked out") as no:
        actions.close_issue(how="in_place", **about)
    assert no.value.field == "how"
    actions.close_issue(how="as_is", **about)
    assert issue.responses.get(kind=NOW).state == State.IN_PLACE


def test_what_is_enough_can_not_be_no_longer_needed(client, here):
    bare = IssueFactory(cycle=here.cycle, raised_by=here.worker)
    actions.set_response(issue=bare, kind=NOW, text="Ring first", state=State.IN_PLACE, by=here.worker)
    client.force_login(here.worker)
    answer = client.post(
        reverse("issues:close", args=[bare.ref]),
        {"how": "in_place", "words": "We ring first now", "countermeasure": "not_needed"},
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["countermeasure"]
    assert "We ring first now" in answer.content.decode()


def test_closing_keeps_since_when_it_was_in_place(here, issue):
    day = timezone.localdate() - timedelta(days=50)
    about = {"issue": issue, "by": here.worker}
    actions.set_response(kind=NOW, text="Ring first", state=State.IN_PLACE, in_place_on=day, **about)
    actions.close_issue(how="no_longer", words="Gone", countermeasure="not_needed", **about)
    now = issue.responses.get(kind=NOW)
    assert (now.state, now.in_place_on) == (State.NOT_NEEDED, day)


def test_closing_is_not_asked_about_what_there_is_none_of(client, here):
    bare = IssueFactory(cycle=here.cycle, raised_by=here.worker)
    client.force_login(here.worker)
    assert "countermeasure" not in client.get(reverse("issues:close", args=[bare.ref])).context["form"].fields


# --------------------------------------------------------------- the price


def test_price_of_not_fixing_adds_up_over_time(client, here, issue):
    today = timezone.localdate()
    for days, hours, pounds in ((40, "12.5", "300"), (10, "4", None)):
        look_at(
            issue=issue, by=here.worker, on=today - timedelta(days=days), working="partly",
            hours=Decimal(hours), pounds=pounds and Decimal(pounds),
        )  # fmt: skip
    client.force_login(here.worker)
    assert "It took 16.5 hours and £300" in page_of(client, issue)
    page = client.get(reverse("issues:upkeep", args=[issue.ref])).content.decode()
    assert "The price of not fixing the system" in page
    assert "It took 12.5 hours and £300" in page
    assert "target" not in text_of(parse(client.get(reverse("issues:upkeep", args=[issue.ref])))).replace(
        "never a target", ""
    )


def test_look_sent_twice_is_one_and_sets_the_next_day(client, here, issue):
    client.force_login(here.worker)
    day = timezone.localdate() + timedelta(days=30)
    sent = {
        "client_id": uuid.uuid4(), "working": "no", "hours": "3", "on": timezone.localdate(), "review_on": day,
        "words": "Holds run out",
    }  # fmt: skip
    for _ in range(2):
        assert client.post(reverse("issues:upkeep", args=[issue.ref]), sent).status_code == 302
    assert Upkeep.objects.count() == 1
    now = issue.responses.get(kind=NOW)
    assert (now.working, now.review_on) == ("no", day)
    issue.refresh_from_db()
    assert issue.review_on == day
    assert "<strong>Is it working?</strong> No" in page_of(client, issue)


def test_look_sent_again_from_a_page_that_back_brought_up_costs_its_hours_once(client, here, issue):
    client.force_login(here.worker)
    sent = {"hours": "3", "on": timezone.localdate(), "words": "Holds run out"}
    for words in ("Holds run out", "Holds run out", "And one more"):
        client.post(reverse("issues:upkeep", args=[issue.ref]), sent | {"client_id": uuid.uuid4(), "words": words})
    assert [look.words for look in Upkeep.objects.order_by("pk")] == ["Holds run out", "And one more"]


def test_another_hour_of_the_same_day_counts(here, issue, time_machine):
    time_machine.move_to(timezone.localtime().replace(hour=10), tick=False)
    look_at(issue=issue, by=here.worker, hours=1)
    time_machine.shift(timedelta(hours=3))
    look_at(issue=issue, by=here.worker, hours=1)
    assert [look.hours for look in Upkeep.objects.all()] == [1, 1]


def test_a_look_overwrites_no_day_that_somebody_else_chose_meanwhile(client, here, issue):
    client.force_login(here.worker)
    address = reverse("issues:upkeep", args=[issue.ref])
    first, theirs = (timezone.localdate() + timedelta(days=days) for days in (30, 9))
    about = {"issue": issue, "kind": NOW, "text": "Ring first", "state": State.TRYING, "by": here.colleague}
    actions.set_response(review_on=first, **about)
    form = client.get(address).context["form"]
    sent = {name: form.initial[name] for name in ("review_on", "day_shown")} | {"on": timezone.localdate()}
    actions.set_response(review_on=theirs, **about)
    client.post(address, sent | {"working": "yes"})
    assert issue.responses.get(kind=NOW).review_on == theirs
    client.post(address, sent | {"working": "no", "review_on": ""})
    assert issue.responses.get(kind=NOW).review_on is None, "emptied on purpose"


def test_look_needs_something_said_and_keeps_the_words(client, here, issue):
    client.force_login(here.worker)
    address = reverse("issues:upkeep", args=[issue.ref])
    today = timezone.localdate()
    answer = client.post(address, {"on": today})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "working": ["Say whether it works, or what it took. One of them is enough."]
    }
    answer = client.post(address, {"on": today, "hours": "-3", "words": "Long calls"})
    assert answer.status_code == 422
    assert "hours" in answer.context["form"].errors
    assert "Long calls" in answer.content.decode()
    assert not Upkeep.objects.exists()


def test_look_at_what_was_closed_meanwhile_gives_the_words_back(client, here, issue):
    client.force_login(here.worker)
    address = reverse("issues:upkeep", args=[issue.ref])
    sent = {"client_id": uuid.uuid4(), "on": timezone.localdate(), "words": "Holds run out"}
    client.post(address, sent)
    actions.close_issue(issue=issue, how="no_longer", words="Gone", countermeasure="not_needed", by=here.colleague)
    assert client.post(address, sent).status_code == 302, "what was kept before is not refused"
    answer = client.post(address, {"on": timezone.localdate(), "words": "They ran out again"})
    assert answer.status_code == 422
    assert "It is closed. Open it again first." in answer.content.decode()
    assert "They ran out again" in answer.content.decode()
    assert Upkeep.objects.count() == 1
    assert "Look at it now" not in client.get(address).content.decode()


def test_latest_day_says_whether_it_works(here, issue):
    today = timezone.localdate()
    look_at(issue=issue, by=here.worker, working="yes")
    look_at(issue=issue, by=here.worker, working="no", on=today - timedelta(days=30))
    assert issue.responses.get(kind=NOW).working == "yes"


def test_looks_are_never_changed(here, issue):
    look_at(issue=issue, by=here.worker, hours=Decimal(2))
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Upkeep.objects.update(hours=1)


def test_who_only_reads_adds_no_look(client, here, issue):
    actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.worker)
    client.force_login(here.leader)
    address = reverse("issues:upkeep", args=[issue.ref])
    assert "Look at it now" not in client.get(address).content.decode()
    assert client.post(address, {"hours": "1", "on": timezone.localdate()}).status_code == 403


def test_countermeasure_never_lapses_while_it_climbs(here, issue):
    actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.worker)
    actions.accept(move=issue.moves.get(), by=here.leader, answer="Ours now")
    now = issue.responses.get(kind=NOW)
    assert (now.text, now.state) == ("Ring first", State.TRYING)


def test_a_new_review_day_is_still_to_come_and_one_that_passed_may_stay(client, here, issue):
    client.force_login(here.worker)
    passed = timezone.localdate() - timedelta(days=2)
    sent = {"text": "Ring twice", "state": "trying", "version": 1, "review_on": passed}
    answer = client.post(reverse("issues:countermeasure", args=[issue.ref]), sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"review_on": ["Choose a day that is still to come."]}
    actions.set_response(issue=issue, kind=NOW, text="So", state=State.TRYING, review_on=passed, by=here.worker)
    assert client.post(reverse("issues:countermeasure", args=[issue.ref]), sent | {"version": 2}).status_code == 302


def test_issues_past_their_review_day_are_a_view(here, issue):
    later = IssueFactory(cycle=here.cycle, countermeasure="Wait")
    today = timezone.localdate()
    for one, day in ((issue, today), (later, today + timedelta(days=3))):
        actions.set_response(issue=one, kind=NOW, text="So", state=State.TRYING, review_on=day, by=here.worker)
    for user in (here.worker, here.steward):
        assert list(log_of(user, {"view": "review"}, place=here.place).queryset) == [issue]
    actions.set_response(issue=issue, kind=NOW, text="So", state=State.NOT_NEEDED, by=here.worker)
    assert not log_of(here.worker, {"view": "review"}, place=here.place).queryset.exists()


def test_upkeep_page_query_count(client, here, issue):
    client.force_login(here.worker)

    def add():
        look_at(issue=Issue.objects.get(pk=issue.pk), by=here.worker, hours=Decimal(1))

    assert_queries_stay_flat(client, reverse("issues:upkeep", args=[issue.ref]), add, most=7)


def test_clock_stands_on_the_level_and_not_on_anyone(client, here, issue):
    actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.worker)
    actions.accept(move=issue.moves.get(), by=here.leader, answer="Ours now")
    Issue.objects.filter(pk=issue.pk).update(held_since=timezone.localdate() - timedelta(days=23))
    client.force_login(here.worker)
    assert f"With {here.leadership.name} 23 days" in page_of(client, issue)
    assert f"With {here.leadership.name} 23 days" in client.get(reverse("issues:list")).content.decode()
