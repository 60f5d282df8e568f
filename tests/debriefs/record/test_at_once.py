"""Buttons pressed eight times at the same moment do their thing once, on the real database (rows 31 and 34)."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cycles.models import Lesson, Notice
from debriefs.models import Contribution, Debrief, DebriefAnswer, FollowUp, Produced
from debriefs.record import actions
from issues.models import Issue, Sighting
from tests import factories as f
from tests.factories.fixtures import make_place
from tests.helpers.html import forms

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db):
    from cycles.questions.sets import load_questions

    load_questions("default")
    return make_place()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def form_at(client, url, holds):
    return next(one for one in forms(client.get(url), url) if holds in one.names).data()


def press(user, url, sent, times=8):
    """Send one form many times at once; the statuses that came back."""
    start, told = threading.Barrier(times), []
    clients = [signed_in(user) for _ in range(times)]

    def send(client):
        start.wait()
        try:
            told.append(client.post(url, sent).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_sharing_and_adding_happen_once(here):
    debrief = f.DebriefFactory(cycle=here.cycle)
    url = reverse("debriefs:write", args=[debrief.pk])
    client = signed_in(here.worker)
    for action in ("issue:now", "lesson:now", "share"):
        sent = form_at(client, url, "writer") | {"action": action, "now": "Letters first.", "next-staff": "Ring."}
        assert set(press(here.worker, url, sent)) == {302}, action
    assert [
        model.objects.count() for model in (Issue, Sighting, Lesson, Produced, Contribution, DebriefAnswer, FollowUp)
    ] == [1, 1, 1, 2, 1, 1, 1]


def test_a_hot_debrief_is_called_once_and_tells_once(here):
    url = reverse("debriefs:hot")
    sent = form_at(signed_in(here.worker), url, "issue") | {"issue": "Agents rang.", "raises": "on"}
    assert set(press(here.worker, url, sent)) == {302}
    assert (Debrief.objects.count(), Issue.objects.count(), Notice.objects.count()) == (1, 1, 3)


def test_without_the_lock_the_same_presses_collide(here, monkeypatch):
    """Positive control: with the lock off, presses at once meet in the database and some fail."""
    monkeypatch.setattr(actions, "one_at_a_time", lambda team: None)
    url = reverse("debriefs:hot")
    worst = set()
    for number in range(30):  # the first will do, on nearly every machine
        sent = form_at(signed_in(here.worker), url, "issue") | {"issue": f"Number {number}"}
        try:
            threading.excepthook, kept = (lambda args: worst.add(args.exc_type.__name__)), threading.excepthook
            press(here.worker, url, sent)
        finally:
            threading.excepthook = kept
        if "IntegrityError" in worst:
            break
    assert "IntegrityError" in worst
