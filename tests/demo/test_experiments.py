"""The demo's experiments: all four kinds, limits, a family, lives taken in, and evidence both ways."""

import pytest
from django.test import Client
from django.urls import reverse

from cycles import models as c
from hls.demo.clear import clear


@pytest.mark.system(18)
@pytest.mark.system(57)
def test_the_demo_shows_experiments_in_full(northbank):
    rows = list(c.Experiment.objects.select_related("cycle", "serves", "parent"))
    assert {row.kind for row in rows} == {"Training", "Project", "Enquiry", "Prototype", ""}
    assert {row.state for row in rows} >= {"idea", "running", "paused", "embedded", "adapted", "stopped"}
    reform = [row for row in rows if row.title.startswith("Homelessness reform")]
    assert sorted(row.kind for row in reform) == ["Enquiry", "Prototype"]
    assert [row.title for row in rows if row.serves is None] == []
    assert set(c.Statement.objects.values_list("state", flat=True)) == set(c.Statement.State.values)
    for statement in c.Statement.objects.all():
        assert {row.side for row in statement.evidence.all()} == {"for", "against"}, statement
    talk = c.Experiment.objects.get(title="Talk first")
    assert talk.tie is not None
    assert talk.taken_in.count() >= 5
    asha, client = c.User.objects.get(email__startswith="asha@"), Client()
    client.force_login(asha)
    page = client.get(talk.get_absolute_url()).text
    for words in ("We want to find out", str(talk.tie), "6 people so far", "Crossed on", "The measure we watch"):
        assert words in page, words
    harri = c.User.objects.get(email__startswith="harri@")
    client.force_login(harri)
    assert "It is paused" in client.get(c.Experiment.objects.get(state="paused").get_absolute_url()).text
    assert client.get(reverse("cycles:experiments")).text.count("<section") >= 4


def test_experiments_go_with_the_demo_however_often_one_grew_out_of_another(northbank):
    child = c.Experiment.objects.exclude(parent=None).first()
    c.Experiment.objects.create(cycle=child.cycle, parent=child, title="A grandchild", question="And then?")
    assert clear() == 1
    assert not c.Experiment.objects.exists()
    assert not c.Statement.objects.exists()
    assert not c.Evidence.objects.exists()
