"""A new password, asked for or changed."""

import re
import statistics
import time

import pytest
from django.core import mail
from django.test import Client

from cycles.people.models import AuditEntry
from tests.factories import PASSWORD
from tests.helpers.html import steady

RESET = "/account/password/reset/"
NEW = "otter wicker basket 4"


def ask(client, email, **extra):
    return client.post(RESET, {"email": email}, **extra)


def link_in(letter, site):
    return re.search(rf"{re.escape(site)}(/\S+)", letter.body)[1]


def test_reset_says_the_same_for_known_and_unknown(client, here):
    known, unknown = ask(client, here.worker.email, follow=True), ask(client, "nobody@example.org", follow=True)
    assert known.status_code == unknown.status_code == 200
    assert known.redirect_chain == unknown.redirect_chain
    assert steady(known.content.decode()) == steady(unknown.content.decode())
    assert [letter.to for letter in mail.outbox] == [[here.worker.email]]


def test_reset_takes_the_same_time_for_known_and_unknown(client, here, monkeypatch):
    """Even with a mail server that needs half a second: the letter goes out beside the request."""
    from concurrent.futures import ThreadPoolExecutor

    from django.core.mail import EmailMessage

    import hls.mail

    monkeypatch.setattr(hls.mail, "_sender", ThreadPoolExecutor(2))
    monkeypatch.setattr(EmailMessage, "send", lambda self: time.sleep(0.5))
    monkeypatch.setattr("allauth.account.app_settings.AppSettings.RATE_LIMITS", {})
    took = {here.worker.email: [], "nobody@example.org": []}
    for _ in range(8):
        for email, times in took.items():
            start = time.perf_counter()
            ask(client, email)
            times.append(time.perf_counter() - start)
    known, unknown = (statistics.median(times[1:]) for times in took.values())
    assert max(known, unknown) < 0.4, "nobody waits for the mail server"
    assert abs(known - unknown) < 0.2
    hls.mail.drain()


def test_reset_mail_goes_to_the_address_on_the_account_and_names_our_site(client, here, settings):
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]
    here.worker.email = "mike@example.org"
    here.worker.save()
    ask(client, "MIKE@example.org", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    (letter,) = mail.outbox
    assert letter.to == ["mike@example.org"]
    assert settings.SITE_URL in letter.body
    assert "evil" not in letter.body + letter.subject + str(letter.message())


def test_reset_link_works_once_and_ends_every_session(client, here, settings):
    elsewhere = Client()
    elsewhere.force_login(here.worker)
    ask(client, here.worker.email)
    path = link_in(mail.outbox[0], settings.SITE_URL)
    page = client.get(path, follow=True)
    form = page.request["PATH_INFO"]
    assert path.split("-")[-1] not in form, "the key is not in the address of the form"
    bad = client.post(form, {"password1": "short", "password2": "short"})
    assert bad.status_code == 422
    client.post(form, {"password1": NEW, "password2": NEW})
    assert elsewhere.get("/account/").status_code == 302
    assert "This link has ended" in Client().get(path, follow=True).content.decode()
    here.worker.refresh_from_db()
    assert here.worker.check_password(NEW)


def test_opening_the_reset_link_changes_nothing(client, here, settings):
    from tests.helpers.snapshot import changed, fingerprint

    ask(client, here.worker.email)
    path = link_in(mail.outbox[0], settings.SITE_URL)
    before = fingerprint()
    client.get(path, follow=True)
    client.head(path)
    assert changed(before, fingerprint()) == []


def test_no_reset_for_a_closed_account(client, here):
    here.worker.is_active = False
    here.worker.save()
    ask(client, here.worker.email)
    assert mail.outbox == []


def test_asking_again_and_again_is_slowed_down(client, here):
    answers = [ask(client, here.worker.email).status_code for _ in range(8)]
    assert answers[:5] == [302] * 5
    assert answers[-1] == 429
    assert ask(client, here.colleague.email).status_code == 302
    slowed = ask(client, here.worker.email)
    assert int(slowed["Retry-After"]) > 0


def test_new_password_ends_other_sessions_and_keeps_this_one(client, here):
    other = Client()
    for one in (client, other):
        one.force_login(here.worker)
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/account/password/change/", sent)["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert AuditEntry.objects.filter(act="new password", kind="user", target_ref=here.worker.pk).exists()


@pytest.mark.parametrize("bad", ["short", "password1234", "qwertyqwerty"])
def test_weak_password_is_refused_beside_its_field(client, here, bad):
    client.force_login(here.worker)
    page = client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": bad, "password2": bad})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.content.decode()
