"""The line of a change: from any new normal back to lessons, debriefs and lives, and from a note to where it went."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.lessons import actions
from cycles.lessons.line import after, before
from cycles.models import CycleLink, Question
from debriefs.models import Contribution, DebriefAnswer, Produced
from debriefs.record.lessons import see_lesson_too
from hls.charts import trace
from hls.pages.unseen import and_more
from issues.groups.actions import decide
from issues.log.actions import escalate, set_response
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


def url(name, row):
    return reverse(f"cycles:{name}", args=[row.pk])


@pytest.fixture
def told(here):
    """From one life, through a debrief and two cycles, to a policy that changed and an issue that closed with it."""
    here.place_cycle = f.LearningCycleFactory(team=here.leadership, scale="place", title="Money here")
    CycleLink.objects.create(source=here.cycle, target=here.place_cycle, direction="vertical", by=here.worker)
    here.case = f.CaseFactory(team=here.core, worker=here.worker, alias="Marigold")
    here.debrief = f.DebriefFactory(cycle=here.cycle, held=True)
    here.debrief.present.add(here.worker)
    here.debrief.cases.add(here.case)
    here.notes = Contribution.objects.create(debrief=here.debrief, author=here.worker, shared_at=timezone.now())
    learn = Question.objects.get(key="debrief.learn")
    here.note = DebriefAnswer.objects.create(
        debrief=here.debrief, contribution=here.notes, question=learn, text="Three signatures, and she gave up"
    )
    here.first = actions.note_lesson(cycle=here.case.cycle, text="Marigold stopped asking", by=here.worker)
    Produced.objects.create(debrief=here.debrief, contribution=here.notes, question=learn, lesson=here.first)
    offer = actions.offer_lesson(
        lesson=here.first, to=here.cycle, text="People stop asking", why="Is it only uniforms?", by=here.worker
    )
    actions.reply_to_offer(offer=offer, takes_up=True, reply="No, kettles too", by=here.op_lead)
    here.own = actions.make_own(offer=offer, by=here.op_lead)
    actions.change_level(lesson=here.own, to_level="across", why="Housing has the same", by=here.op_lead)
    here.up = actions.offer_lesson(
        lesson=here.own,
        to=here.place_cycle,
        text="People stop asking for small things",
        why="Your rules",
        by=here.op_lead,
    )
    actions.reply_to_offer(offer=here.up, takes_up=True, reply="Let us try", by=here.leader)
    actions.embed_offer(offer=here.up, on=timezone.localdate(), words="Workers carry cards", by=here.leader)
    here.issue = f.IssueFactory(
        cycle=here.cycle,
        raised_by=here.worker,
        description="Three signatures",
        case=here.case,
        occasion_ref=here.debrief.pk,
    )
    here.issue.lessons.add(here.own)
    escalate(issue=here.issue, to_team=here.leadership, why="The rules are theirs", asks="", by=here.op_lead)
    decide(
        issue=here.issue,
        team=here.leadership,
        outcome="agreed",
        words="Yes, a card each",
        new_normal="A card in each pocket",
        by=here.leader,
    )
    set_response(
        issue=here.issue,
        kind="system_change",
        text="A card in each pocket",
        state="in_place",
        in_place_on=timezone.localdate(),
        by=here.leader,
    )
    return here


def read(client, user, name, row):
    client.force_login(user)
    response = client.get(row if isinstance(row, str) else url(name, row))
    assert response.status_code == 200
    return response


def stations(response):
    return {s.title: ([row.words for row in s.rows], s.more) for s in response.context["stations"]}


WHOLE = {
    "Lives": ([], "fewer than 5 people"),
    "What was learned": (["Marigold stopped asking", "People stop asking"], ""),
    "What got in the way": (["Three signatures"], ""),
    "How it travelled": (
        ["Is it only uniforms?", "Your rules", "Housing has the same", "The rules are theirs"],
        "",
    ),
    "What was answered": (["No, kettles too", "Let us try", "Yes, a card each"], ""),
    "What is normal now": (["A card in each pocket", "Workers carry cards"], ""),
}


@pytest.mark.system(39)
def test_a_note_is_followed_to_where_it_went(client, told):
    response = read(client, told.worker, "note_trace", told.note)
    assert told.note.text in response.text
    assert stations(response) == WHOLE | {"Debriefs": ([str(told.debrief)], "")}


@pytest.mark.system(12)
@pytest.mark.parametrize("end", ["lesson", "policy", "issue"])
def test_any_embedded_change_leads_back_to_lessons_debriefs_and_unnamed_lives(client, told, end):
    page = {
        "lesson": url("lesson_trace", told.own),
        "policy": url("offer_trace", told.up),
        "issue": reverse("cycles:issue_trace", args=[told.issue.ref]),
    }[end]
    response = read(client, told.worker, "", page)
    assert stations(response) == WHOLE | {"Debriefs": ([str(told.debrief)], "")}
    assert "fewer than 5 people" in response.text.lower()


def test_who_may_not_open_it_reads_only_that_it_is_there(client, told):
    """Leaders see the policy and the issue; the debrief and the life behind it are words without a name."""
    response = read(client, told.leader, "offer_trace", told.up)
    found = stations(response)
    assert found["Lives"] == ([], "fewer than 5 people")
    assert found["Debriefs"] == ([], "a debrief of another team")
    assert found["What was learned"] == (["People stop asking"], "")
    assert found["How it travelled"][1] == "one more step out of your sight"
    assert found["What is normal now"] == WHOLE["What is normal now"]
    for hidden in ("Marigold", "Is it only uniforms?", told.note.text, str(told.core), told.debrief.get_absolute_url()):
        assert hidden not in response.text
    seen_by_colleague = read(client, told.colleague, "lesson_trace", told.own)
    assert "Marigold" not in seen_by_colleague.text
    assert stations(seen_by_colleague)["Debriefs"] == ([str(told.debrief)], "")


def test_an_issue_out_of_sight_is_counted_in_words(client, told):
    there = f.LearningCycleFactory(team=told.working)
    f.IssueFactory(cycle=there, description="Not for your eyes").lessons.add(told.own)
    response = read(client, told.worker, "lesson_trace", told.own)
    assert stations(response)["What got in the way"] == (["Three signatures"], "an issue of another team")
    assert "Not for your eyes" not in response.text


def test_lives_are_counted_from_five_on(client, told):
    for _ in range(4):
        told.debrief.cases.add(f.CaseFactory(team=told.core, worker=told.worker))
    assert stations(read(client, told.leader, "offer_trace", told.up))["Lives"] == ([], "5 people")


def test_a_note_of_which_nothing_was_made_says_so(client, told):
    other = DebriefAnswer.objects.create(
        debrief=told.debrief,
        contribution=told.notes,
        question=Question.objects.get(key="debrief.now"),
        text="A quiet day",
    )
    page = read(client, told.worker, "note_trace", other)
    assert "Nothing has been made of it yet" in page.text
    assert page.context["stations"] == []


def test_the_picture_and_the_list_say_the_same(client, told):
    page = read(client, told.worker, "lesson_trace", told.own)
    described = page.context["svg"].split("<desc")[1].split("</desc>")[0]
    for title, (words, more) in stations(page).items():
        assert title in described
        assert all(word in described for word in [*words, more])
        assert title in page.text


def test_the_line_is_walked_both_ways_and_no_further(told):
    assert before([told.own.pk]) == {told.first.pk, told.own.pk} == after([told.first.pk])
    assert before([told.first.pk]) == {told.first.pk}
    assert before([]) == set()


@pytest.mark.parametrize("name", ["lesson_trace", "offer_trace", "issue_trace"])
def test_trace_query_counts(client, told, name):
    page = {
        "lesson_trace": url("lesson_trace", told.own),
        "offer_trace": url("offer_trace", told.up),
        "issue_trace": reverse("cycles:issue_trace", args=[told.issue.ref]),
    }[name]

    def add():
        debrief = f.DebriefFactory(cycle=told.cycle, held=True)
        debrief.present.add(told.worker)
        see_lesson_too(lesson=told.own, debrief=debrief, by=told.worker)
        f.IssueFactory(cycle=told.cycle, raised_by=told.worker).lessons.add(told.own)
        to = f.LearningCycleFactory(team=told.working)
        CycleLink.objects.create(source=told.cycle, target=to, direction="horizontal", by=told.worker)
        f.OfferFactory(lesson=told.own, to=to, declined=True)

    client.force_login(told.worker)
    assert_queries_stay_flat(client, page, add, most=26)


# ------------------------------------------------------------------ the drawing


def test_the_drawing_holds_no_markup_of_ours_and_no_style():
    drawn = trace("t", [("Lives", [], "fewer than 5 people", False), ("Learned", ["<b>x</b>"] * 6, "", True)])
    assert "<b>" not in drawn
    assert "style=" not in drawn
    assert "and 3 more, in the list" in drawn
    assert 'role="img"' in drawn
    assert "fewer than 5 people" in drawn


def test_a_line_without_anything_says_so():
    assert "Nothing has come of it yet." in trace("t", [])


@pytest.mark.parametrize(("count", "words"), [(0, ""), (1, "one"), (2, "two many"), (10, "ten many"), (11, "11 many")])
def test_what_is_out_of_sight_is_counted_in_words(count, words):
    assert and_more(count, "one", "many") == words
