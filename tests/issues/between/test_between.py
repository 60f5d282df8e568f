"""Between bodies: a question back, its answer, a part split off, and two groups that both mean to take it."""

import threading
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cycles.notices.models import Notice
from cycles.refusals import ChangedMeanwhile, Refused
from issues.between.actions import answer_back, ask_back, countermeasure_of, split_off
from issues.groups.actions import decide
from issues.log import actions
from issues.log.actions import between
from issues.log.models import Issue, IssueMove
from issues.log.path import talk
from issues.patterns.actions import make_pattern
from tests.factories import IssueFactory, MembershipFactory, TeamFactory
from tests.factories.fixtures import make_place
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def issue(here):
    return IssueFactory(
        cycle=here.cycle, raised_by=here.worker, description="Letters run first", level=2,
        countermeasure="We hold it by hand",
    )  # fmt: skip


def raise_to(group, issue, by):
    return actions.escalate(issue=issue, to_team=group, why="It is council policy", asks="May it wait?", by=by)


def told(user):
    return Notice.objects.filter(user=user, kind=Notice.Kind.ISSUE_STEP).count()


def test_question_goes_to_the_raisers_team_and_stays_with_the_asker(client, here, issue):
    raise_to(here.leadership, issue, here.worker)
    client.force_login(here.leader)
    client.post(reverse("issues:ask_back", args=[issue.ref]), {"text": "How many letters a week?"})
    question = issue.questions.get()
    move = issue.moves.get()
    assert (question.team, move.state) == (here.leadership, IssueMove.State.OFFERED)
    assert told(here.worker) == told(here.colleague) == 1

    kept = client.post(
        reverse("issues:answer", args=[issue.ref]),
        {"answer": "hand_back", "words": "Not ours", "version": Issue.objects.get().version},
    )
    assert kept.status_code == 422
    assert "It stays with you until they have answered." in kept.content.decode()
    assert "Not ours" in kept.content.decode()

    client.force_login(here.colleague)
    assert "How many letters a week?" in client.get(issue.get_absolute_url()).content.decode()
    client.post(reverse("issues:answer_back", args=[issue.ref, question.pk]), {"answer": "About forty"})
    client.force_login(here.leader)
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "About forty" in page
    assert told(here.leader) == 1
    assert [s.what for s in issue.steps.all()][-2:] == ["asked", "replied"]


def test_only_the_team_that_raised_it_answers(client, here, issue):
    raise_to(here.leadership, issue, here.worker)
    question = ask_back(issue=issue, team=here.leadership, text="How many?", by=here.leader)
    address = reverse("issues:answer_back", args=[issue.ref, question.pk])
    client.force_login(here.leader)
    assert client.post(address, {"answer": "Forty"}).status_code == 403
    client.force_login(here.helper)
    assert client.post(address, {"answer": "Forty"}).status_code == 404


def test_a_second_answer_is_told_and_keeps_its_words(client, here, issue):
    raise_to(here.leadership, issue, here.worker)
    question = ask_back(issue=issue, team=here.leadership, text="How many?", by=here.leader)
    answer_back(question=question, answer="About forty", by=here.worker)
    assert answer_back(question=question, answer="About forty", by=here.worker) == question
    client.force_login(here.colleague)
    page = client.post(reverse("issues:answer_back", args=[issue.ref, question.pk]), {"answer": "Thirty or so"})
    assert page.status_code == 409
    assert "About forty" in page.content.decode()
    assert "Thirty or so" in page.content.decode()


def test_a_group_asks_one_thing_at_a_time_and_a_second_click_makes_none(here, issue):
    raise_to(here.leadership, issue, here.worker)
    click = uuid.uuid4()
    first = ask_back(issue=issue, team=here.leadership, text="How many?", by=here.leader, client_id=click)
    assert ask_back(issue=issue, team=here.leadership, text="How many?", by=here.leader, client_id=click) == first
    with pytest.raises(ChangedMeanwhile):
        ask_back(issue=issue, team=here.leadership, text="Since when?", by=here.leader)


