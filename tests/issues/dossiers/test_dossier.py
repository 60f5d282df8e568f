"""A macro issue put together for those who can change the rule: what it holds, and what never gets into it."""

import re
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cycles.refusals import ChangedMeanwhile, Refused
from hls import paper
from hls.look.words import day
from issues.dossiers import actions, tasks
from issues.dossiers.facts import GOES_OUT, facts_of, for_outside, without_small
from issues.models import Dossier
from issues.pledges import actions as pledges
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat
from tests.issues.dossiers.conftest import ASKS, RULE, write

SECRETS = ("zqaliaszq", "zqsecretzq", "zqwhyzq", "Kay told me")


def at(name, issue):
    return reverse(f"issues:{name}", args=[issue.ref])


def page_of(client, issue):
    return client.get(at("dossier", issue)).content.decode()


@pytest.mark.system(35)
def test_a_macro_issue_becomes_a_dossier_and_its_page_says_all_of_it(client, macro):
    client.force_login(macro.worker)
    assert "Make a dossier" in client.get(macro.issue.get_absolute_url()).content.decode()
    sent = {
        "asks": ASKS,
        "rule": RULE,
        "rule_source": "Regulation 7, paragraph 2",
        "cost": "A morning each week",
        "stories": [macro.story.pk],
        "shows_answers": "on",
    }
    answer = client.post(at("dossier_edit", macro.issue), sent)
    assert answer["Location"] == at("dossier", macro.issue)
    client.force_login(macro.leader)
    page = page_of(client, macro.issue)
    for words in (
        ASKS,
        RULE,
        "Regulation 7, paragraph 2",
        "A morning each week",
        "We ring the office",
        "The hold ends after 30 days",
        "We ate toast for two weeks.",
        "People who are paid by the week",
        macro.leadership.name,
        "Handed it back",
        "The law stands in the way",
        "5 or more people",
    ):
        assert words in page, words
    for secret in (*SECRETS, macro.worker.name, macro.colleague.name, "3 families"):
        assert secret not in page, secret


def test_answers_stay_out_unless_someone_says_so(dossier):
    said = [line["said"] for line in facts_of(dossier)["told"]]
    assert said
    assert not any(said)


def test_commissioners_who_were_asked_stand_in_it_and_so_does_their_answer(client, macro, dossier):
    issue = macro.issue
    to = f.AgencyFactory(place=issue.place, name="Northbank Health Board")
    advice = pledges.recommend(
        issue=issue, team=macro.leadership, to=to, text="Buy it without a threshold", why="Yours", by=macro.leader
    )
    asked = {"who": to.name, "what": "Asked to change it", "on": day(advice.sent_on), "said": ""}
    assert asked in facts_of(dossier)["told"]
    pledges.answer(recommendation=advice, says="no", answer="The board has no money", version=1, by=macro.leader)
    facts = for_outside(facts_of(dossier))
    assert [one["what"] for one in facts["told"] if one["who"] == to.name] == ["Asked to change it", "No, because…"]
    assert "The board has no money" not in str(facts)
    dossier.shows_answers = True
    dossier.save()
    assert facts_of(dossier)["told"][-1]["said"] == "The board has no money"


def test_what_was_written_when_it_was_raised_to_a_group_never_goes_in(macro):
    facts = facts_of(write(macro, shows_answers=True))
    assert any(line["said"] for line in facts["told"]), "the control: answers are in"
    assert "zqwhyzq" not in str(facts)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("3 families", "fewer than 5"),
        ("two or three", "fewer than 5"),
        ("about 40, 3 of them with children", "about 40, 3 of them with children"),
        ("12", "12"),
        ("nobody knows", "nobody knows"),
        ("", ""),
    ],
)
def test_a_few_people_are_not_counted_out(typed, shown):
    assert without_small(typed) == shown


def test_few_lives_are_said_as_few(client, macro):
    issue = f.IssueFactory(cycle=macro.cycle, raised_by=macro.worker, level=3)
    case = f.CaseFactory(team=macro.core, worker=macro.worker)
    from issues.log.actions import see_too

    see_too(issue=issue, team=macro.core, by=macro.worker, case=case)
    dossier = actions.write_dossier(
        issue=issue, by=macro.worker, asks="Ask", rule="", rule_source="", cost="", shows_answers=False
    )
    facts = facts_of(dossier)
    assert facts["lives"] == "fewer than 5 people"
    assert facts["seen"] == "fewer than 5 times"


def test_the_price_of_going_round_it_is_added_up(macro, dossier):
    from issues.models import Upkeep

    now = macro.issue.responses.get(kind="countermeasure")
    assert facts_of(dossier)["spent"] == ""
    for hours, pounds in ((Decimal("3.5"), Decimal("1000.00")), (Decimal("4.5"), None)):
        Upkeep.objects.create(response=now, hours=hours, pounds=pounds, by=macro.worker)
    assert facts_of(dossier)["spent"] == "8 hours and £1,000"


@pytest.mark.parametrize("narrowed", [{"reach": "place"}, {"reach": "team"}, {"withdrawn_on": timezone.localdate()}])
def test_a_story_taken_back_or_narrowed_is_gone_at_once(client, macro, dossier, narrowed):
    client.force_login(macro.worker)
    assert "We ate toast" in page_of(client, macro.issue), "the control"
    type(macro.story).objects.filter(pk=macro.story.pk).update(**narrowed)
    assert "We ate toast" not in page_of(client, macro.issue)


