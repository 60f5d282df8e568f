"""A change is made on what was read and on nothing else: ETag goes out, If-Match comes back, a late one is 412."""

import threading

import pytest
from django.db import connection

from issues.log import actions
from issues.log.models import Issue, IssueStep
from tests import factories as f


@pytest.fixture
def issue(here):
    return f.IssueFactory(cycle=here.cycle, raised_by=here.worker)


def level(**more):
    return {"level": "sys", "owner": "lship", "why": "It is how we work"} | more


def send(program, path, body, method="post", **headers):
    act = getattr(program.client, method)
    return act(f"/api/v1{path}", body, content_type="application/json", headers=program._headers() | headers)


def read(program, issue, **headers):
    return program.client.get(f"/api/v1/issues/{issue.ref}", headers=program._headers() | headers)


def test_an_issue_goes_out_with_a_tag_that_changes_with_it(here, api, issue):
    program = api(here.worker)
    tag = read(program, issue)["ETag"]
    assert tag.startswith('"')
    assert read(program, issue)["ETag"] == tag
    actions.see_too(issue=issue, team=here.core, by=here.colleague, words="Twice")
    assert read(program, issue)["ETag"] != tag, "also where only the evidence grew"


@pytest.mark.parametrize("known", ["{tag}", "W/{tag}", '"another", {tag}', "*"])
def test_what_the_reader_has_already_is_not_told_again(here, api, issue, known):
    program = api(here.worker)
    tag = read(program, issue)["ETag"]
    again = read(program, issue, **{"If-None-Match": known.format(tag=tag)})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert "no-store" in again["Cache-Control"]
    assert read(program, issue, **{"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize("match", ["{tag}", '"another", {tag}', "*"])
def test_a_change_with_the_tag_needs_no_version_and_tells_the_next_tag(here, api, issue, match):
    program = api(here.worker)
    tag = read(program, issue)["ETag"]
    done = send(program, f"/issues/{issue.ref}/level", level(), **{"If-Match": match.format(tag=tag)})
    assert (done.status_code, done.json()["level"]) == (200, "sys")
    assert done["ETag"] != tag
    assert done["ETag"] == read(program, issue)["ETag"]


@pytest.mark.parametrize(
    ("path", "body", "method"),
    [
        ("level", level(), "post"),
        ("countermeasure", {"text": "Ring first", "state": "trying"}, "put"),
        ("system-change", {"text": "Nobody waits", "state": "working_out"}, "put"),
        ("close", {"how": "no_longer", "words": "Gone", "countermeasure": "not_needed"}, "post"),
    ],
)
def test_who_comes_second_gets_412_with_both_and_nothing_is_kept(here, api, issue, path, body, method):
    program = api(here.worker)
    tag = read(program, issue)["ETag"]
    actions.set_response(issue=issue, kind="countermeasure", text="Theirs", state="trying", by=here.colleague)
    before = IssueStep.objects.count()
    late = send(program, f"/issues/{issue.ref}/{path}", body, method, **{"If-Match": tag})
    assert late.status_code == 412
    assert late["Content-Type"] == "application/problem+json"
    told = late.json()
    assert told["theirs"]["countermeasure"]["text"] == "Theirs"
    wanted = {"countermeasure": 1, "system-change": 0}.get(path, Issue.objects.get(pk=issue.pk).version)
    assert told["version"] == wanted, "the version that is there now"
    assert all(told["yours"][name] == said for name, said in body.items())
    assert "ETag" not in late, "it is not the tag of what this answer tells"
    assert IssueStep.objects.count() == before
    new = read(program, issue)["ETag"]
    assert send(program, f"/issues/{issue.ref}/{path}", body, method, **{"If-Match": new}).status_code == 200


@pytest.mark.parametrize("match", ["W/{tag}", "no tag at all", '""', ""])
def test_a_weak_or_made_up_tag_is_not_the_same(here, api, issue, match):
    program = api(here.worker)
    tag = read(program, issue)["ETag"]
    late = send(program, f"/issues/{issue.ref}/level", level(), **{"If-Match": match.format(tag=tag)})
    assert late.status_code == 412


def test_with_neither_version_nor_tag_nothing_is_changed(here, api, issue):
    for path, method, body in (("level", "post", level()), ("countermeasure", "put", {"text": "a", "state": "trying"})):
        late = send(api(here.worker), f"/issues/{issue.ref}/{path}", body, method)
        assert late.status_code == 428
        assert "If-Match" in late.json()["detail"]
    assert issue.steps.count() == 1


def test_both_are_asked_where_both_are_sent(here, api, issue):
    program = api(here.worker)
    tag = read(program, issue)["ETag"]
    path = f"/issues/{issue.ref}/level"
    assert send(program, path, level(version=issue.version + 5), **{"If-Match": tag}).status_code == 409
    assert send(program, path, level(version=issue.version), **{"If-Match": '"x"'}).status_code == 412
    assert send(program, path, level(version=issue.version), **{"If-Match": tag}).status_code == 200


def test_a_tag_opens_nothing_that_is_out_of_sight(here, elsewhere, api, issue):
    """The look at the tag comes after the look at the right: what is out of sight is 404, never 412."""
    stranger = send(api(elsewhere.worker), f"/issues/{issue.ref}/level", level(), **{"If-Match": "*"})
    assert stranger.status_code == 404
    actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="May we?", by=here.worker)
    assert send(api(here.leader), f"/issues/{issue.ref}/level", level(), **{"If-Match": '"x"'}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_with_one_tag_one_wins(here, api, issue):
    """Positive control: the same two with `*` are both taken, so it is the tag that keeps the second out."""

    def race(match, states):
        programs = [api(here.worker), api(here.colleague)]
        answers, go = [], threading.Barrier(2)

        def change(program, state):
            try:
                go.wait(60)
                body = {"text": state, "state": "trying"}
                answers.append(
                    send(program, f"/issues/{issue.ref}/countermeasure", body, "put", **{"If-Match": match}).status_code
                )
            finally:
                connection.close()

        threads = [threading.Thread(target=change, args=pair) for pair in zip(programs, states, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(answers)

    tag = read(api(here.worker), issue)["ETag"]
    api(here.colleague)
    assert race(tag, ["One", "Two"]) == [200, 412]
    assert race("*", ["Three", "Four"]) == [200, 200]