def test_split_makes_a_linked_issue_and_the_first_goes_on_with_its_countermeasure(client, here, issue):
    raise_to(here.leadership, issue, here.worker)
    before = countermeasure_of(issue)
    client.force_login(here.leader)
    client.post(
        reverse("issues:split", args=[issue.ref]),
        {"description": "The second letter", "why": "We stop that one on Monday", "countermeasure": "Held back"},
    )
    part = Issue.objects.get(split_from__issue=issue)
    assert (part.held_by, part.description) == (here.leadership, "The second letter")
    assert part.sightings.get().by == here.worker
    assert countermeasure_of(part).text == "Held back"
    issue.refresh_from_db()
    assert issue.moves.get().state == IssueMove.State.OFFERED
    after = countermeasure_of(issue)
    assert (after.text, after.state, after.version) == (before.text, before.state, before.version)
    client.force_login(here.worker)
    assert part.ref in client.get(issue.get_absolute_url()).content.decode()
    assert f'A part of <a href="{issue.get_absolute_url()}"' in client.get(part.get_absolute_url()).content.decode()
    assert "We stop that one on Monday" in client.get(issue.get_absolute_url()).content.decode()


def test_the_team_that_raised_it_keeps_the_part_it_can_fix(here, issue):
    raise_to(here.leadership, issue, here.worker)
    part = split_off(issue=issue, team=here.core, description="Our own envelope", why="Ours", by=here.worker)
    assert (part.held_by, part.moves.count()) == (here.core, 0)


def test_a_part_is_told_of_in_the_words_of_those_who_take_it(here, issue):
    raise_to(here.leadership, issue, here.worker)
    part = split_off(issue=issue, team=here.leadership, description="A part", why="On Monday", by=here.leader)
    said = {entry.words: entry.who for entry in talk(part.steps.select_related("move__from_team", "team"))}
    assert said["On Monday"] == here.leadership.name
    assert said[f"A part of {issue.ref}."] == here.core.name


def test_split_once_more_from_a_page_that_back_brought_up_is_one_part(client, here, issue):
    raise_to(here.leadership, issue, here.worker)
    client.force_login(here.leader)
    sent = {"description": "The second letter", "why": "On Monday"}
    for _ in range(2):
        client.post(reverse("issues:split", args=[issue.ref]), sent | {"client_id": uuid.uuid4()})
    assert issue.splits.count() == 1
    client.post(reverse("issues:split", args=[issue.ref]), sent | {"description": "The third letter"})
    assert issue.splits.count() == 2


def test_whoever_saw_the_first_in_another_team_reads_the_part_and_is_told(client, here, issue):
    saw = MembershipFactory(place=here.place, team=TeamFactory(place=here.place), role="caseworker")
    actions.see_too(issue=issue, team=saw.team, by=saw.user, words="Ours get it too")
    part = split_off(issue=issue, team=here.core, description="Our own envelope", why="Ours", by=here.worker)
    assert part.sightings.filter(by=saw.user).exists()
    client.force_login(saw.user)
    assert client.get(part.get_absolute_url()).status_code == 200
    actions.close_issue(issue=part, how="no_longer", words="Done", by=here.worker)
    ours = Notice.objects.get(user=saw.user, subject_ref=part.steps.get(what="closed").pk)
    assert ours.kind == Notice.Kind.ISSUE_STEP
    page = client.get(part.get_absolute_url()).content.decode()
    assert "Ours get it too" in page


def test_a_part_of_a_pattern_is_told_to_those_who_saw_what_lies_under_it(here, issue):
    other = IssueFactory(cycle=here.cycle, raised_by=here.colleague)
    pattern = make_pattern(issues=[issue, other], description="Letters", by=here.steward)
    raise_to(here.leadership, pattern, here.steward)
    part = split_off(issue=pattern, team=here.leadership, description="The second one", why="Ours", by=here.leader)
    assert {*part.sightings.values_list("by", flat=True)} == {here.worker.pk, here.colleague.pk}


