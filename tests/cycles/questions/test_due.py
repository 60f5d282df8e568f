"""What waits to be looked at again reaches the steward, quietly."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cycles.models import Question
from cycles.questions import actions
from cycles.questions.due import in_care_of, next_on, waiting_for
from cycles.questions.models import Rhythm
from tests import factories as f
from tests.helpers.html import by_id, parse, text_of

Every = Rhythm.Every
TODAY = date(2026, 11, 21)


@pytest.fixture
def cared(here):
    here.cycle.steward = here.steward
    here.cycle.save()
    return here.cycle


def answer_all(here, cycle, name, on, without=()):
    keys = Question.objects.in_set(name).exclude(key__in=without).values_list("key", flat=True)
    said = {key: {"text": "Said", "is_unknown": False, "example": ""} for key in keys}
    actions.answer_set(subject=cycle, name=name, said=said, by=here.worker, on=on)


def names(here, today=TODAY):
    return [each.name for each in waiting_for(here.steward, today)]


@pytest.mark.parametrize(
    ("last", "every", "day"),
    [
        (date(2026, 1, 31), Every.MONTH, date(2026, 2, 28)),
        (date(2026, 11, 30), Every.QUARTER, date(2027, 2, 28)),
        (date(2026, 12, 1), Every.MONTH, date(2027, 1, 1)),
        (date(2026, 8, 15), Every.HALF_YEAR, date(2027, 2, 15)),
        (date(2026, 11, 20), Every.FORTNIGHT, date(2026, 12, 4)),
    ],
)
def test_a_set_comes_round_after_its_rhythm(last, every, day):
    assert next_on(last, every) == day


@pytest.mark.system(5)
def test_unanswered_questions_wait_on_the_stewards_home_for_their_own_cycles_only(client, here, elsewhere, cared):
    other = f.LearningCycleFactory(team=here.core, title="Someone else looks after this")
    foreign = f.LearningCycleFactory(team=elsewhere.core, steward=elsewhere.steward)
    issue = f.IssueFactory(cycle=other, description="Raised by a team")
    client.force_login(here.steward)
    for page in (reverse("today"), reverse("issues:triage")):
        tree = parse(client.get(page))
        section = by_id(tree, "in-care")
        assert section is not None, page
        text = text_of(tree)
        assert cared.title in text
        assert "How sound is our learning and adapting?" in text
        assert "Is this cycle working well?" in text
        assert other.title not in text.replace(issue.description, "")
        assert foreign.title not in text
    assert issue.description in text_of(tree)  # what teams raised stands on the same page


def test_nobody_else_has_cycles_in_their_care(client, here, cared):
    for who in (here.worker, here.leader, here.admin):
        client.force_login(who)
        assert by_id(parse(client.get(reverse("today"))), "in-care") is None


def test_a_cycle_of_which_another_is_steward_is_not_shown(here, cared):
    second = f.MembershipFactory(place=here.place, team=None, role="steward").user
    assert in_care_of(second, TODAY) == []


@pytest.mark.system(5)
def test_what_was_answered_waits_again_after_a_month_or_a_quarter(here, cared):
    answer_all(here, cared, "managing", TODAY)
    answer_all(here, cared, "governing", TODAY)
    assert names(here) == []
    assert names(here, TODAY + timedelta(days=31)) == ["managing"]
    assert names(here, TODAY + timedelta(days=93)) == ["managing", "governing"]


def test_who_is_left_out_waits_by_itself(here, cared):
    answer_all(here, cared, "managing", TODAY)
    answer_all(here, cared, "governing", TODAY, without=["governing.boundary", "governing.boundary_right"])
    (waiting,) = waiting_for(here.steward, TODAY)
    assert waiting.questions == ["Who is in and who is left out?", "Is that line right?"]
    assert waiting.last_on == TODAY


def test_we_do_not_know_has_been_looked_at(here, cared):
    answer_all(here, cared, "governing", TODAY)
    said = {
        key: {"text": "", "is_unknown": True, "example": ""}
        for key in Question.objects.in_set("managing").values_list("key", flat=True)
    }
    actions.answer_set(subject=cared, name="managing", said=said, by=here.worker, on=TODAY)
    assert names(here) == []


def test_a_cycle_chooses_its_own_rhythm(here, cared):
    answer_all(here, cared, "managing", TODAY)
    answer_all(here, cared, "governing", TODAY)
    actions.set_rhythm(cycle=cared, name="managing", every=Every.FORTNIGHT, by=here.worker)
    assert names(here, TODAY + timedelta(days=14)) == ["managing"]
    actions.set_rhythm(cycle=cared, name="managing", every=Every.NEVER, by=here.worker)
    assert names(here, TODAY + timedelta(days=40)) == []


@pytest.mark.parametrize("status", ["draft", "paused"])
def test_nothing_waits_where_nothing_runs(here, cared, status):
    type(cared).objects.filter(pk=cared.pk).update(status=status)
    (care,) = in_care_of(here.steward, TODAY)
    assert care.waiting == []


def test_a_question_the_place_does_not_ask_does_not_wait(here, cared):
    answer_all(here, cared, "governing", TODAY)
    answer_all(here, cared, "managing", TODAY, without=["managing.find"])
    question = Question.objects.get(key="managing.find")
    (waiting,) = waiting_for(here.steward, TODAY)
    assert waiting.keys == ["managing.find"]
    actions.word_question(place=here.place, question=question, version=0, by=here.admin, is_asked=False)
    assert waiting_for(here.steward, TODAY) == []


def test_what_waits_is_asked_in_the_places_words(here, cared):
    question = Question.objects.get(key="managing.working")
    actions.word_question(place=here.place, question=question, version=0, by=here.admin, text="Is it well?")
    assert waiting_for(here.steward, TODAY)[0].questions[0] == "Is it well?"


def test_the_list_takes_one_query_however_many_cycles(here, cared, django_assert_num_queries):
    for _ in range(4):
        f.LearningCycleFactory(team=here.core, steward=here.steward)
    here.steward.rights  # noqa: B018 - who is asking is read once for each request
    with django_assert_num_queries(1):
        assert len(in_care_of(here.steward, TODAY)) == 5


def test_the_list_never_says_late_or_red(client, here, cared):
    client.force_login(here.steward)
    section = client.get(reverse("today")).text.lower()
    assert "overdue" not in section
    assert "late" not in section.split('id="in-care"')[1].split("</section>")[0].replace("translate", "")


def test_the_rhythm_page_keeps_what_was_chosen(client, here, cared):
    client.force_login(here.worker)
    url = reverse("cycles:rhythm", args=[cared.pk, "managing"])
    assert client.post(url, {"every": "quarter"}).url == reverse(
        "cycles:cycle_question_set", args=[cared.pk, "managing"]
    )
    assert client.get(url).context["form"].initial == {"every": "quarter"}
    assert client.get(reverse("cycles:rhythm", args=[cared.pk, "embed"])).status_code == 404
