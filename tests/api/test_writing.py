"""A program changes what its person can, by the same actions; who comes second keeps their words."""

import uuid

import pytest

from hls.api import door
from issues.log import actions
from issues.log.models import Issue, IssueStep, Response
from tests import factories as f


@pytest.fixture
def issue(here):
    return f.IssueFactory(cycle=here.cycle, raised_by=here.worker)


def new(here, **more):
    said = {"client_id": str(uuid.uuid4()), "cycle": here.cycle.pk, "description": "Letters go before anyone rings"}
    return said | more


def fields(answer):
    assert answer["Content-Type"] == "application/problem+json"
    return [error["field"] for error in answer.json()["errors"]]


def test_raising_twice_with_one_id_is_one_issue(here, api):
    program, said = api(here.worker), new(here, level="sys", owner="lship", countermeasure="Ring", is_barrier=True)
    first, second = program.send("/issues", said), program.send("/issues", said)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    raised = Issue.objects.get()
    assert (raised.raised_by, raised.level, raised.owner_tier, raised.is_barrier) == (here.worker, 2, "lship", True)
    assert str(raised.client_id) == said["client_id"]


def test_someone_elses_id_makes_an_issue_of_ones_own(here, api):
    said = new(here)
    api(here.worker).send("/issues", said)
    answer = api(here.colleague).send("/issues", said | {"description": "Another thing"})
    assert answer.status_code == 201
    assert Issue.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"description": "  "}, "description"),
        ({"description": "a\x00b"}, "description"),
        ({"description": "x" * 4001}, "description"),
        ({"level": 2}, "level"),
        ({"cycle": "1"}, "cycle"),
        ({"cycle": 10**30}, "cycle"),
        ({"client_id": "no"}, "client_id"),
        ({"raised_by": 1}, "raised_by"),
        ({"number": 7}, "number"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(here, api, wrong, named):
    answer = api(here.worker).send("/issues", new(here, **wrong))
    assert answer.status_code == 422
    assert fields(answer) == [named]
    assert not Issue.objects.exists()


def test_a_cycle_of_others_or_a_life_is_not_a_choice(here, elsewhere, api):
    life = f.CaseFactory(team=here.core, worker=here.worker).cycle
    for cycle in (elsewhere.cycle, life):
        answer = api(here.worker).send("/issues", new(here, cycle=cycle.pk))
        assert (answer.status_code, fields(answer)) == (422, ["cycle"])
    assert api(here.admin).send("/issues", new(here)).status_code == 403


def test_a_body_that_is_no_json_is_a_clear_400(here, api):
    program = api(here.worker)
    for body in (b"{", b"\xff\xfe", b"[" * 100_000, b'{"description": "\\ud800"}'):
        answer = program.client.post(
            "/api/v1/issues", body, content_type="application/json", headers=program._headers()
        )
        assert answer.status_code in (400, 422), body[:20]
        assert answer["Content-Type"] == "application/problem+json"


def level(issue, **more):
    said = {"level": "sys", "owner": "lship", "why": "It is how we work", "version": issue.version}
    return said | more


def test_level_and_owner_with_a_reason_and_both_texts_for_the_second(here, api, issue):
    one, two = api(here.worker), api(here.colleague)
    path, said = f"/issues/{issue.ref}/level", level(issue)
    assert one.send(path, said).json()["level"] == "sys"
    late = two.send(path, said | {"level": "macro", "why": "It is bigger than us"})
    assert late.status_code == 409
    told = late.json()
    assert told["yours"]["why"] == "It is bigger than us"
    assert told["theirs"] == {"level": "sys", "owner": "lship", "owner_agency": None}
    again = two.send(path, said | {"level": "macro", "why": "It is bigger than us", "version": told["version"]})
    assert again.json()["level"] == "macro"
    assert fields(one.send(path, level(issue, why=""))) == ["why"]


def test_sent_twice_a_change_happens_once(here, api, issue):
    program, said = api(here.worker), level(issue)
    assert program.send(f"/issues/{issue.ref}/level", said).status_code == 200
    assert program.send(f"/issues/{issue.ref}/level", said).status_code == 200
    assert issue.steps.filter(what=IssueStep.What.LEVEL).count() == 1


def test_countermeasure_and_system_change_move_separately(here, api, issue):
    program, path = api(here.worker), f"/issues/{issue.ref}"
    now = {"text": "Ring first", "state": "in_place", "in_place_on": "2026-11-01", "version": 0}
    told = program.send(f"{path}/countermeasure", now, "put").json()
    assert (told["countermeasure"]["in_place_on"], told["system_change"]) == ("2026-11-01", None)
    new_normal = {"text": "Nobody gets a letter before a call", "state": "working_out", "version": 0}
    told = program.send(f"{path}/system-change", new_normal, "put").json()
    assert (told["countermeasure"]["version"], told["system_change"]["state"]) == (1, "working_out")
    assert program.send(f"{path}/countermeasure", now | {"state": "agreed", "version": 1}, "put").status_code == 422
    assert fields(program.send(f"{path}/countermeasure", now | {"in_place_on": "2999-01-01", "version": 1}, "put")) == [
        "in_place_on"
    ]


def test_what_was_not_sent_of_a_response_stays(here, api, issue):
    actions.set_response(
        issue=issue, kind=Response.Kind.COUNTERMEASURE, text="Ring", state="trying", leaves_behind="No letter",
        by=here.worker,
    )  # fmt: skip
    sent = {"text": "Ring twice", "state": "trying", "version": 1}
    told = api(here.worker).send(f"/issues/{issue.ref}/countermeasure", sent, "put").json()
    assert (told["countermeasure"]["text"], told["countermeasure"]["leaves_behind"]) == ("Ring twice", "No letter")


def test_the_second_writer_of_a_countermeasure_gets_both_texts(here, api, issue):
    path = f"/issues/{issue.ref}/countermeasure"
    api(here.worker).send(path, {"text": "Ring", "state": "trying", "version": 0}, "put")
    late = api(here.colleague).send(path, {"text": "Visit", "state": "trying", "version": 0}, "put")
    assert late.status_code == 409
    assert (late.json()["yours"]["text"], late.json()["theirs"]["text"], late.json()["version"]) == ("Visit", "Ring", 1)
    assert issue.responses.get().text == "Ring"


def test_raising_to_a_group_close_and_reopen(here, api, issue):
    program, path = api(here.worker), f"/issues/{issue.ref}"
    offer = {"to_group": here.leadership.slug, "why": "Policy", "asks": "May we hold letters?", "version": 1}
    assert fields(program.send(f"{path}/escalate", offer | {"to_group": "nobody"})) == ["to_group"]
    assert program.send(f"{path}/escalate", offer).status_code == 200
    assert program.send(f"{path}/escalate", offer).status_code == 200
    move = issue.moves.get()
    assert (move.to_team, move.state) == (here.leadership, "offered")
    waits = program.send(f"{path}/close", {"how": "no_longer", "words": "Gone", "version": 1})
    assert waits.status_code == 409, "a rule of the log says no"
    actions.withdraw(move=move, by=here.worker)
    issue.refresh_from_db()
    done = {"how": "no_longer", "words": "It stopped", "version": issue.version}
    assert program.send(f"{path}/close", done).json()["status"] == "closed"
    assert program.send(f"{path}/close", done).json()["status"] == "closed"
    issue.refresh_from_db()
    again = {"why": "It came back", "version": issue.version}
    assert program.send(f"{path}/reopen", again).json()["status"] == "open"
    assert program.send(f"{path}/reopen", again).json()["status"] == "open"
    assert [step.what for step in issue.steps.all()].count("closed") == 1


def test_a_countermeasure_has_an_owner_and_a_day_to_look_again_and_is_answered_when_it_closes(here, api, issue):
    program, path = api(here.worker), f"/issues/{issue.ref}"
    sent = {"text": "Ring", "state": "trying", "owner_group": here.core.slug, "review_on": "2030-01-01", "version": 0}
    told = program.send(f"{path}/countermeasure", sent, "put").json()["countermeasure"]
    assert (told["owner_group"]["slug"], told["review_on"]) == (here.core.slug, "2030-01-01")
    nobody = sent | {"owner_group": "nobody", "version": 1}
    assert fields(program.send(f"{path}/countermeasure", nobody, "put")) == ["owner_group"]
    again = {"text": "Ring twice", "state": "trying", "version": 1}
    told = program.send(f"{path}/countermeasure", again, "put").json()["countermeasure"]
    assert (told["owner_group"]["slug"], told["review_on"]) == (here.core.slug, "2030-01-01"), "kept, as not sent"
    issue.refresh_from_db()
    done = {"how": "no_longer", "words": "Gone", "version": issue.version}
    assert fields(program.send(f"{path}/close", done)) == ["countermeasure"]
    told = program.send(f"{path}/close", done | {"countermeasure": "not_needed"}).json()
    assert (told["status"], told["countermeasure"]["state"]) == ("closed", "not_needed")


def test_closing_what_someone_just_changed_is_refused_with_both_texts(here, api, issue):
    stale = {"how": "no_longer", "words": "Gone", "version": issue.version}
    actions.set_level(issue=issue, level=3, owner_tier="govt", why="Bigger", by=here.colleague)
    answer = api(here.worker).send(f"/issues/{issue.ref}/close", stale)
    assert answer.status_code == 409
    assert (answer.json()["yours"]["words"], answer.json()["theirs"]["level"]) == ("Gone", "macro")
    issue.refresh_from_db()
    assert issue.is_open


WRITES = ("level", "escalate", "close", "reopen")


def test_in_sight_but_not_yours_is_403_and_out_of_sight_404_before_anything_is_kept(here, elsewhere, api, issue):
    actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="May we?", by=here.worker)
    sent = {
        "level": level(issue),
        "escalate": {"to_group": "x", "why": "y", "asks": "z", "version": 1},
        "close": {"how": "no_longer", "words": "Gone", "version": 1},
        "reopen": {"why": "Again", "version": 1},
    }
    for verb in WRITES:
        path = f"/issues/{issue.ref}/{verb}"
        assert api(here.leader).send(path, sent[verb]).status_code == 403, verb
        assert api(here.helper).send(path, sent[verb]).status_code == 404, verb
        assert api(elsewhere.steward).send(path, sent[verb]).status_code == 404, verb
    assert issue.steps.count() == 2


def test_reading_is_not_writing(here, api, issue):
    answer = api(here.worker, "issues:read").send(f"/issues/{issue.ref}/level", level(issue))
    assert answer.status_code == 403
    assert api(here.worker, "issues:read").send("/issues", new(here)).status_code == 403


def test_writes_are_slowed_down(here, api, issue, monkeypatch):
    monkeypatch.setattr(door.WRITE_ISSUES, "most", 1)
    program = api(here.worker)
    assert program.send("/issues", new(here)).status_code == 201
    slowed = program.send("/issues", new(here))
    assert (slowed.status_code, slowed["Retry-After"]) == (429, "60")


def test_a_wrong_method_says_which_would_do(here, api):
    answer = api(here.worker).send("/issues", {}, "delete")
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}
