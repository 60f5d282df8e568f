"""Raised, seen, considered, decided, done or declined, told back; and four weeks later: is it better in the work?"""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cycles.notices.models import Notice
from hls.notices import sending
from issues.groups.actions import decide
from issues.log import actions as log
from issues.log.models import Better, Issue, IssueStep, Response
from issues.patterns.actions import make_pattern
from issues.receipts.actions import ask_better, received
from issues.receipts.line import receipt
from issues.receipts.links import read_token, token_of
from tests.factories import IssueFactory

NEW = Response.Kind.SYSTEM_CHANGE


def marks(issue):
    issue.refresh_from_db()
    return {mark.label: bool(mark.on) for mark in receipt(issue, list(issue.steps.all()))}


def reached(issue):
    return [label for label, is_there in marks(issue).items() if is_there]


@pytest.fixture
def issue(here):
    return IssueFactory(cycle=here.cycle, raised_by=here.worker)


@pytest.mark.system(29)
def test_receipt_grows_with_what_happened(here, issue):
    assert reached(issue) == ["Raised"]
    received(issue=issue, by=here.steward)
    assert reached(issue) == ["Raised", "Seen"]
    log.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.worker)
    log.accept(move=issue.moves.get(), by=here.leader, answer="We look into it")
    assert reached(issue) == ["Raised", "Seen", "Considered"]
    decide(issue=issue, team=here.leadership, outcome="agreed", words="Yes", new_normal="Ring first", by=here.leader)
    assert reached(issue) == ["Raised", "Seen", "Considered", "Decided"]
    log.set_response(issue=issue, kind=NEW, text="Ring first", state="in_place", by=here.leader)
    assert reached(issue) == ["Raised", "Seen", "Considered", "Decided", "Done", "Told back"]


def test_declining_is_said_as_that(here, issue):
    log.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.worker)
    decide(issue=issue, team=here.leadership, outcome="as_is", words="The law says so", by=here.leader)
    assert reached(issue) == ["Raised", "Seen", "Considered", "Decided", "Declined", "Told back"]


def test_opened_again_it_is_not_done(here, issue):
    log.close_issue(issue=issue, how="no_longer", words="Gone", by=here.worker)
    assert "Done" in reached(issue)
    issue.refresh_from_db()
    log.reopen_issue(issue=issue, why="It is back", by=here.worker)
    assert reached(issue) == ["Raised"]


def test_being_seen_is_told_once_for_each_body(client, here, issue):
    client.force_login(here.steward)
    for _ in range(3):
        client.post(reverse("issues:received", args=[issue.ref]))
    assert IssueStep.objects.filter(what="received").count() == 1
    assert Notice.objects.filter(user=here.worker, kind=Notice.Kind.ISSUE_STEP).count() == 1
    assert "Say we have seen it" not in client.get(issue.get_absolute_url()).content.decode()


def test_steward_says_many_were_seen_from_triage(client, here, elsewhere, issue):
    other, theirs = IssueFactory(cycle=here.cycle), IssueFactory(cycle=elsewhere.cycle)
    client.force_login(here.steward)
    client.post(reverse("issues:received_many"), {"issue": [issue.pk, other.pk, theirs.pk, "x", "9" * 30]})
    seen = IssueStep.objects.filter(what="received").values_list("issue", flat=True)
    assert sorted(seen) == sorted([issue.pk, other.pk])
    client.force_login(here.worker)
    assert client.post(reverse("issues:received_many"), {"issue": [issue.pk]}).status_code == 404


def test_receipt_stands_on_the_issue_page(client, here, issue):
    client.force_login(here.worker)
    page = client.get(issue.get_absolute_url()).content.decode()
    for label in ("Raised", "Seen", "Considered", "Decided", "Done or declined", "Told back"):
        assert f"<strong>{label}</strong>" in page


# --------------------------------------------------------------- is it better in the work?


def place_since(issue, by, days):
    log.set_response(
        issue=issue, kind=NEW, text="Ring first", state="in_place", by=by,
        in_place_on=timezone.localdate() - timedelta(days=days),
    )  # fmt: skip


