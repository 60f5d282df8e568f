"""A new password: other sessions end by themselves, tokens where their person says so."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from tests.api.conftest import Api

OLD, NEW = "three words to recall", "another three long words"


@pytest.fixture
def person(here, client, token_of):
    here.worker.set_password(OLD)
    here.worker.save()
    client.force_login(here.worker)
    here.worker.api_tokens.all().delete()
    return here.worker


def works(token):
    return Api(token.token).get("/me").status_code == 200


def change(client, **more):
    sent = {"oldpassword": OLD, "password1": NEW, "password2": NEW}
    return client.post(reverse("account_change_password"), sent | more)


def test_it_is_offered_ticked_to_whoever_has_a_token(client, person, token_of):
    address = reverse("account_change_password")
    assert "tokens for programs" not in client.get(address).content.decode()
    token_of(person)
    page = client.get(address).content.decode()
    assert re.search(r'<input[^>]*name="end_tokens"[^>]*checked', page)


def test_ticked_all_tokens_of_that_person_end_and_no_other_s(client, here, person, token_of):
    mine, other = [token_of(person), token_of(person)], token_of(here.colleague)
    assert change(client, end_tokens="on").status_code == 302
    assert not any(map(works, mine))
    assert works(other)
    assert {token.ended_by for token in person.api_tokens.all()} == {person}


def test_left_open_they_go_on(client, person, token_of):
    token = token_of(person)
    assert change(client).status_code == 302
    assert works(token)


def test_a_password_that_is_refused_ends_nothing(client, person, token_of):
    token = token_of(person)
    assert change(client, end_tokens="on", password2="not the same at all").status_code == 422
    assert change(client, end_tokens="on", oldpassword="wrong words here").status_code == 422
    assert works(token)


@pytest.mark.parametrize("ticked", [True, False])
def test_a_reset_asks_the_same(client, person, token_of, ticked, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    token = token_of(person)
    client.logout()
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"https?://[^/]+(/account/password/reset/key/\S+)", mail.outbox[-1].body)[1]
    page = client.get(link, follow=True)
    assert 'name="end_tokens"' in page.content.decode()
    sent = {"password1": NEW, "password2": NEW} | ({"end_tokens": "on"} if ticked else {})
    client.post(page.request["PATH_INFO"], sent)
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert works(token) is not ticked
