"""Sharing notes asks the database a few times, however much the page it came from shows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from debriefs.models import DebriefAnswer
from tests import factories as f


def queries_of_sharing(client, debrief, **words):
    client.get(reverse("debriefs:list"))
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(reverse("debriefs:write", args=[debrief.pk]), {"action": "share", **words})
    assert (answer.status_code, answer.url) == (302, debrief.get_absolute_url())
    return [q["sql"] for q in seen if "SAVEPOINT" not in q["sql"]]


@pytest.mark.parametrize("many", [1, 3])
def test_sharing_takes_few_queries(client, here, many):
    debrief = f.DebriefFactory(cycle=here.cycle)
    for _ in range(many):
        f.CaseFactory(team=here.core, worker=here.worker)
        f.MeasureFactory(cycle=here.cycle, asked_in_debriefs=True)
    client.force_login(here.worker)

    asked = queries_of_sharing(client, debrief, now="Saw them twice.", learn="They open it with me.")

    # who is asking (3); the debrief; my notes; the questions; both again, locked; the notes begun; the answers;
    # who was there; the debrief is held; the notes are shared
    assert len(asked) <= 13, "\n".join(asked)
    assert DebriefAnswer.objects.count() == 2


def test_sharing_with_who_was_there_and_whose_life_reads_only_those(client, here):
    debrief = f.DebriefFactory(cycle=here.cycle)
    life = f.CaseFactory(team=here.core, worker=here.worker)
    client.force_login(here.worker)

    asked = queries_of_sharing(
        client,
        debrief,
        now="Saw them twice.",
        present=[here.worker.pk, here.colleague.pk],
        recorder=here.recorder.pk,
        cases=[life.pk],
    )

    # besides: the team, for the choices and in the act; lives, for the choices; which of them are one's own; the link
    assert len(asked) <= 18, "\n".join(asked)
    debrief.refresh_from_db()
    assert set(debrief.present.all()) == {here.worker, here.colleague}
    assert (debrief.recorder, list(debrief.cases.all())) == (here.recorder, [life])