@pytest.mark.parametrize("reach", ["worker", "team", "place"])
def test_a_story_not_for_everyone_is_no_choice(client, macro, reach):
    type(macro.story).objects.filter(pk=macro.story.pk).update(reach=reach)
    client.force_login(macro.worker)
    client.post(at("dossier_edit", macro.issue), {"asks": ASKS, "stories": [macro.story.pk]})
    assert not Dossier.objects.filter(stories=macro.story).exists()


def test_a_rule_without_its_source_is_refused_beside_the_box(client, macro):
    client.force_login(macro.worker)
    page = client.post(at("dossier_edit", macro.issue), {"asks": ASKS, "rule": RULE})
    assert page.status_code == 422
    assert "Say where the rule is written" in page.content.decode()
    assert RULE in page.content.decode()


@pytest.mark.parametrize("level", [None, 1, 2])
def test_only_what_nobody_here_can_fix_goes_outside(client, here, level):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker, level=level)
    client.force_login(here.worker)
    assert "Make a dossier" not in client.get(issue.get_absolute_url()).content.decode()
    assert client.get(at("dossier_edit", issue)).status_code == 403
    assert client.get(at("dossier", issue)).status_code == 404
    with pytest.raises(Refused):
        actions.write_dossier(issue=issue, by=here.worker, asks="Ask")


def test_second_writer_gets_both_texts(client, macro, dossier):
    client.force_login(macro.worker)
    sent = {"asks": "Mine", "version": 1}
    assert client.post(at("dossier_edit", macro.issue), sent).status_code == 302
    late = client.post(at("dossier_edit", macro.issue), sent | {"asks": "Theirs, later"})
    assert late.status_code == 409
    assert "Mine" in late.content.decode()
    assert "Theirs, later" in late.content.decode()
    with pytest.raises(ChangedMeanwhile):
        write(macro, asks="A third", version=1)


def test_what_goes_out_is_named_field_by_field(dossier):
    """Positive control: a fact that is added stays inside."""
    facts = facts_of(dossier) | {"new": "not for them"}
    assert set(for_outside(facts)) == set(GOES_OUT)
    assert {"outside", "new"} == set(facts) - set(GOES_OUT)


def test_dossier_query_count(client, macro, dossier):
    client.force_login(macro.worker)

    def add():
        story = f.StoryFactory(cycle=macro.cycle)
        type(story).objects.filter(pk=story.pk).update(reach="public", checked_by_teller_on=timezone.localdate())
        dossier.stories.add(story)

    # who is asking (2); issue, dossier, counts, countermeasure, its price, stories, steps, advice, shown, replies
    assert_queries_stay_flat(client, at("dossier", macro.issue), add, most=12)


# ---------------------------------------------------------------- on paper


needs_pango = pytest.mark.skipif("not _has_pango()", reason="no Pango on this machine: apt-get install libpango-1.0-0")


def _has_pango():
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True


def drawn(client, macro):
    client.post(at("dossier_paper", macro.issue))
    tasks.make(macro.issue.dossier.pk)
    return client.get(at("dossier_pdf", macro.issue))


def words(pdf):
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


@needs_pango
def test_the_pdf_is_tagged_and_says_what_the_page_says(client, macro, dossier):
    client.force_login(macro.worker)
    answer = drawn(client, macro)
    assert answer["Content-Disposition"] == f'attachment; filename="dossier-{macro.issue.ref}.pdf"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    root = PdfReader(BytesIO(answer.content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    text = words(answer.content)
    for said in (ASKS, RULE, "We ate toast for two weeks.", "5 or more people"):
        assert said in text, said
    for secret in SECRETS:
        assert secret not in text
    assert "Download the PDF" in page_of(client, macro.issue)


@needs_pango
def test_a_pdf_that_no_longer_says_what_is_so_is_not_handed_out(client, macro, dossier):
    client.force_login(macro.worker)
    assert drawn(client, macro).status_code == 200, "the control"
    type(macro.story).objects.filter(pk=macro.story.pk).update(withdrawn_on=timezone.localdate())
    assert client.get(at("dossier_pdf", macro.issue))["Location"] == at("dossier", macro.issue)
    assert "Make the PDF anew" in page_of(client, macro.issue)
    assert "We ate toast" not in words(drawn(client, macro).content)


def test_a_pdf_asked_for_twice_is_drawn_once(client, macro, dossier, monkeypatch):
    drawings = []
    monkeypatch.setattr(paper, "pdf_of", lambda html: drawings.append(html) or (b"%PDF-", 1))
    client.force_login(macro.worker)
    for _ in range(3):
        client.post(at("dossier_paper", macro.issue))
    tasks.make(dossier.pk)
    tasks.make(dossier.pk)
    assert len(drawings) == 1


def test_what_can_not_be_drawn_says_so_and_stops(client, macro, dossier, monkeypatch):
    import time_machine

    def away(html):
        raise paper.NoPdf

    monkeypatch.setattr(paper, "pdf_of", away)
    client.force_login(macro.worker)
    client.post(at("dossier_paper", macro.issue))
    now = timezone.now()
    for wait in range(tasks.MOST_TRIES):
        with time_machine.travel(now + wait * tasks.LEASE, tick=False):
            tasks.make(dossier.pk)
    dossier.refresh_from_db()
    assert (dossier.asked_at, dossier.pages) == (None, 0)
    assert "The PDF could not be made" in page_of(client, macro.issue)
