from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

KEEP = "/account/keep/"
IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=10)


@pytest.fixture
def client(client, here):
    client.force_login(here.worker)
    return client


def test_staying_moves_the_idle_deadline_and_not_the_other(client, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client.get(reverse("help"))
    time_machine.move_to(start + timedelta(minutes=29), tick=False)
    told = client.post(KEEP).json()
    assert datetime.fromisoformat(told["idle_until"]) == start + timedelta(minutes=29) + IDLE
    assert datetime.fromisoformat(told["absolute_until"]) == start + ABSOLUTE


def test_staying_too_late_leads_to_sign_in(client, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client.get(reverse("help"))
    time_machine.move_to(start + timedelta(minutes=31), tick=False)
    response = client.post(KEEP)
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_staying_is_not_done_by_a_link(client):
    assert client.get(KEEP).status_code == 405


def test_page_carries_both_deadlines(client):
    html = client.get(reverse("help")).content.decode()
    assert "data-idle-until=" in html
    assert "data-absolute-until=" in html


def test_page_of_a_stranger_has_no_deadlines(db):
    from django.test import Client

    assert "session-warning" not in Client().get(reverse("help")).content.decode()
