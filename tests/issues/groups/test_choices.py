"""Beside the queue of triage: gather the ticked issues, or give them; one of the two stands open."""

import pytest
from django.urls import reverse

from tests.factories import IssueFactory
from tests.helpers.html import parse, text_of

TRIAGE = reverse("issues:triage")


@pytest.fixture
def steward(client, here):
    client.force_login(here.steward)
    return client


def choices(page):
    """(its words, whether it is open, the name it shares) of each."""
    found = [one for one in parse(page).iter("details") if "one-of" in one.get("class", "")]
    return [(text_of(one.find("summary")), "open" in one.attrib, one.get("name")) for one in found]


def test_first_is_open_and_shuts_when_the_other_is_opened(steward, here):
    IssueFactory(cycle=here.cycle)
    gather, give = choices(steward.get(TRIAGE))
    assert gather == ("Gather ticked issues as a pattern", True, "ticked")
    assert give == ("Or, with the ticked issues…", False, "ticked")
    assert choices(steward.get(TRIAGE, {"tab": "waiting"})) == []


@pytest.mark.parametrize(
    ("sent", "is_open"),
    [
        ({"why": "Only you can"}, [False, True]),  # it lacks a group
        ({"action": "reply"}, [False, True]),  # it lacks the answer
        ({"why": "Only you can", "description": "One thing"}, [True, True]),
        ({"action": "reply", "reply": "Heard", "underneath": "Half a thought"}, [True, True]),
    ],
)
def test_where_something_was_written_or_went_wrong_stands_open(steward, here, sent, is_open):
    issue = IssueFactory(cycle=here.cycle)
    page = steward.post(TRIAGE, sent | ({} if "reply" in sent else {"issue": issue.pk}))
    assert page.status_code == 422
    shown = choices(page)
    assert [opened for _, opened, _ in shown] == is_open
    # Two that stand open share no name: a browser would shut one of them, and the words in it would be out of sight.
    assert [name for *_, name in shown] == [None if all(is_open) else "ticked"] * 2
