"""Reading back: a team's talks in order, and the thread of one theme."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cycles.models import Question
from debriefs.journal.reading import by_month, thread
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
    assert client.get(reverse("debriefs:journal"), {"before": "x"}).status_code == 200


def test_another_teams_journal_is_out_of_sight(here, elsewhere, now, client):
    said(here, now, (2026, 3, 1), "Only for us.")
    client.force_login(elsewhere.worker)
    assert "Only for us." not in client.get(reverse("debriefs:journal")).content.decode()
    assert client.get(reverse("debriefs:journal"), {"team": here.core.pk}).status_code == 404
    asked = client.post(reverse("debriefs:thread"), {"team": here.core.pk, "q": "us"})
    assert asked.status_code == 404
    assert thread(here.core, elsewhere.worker, "us") == []


def test_a_theme_is_followed_from_first_to_last_and_counts_debriefs_not_people(here, now, client):
    said(here, now, (2026, 1, 5), "The letters frighten people.", "A letter came again.")
    said(here, now, (2026, 3, 9), "One letter fewer.")
    said(here, now, (2026, 3, 10), "Nothing about post.")
    months = thread(here.core, here.worker, "letter")
    assert [(month, len(some)) for month, some in months] == [(date(2026, 1, 1), 2), (date(2026, 3, 1), 1)]
    assert by_month(months) == [("Jan", 1), ("Feb", 0), ("Mar", 1)]
    client.force_login(here.worker)
    page = client.post(reverse("debriefs:thread"), {"q": "letters"}).content.decode()
    assert page.index("January 2026") < page.index("March 2026")
    assert "3 answers, oldest first." in page
    assert client.post(reverse("debriefs:thread"), {"q": ""}).status_code == 422
    assert "Nothing found" in client.post(reverse("debriefs:thread"), {"q": "zebra"}).content.decode()


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