def test_each_who_saw_it_is_asked_once_after_four_weeks(here, issue):
    log.see_too(issue=issue, team=here.core, by=here.colleague)
    place_since(issue, here.leader, 27)
    today = timezone.localdate()
    assert ask_better(today) == 0
    assert ask_better(today + timedelta(days=1)) == 2
    assert ask_better(today + timedelta(days=1)) == 0
    assert ask_better(today + timedelta(days=9)) == 0
    asked = Notice.objects.filter(kind=Notice.Kind.ISSUE_BETTER)
    assert sorted(asked.values_list("user", flat=True)) == sorted([here.worker.pk, here.colleague.pk])


def test_what_came_long_in_place_is_left_in_peace(here, issue):
    """From a spreadsheet, as it is brought in."""
    day = timezone.localdate() - timedelta(days=400)
    Response.objects.create(issue=issue, kind=NEW, text="So", state="in_place", in_place_on=day, by=here.leader)
    assert ask_better(timezone.localdate()) == 0


def test_what_is_put_down_late_is_asked_about_at_once_and_once(here, issue):
    """Said today, in place for ten weeks: the night that looks four weeks back would never come to it."""
    place_since(issue, here.leader, 70)
    assert Better.objects.get().user == here.worker
    log.set_response(
        issue=issue, kind=NEW, text="In other words", state="in_place", by=here.leader,
        in_place_on=timezone.localdate() - timedelta(days=70),
    )  # fmt: skip
    assert ask_better(timezone.localdate()) == 0
    assert Notice.objects.filter(kind=Notice.Kind.ISSUE_BETTER).count() == 1


def test_closed_with_a_countermeasure_is_asked_about_too(here, issue):
    log.set_response(issue=issue, kind="countermeasure", text="Ring", state="in_place", by=here.worker)
    log.close_issue(issue=issue, how="in_place", words="Enough", by=here.worker)
    assert ask_better(timezone.localdate() + timedelta(days=28)) == 1


def test_pattern_asks_those_who_saw_what_lies_under_it(here, issue):
    other = IssueFactory(cycle=here.cycle, raised_by=here.colleague)
    pattern = make_pattern(issues=[issue, other], description="Both", by=here.steward)
    place_since(pattern, here.leader, 30)
    assert ask_better(timezone.localdate()) == 2


@pytest.fixture
def ask(here, issue):
    place_since(issue, here.leader, 30)
    log.close_issue(issue=issue, how="new_normal", words="Normal now", by=here.leader)
    ask_better(timezone.localdate())
    return Better.objects.get()


def test_one_tap_on_today_answers(client, here, ask):
    client.force_login(here.worker)
    page = client.get(reverse("today")).content.decode()
    address = reverse("issues:better", args=[ask.pk])
    assert f'action="{address}"' in page
    assert ask.issue.description in page.split(f'action="{address}"')[1].split("</form>")[0]
    assert client.post(address, {"answer": "yes"}).url == reverse("today")
    ask.refresh_from_db()
    assert ask.answer == "yes"
    assert address not in client.get(reverse("today")).content.decode()


def test_one_tap_from_the_letter_answers_without_signing_in(client, here, ask):
    now = timezone.now() + timedelta(days=1)
    sending.send_digests(now.replace(hour=17, minute=0))
    (letter,) = [one for one in mail.outbox if one.to == [here.worker.email]]
    token = token_of(ask.pk, here.worker.pk)
    assert "/better/by-letter/" in letter.body
    assert ask.issue.description not in letter.body
    address = reverse("issues:better_by_link", args=[token])
    assert client.get(address).status_code == 200
    ask.refresh_from_db()
    assert ask.answer == "", "opening the link changes nothing"
    page = client.post(address, {"answer": "no", "words": "They still send them"})
    assert "It is open, with your words" in page.content.decode()
    ask.issue.refresh_from_db()
    assert ask.issue.is_open
    assert IssueStep.objects.get(what="reopened").words == "They still send them"


