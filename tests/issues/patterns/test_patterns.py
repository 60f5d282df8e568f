"""Gathered, never merged: each issue keeps all that is its own, and comes out as it went in."""

import uuid

import pytest
from django.core import serializers
from django.db import IntegrityError, transaction
from django.urls import reverse

from cycles.notices.models import Notice
from cycles.refusals import Refused
from issues.log import actions as log
from issues.log.models import (
    DescriptionVersion,
    FitAnswer,
    Issue,
    IssueAccess,
    IssueMove,
    IssueStep,
    Response,
    ResponseVersion,
    Sighting,
)
from issues.patterns.actions import gather, make_pattern, take_out
from issues.patterns.alike import alike
from issues.patterns.models import Gathering
from tests.factories import CaseFactory, IssueFactory, LearningCycleFactory, TeamFactory
from tests.helpers.html import parse, text_of
from tests.helpers.queries import assert_queries_stay_flat

OWN = (DescriptionVersion, FitAnswer, IssueAccess, IssueMove, Response, ResponseVersion, Sighting)


def bytes_of(issue):
    """Every row that is this issue's, as bytes. The path is apart: what happened on it stays."""
    rows = list(Issue.objects.filter(pk=issue.pk).defer("search"))
    for model in OWN:
        of = "response__issue" if model is ResponseVersion else "issue"
        rows += model.objects.filter(**{of: issue}).order_by("pk")
    return serializers.serialize("json", rows).encode()


def path_of(issue):
    return list(IssueStep.objects.filter(issue=issue).order_by("pk").values())


@pytest.fixture
def three(here):
    case = CaseFactory(team=here.core, worker=here.worker)
    said = ("A hold ends after 30 days", "The first payment takes five weeks", "Help with uniform ends in September")
    return [
        IssueFactory(cycle=here.cycle, raised_by=here.worker, description=words, case=case, countermeasure=f"Way {n}")
        for n, words in enumerate(said)
    ]


@pytest.fixture
def pattern(here, three):
    return make_pattern(
        issues=three[:2], description="The system carries on", underneath="Each rule runs on a date", by=here.steward
    )


def test_taking_out_leaves_every_byte_as_it_was(client, here, three):
    log.escalate(issue=three[0], to_team=here.working, why="Not ours", asks="Yours?", by=here.worker)
    export = reverse("issues:export_csv")
    client.force_login(here.worker)
    before, paths = [bytes_of(issue) for issue in three], [path_of(issue) for issue in three]
    sheet = b"".join(client.get(export).streaming_content)
    pattern = make_pattern(issues=three, description="One thing", underneath="A date", by=here.steward)
    for issue in three:
        take_out(pattern=pattern, issue=issue, by=here.steward, why="Not the same after all")
    assert [bytes_of(issue) for issue in three] == before
    for issue, path in zip(three, paths, strict=True):
        assert path_of(issue)[: len(path)] == path
        assert [step["what"] for step in path_of(issue)[len(path) :]] == ["gathered", "ungathered"]
    after = b"".join(client.get(export).streaming_content)
    assert [line for line in after.splitlines() if pattern.ref.encode() not in line] == sheet.splitlines()


def test_each_issue_keeps_its_story_worker_and_countermeasure(client, here, three, pattern):
    client.force_login(here.steward)
    page = client.get(pattern.get_absolute_url()).content.decode()
    for issue in three[:2]:
        assert issue.description in page
        assert issue.responses.get().text in page
    assert three[2].description not in page
    assert "Each rule runs on a date" in page
    assert [one.raised_by for one in Issue.objects.filter(is_pattern=False).order_by("pk")] == [here.worker] * 3
    assert set(Sighting.objects.values_list("issue", flat=True)) == {issue.pk for issue in three}


def test_issue_says_what_it_lies_under_and_its_own_page_stays(client, here, three, pattern):
    client.force_login(here.worker)
    page = client.get(three[0].get_absolute_url()).content.decode()
    assert "Pattern: The system carries on" in page
    assert f"Gathered under a pattern, {pattern.ref}" in page
    assert client.get(reverse("issues:issue", args=[pattern.ref])).url == pattern.get_absolute_url()
    assert client.get(reverse("issues:pattern", args=[three[0].ref])).url == three[0].get_absolute_url()


