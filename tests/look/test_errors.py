import re
from types import SimpleNamespace

import pytest
from django.test import Client

from hls import errors

pytestmark = pytest.mark.urls("tests.look.urls")

WORDS = "She said: “I had a drawer.” <b>\nI never opened it."


@pytest.fixture
def calm_client():
    """Faults become pages, as they do for people."""
    return Client(raise_request_exception=False)


def sent_again(html):
    """What the page would post, read as a browser reads it."""
    from html import unescape

    area = re.search(r'name="what_happened" rows="4">\n(.*?)</textarea>', html, re.S)
    return unescape(area[1]).replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/nowhere/", 404, "We can’t find that page"),
        ("/refused/", 403, "You can’t do this here"),
        ("/broken/", 500, "Something broke, and it was us"),
        ("/away/", 503, "We will be back in a minute"),
    ],
)
def test_error_pages_say_what_to_do_next(calm_client, address, status, says, here):
    calm_client.force_login(here.worker)
    response = calm_client.get(address)
    assert response.status_code == status
    assert says in response.content.decode()
    assert "Traceback" not in response.content.decode()


def test_unavailable_says_when_to_come_back(calm_client):
    assert calm_client.get("/away/")["Retry-After"] == "30"


def test_server_error_answers_even_when_its_template_is_gone(rf, monkeypatch):
    def gone(name):
        raise OSError(name)

    monkeypatch.setattr(errors.loader, "get_template", gone)
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "it was us" in response.content.decode()


def test_bad_request_reads_nothing_of_the_request():
    assert errors.bad_request(SimpleNamespace(path="/")).status_code == 400


def test_a_post_in_another_charset_is_a_plain_400():
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    response = client.generic(
        "POST", "/account/login/", b"\xff\xfe", "application/x-www-form-urlencoded; charset=utf-16"
    )
    assert response.status_code == 400
    assert "We could not read that" in response.content.decode()


def test_typed_words_come_back_when_the_token_is_old():
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        "/kept/?part=1",
        {"what_happened": WORDS, "level": "sys", "password": "old one", "csrfmiddlewaretoken": "x" * 32},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    html = response.content.decode()
    assert response.status_code == 403
    assert sent_again(html) == WORDS
    assert 'action="/kept/?part=1"' in html
    assert '<input type="hidden" name="level" value="sys">' in html
    assert "old one" not in html
    assert "x" * 32 not in html


def test_words_that_came_back_can_be_sent_again():
    client = Client(enforce_csrf_checks=True)
    page = client.post("/kept/", {"what_happened": WORDS}, headers={"Sec-Fetch-Site": "same-origin"}).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    answer = client.post("/kept/", {"what_happened": sent_again(page), "csrfmiddlewaretoken": token})
    assert answer.content.decode() == f"kept: {WORDS}"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Referer": "https://evil.example/x"}],
)
def test_words_from_another_site_are_not_given_a_button(headers):
    client = Client(enforce_csrf_checks=True)
    html = client.post("/kept/", {"what_happened": WORDS}, headers=headers).content.decode()
    assert "drawer" not in html
    assert "<form" not in html
    assert "Nothing was changed" in html


def test_a_database_that_is_away_is_a_503_and_other_faults_a_500(client, monkeypatch, here):
    from django.db import OperationalError

    client.force_login(here.worker)
    client.raise_request_exception = False

    def broken(fault):
        def away(*args, **kwargs):
            raise fault

        return away

    monkeypatch.setattr("hls.people.ActingRole.__call__", broken(OperationalError("gone")))
    answer = client.get("/help/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    monkeypatch.setattr("hls.people.ActingRole.__call__", broken(ValueError("ours")))
    assert client.get("/help/").status_code == 500
