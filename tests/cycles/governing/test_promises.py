"""Promises with what became of them, the account given, and words brought to those who govern."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from cycles.models import Notice
from cycles.refusals import ChangedMeanwhile
from hls.governing import actions
from hls.governing.models import Account, PromiseStep, Voice
from hls.notices.letters import give_rights, lines_for
from issues.groups.actions import decide
from issues.log.actions import accept, escalate
from tests import factories as f
from tests.cycles.governing.making import TODAY, begun, page_of, promised
from tests.helpers.html import forms

# ------------------------------------------------------------------ promises


def test_leaders_say_what_became_of_a_promise(client, here):
    promise = promised(here)
    client.force_login(here.leader)
    form = next(one for one in forms(client.get(promise.get_absolute_url()), "") if "state" in one.names)
    unsaid = client.post(promise.get_absolute_url(), form.data() | {"state": "not_kept"})
    assert unsaid.status_code == 422
    assert "Say why it was not kept." in unsaid.text
    later = TODAY() + timedelta(days=60)
    changed = {"state": "changed", "words": "The budget moved.", "text": "Pay from May.", "due_on": later.isoformat()}
    client.post(promise.get_absolute_url(), form.data() | changed)
    promise.refresh_from_db()
    assert (promise.text, promise.due_on, promise.state) == ("Pay from May.", later, "changed")
    actions.answer_promise(promise=promise, version=2, state="kept", words="", by=here.leader)
    page = client.get(promise.get_absolute_url()).text
    for words in ("Pay people for their time.", "Pay from May.", "The budget moved.", "Kept"):
        assert words in page
    assert [step.state for step in promise.steps.all()] == ["promised", "changed", "kept"]


def test_only_its_group_and_stewards_answer_a_promise(client, here):
    promise = promised(here)
    client.force_login(here.worker)
    assert "Say what became of it" not in client.get(promise.get_absolute_url()).text
    assert client.post(promise.get_absolute_url(), {"state": "kept", "version": 1}).status_code == 403
    client.force_login(here.steward)
    assert client.post(promise.get_absolute_url(), {"state": "kept", "version": 1}).status_code == 302


def test_the_second_to_answer_a_promise_is_told_and_loses_nothing(client, here):
    promise = promised(here)
    actions.answer_promise(promise=promise, version=1, state="kept", words="Done.", by=here.leader)
    client.force_login(here.steward)
    late = client.post(promise.get_absolute_url(), {"version": 1, "state": "not_kept", "words": "No money came."})
    assert late.status_code == 409
    assert "Done." in late.text
    assert "No money came." in late.text
    with pytest.raises(ChangedMeanwhile):
        actions.answer_promise(promise=promise, version=1, state="not_kept", words="No.", by=here.steward)


def test_a_promise_step_is_never_changed(here):
    promised(here)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PromiseStep.objects.update(words="Otherwise")


def test_decisions_of_groups_stand_among_the_promises(client, here):
    issue = f.IssueFactory(cycle=here.cycle)
    move = escalate(issue=issue, to_team=here.leadership, why="Only you can.", asks="Decide", by=here.worker)
    accept(move=move, by=here.leader)
    decide(
        issue=issue, team=here.leadership, outcome="agreed", words="Yes.", by=here.leader,
        new_normal="Debt is a sign to talk", starts_on=TODAY() + timedelta(days=9),
    )  # fmt: skip
    client.force_login(here.worker)
    page = client.get(page_of(here.cycle)).text
    assert "Debt is a sign to talk" in page
    assert f"Decided about {issue.ref}" in page


def test_what_stands_comes_first_and_no_colour_judges(client, here):
    kept = promised(here)
    actions.answer_promise(promise=kept, version=1, state="not_kept", words="No money.", by=here.leader)
    promised(here, due_on=TODAY() + timedelta(days=5))
    client.force_login(here.leader)
    page = client.get(page_of(here.cycle)).text
    assert page.index("Promised</span>") < page.index("Not kept</span>")
    assert 'class="tag hot"' not in page
    assert 'class="tag stop"' not in page


# ------------------------------------------------------------------ accounts and voices


def test_what_they_said_back_can_be_added_later(client, here):
    client.force_login(here.leader)
    url = reverse("cycles:account_new", args=[here.cycle.pk])
    client.post(url, {"to_whom": "The council", "given_on": TODAY().isoformat(), "told": "Ten minutes."})
    account = Account.objects.get()
    heard = reverse("cycles:account_given", args=[account.pk])
    form = next(one for one in forms(client.get(heard), heard) if "said_back" in one.names)
    client.post(heard, form.data() | {"said_back": "They asked for a visit."})
    assert "They asked for a visit." in client.get(page_of(here.cycle)).text


@pytest.mark.system(17)
def test_a_citizens_why_are_we_left_out_is_kept_and_answered(client, here):
    client.force_login(here.colleague)
    url = reverse("cycles:voice_new", args=[here.cycle.pk])
    words = {"kind": "left_out", "text": "Nobody asked us at the hostel.", "said_by": "Jo", "said_on": TODAY()}
    client.post(url, words)
    client.force_login(here.leader)
    page = client.get(page_of(here.cycle)).text
    assert "Nobody asked us at the hostel." in page
    assert "Waits for an answer" in page
    voice = Voice.objects.get()
    client.post(reverse("cycles:voice_answer", args=[voice.pk]), {"answer": "You are right. Come on Tuesday."})
    page = client.get(page_of(here.cycle)).text
    assert "You are right. Come on Tuesday." in page
    assert "Waits for an answer" not in page
    told = Notice.objects.get(kind="voice_answered")
    assert told.user == here.colleague
    give_rights([told], TODAY())
    assert page_of(here.cycle) in lines_for([told])[told.pk].url
    client.force_login(here.colleague)
    assert page_of(here.cycle) in client.get(reverse("today")).text


@pytest.mark.system(17)
def test_the_evidence_team_offers_ways_of_checking_and_may_not_govern(client, here):
    client.force_login(here.evidence)
    url = reverse("cycles:voice_new", args=[here.cycle.pk])
    client.post(url, {"kind": "checking", "text": "Ask ten people after a month.", "said_on": TODAY()})
    assert "Ask ten people after a month." in client.get(page_of(here.cycle)).text
    assert client.post(reverse("cycles:review_start", args=[here.cycle.pk])).status_code == 403
    client.force_login(here.steward)
    assert "Ask ten people after a month." in client.get(begun(here).get_absolute_url()).text
