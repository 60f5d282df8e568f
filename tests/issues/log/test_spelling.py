"""Words found although they are misspelled, by the place's own words, and never beyond what one may see."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from issues.log import reading
from issues.log.filters import log_of
from issues.log.models import Issue
from issues.log.search import similar
from issues.log.spelling import british, nearest, question
from issues.log.tasks import forget_words
from issues.log.vocabulary import Word, shortened
from tests.factories import IssueFactory, LearningCycleFactory


def found(user, words, place):
    return {issue.description for issue in log_of(user, {"q": words}, place=place).queryset}


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("The council sends three letters", "counsil"),  # another letter
        ("Benefits stop when she moves", "benifts"),  # one wrong and one missing
        ("They receive nothing on time", "recieve"),  # two changed over
        ("Accommodation is far away", "accomodation"),  # one missing
        ("The counsil never rings", "council"),  # misspelled by who wrote it
        ("Nobody organised the visit", "organize visits"),  # the other side of the sea, and stemming
        ("The centre closes at four", "center"),
        ("His licence was taken", "license"),
    ],
)
def test_search_finds_what_was_meant(here, said, asked):
    IssueFactory(cycle=here.cycle, description=said)
    IssueFactory(cycle=here.cycle, description="Something else is in the way")
    assert found(here.worker, asked, here.place) == {said}
    assert found(here.steward, asked, here.place) == {said}
    assert found(here.worker, asked, None) == {said}


def test_words_that_find_enough_are_not_looked_up_in_the_vocabulary(client, here, monkeypatch):
    """Who finds a page full of the very word is shown those; only too few are filled up with what may be meant."""
    monkeypatch.setattr(reading, "ENOUGH", 2)
    for said in ("The council sends letters", "The council never rings", "The counsil never rings"):
        IssueFactory(cycle=here.cycle, description=said)
    client.force_login(here.worker)

    def shown(words):
        with CaptureQueriesContext(connection) as asked:
            page = client.post(reverse("issues:list"), {"q": words}).content.decode()
        vocabulary = any("issues_word" in query["sql"] for query in asked)
        return "The council" in page, "The counsil" in page, vocabulary

    assert shown("council") == (True, False, False)
    assert shown("counsil") == (True, True, True)
    assert shown("council sends") == (True, False, True)


def test_short_words_that_are_known_are_not_widened(here):
    IssueFactory(cycle=here.cycle, description="The rent is late")
    IssueFactory(cycle=here.cycle, description="She sent a card")
    IssueFactory(cycle=here.cycle, description="They live in a tent")
    assert found(here.worker, "rent", here.place) == {"The rent is late"}


def test_quotes_minus_and_or_mean_what_they_did(here):
    IssueFactory(cycle=here.cycle, description="The front door is locked")
    IssueFactory(cycle=here.cycle, description="The door at the front sticks")
    IssueFactory(cycle=here.cycle, description="The window is broken")
    assert found(here.worker, '"front door"', here.place) == {"The front door is locked"}
    assert found(here.worker, "door -locked", here.place) == {"The door at the front sticks"}
    assert found(here.worker, "locked or window", here.place) == {"The front door is locked", "The window is broken"}


@pytest.mark.parametrize("words", ["(((", "& | !", "'", "a' & 'b", "\\", ":*", "the", "<->", "-", '""', "or or or"])
def test_odd_words_are_words_and_nothing_breaks(client, here, words):
    IssueFactory(cycle=here.cycle, description="The front door is locked")
    client.force_login(here.worker)
    assert client.post(reverse("issues:list"), {"q": words}).status_code == 200
    assert "The front door" not in str(found(here.worker, words, here.place))


def test_search_by_a_slip_never_shows_what_one_may_not_see(client, here, elsewhere):
    hidden = IssueFactory(cycle=LearningCycleFactory(team=here.working), description="Zimmerframes are refused")
    theirs = IssueFactory(cycle=elsewhere.cycle, description="Zimmerframes are refused over there")
    client.force_login(here.worker)
    page = client.post(reverse("issues:list"), {"q": "zimmerfames"}).content.decode()
    assert "No issues with those words" in page
    assert "zimmerframe" not in page.lower()  # no “did you mean”: that would tell
    assert found(here.helper, "zimmerfames", here.place) == {hidden.description}
    assert found(elsewhere.worker, "zimmerfames", elsewhere.place) == {theirs.description}


def test_vocabulary_is_kept_place_by_place(here, elsewhere):
    IssueFactory(cycle=here.cycle, description="Zimmerframes are refused")
    assert nearest(["zimmerfames"], [here.place.pk])["zimmerfames"] == ["zimmerframes"]
    assert nearest(["zimmerfames"], [elsewhere.place.pk])["zimmerfames"] == []


def test_vocabulary_learns_rewordings_and_forgets_what_nobody_says(here):
    issue = IssueFactory(cycle=here.cycle, description="Margaret waits for a cooker")
    Issue.objects.filter(pk=issue.pk).update(description="Someone waits for a cooker")
    words = set(Word.objects.values_list("word", flat=True))
    assert {"margaret", "cooker", "someone"} <= words
    forget_words()
    assert Word.objects.filter(word="margaret").exists(), "looked at today already"
    Word.objects.update(checked_on=timezone.localdate() - timedelta(days=1))
    Word.objects.create(place=here.place, word="cooker", near=["cooker"], checked_on=date(2020, 1, 1))
    forget_words()
    forget_words()
    assert list(Word.objects.filter(word__in=["margaret", "cooker"]).values_list("word", flat=True)) == ["cooker"]


def test_database_and_python_shorten_alike(here):
    IssueFactory(cycle=here.cycle, description="accommodation rent paying")
    kept = {word.word: set(word.near) for word in Word.objects.all()}
    assert kept == {word: shortened(word) for word in ("accommodation", "rent", "paying")}


def test_similar_issues_forgive_slips_and_endings(here):
    issue = IssueFactory(cycle=here.cycle, description="Benefits letters arrive after the appointment")
    IssueFactory(cycle=here.cycle, description="The van is late again")
    assert similar(here.worker, "The benifits leter arrived after his apointment", place=here.place) == [issue]
    assert similar(here.steward, "The benifits leter arrived after his apointment", place=here.place) == [issue]
    assert similar(here.worker, "The benifits leter arrived after his apointment") == [issue]


@pytest.mark.parametrize(
    ("one", "other"),
    [("organise", "organize"), ("colour", "color"), ("travelling", "traveling"), ("programme", "program")],
)
def test_british_and_american_are_one_word(one, other):
    assert other in british(one)
    assert one in british(other)


def test_question_looks_words_up_once(here, django_assert_num_queries):
    IssueFactory(cycle=here.cycle, description="Benefits stop when she moves")
    question("warm up", [here.place.pk])
    with django_assert_num_queries(1):  # the vocabulary, for all words together
        question("benifts stopp wenn moves house street", [here.place.pk])