# --------------------------------------------------------------- who sees it


def test_pattern_is_seen_only_as_far_as_its_issues(client, here, three):
    south = TeamFactory(place=here.place)
    theirs = IssueFactory(cycle=LearningCycleFactory(team=south), description="South has one of its own")
    pattern = make_pattern(issues=[three[0], theirs], description="Both", by=here.steward)
    address = pattern.get_absolute_url()
    client.force_login(here.worker)
    page = client.get(address).content.decode()
    assert three[0].description in page
    assert "South has one" not in page
    assert theirs.ref not in page
    assert "Others lie under it that only their own teams can see." in page
    client.force_login(here.leader)
    assert client.get(address).status_code == 404
    take_out(pattern=pattern, issue=three[0], by=here.steward, why="No")
    assert here.core in {row.team for row in pattern.access.all()}, "its home team holds it"
    take_out(pattern=pattern, issue=theirs, by=here.steward, why="No")
    assert [row.team for row in pattern.access.all()] == [here.core]


def test_few_people_are_not_told_by_adding_up(client, here, three):
    """One part has one life, the other five: a sum would give the one away."""
    for _ in range(5):
        log.see_too(issue=three[1], team=here.core, by=here.colleague, case=CaseFactory(team=here.core))
    pattern = make_pattern(issues=three[:2], description="Both", by=here.steward)
    client.force_login(here.worker)
    head = client.get(pattern.get_absolute_url()).content.decode().split("</h1>")[1].split("</div>")[0]
    assert "Seen" in head
    assert "people" not in head


def test_issue_does_not_name_a_pattern_its_reader_may_not_open(client, here, three, pattern):
    IssueAccess.objects.create(issue=three[0], team=here.leadership)
    client.force_login(here.leader)
    page = client.get(three[0].get_absolute_url()).content.decode()
    assert "The system carries on" not in page.split("Linked")[-1]


# --------------------------------------------------------------- raised as one, told as one


def test_pattern_is_raised_as_one_with_what_lies_under_it(client, here, three, pattern):
    log.escalate(issue=pattern, to_team=here.leadership, why="A policy", asks="Change it?", by=here.steward)
    client.force_login(here.leader)
    page = client.get(pattern.get_absolute_url()).content.decode()
    assert three[0].description in page
    assert three[1].description in page
    assert client.get(three[2].get_absolute_url()).status_code == 404
    assert not IssueMove.objects.filter(issue__in=three).exists()
    assert [issue.held_by for issue in Issue.objects.filter(is_pattern=False)] == [here.core] * 3


def test_those_who_raised_any_of_it_are_told_of_each_step_once(here, three, pattern):
    log.see_too(issue=three[1], team=here.core, by=here.colleague)
    Notice.objects.all().delete()
    log.escalate(issue=pattern, to_team=here.leadership, why="A policy", asks="Change it?", by=here.steward)
    told = Notice.objects.filter(kind=Notice.Kind.ISSUE_STEP)
    assert sorted(told.values_list("user", flat=True)) == sorted([here.worker.pk, here.colleague.pk])


def test_gathering_tells_those_who_raised_it_what_is_underneath(here, three, pattern):
    told = Notice.objects.filter(kind=Notice.Kind.ISSUE_STEP, user=here.worker)
    assert told.count() == 2
    steps = IssueStep.objects.filter(pk__in=told.values("subject_ref"))
    assert {step.words for step in steps} == {"Each rule runs on a date"}


# --------------------------------------------------------------- what the rules say


def test_an_issue_lies_under_one_pattern(here, three, pattern):
    other = make_pattern(issues=[three[2], IssueFactory(cycle=here.cycle)], description="Another", by=here.steward)
    with pytest.raises(Refused, match="under another pattern"):
        gather(pattern=other, issues=[three[0]], by=here.steward)
    with pytest.raises(IntegrityError), transaction.atomic():
        Gathering.objects.create(pattern=other, issue=three[0], by=here.steward)