def test_a_no_on_an_open_issue_is_said_on_its_path(client, here, issue):
    place_since(issue, here.leader, 30)
    ask_better(timezone.localdate())
    client.force_login(here.worker)
    client.post(reverse("issues:better", args=[Better.objects.get().pk]), {"answer": "no", "words": "Not at all"})
    step = IssueStep.objects.get(what="not_better")
    assert step.words == "Not at all"
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "Not at all" in page
    assert here.worker.name not in page.split("<main")[1].split("</main>")[0]


def test_what_was_answered_is_read_on_the_issue_and_by_nobody_s_name(client, here, issue):
    """The one who answered was told that it is read: so it is, by those who hold it."""
    log.see_too(issue=issue, team=here.core, by=here.colleague)
    place_since(issue, here.leader, 30)
    ask_better(timezone.localdate())
    for user, answer, words in ((here.worker, "partly", "Only on weekdays"), (here.colleague, "no", "Not at all")):
        client.force_login(user)
        client.post(
            reverse("issues:better", args=[Better.objects.get(user=user).pk]), {"answer": answer, "words": words}
        )
    client.force_login(here.steward)
    page = client.get(issue.get_absolute_url())
    assert [(one["n"], one["words"], one["said"]) for one in page.context["better"]] == [
        (1, "it is better in part", ["Only on weekdays"]),
        (1, "it is no better", []),
    ]
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    assert "Only on weekdays" in main
    assert main.count("Not at all") == 1
    assert here.worker.name not in main


def test_link_of_a_letter_is_over_after_sixty_days(client, here, ask, time_machine):
    token = token_of(ask.pk, here.worker.pk)
    began = timezone.now()
    time_machine.move_to(began + timedelta(days=59))
    assert client.get(reverse("issues:better_by_link", args=[token])).status_code == 200
    time_machine.move_to(began + timedelta(days=61))
    page = client.get(reverse("issues:better_by_link", args=[token]))
    assert page.status_code == 404
    assert ask.issue.description not in page.content.decode()


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_no_is_told_to_those_who_can_act_once(client, here, issue, is_closed):
    log.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.worker)
    log.accept(move=issue.moves.get(), by=here.leader)
    place_since(issue, here.leader, 30)
    if is_closed:
        log.close_issue(issue=issue, how="new_normal", words="Normal now", by=here.leader)
    ask_better(timezone.localdate())
    before = here.leader.notices.count()
    client.force_login(here.worker)
    client.post(reverse("issues:better", args=[Better.objects.get().pk]), {"answer": "no", "words": "Not at all"})
    step = IssueStep.objects.get(what="reopened" if is_closed else "not_better")
    assert here.leader.notices.filter(kind=Notice.Kind.ISSUE_STEP, subject_ref=step.pk).count() == 1
    assert here.leader.notices.count() == before + 1


def test_answering_twice_changes_nothing_and_another_answer_is_refused(client, here, ask):
    client.force_login(here.worker)
    address = reverse("issues:better", args=[ask.pk])
    for _ in range(2):
        assert client.post(address, {"answer": "no", "words": "Still"}).status_code == 302
    assert IssueStep.objects.filter(what="reopened").count() == 1
    assert client.post(address, {"answer": "yes"}).status_code == 422


def test_question_is_its_person_s_alone(client, here, ask):
    client.force_login(here.colleague)
    assert client.get(reverse("issues:better", args=[ask.pk])).status_code == 404
    client.force_login(here.worker)
    assert client.get(reverse("issues:better", args=[ask.pk])).status_code == 200


def test_link_is_over_when_rights_or_account_are_gone(client, here, ask):
    good = token_of(ask.pk, here.worker.pk)
    other = token_of(ask.pk, here.colleague.pk)
    for token in ("x", good[:-4], other, token_of(ask.pk + 9, here.worker.pk)):
        assert client.get(reverse("issues:better_by_link", args=[token])).status_code == 404
    assert read_token(good) == (ask.pk, here.worker.pk)
    here.worker.memberships.update(from_on=timezone.localdate() - timedelta(days=9), to_on=timezone.localdate())
    page = client.post(reverse("issues:better_by_link", args=[good]), {"answer": "no"})
    assert page.status_code == 404
    assert ask.issue.description not in page.content.decode()
    assert Issue.objects.get(pk=ask.issue_id).status == "closed"
