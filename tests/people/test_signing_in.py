"""Coming in by e-mail and password, and staying out without them."""

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse

from cycles.people.models import AuditEntry
from tests import factories as f
from tests.factories import PASSWORD

LOGIN = "/account/login/"


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_signed_in(client):
    return client.get("/account/").status_code == 200


def test_sign_in_by_email_whatever_its_case(client, here):
    sign_in(client, here.worker.email.upper())
    assert is_signed_in(client)


def test_signing_in_makes_a_new_session_id(client, here):
    """A session id planted before is worth nothing after."""
    client.get(LOGIN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client, here.worker.email)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_out_ends_the_session_on_the_server(client, here):
    client.force_login(here.worker)
    key = client.session.session_key
    assert client.get("/account/logout/").status_code == 200
    assert is_signed_in(client), "opening the page signs nobody out"
    client.post("/account/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    client.cookies["sessionid"] = key
    assert not is_signed_in(client)


def test_next_leads_back_to_the_page(client, here):
    response = client.get("/account/?a=1")
    assert response["Location"] == f"{LOGIN}?next=/account/%3Fa%3D1"
    response = client.post(response["Location"], {"login": here.worker.email, "password": PASSWORD})
    assert response["Location"] == "/account/?a=1"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://testserver@evil.example/",
        "https:///evil.example",
        " https://evil.example",
        "\thttps://evil.example",
        "/%0d%0aLocation:https://evil.example",
    ],
)
def test_next_never_leads_elsewhere(client, here, target):
    response = client.post(f"{LOGIN}", {"login": here.worker.email, "password": PASSWORD, "next": target})
    assert response.status_code == 302
    assert response["Location"] in ("/", target)
    assert response["Location"] == "/" or target.startswith("/%")
    response = client.get(LOGIN, {"next": target})
    assert "evil" not in response.headers.get("Location", "").replace("/%0d%0aLocation:https://evil.example", "")


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "confirm-email/", "password/set/", "reauthenticate/", "login/code/confirm/", "social/"],
)
def test_there_is_no_other_way_in(client, here, path):
    assert client.get(f"/account/{path}").status_code == 404
    client.force_login(here.worker)
    assert client.get(f"/account/{path}").status_code == 404


def test_ten_wrong_block_even_the_right_password_and_nobody_else(client, here):
    for _ in range(9):
        assert sign_in(client, here.worker.email, "wrong").status_code == 422
    for _ in range(3):
        blocked = sign_in(client, here.worker.email.title())
        assert (blocked.status_code, blocked["Retry-After"]) == (429, "300")
    assert not is_signed_in(client)
    sign_in(client, here.colleague.email)
    assert is_signed_in(client), "a colleague at the same address comes in"


def test_block_ends_after_five_minutes(client, here):
    with time_machine.travel("2026-11-20 10:00:00+00:00", tick=False) as clock:
        for _ in range(10):
            sign_in(client, here.worker.email, "wrong")
        clock.shift(299)
        assert sign_in(client, here.worker.email).status_code == 429
        clock.shift(2)
        assert sign_in(client, here.worker.email).status_code == 302


def test_block_counts_an_account_across_host_names(client, here, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    for number in range(10):
        sign_in(client, here.worker.email, "wrong", headers={"Host": ["testserver", "other.example"][number % 2]})
    assert sign_in(client, here.worker.email).status_code == 429


@pytest.mark.external
def test_block_holds_while_redis_is_away(client, here, settings):
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"},
    }
    for _ in range(9):
        assert sign_in(client, here.worker.email, "wrong").status_code == 422
    assert sign_in(client, here.worker.email).status_code == 429
    assert sign_in(client, here.colleague.email).status_code == 302


def test_an_office_shares_one_address(client, here):
    """An office behind one address is not an attack: each mistypes once, all come in."""
    people = [here.worker, here.colleague, here.recorder, here.op_lead, here.leader]
    for number in range(40):
        person = people[number % 5]
        client.post("/account/logout/")
        if number % 10 == 0:
            sign_in(client, person.email, "wrong")
        assert sign_in(client, person.email).status_code == 302


def test_unknown_and_known_accounts_cannot_be_told_apart(client, here):
    known = sign_in(client, here.worker.email, "wrong")
    unknown = sign_in(client, "nobody@example.org", "wrong")
    assert known.status_code == unknown.status_code == 422
    from tests.helpers.html import steady

    assert steady(known.content.decode()).replace(here.worker.email, "") == steady(unknown.content.decode()).replace(
        "nobody@example.org", ""
    )


def test_unknown_account_costs_the_same_work(client, here, monkeypatch):
    """One password is hashed either way, so the time tells nothing."""
    from django.contrib.auth import hashers

    hashed = []
    original = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or original(*a, **k))
    counts = []
    for email in (here.worker.email, "nobody@example.org"):
        hashed.clear()
        sign_in(client, email, "wrong")
        counts.append(len(hashed))
    assert counts == [1, 1]


def test_deactivated_user_cannot_sign_in(client, here):
    here.worker.is_active = False
    here.worker.save()
    assert sign_in(client, here.worker.email)["Location"] == reverse("account_inactive")
    assert not is_signed_in(client)


def test_sign_in_and_failed_sign_in_are_noted_by_id_alone(client, here):
    sign_in(client, here.worker.email, "wrong")
    sign_in(client, "nobody@example.org", "wrong")
    sign_in(client, here.worker.email)
    told = list(AuditEntry.objects.order_by("pk").values_list("act", "actor_ref", "kind", "target_ref"))
    assert told == [
        ("sign in failed", None, "user", here.worker.pk),
        ("sign in failed", None, "user", None),
        ("sign in", here.worker.pk, "", None),
    ]


def test_email_is_unique_whatever_its_case(db):
    from django.db import IntegrityError, transaction

    f.UserFactory(email="rowan@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        f.UserFactory(email="Rowan@Example.org")
