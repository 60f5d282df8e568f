"""The API shows each person what the pages show them: no more, and never a life."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cycles.questions.models import Question
from debriefs.record.models import Contribution, DebriefAnswer
from hls.api import door
from issues.groups.actions import decide
from issues.log import actions
from issues.log.models import Issue
from tests import factories as f

LISTS = ("/issues", "/cycles", "/experiments", "/debriefs", "/groups")


def refs(answer):
    return [item["ref"] for item in answer.json()["items"]]


def test_a_session_alone_opens_nothing(here):
    client = Client(enforce_csrf_checks=True)
    client.force_login(here.worker)
    for path in ("/me", *LISTS, "/openapi.json"):
        assert client.get(f"/api/v1{path}").status_code == 401, path
    assert client.post("/api/v1/issues", "{}", content_type="application/json").status_code == 401


def test_a_scope_opens_its_own_and_nothing_else(here, api):
    opened = {
        scope: [path for path in LISTS if api(here.worker, scope).get(path).status_code == 200]
        for scope in ("issues:read", "cycles:read", "debriefs:read", "groups:read", "issues:write")
    }
    assert opened == {
        "issues:read": ["/issues"],
        "cycles:read": ["/cycles", "/experiments"],
        "debriefs:read": ["/debriefs"],
        "groups:read": ["/groups"],
        "issues:write": [],
    }
    refused = api(here.worker, "issues:read").get("/cycles")
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    assert "read cycles" in refused.json()["detail"]


def test_an_issue_reads_as_its_page_does(here, api):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker, level=2, countermeasure="Ring first", words="Zqtea")
    told = api(here.worker).get(f"/issues/{issue.ref}").json()
    assert (told["ref"], told["level"], told["owner"], told["status"]) == (issue.ref, "sys", None, "open")
    assert told["countermeasure"]["text"] == "Ring first"
    assert told["system_change"] is None
    assert told["seen"] == "Seen once"
    assert told["cycle"] == here.cycle.pk
    assert told["url"].endswith(issue.get_absolute_url())
    assert here.worker.name not in str(told)
    assert "Zqtea" not in str(told)


def test_out_of_sight_is_404_and_the_same_404(here, elsewhere, api):
    f.IssueFactory(cycle=here.cycle)
    theirs = f.IssueFactory(cycle=elsewhere.cycle, number=77)
    reader = api(here.worker)
    foreign, unknown = reader.get(f"/issues/{theirs.ref}"), reader.get("/issues/ZZ-999")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    for path in (f"/cycles/{elsewhere.cycle.pk}", f"/groups/{elsewhere.core.slug}", "/nothing", "/issues/x/y/z"):
        assert reader.get(path).content == unknown.content, path


def test_a_leader_reads_what_was_raised_to_them_without_the_teams_cycle(here, api):
    kept = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    raised = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    actions.escalate(issue=raised, to_team=here.leadership, why="Policy", asks="May we?", by=here.worker)
    reader = api(here.leader)
    assert refs(reader.get("/issues")) == [raised.ref]
    assert reader.get(f"/issues/{kept.ref}").status_code == 404
    assert reader.get(f"/issues/{raised.ref}").json()["cycle"] is None


def test_the_path_is_told_in_order_and_without_anyones_name(here, api):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker, countermeasure="Ring first")
    actions.escalate(issue=issue, to_team=here.leadership, why="It is policy", asks="May we?", by=here.colleague)
    inside = api(here.worker).get(f"/issues/{issue.ref}/path").json()["steps"]
    outside = api(here.leader).get(f"/issues/{issue.ref}/path").json()["steps"]
    assert [step["what"] for step in inside] == ["raised", "countermeasure", "offered"]
    assert [step["words"] for step in inside] == ["", "Ring first", "It is policy"]
    assert [step["words"] for step in outside] == ["", "", "It is policy"]
    assert here.colleague.name not in str(inside)


def test_filters_are_the_logs_own(here, api):
    one = f.IssueFactory(cycle=here.cycle, level=3)
    two = f.IssueFactory(cycle=here.cycle, level=2, is_barrier=True)
    reader = api(here.worker)
    assert refs(reader.get("/issues", {"level": "macro"})) == [one.ref]
    assert refs(reader.get("/issues", {"barrier": "true"})) == [two.ref]
    assert refs(reader.get("/issues", {"order": "number"})) == [two.ref, one.ref]
    assert refs(reader.get("/issues", {"view": "no-countermeasure", "cycle": here.cycle.pk})) == [two.ref, one.ref]
    assert refs(reader.get("/issues", {"changed_since": two.updated_at.isoformat()})) == [two.ref]
    for wrong in ({"level": "big"}, {"limit": 0}, {"changed_since": "2026-11-21"}, {"worker": "1"}, {"cursor": "abc"}):
        answer = reader.get("/issues", wrong)
        assert answer.status_code == 422, wrong
        assert [error["field"] for error in answer.json()["errors"]] == list(wrong)


def test_pages_hold_each_issue_once_even_as_the_log_grows(here, api):
    made = [f.IssueFactory(cycle=here.cycle, raised_by=here.worker).ref for _ in range(7)]
    reader, found, cursor = api(here.steward), [], ""
    while True:
        page = reader.get("/issues", {"limit": 3, "cursor": cursor}).json()
        found += [item["ref"] for item in page["items"]]
        f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
        cursor = page["next"]
        if not cursor:
            break
    assert found == made[::-1]


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_paged_and_asks_as_often_for_many(here, api, path):
    def add():
        debrief = f.DebriefFactory(cycle=here.cycle, held=True)
        f.ExperimentFactory(cycle=here.cycle)
        f.LearningCycleFactory(team=here.core)
        f.IssueFactory(cycle=here.cycle, raised_by=here.worker, countermeasure="Ring")
        return debrief

    reader = api(here.worker)
    add(), add()
    reader.get(path)
    with CaptureQueriesContext(connection) as few:
        reader.get(path, {"limit": 1})
    with CaptureQueriesContext(connection) as many:
        answer = reader.get(path, {"limit": 2})
    assert len(answer.json()["items"]) == 2
    assert len(many) == len(few)
    first = reader.get(path, {"limit": 1}).json()
    second = reader.get(path, {"limit": 1, "cursor": first["next"]}).json()
    assert first["items"] + second["items"] == answer.json()["items"]


def test_search_is_posted_and_finds_what_its_reader_may_see(here, elsewhere, api):
    mine = f.IssueFactory(cycle=here.cycle, description="Letters go out before anyone rings")
    f.IssueFactory(cycle=here.cycle, description="The van is late")
    f.IssueFactory(cycle=elsewhere.cycle, description="Letters go out unread")
    reader = api(here.worker)
    assert refs(reader.send("/issues/search", {"words": "letter"})) == [mine.ref]
    assert reader.get("/issues/search").status_code in (404, 405)
    assert reader.send("/issues/search", {"words": ""}).status_code == 422


def test_lives_are_never_here(here, api):
    case = f.CaseFactory(team=here.core, worker=here.worker, alias="Zqalias")
    f.ExperimentFactory(cycle=case.cycle, title="Zqalias tries")
    held = f.DebriefFactory(cycle=case.cycle, team=here.core, held=True)
    reader = api(here.worker)
    for path in LISTS:
        assert "Zqalias" not in reader.get(path).content.decode()
        assert case.cycle.pk not in [item.get("cycle", item.get("id")) for item in reader.get(path).json()["items"]]
    assert reader.get(f"/cycles/{case.cycle.pk}").status_code == 404
    assert reader.get(f"/debriefs/{held.pk}").status_code == 404


def test_a_debrief_shows_what_was_shared_and_no_draft_author_or_belief(here, api):
    debrief = f.DebriefFactory(cycle=here.cycle, held=True)
    question = Question.objects.filter(key__startswith="debrief").first()
    shared = Contribution.objects.create(
        debrief=debrief, author=here.worker, shared_at=debrief.planned_for, draft={"now": "Zqshareddraft"}
    )
    Contribution.objects.create(debrief=debrief, author=here.colleague, draft={"now": "Zqdraft"})
    DebriefAnswer.objects.create(debrief=debrief, contribution=shared, question=question, text="We rang first")
    debrief.belief_notes.create(text="Zqbelief")
    told = api(here.recorder).get(f"/debriefs/{debrief.pk}").json()
    assert told["answers"] == [{"question": question.text, "words": "We rang first"}]
    for hidden in ("Zqdraft", "Zqshareddraft", "Zqbelief", here.worker.name):
        assert hidden not in str(told)
    for stranger in (here.steward, here.leader, here.evidence):
        assert api(stranger).get(f"/debriefs/{debrief.pk}").status_code == 404


def test_a_debrief_still_to_come_is_not_there(here, api):
    plan = f.DebriefFactory(cycle=here.cycle)
    reader = api(here.worker)
    assert reader.get("/debriefs").json()["items"] == []
    assert reader.get(f"/debriefs/{plan.pk}").status_code == 404


def test_a_group_tells_what_it_decided_to_those_who_may_read_the_issue(here, api):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="May we?", by=here.worker)
    decide(issue=issue, team=here.leadership, outcome="not_now", words="After April", by=here.leader)
    path = f"/groups/{here.leadership.slug}"
    assert [d["words"] for d in api(here.worker).get(path).json()["decisions"]] == ["After April"]
    assert api(here.helper).get(path).json()["decisions"] == []


def test_a_token_works_in_its_own_place_alone(here, elsewhere, api):
    f.MembershipFactory(user=here.worker, team=elsewhere.core, place=elsewhere.place)
    here.worker.__dict__.pop("rights", None)
    mine, theirs = f.IssueFactory(cycle=here.cycle), f.IssueFactory(cycle=elsewhere.cycle, number=900)
    assert refs(api(here.worker, place=here.place).get("/issues")) == [mine.ref]
    assert refs(api(here.worker, place=elsewhere.place).get("/issues")) == [theirs.ref]
    assert Issue.objects.visible_to(here.worker).count() == 2


def test_calls_are_slowed_down_for_one_person_and_kindly(here, api, monkeypatch):
    monkeypatch.setattr(door.READ_ISSUES, "most", 2)
    reader = api(here.worker)
    assert [reader.get("/issues").status_code for _ in range(4)] == [200, 200, 429, 429]
    slowed = reader.get("/issues")
    assert int(slowed["Retry-After"]) >= 60
    assert slowed["Content-Type"] == "application/problem+json"
    assert api(here.colleague).get("/issues").status_code == 200


def test_answers_are_kept_by_nobody_and_open_to_no_other_site(here, api):
    for answer in (api(here.worker).get("/issues"), api(here.worker).get("/issues/A-999")):
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert not [name for name in answer.headers if name.startswith("Access-Control")]
        assert "Set-Cookie" not in answer.headers
        assert not answer.cookies


def test_the_document_is_for_holders_of_a_token_and_for_people_signed_in(client, here, api):
    told = api(here.worker, "groups:read").get("/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    client.force_login(here.worker)
    assert client.get(reverse("tokens_document")).json() == told