def test_database_keeps_patterns_and_issues_apart(here, elsewhere, three, pattern):
    theirs = IssueFactory(cycle=elsewhere.cycle)
    for under, over in ((theirs, pattern), (three[2], three[0]), (pattern, three[0])):
        with pytest.raises(IntegrityError, match="gathers issues of its own place"), transaction.atomic():
            Gathering.objects.create(pattern=over, issue=under, by=here.steward)


def test_one_alone_is_no_pattern(client, here, three):
    client.force_login(here.steward)
    answer = client.post(reverse("issues:new_pattern"), {"issue": [three[0].pk], "description": "Alone"})
    assert answer.status_code == 422
    assert "One alone is no pattern yet" in answer.content.decode()
    assert 'value="Alone"' in answer.content.decode() or ">Alone<" in answer.content.decode().replace("\n", "")
    assert not Issue.objects.filter(is_pattern=True).exists()


def test_pattern_of_nothing_named_keeps_what_was_ticked(client, here, three):
    client.force_login(here.steward)
    answer = client.post(reverse("issues:new_pattern"), {"issue": [one.pk for one in three], "underneath": "A date"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("checked") >= 3
    assert "A date" in page


def test_steward_makes_a_pattern_from_triage_once(client, here, three):
    client.force_login(here.steward)
    sent = {
        "client_id": uuid.uuid4(), "issue": [one.pk for one in three], "description": "It carries on",
        "underneath": "A date", "level": "", "owner_tier": "", "why": "",
    }  # fmt: skip
    one, other = (client.post(reverse("issues:new_pattern"), sent) for _ in range(2))
    assert one.url == other.url
    pattern = Issue.objects.get(is_pattern=True)
    assert pattern.gathered.current().count() == 3
    assert client.get(one.url).status_code == 200


def test_worker_gathers_only_what_is_theirs_to_change(client, here, three):
    south = IssueFactory(cycle=LearningCycleFactory(team=TeamFactory(place=here.place)))
    client.force_login(here.worker)
    answer = client.post(reverse("issues:new_pattern"), {"issue": [three[0].pk, south.pk], "description": "Both"})
    assert answer.status_code == 422
    assert south.description not in answer.content.decode()


def test_a_name_for_a_new_pattern_is_not_lost_where_an_old_one_is_chosen(client, here, three, pattern):
    client.force_login(here.steward)
    sent = {"issue": [three[2].pk], "pattern": pattern.pk, "description": "September comes late"}
    answer = client.post(reverse("issues:new_pattern"), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["pattern"]
    assert "September comes late" in answer.content.decode()
    assert client.post(reverse("issues:new_pattern"), sent | {"description": ""}).status_code == 302
    assert pattern.gathered.count() == 3


@pytest.mark.parametrize("who", ["worker", "steward"])
def test_a_pattern_is_no_issue_without_a_countermeasure(client, here, pattern, who):
    """It has none of its own by design, so it is not stuck for want of one."""
    bare = IssueFactory(cycle=here.cycle)
    client.force_login(getattr(here, who))
    page = client.get(reverse("issues:list"), {"view": "no-countermeasure"}).content.decode()
    assert bare.ref in page
    assert pattern.ref not in page
    assert "No countermeasure: 1 issue" in text_of(parse(client.get(reverse("issues:stuck"))))
    assert "Each issue keeps its own" in client.get(reverse("issues:list"), {"view": "patterns"}).content.decode()


def test_others_like_it_are_offered_to_tick(client, here):
    one = IssueFactory(cycle=here.cycle, description="The benefit letter arrives after the appointment")
    like = IssueFactory(cycle=here.cycle, description="Benifit letters arrive later than the apointment")
    IssueFactory(cycle=here.cycle, description="The van is late")
    client.force_login(here.steward)
    page = client.get(reverse("issues:new_pattern"), {"issue": one.pk})
    assert [item["issue"] for item in page.context["items"]] == [one, like]
    assert [item["ticked"] for item in page.context["items"]] == [True, False]


def test_triage_says_which_look_alike_and_drops_what_is_gathered(client, here):
    one = IssueFactory(cycle=here.cycle, description="The benefit letter arrives after the appointment", level=2)
    like = IssueFactory(cycle=here.cycle, description="Benefit letters arrive later than the appointments", level=2)
    other = IssueFactory(cycle=here.cycle, description="The van is late", level=2)
    assert alike([one, like, other]) == {one.pk: [like], like.pk: [one], other.pk: []}
    client.force_login(here.steward)
    triage = reverse("issues:triage")
    assert client.get(triage).content.decode().count("Much like") == 2
    pattern = make_pattern(issues=[one, like], description="Letters come late", by=here.steward)
    page = client.get(triage).content.decode()
    assert [issue.ref for issue in (one, like, other, pattern) if issue.ref in page] == [other.ref, pattern.ref]


def test_patterns_are_not_counted_as_raised(here, three, pattern):
    from django.db.models import Sum

    from issues.log.tallies import FlowTally

    assert FlowTally.objects.filter(place=here.place).aggregate(n=Sum("n"))["n"] == 3


# --------------------------------------------------------------- talk, and what goes on while it climbs


def test_what_is_said_on_a_pattern_stands_on_it_and_is_told(client, here, pattern):
    client.force_login(here.steward)
    address = reverse("issues:talk", args=[pattern.ref])
    page = client.post(address, {"words": "The same date in each", "client_id": uuid.uuid4()}, follow=True)
    assert page.redirect_chain == [(f"{pattern.get_absolute_url()}#said-{pattern.comments.get().pk}", 302)]
    assert "The same date in each" in page.content.decode()
    swapped = client.get(pattern.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert "The same date in each" in swapped
    assert "<html" not in swapped
    assert Notice.objects.filter(kind=Notice.Kind.ISSUE_TALK, user=here.worker).count() == 1


def test_who_saw_what_lies_under_it_follows_the_pattern_and_may_stop(client, here, pattern):
    client.force_login(here.worker)
    assert "Stop following" in client.get(pattern.get_absolute_url()).content.decode()
    client.post(reverse("issues:watch", args=[pattern.ref]), {"on": "0"})
    assert "Stop following" not in client.get(pattern.get_absolute_url()).content.decode()
    client.force_login(here.steward)
    assert "Stop following" not in client.get(pattern.get_absolute_url()).content.decode()


def test_a_group_asks_back_about_a_pattern_and_reads_the_answer_on_it(client, here, pattern):
    log.escalate(issue=pattern, to_team=here.leadership, why="A policy", asks="Change it?", by=here.steward)
    client.force_login(here.leader)
    address = reverse("issues:ask_back", args=[pattern.ref])
    assert f'href="{address}"' in client.get(pattern.get_absolute_url()).content.decode()
    client.post(address, {"text": "How many letters a week?"})
    client.force_login(here.worker)
    page = client.get(pattern.get_absolute_url()).content.decode()
    assert "How many letters a week?" in page
    assert "Answer them" in page


def test_receipt_of_what_lies_under_a_pattern_does_not_say_not_yet(client, here, three, pattern):
    """It is decided as one with the others, so its own page leads there."""
    client.force_login(here.worker)
    shown = text_of(parse(client.get(three[0].get_absolute_url())))
    assert "Decided with its pattern" in shown
    assert "Decided not yet" in text_of(parse(client.get(pattern.get_absolute_url())))


def test_pattern_page_query_count(client, here, pattern):
    client.force_login(here.worker)

    def add():
        gather(pattern=pattern, issues=[IssueFactory(cycle=here.cycle)], by=here.steward)

    assert_queries_stay_flat(client, pattern.get_absolute_url(), add, most=14)


def test_triage_keeps_the_words_for_a_pattern_when_something_else_is_wrong(client, here, three):
    client.force_login(here.steward)
    sent = {"issue": [three[0].pk], "description": "It carries on", "underneath": "A <date>"}
    answer = client.post(reverse("issues:triage"), sent)
    assert answer.status_code == 422
    assert 'value="It carries on"' in answer.content.decode()
    assert "A &lt;date&gt;</textarea>" in answer.content.decode()
