"""Governing a cycle: reviews that stand, what lies beside a question, and who reads it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cycles.models import Answer, CycleLink, Question
from cycles.questions.due import in_care_of
from cycles.refusals import Refused
from hls.governing import actions
from hls.governing.models import Review, ReviewEvidence
from tests import factories as f
from tests.cycles.governing.making import TODAY, asks, begun, finished, page_of, promised, sent
from tests.helpers.html import forms
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def steward(client, here):
    client.force_login(here.steward)
    return client


# ------------------------------------------------------------------ a review


@pytest.mark.system(17)
def test_a_review_is_begun_kept_and_finished_and_its_answers_are_dated(steward, here):
    steward.post(reverse("cycles:review_start", args=[here.cycle.pk]))
    review = Review.objects.get()
    lessons, account, boundary = asks("lessons"), asks("account"), asks("boundary")
    page = steward.get(review.get_absolute_url()).text
    for question in Question.objects.in_set("governing"):
        assert question.text in page
    kept = sent(steward, review, **{f"a-{lessons.pk}": "Yes, most weeks."})
    assert kept.status_code == 302
    assert not Answer.objects.exists()
    assert "Yes, most weeks." in steward.get(review.get_absolute_url()).text
    sent(
        steward,
        review,
        "finish",
        **{
            f"a-{lessons.pk}": "Yes, most weeks.",
            f"u-{account.pk}": "on",
            "who_is_in": "North and South",
            "who_is_out": "Landlords",
            "changes": ["people", "smaller"],
            "who_does": "Ask a landlord in.",
        },
    )
    review.refresh_from_db()
    assert review.state == "finished"
    told = {a.question.key: (a.text, a.is_unknown, a.on) for a in Answer.objects.filter(cycle=here.cycle)}
    assert told == {
        lessons.key: ("Yes, most weeks.", False, TODAY()),
        account.key: ("", True, TODAY()),
        boundary.key: ("In: North and South\nLeft out: Landlords", False, TODAY()),
    }
    read = steward.get(review.get_absolute_url()).text
    for words in ("Yes, most weeks.", "We don’t know", "Landlords", "Make it smaller", "Ask a landlord in."):
        assert words in read
    assert "<textarea" not in read.split("<main", 1)[1]


@pytest.mark.system(17)
def test_the_governing_page_shows_answers_and_the_account_given(client, here):
    review = finished(here, who_is_out="Anyone without a phone")
    actions.give_account(
        cycle=here.cycle,
        review=review,
        to_whom="People in the place",
        given_on=TODAY(),
        told="An evening at the library.",
        said_back="Come back in spring.",
        by=here.worker,
    )
    for person in (here.worker, here.steward, here.leader, here.evidence):
        client.force_login(person)
        page = client.get(page_of(here.cycle)).text
        for words in ("People in the place", "An evening at the library.", "Come back in spring.", "without a phone"):
            assert words in page
        read = client.get(review.get_absolute_url()).text
        assert "Yes, most weeks." in read
        assert "Come back in spring." in read


def test_a_finished_review_clears_what_waits_on_the_stewards_home(here):
    here.cycle.steward = here.steward
    here.cycle.save()
    waits = {each.name for cared in in_care_of(here.steward, TODAY()) for each in cared.waiting}
    assert "governing" in waits
    said = {q.key: {"text": "Said.", "is_unknown": False} for q in Question.objects.in_set("governing")}
    finished(here, draft=said)
    waits = {each.name for cared in in_care_of(here.steward, TODAY()) for each in cared.waiting}
    assert "governing" not in waits


def test_the_stewards_home_leads_to_the_review(steward, here):
    here.cycle.steward = here.steward
    here.cycle.save()
    assert page_of(here.cycle) in steward.get(reverse("issues:triage")).text


def test_a_review_comes_round_each_quarter(steward, here):
    said = {q.key: {"text": "Said.", "is_unknown": False} for q in Question.objects.in_set("governing")}
    finished(here, back=80, draft=said)
    assert "A review has come round" not in steward.get(page_of(here.cycle)).text
    Review.objects.all().delete()
    Answer.objects.all().delete()
    finished(here, back=100, draft=said)
    assert "A review has come round" in steward.get(page_of(here.cycle)).text


def test_only_one_is_written_at_a_time_and_one_a_day(here):
    first = begun(here)
    assert actions.start_review(cycle=here.cycle, by=here.worker) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(cycle=here.cycle, by=here.worker, held_on=TODAY() - timedelta(days=1))
    Review.objects.all().delete()
    finished(here)
    with pytest.raises(Refused, match="finished today"):
        actions.start_review(cycle=here.cycle, by=here.worker)


def test_nothing_said_is_kindly_refused_and_nothing_is_lost(steward, here):
    review = begun(here)
    answer = sent(steward, review, "finish", who_does="Ask a landlord in.")
    assert answer.status_code == 422
    assert "Answer at least one." in answer.text
    assert "Ask a landlord in." in answer.text


def test_a_finished_review_stands(here):
    review = finished(here)
    with pytest.raises(Refused, match="stands"):
        actions.save_review(
            review=review, version=review.version, by=here.worker, held_on=TODAY(), answered_by="", who_is_in="",
            who_is_out="", changes=[], who_does="Otherwise", draft={},
        )  # fmt: skip


def test_finishing_twice_is_once(steward, here):
    review = begun(here)
    page = steward.get(review.get_absolute_url())
    form = next(one for one in forms(page, review.get_absolute_url()) if "who_does" in one.names)
    data = form.data() | {f"a-{asks('lessons').pk}": "Once.", "action": "finish"}
    steward.post(review.get_absolute_url(), data)
    steward.post(review.get_absolute_url(), data)
    assert Answer.objects.filter(text="Once.").count() == 1


def test_the_second_to_save_a_draft_sees_both(client, here):
    review = begun(here)
    client.force_login(here.worker)
    page = client.get(review.get_absolute_url())
    form = next(one for one in forms(page, review.get_absolute_url()) if "who_does" in one.names)
    box = f"a-{asks('lessons').pk}"
    client.post(review.get_absolute_url(), form.data() | {box: "Words of the first.", "action": "draft"})
    late = client.post(review.get_absolute_url(), form.data() | {box: "Words of the second.", "action": "draft"})
    assert late.status_code == 409
    assert "Words of the first." in late.text
    assert "Words of the second." in late.text
    review.refresh_from_db()
    assert review.draft["governing.lessons"]["text"] == "Words of the first."


def test_the_page_saves_by_itself_and_tells_the_truth(steward, here):
    review = begun(here)
    page = steward.get(review.get_absolute_url())
    form = next(one for one in forms(page, review.get_absolute_url()) if "who_does" in one.names)
    auto = form.data() | {"who_does": "Typed.", "action": "auto"}
    saved = steward.post(review.get_absolute_url(), auto, headers={"HX-Request": "true"})
    assert saved.status_code == 200
    assert 'data-state="saved"' in saved.text
    assert 'value="2"' in saved.text
    review.refresh_from_db()
    assert review.who_does == "Typed."
    clash = steward.post(review.get_absolute_url(), auto | {"who_does": "From an older page."})
    assert 'data-state="clash"' in clash.text
    odd = steward.post(review.get_absolute_url(), auto | {"version": "2", "held_on": "never"})
    assert 'data-state="failed"' in odd.text
    review.refresh_from_db()
    assert (review.who_does, review.version) == ("Typed.", 2)
    # The same words sent with the version from before the page saved by itself lose nothing.
    assert steward.post(review.get_absolute_url(), auto | {"action": "draft"}).status_code == 302


def test_who_is_in_and_out_goes_on_from_last_time(here):
    finished(here, back=90, who_is_in="North", who_is_out="Landlords")
    review = actions.start_review(cycle=here.cycle, by=here.worker)
    assert (review.who_is_in, review.who_is_out) == ("North", "Landlords")


def test_past_reviews_lead_to_each_other(steward, here):
    older, newer = finished(here, back=90), finished(here)
    assert newer.get_absolute_url() in steward.get(older.get_absolute_url()).text
    assert older.get_absolute_url() in steward.get(newer.get_absolute_url()).text
    page = steward.get(page_of(here.cycle)).text
    assert page.index(newer.get_absolute_url()) < page.index(older.get_absolute_url())


def test_last_time_is_beside_the_form_with_what_came_of_it(steward, here):
    last = finished(here, back=90, who_does="Sam asks a landlord in.")
    promise = promised(here, review=last, made_on=last.held_on)
    actions.answer_promise(promise=promise, version=1, state="kept", words="Two come each month.", by=here.leader)
    page = steward.get(begun(here).get_absolute_url()).text
    for words in ("What we said last time", "Sam asks a landlord in.", "Pay people for their time", "Two come each"):
        assert words in page


@pytest.mark.parametrize("on", ["no-day", "2026-13-45", "1999-01-01"])
def test_an_odd_day_is_no_review(steward, here, on):
    finished(here)
    assert steward.get(reverse("cycles:review", args=[here.cycle.pk, on])).status_code == 404


# ------------------------------------------------------------------ what lies beside a question


def test_things_are_laid_beside_with_their_caveats(client, here):
    client.force_login(here.worker)
    lesson = f.LessonFactory(cycle=here.cycle, text="People did want a letter afterwards.")
    reading = f.ReadingFactory(measure__cycle=here.cycle, n=12, caveat="No one without a phone", is_upper_bound=True)
    issue = f.IssueFactory(cycle=here.cycle, description="Letters run first", countermeasure="We hold them by hand")
    review = begun(here)
    question = asks("practice")
    kept = sent(client, review, f"beside:{question.pk}", who_does="Kept on the way.")
    assert kept.url == reverse("cycles:review_beside", args=[here.cycle.pk, review.held_on.isoformat(), question.pk])
    offered = client.get(kept.url).text
    assert offered.index("Issues, by what was changed") < offered.index("Learning")
    client.post(kept.url, {"lesson": [lesson.pk], "reading": [reading.pk], "issue": [issue.pk]})
    client.post(kept.url, {"lesson": [lesson.pk]})
    assert ReviewEvidence.objects.count() == 3
    page = client.get(review.get_absolute_url()).text
    for words in ("letter afterwards", "No one without a phone", "n: 12", "We hold them by hand", "Kept on the way."):
        assert words in page
    away = ReviewEvidence.objects.get(lesson=lesson)
    client.post(reverse("cycles:review_away", args=[away.pk]))
    assert not ReviewEvidence.objects.filter(lesson=lesson).exists()


def test_a_thing_keeps_its_own_readers(client, here):
    issue = f.IssueFactory(cycle=here.cycle, description="Only for the team")
    review = begun(here)
    actions.lay_beside(review=review, question=asks("lessons"), things={"issue": [issue]}, by=here.worker)
    said = {"governing.lessons": {"text": "Yes.", "is_unknown": False}}
    review = actions.finish_review(
        review=review, version=review.version, by=here.worker, held_on=TODAY(), answered_by="", who_is_in="",
        who_is_out="", changes=[], who_does="", draft=said,
    )  # fmt: skip
    client.force_login(here.worker)
    assert "Only for the team" in client.get(review.get_absolute_url()).text
    client.force_login(here.leader)
    page = client.get(review.get_absolute_url()).text
    assert "Only for the team" not in page
    assert "1 more thing that only others may open" in page


def test_a_story_taken_back_is_gone_from_reviews_at_once(client, here):
    story = f.StoryFactory(cycle=here.cycle, shared=True, title="Behind the bread bin")
    review = begun(here)
    actions.lay_beside(review=review, question=asks("purpose"), things={"story": [story]}, by=here.worker)
    client.force_login(here.worker)
    assert "Behind the bread bin" in client.get(review.get_absolute_url()).text
    story.withdrawn_on = TODAY()
    story.save()
    assert "Behind the bread bin" not in client.get(review.get_absolute_url()).text


def test_things_of_another_cycle_or_place_cannot_be_laid(client, here, elsewhere):
    review, question = begun(here), asks("lessons")
    foreign = f.LessonFactory(cycle=elsewhere.cycle)
    f.LessonFactory(cycle=here.cycle)
    client.force_login(here.worker)
    url = reverse("cycles:review_beside", args=[here.cycle.pk, review.held_on.isoformat(), question.pk])
    assert client.post(url, {"lesson": [foreign.pk]}).status_code == 422
    assert not ReviewEvidence.objects.exists()


# ------------------------------------------------------------------ who reads it


def test_a_draft_is_for_those_who_take_part(client, here):
    review = begun(here)
    other = f.LearningCycleFactory(team=here.working)
    CycleLink.objects.create(source=here.cycle, target=other, direction="horizontal", by=here.worker)
    seen = {}
    for name in ("worker", "steward", "leader", "helper", "evidence", "admin"):
        client.force_login(getattr(here, name))
        seen[name] = client.get(review.get_absolute_url()).status_code
    assert seen == {"worker": 200, "steward": 200, "leader": 200, "helper": 404, "evidence": 404, "admin": 404}


def test_lives_are_not_governed_here(client, here):
    case = f.CaseFactory(team=here.core, worker=here.worker)
    client.force_login(here.worker)
    assert client.get(page_of(case.cycle)).status_code == 404


def test_the_list_of_cycles_is_by_title_and_leaders_find_it(client, here):
    f.LearningCycleFactory(team=here.core, title="Aaa")
    finished(here)
    client.force_login(here.leader)
    page = client.get(reverse("cycles:governing")).text
    assert page.index("Aaa") < page.index(here.cycle.title)
    assert "Last review" in page


def test_the_cycle_shows_its_last_review_and_standing_promises(client, here):
    review = finished(here, back=3, who_is_out="Landlords")
    promised(here)
    client.force_login(here.worker)
    page = client.get(here.cycle.get_absolute_url()).text
    assert review.get_absolute_url() in page
    assert "Pay people for their time." in page


# ------------------------------------------------------------------ speed


def test_governing_page_query_count(steward, here):
    def one_more():
        back = Review.objects.count() * 90 + 1
        finished(here, back=back)
        promised(here)
        actions.bring_voice(cycle=here.cycle, kind="left_out", text="Us?", by=here.worker)
        actions.give_account(cycle=here.cycle, to_whom="All", by=here.worker)

    # who is asking (3), the cycle, whether they open it, draft, reviews, voices, what waits,
    # promises with their steps, decisions, accounts
    assert_queries_stay_flat(steward, page_of(here.cycle), one_more, most=14)


def test_review_page_query_count(steward, here):
    review = begun(here)

    def one_more():
        things = {
            "lesson": [f.LessonFactory(cycle=here.cycle)],
            "reading": [f.ReadingFactory(measure__cycle=here.cycle)],
            "story": [f.StoryFactory(cycle=here.cycle, shared=True)],
            "issue": [f.IssueFactory(cycle=here.cycle)],
        }
        actions.lay_beside(review=review, question=asks("lessons"), things=things, by=here.worker)

    # who is asking (3), the cycle, the review, questions of two sets, the last review, what lies beside (6), facts (8)
    assert_queries_stay_flat(steward, review.get_absolute_url(), one_more, most=24)


def test_governing_list_query_count(steward, here):
    def one_more():
        f.LearningCycleFactory(team=here.core)

    # three say who is asking, then the cycles and their reviews
    assert_queries_stay_flat(steward, reverse("cycles:governing"), one_more, most=6)
