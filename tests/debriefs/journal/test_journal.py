"""Reading back: a team's talks in order, and the thread of one theme."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cycles.models import Question
from debriefs.journal.reading import by_month, find, thread
from debriefs.models import Contribution, DebriefAnswer
from tests import factories as f


@pytest.fixture
def now(db):
    return Question.objects.get(key="debrief.now")


def said(here, question, when, *texts, **more):
    at = timezone.make_aware(datetime(*when, 9))
    debrief = f.DebriefFactory(cycle=here.cycle, held=True, planned_for=at, **more)
    notes = Contribution.objects.create(debrief=debrief, author=here.worker, shared_at=at)
    for text in texts:
        DebriefAnswer.objects.create(debrief=debrief, contribution=notes, question=question, text=text)
    return debrief


def test_the_journal_reads_newest_first_and_page_by_page(here, now, client):
    for day in range(1, 13):
        said(here, now, (2026, 3, day), f"Said on day {day}.")
    client.force_login(here.colleague)
    first = client.get(reverse("debriefs:journal"))
    page = first.content.decode()
    assert page.index("Said on day 12.") < page.index("Said on day 3.")
    assert "Said on day 2." not in page
    older = client.get(reverse("debriefs:journal") + first.context["older"]).content.decode()
    assert "Said on day 2." in older
    assert "Said on day 3." not in older
    back = client.get(reverse("debriefs:journal"), {"on": "2026-03-05"}).content.decode()
    assert "Said on day 5." in back
    assert "Said on day 6." not in back
    assert client.get(reverse("debriefs:journal"), {"on": "x"}).status_code == 200
    for odd in ("x~1", "20260301T000000000000~x", "20260301T000000000000", "~"):
        assert client.get(reverse("debriefs:journal"), {"before": odd}).status_code == 200
    assert client.get(reverse("debriefs:journal"), {"before": "x"}).status_code == 200


def test_debriefs_of_one_moment_are_each_read_once_on_one_page_or_the_next(here, now, client):
    for number in range(13):
        said(here, now, (2026, 3, 1), f"Said as number {number}.", kind="hot" if number % 2 else "regular")
    client.force_login(here.colleague)
    first = client.get(reverse("debriefs:journal"))
    second = client.get(reverse("debriefs:journal") + first.context["older"])
    read = [debrief.pk for page in (first, second) for debrief in page.context["rows"]]
    assert (len(read), len(set(read))) == (13, 13)


def test_the_journal_holds_all_that_was_said_and_what_became_of_it(here, now, client):
    debrief = said(here, now, (2026, 3, 1), "The third letter came.")
    debrief.belief_notes.create(text="I half believe it.")
    debrief.additions.create(text="She rang back.", by=here.worker)
    debrief.follow_ups.create(audience="leaders", text="Stop the letters.", state="no_need", because="It is the law.",
                              answered_by=here.op_lead, answered_on=date(2026, 3, 4))  # fmt: skip
    debrief.follow_ups.create(audience="staff", text="Ring first.")
    client.force_login(here.colleague)
    page = client.get(reverse("debriefs:journal")).content.decode()
    for words in ("The third letter came.", "I half believe it.", "She rang back.", "Not done: It is the law."):
        assert words in page
    assert 'Ring first.</span> <span class="by">Staff. Still waits' in page


def test_words_are_found_best_first_marked_and_page_by_page(here, now, client):
    said(here, now, (2026, 3, 1), "Long ago a letter came, and then much else was said " + "of other things " * 30)
    best = said(here, now, (2026, 1, 1), "Letters, letters, letters.")
    for day in range(2, 25):
        said(here, now, (2026, 3, day), f'A letter & "a call" on day {day}.')
    client.force_login(here.colleague)
    first = client.post(reverse("debriefs:found"), {"q": "letter"})
    rows = first.context["rows"]
    assert rows[0].debrief == best
    assert "A <mark>letter</mark> &amp; &quot;a call&quot; on day" in first.content.decode()
    second = client.post(reverse("debriefs:found"), {"q": "letter", "after": first.context["more"]})
    read = [row.pk for answer in (first, second) for row in answer.context["rows"]]
    assert (len(read), len(set(read)), second.context["more"]) == (25, 25, "")
    assert [row.rank for row in rows] == sorted((row.rank for row in rows), reverse=True)
    for odd in ("x~1", "nan~1", "0.1~x", "1e999~" + "9" * 30):
        assert client.post(reverse("debriefs:found"), {"q": "letter", "after": odd}).status_code == 200
    assert client.post(reverse("debriefs:found"), {"q": " "}).status_code == 422
    assert "Nothing found" in client.post(reverse("debriefs:found"), {"q": "zebra"}).content.decode()


def test_another_teams_journal_is_out_of_sight(here, elsewhere, now, client):
    said(here, now, (2026, 3, 1), "Only for us.")
    client.force_login(elsewhere.worker)
    assert "Only for us." not in client.get(reverse("debriefs:journal")).content.decode()
    assert client.get(reverse("debriefs:journal"), {"team": here.core.pk}).status_code == 404
    for name in ("thread", "found"):
        assert client.post(reverse(f"debriefs:{name}"), {"team": here.core.pk, "q": "us"}).status_code == 404
    assert find(here.core, elsewhere.worker, "us") == []
    assert thread(here.core, elsewhere.worker, "us") == []


def test_a_theme_is_followed_from_first_to_last_and_counts_debriefs_not_people(here, now, client):
    said(here, now, (2026, 1, 5), "The letters frighten people.", "A letter came again.")
    said(here, now, (2026, 3, 9), "One letter fewer.")
    said(here, now, (2026, 3, 10), "Nothing about post.")
    months = thread(here.core, here.worker, "letter")
    assert [(month, len(some)) for month, some in months] == [(date(2026, 1, 1), 2), (date(2026, 3, 1), 1)]
    assert by_month(months) == [("Jan", "January 2026", 1), ("Feb", "February 2026", 0), ("Mar", "March 2026", 1)]
    client.force_login(here.worker)
    page = client.post(reverse("debriefs:thread"), {"q": "letters"}).content.decode()
    assert page.index("January 2026") < page.index("March 2026")
    assert "3 answers, oldest first." in page
    assert client.post(reverse("debriefs:thread"), {"q": ""}).status_code == 422
    assert "Nothing found" in client.post(reverse("debriefs:thread"), {"q": "zebra"}).content.decode()


@pytest.mark.parametrize(
    ("last", "columns", "first_words"),
    [
        (date(2027, 2, 1), 13, "February 2026"),
        (date(2028, 12, 1), 12, "January to March 2026"),
        (date(2033, 5, 1), 8, "2026"),
    ],
)
def test_a_long_thread_is_drawn_in_columns_that_can_carry_their_words(last, columns, first_words):
    from types import SimpleNamespace

    answers = [SimpleNamespace(debrief_id=1), SimpleNamespace(debrief_id=1), SimpleNamespace(debrief_id=2)]
    rows = by_month([(date(2026, 2, 1), answers), (last, answers[:1])])
    assert (len(rows), rows[0][1], sum(n for *_, n in rows)) == (columns, first_words, 3)


def test_finding_asks_the_same_few_queries(here, now, client):
    client.force_login(here.worker)
    counts = []
    for start in (1, 5):
        for day in range(start, start + 3):
            said(here, now, (2026, 3, day), "One letter.")
        with CaptureQueriesContext(connection) as asked:
            assert client.post(reverse("debriefs:found"), {"q": "letter"}).status_code == 200
        counts.append(len([q for q in asked if "django_session" not in q["sql"] and "SAVEPOINT" not in q["sql"]]))
    assert counts[0] == counts[1]


def test_the_journal_asks_the_same_few_queries(here, now, client):
    client.force_login(here.worker)
    counts = []
    client.get(reverse("debriefs:journal"))  # the first visit writes the session
    for start in (1, 5):
        for day in range(start, start + 3):
            said(here, now, (2026, 3, day), "One.", "Two.")
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("debriefs:journal"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
