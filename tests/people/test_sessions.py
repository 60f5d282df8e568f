"""How long a session lives, what keeps it alive, and what is never lost when it ends."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import factories as f
from tests.factories import PASSWORD
from tests.helpers.html import forms

START = "2026-11-20 09:00:00+00:00"
MINUTE = 60
WORDS = "She keeps the letters behind the bread bin,\nand nobody asked why."


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def is_open(client, **extra):
    return client.get("/account/", **extra).status_code == 200


def test_session_lives_half_an_hour_without_its_person(client, here, clock):
    client.force_login(here.worker)
    assert is_open(client)
    clock.shift(29 * MINUTE)
    assert is_open(client)
    clock.shift(29 * MINUTE)
    assert is_open(client)
    clock.shift(30 * MINUTE)
    assert not is_open(client)


def test_session_ends_after_ten_hours_however_busy(client, here, clock):
    client.force_login(here.worker)
    for _ in range(10 * 3 - 1):
        assert is_open(client)
        clock.shift(20 * MINUTE)
    assert is_open(client)
    clock.shift(20 * MINUTE)
    assert not is_open(client)


def test_requests_of_the_page_itself_keep_nothing_alive(client, here, clock):
    client.force_login(here.worker)
    is_open(client)
    for _ in range(5):
        clock.shift(5 * MINUTE)
        assert is_open(client, headers={"X-Background": "1"})
    clock.shift(5 * MINUTE)
    answer = client.get("/account/", headers={"X-Background": "1"})
    assert answer.status_code == 401, "a page that saves by itself is told so, and not led away"


def test_staying_signed_in_starts_the_idle_clock_and_not_the_ten_hours(client, here, clock):
    client.force_login(here.worker)
    is_open(client)
    clock.shift(28 * MINUTE)
    told = client.post(reverse("keep_session")).json()
    started = dt.datetime.fromisoformat(START)
    assert dt.datetime.fromisoformat(told["idle_until"]) == started + dt.timedelta(minutes=58)
    assert dt.datetime.fromisoformat(told["absolute_until"]) == started + settings.SESSION_ABSOLUTE
    clock.shift(29 * MINUTE)
    assert is_open(client)


def test_page_says_when_the_session_ends(client, here, clock):
    client.force_login(here.worker)
    page = client.get("/account/")
    assert page["X-Idle-Until"] == "2026-11-20T09:30:00+00:00"
    assert 'data-idle-until="2026-11-20T09:30:00+00:00"' in page.content.decode()


def test_after_time_out_the_person_returns_to_the_page(client, here, clock):
    client.force_login(here.worker)
    is_open(client)
    clock.shift(31 * MINUTE)
    to = client.get("/account/?theme=1")["Location"]
    assert client.post(to, {"login": here.worker.email, "password": PASSWORD})["Location"] == "/account/?theme=1"


def test_after_time_out_htmx_loads_the_sign_in_page_whole(client, here, clock):
    client.force_login(here.worker)
    is_open(client)
    clock.shift(31 * MINUTE)
    answer = client.get("/account/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/issues/?q=a"})
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/account/login/?next=/issues/%3Fq%3Da"
    assert answer.content == b""


def expired_post(client, clock, user, data=None, **extra):
    client.force_login(user)
    is_open(client)
    clock.shift(31 * MINUTE)
    return client.post("/account/", data or {"short_name": WORDS, "theme": "dark"}, **extra)


def test_words_sent_after_time_out_are_given_back_after_sign_in(client, here, clock):
    answer = expired_post(client, clock, here.worker)
    assert answer["Location"] == "/account/login/?next=/account/kept-words/"
    page = client.post(answer["Location"], {"login": here.worker.email, "password": PASSWORD}, follow=True)
    form = next(form for form in forms(page, "/account/kept-words/") if "short_name" in form.names)
    assert form.action == "/account/"
    assert form.data()["short_name"] == [WORDS]
    assert form.data()["theme"] == ["dark"]


def test_words_sent_by_htmx_after_time_out_are_kept_too(client, here, clock):
    answer = expired_post(client, clock, here.worker, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/account/login/?next=/account/kept-words/"


def test_kept_words_are_for_their_writer_alone(client, here, clock):
    answer = expired_post(client, clock, here.worker)
    page = client.post(answer["Location"], {"login": here.colleague.email, "password": PASSWORD}, follow=True)
    assert page.status_code == 404
    assert "bread bin" not in page.content.decode()


def test_kept_words_rest_encrypted_and_not_for_long(client, here, clock):
    answer = expired_post(client, clock, here.worker)
    from django.contrib.sessions.models import Session

    stored = [str(Session(session_data=s.session_data).get_decoded()) for s in Session.objects.all()]
    assert stored
    assert not any("bread bin" in one for one in stored)
    clock.shift(31 * MINUTE)
    page = client.post(answer["Location"], {"login": here.worker.email, "password": PASSWORD}, follow=True)
    assert page.status_code == 404


def test_secrets_are_not_kept(client, here, clock):
    answer = expired_post(
        client, clock, here.worker, {"password1": "otter wicker basket 4", "short_name": "Rowan Tree"}
    )
    page = client.post(answer["Location"], {"login": here.worker.email, "password": PASSWORD}, follow=True)
    assert "Rowan Tree" in page.content.decode()
    assert "otter wicker" not in page.content.decode()


def test_other_sessions_can_be_ended_and_this_one_stays(client, here):
    other = Client()
    client.force_login(here.worker)
    other.force_login(here.worker)
    client.post(reverse("people:sign_out_others"))
    assert is_open(client)
    assert not is_open(other)


def test_deactivated_users_open_session_dies_at_once_and_for_good(client, here):
    client.force_login(here.worker)
    assert is_open(client)
    boss = Client()
    boss.force_login(here.admin)
    boss.post(reverse("people:deactivate", args=[here.worker.pk]))
    assert not is_open(client)
    boss.post(reverse("people:reactivate", args=[here.worker.pk]))
    here.worker.refresh_from_db()
    assert here.worker.is_active
    assert not is_open(client), "an old session does not come back with the account"


def test_rights_change_with_the_next_request(client, here):
    client.force_login(here.admin)
    second = f.MembershipFactory(place=here.place, team=None, role="place_admin").user
    assert client.get(reverse("people:place")).status_code == 200
    part = here.admin.memberships.get()
    boss = Client()
    boss.force_login(second)
    boss.post(reverse("people:membership_end", args=[part.pk]), {"on": dt.date.today().isoformat()})
    assert client.get(reverse("people:place")).status_code == 404
