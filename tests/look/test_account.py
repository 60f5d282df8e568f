import re

import pytest
from django.core import mail
from django.urls import reverse

from hls.mail import drain
from tests.factories import PASSWORD

NEW = "seven quiet herons 2"


def test_sign_in_page_is_ours(client, db):
    html = client.get(reverse("account_login")).content.decode()
    assert "nobody counts how much you write" in html
    assert 'autocomplete="current-password"' in html
    assert "sign up" not in html.lower()


def test_wrong_password_says_there_is_a_problem(client, here):
    response = client.post(reverse("account_login"), {"login": here.worker.email, "password": "wrong"})
    html = response.content.decode()
    assert "<title>There is a problem: Sign in" in html
    assert 'role="alert"' in html
    assert here.worker.email in html


def test_signing_in_says_nothing_about_success(client, here):
    client.post(reverse("account_login"), {"login": here.worker.email, "password": PASSWORD})
    html = client.get(reverse("help")).content.decode()
    assert "uccessfully" not in html
    assert here.worker.short_name in html


@pytest.mark.parametrize("known", [True, False])
def test_reset_page_looks_the_same_for_known_and_unknown(client, here, known):
    email = here.worker.email if known else "nobody@example.org"
    response = client.post(reverse("account_reset_password"), {"email": email}, follow=True)
    drain()
    assert "Look in your e-mail" in response.content.decode()
    assert len(mail.outbox) == known


def test_password_can_be_made_new_from_the_mail(client, here, settings):
    client.post(reverse("account_reset_password"), {"email": here.worker.email})
    drain()
    (letter,) = mail.outbox
    link = re.search(rf"{re.escape(settings.SITE_URL)}(/\S+)", letter.body)[1]
    page = client.get(link, follow=True)
    assert "Choose a new password" in page.content.decode()
    done = client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)
    assert "Your new password is saved" in done.content.decode()
    here.worker.refresh_from_db()
    assert here.worker.check_password(NEW)


def test_used_link_offers_a_new_one(client, db):
    html = client.get(reverse("account_reset_password_from_key", args=["1", "abc-123"])).content.decode()
    assert "Send me a new link" in html


def test_changing_the_password_keeps_this_session(client, here):
    client.force_login(here.worker)
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post(reverse("account_change_password"), data)
    assert client.get(reverse("account_change_password")).status_code == 200


def test_nobody_can_make_an_account_alone(client, db):
    assert client.get("/account/signup/").status_code == 404


def test_signing_out_asks_first(client, here):
    client.force_login(here.worker)
    assert "Sign out?" in client.get(reverse("account_logout")).content.decode()
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session