@pytest.mark.parametrize("path", ["accept", "hand_back", "withdraw", "ask", "split", "decide"])
def test_no_way_between_bodies_loses_the_countermeasure(here, issue, path):
    move = raise_to(here.leadership, issue, here.worker)
    was = countermeasure_of(issue)
    act = {
        "accept": lambda: actions.accept(move=move, by=here.leader, answer="Ours"),
        "hand_back": lambda: actions.hand_back(move=move, by=here.leader, answer="Not ours"),
        "withdraw": lambda: actions.withdraw(move=move, by=here.worker),
        "ask": lambda: ask_back(issue=issue, team=here.leadership, text="How many?", by=here.leader),
        "split": lambda: split_off(issue=issue, team=here.leadership, description="A part", why="Ours", by=here.leader),
        "decide": lambda: decide(issue=issue, team=here.leadership, outcome="as_is", words="It stays", by=here.leader),
    }[path]
    act()
    issue.refresh_from_db()
    now = countermeasure_of(issue)
    assert (now.text, now.state, issue.countermeasure_state) == (was.text, was.state, was.state)


def test_issue_page_query_count_with_questions_and_parts(client, here, issue):
    client.force_login(here.worker)

    def add():
        raised = issue.moves.filter(state="offered").exists()
        if not raised:
            raise_to(here.leadership, issue, here.worker)
        question = ask_back(issue=issue, team=here.leadership, text="How many?", by=here.leader)
        answer_back(question=question, answer="Forty", by=here.worker)
        split_off(issue=issue, team=here.leadership, description="A part", why="Ours", by=here.leader)

    assert_queries_stay_flat(client, issue.get_absolute_url(), add)


# ------------------------------------------------------------------ two groups at once


@pytest.fixture
def world(transactional_db):
    return make_place()


def at_once(*acts):
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            gate.wait(timeout=20)
            answers[place] = act()
        except Exception as no:
            answers[place] = no
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def offered_to_two(world):
    """Leaders read an offer; meanwhile it was taken back and put before the working group."""
    issue = IssueFactory(cycle=world.cycle, raised_by=world.worker)
    first = raise_to(world.leadership, issue, world.worker)
    actions.withdraw(move=first, by=world.worker)
    second = raise_to(world.working, issue, world.colleague)
    issue.refresh_from_db()
    return issue, first, second


@pytest.mark.django_db(transaction=True)
def test_two_groups_accept_at_once_and_the_loser_keeps_their_words(world):
    issue, _, _ = offered_to_two(world)
    address = reverse("issues:answer", args=[issue.ref])
    leaders, workers = signed_in(world.leader), signed_in(world.helper)

    def send(client, words):
        return lambda: client.post(address, {"answer": "accept", "words": words, "version": issue.version})

    answers = at_once(send(leaders, "Leaders take it on"), send(workers, "We take it on"))
    assert [a.status_code for a in answers] == [409, 302]
    lost = answers[0].content.decode()
    assert "Leaders take it on" in lost
    assert "Your words are still here" in lost
    issue.refresh_from_db()
    assert issue.held_by == world.working
    assert issue.steps.filter(what="accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_the_same_offer_leave_one_holder(world):
    other = MembershipFactory(team=world.leadership, place=world.place, role="leader").user
    issue = IssueFactory(cycle=world.cycle, raised_by=world.worker)
    move = raise_to(world.leadership, issue, world.worker)

    def take(user):
        return lambda: actions.accept(move=IssueMove.objects.get(pk=move.pk), by=user, answer=f"{user.pk} takes it")

    answers = at_once(take(world.leader), take(other))
    assert sorted(type(a).__name__ for a in answers) == ["ChangedMeanwhile", "IssueMove"]
    assert issue.steps.filter(what="accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_both_groups_would_hold_it(world, monkeypatch):
    """Control: the same race where an answer does not look whether the offer still waits."""
    issue, first, second = offered_to_two(world)

    def unguarded(move, state, *, by, answer):
        IssueMove.objects.filter(pk=move.pk).update(state=state, answered_by=by, answered_at="2026-01-01T00:00Z")
        return True

    monkeypatch.setattr(between, "_answer", unguarded)
    at_once(
        lambda: actions.accept(move=first, by=world.leader, answer="Ours"),
        lambda: actions.accept(move=second, by=world.helper, answer="Ours too"),
    )
    assert issue.steps.filter(what="accepted").count() == 2


def test_a_closed_issue_is_not_asked_about(here, issue):
    actions.close_issue(issue=issue, how="no_longer", words="Gone", countermeasure="not_needed", by=here.worker)
    with pytest.raises(Refused):
        ask_back(issue=issue, team=here.leadership, text="How many?", by=here.leader)
