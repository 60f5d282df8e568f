"""What every answer carries, whatever the page."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.helpers.html import parse

PAGES = ["/", "/account/", "/account/login/", "/help/", "/place/", "/no-such-page/", "/account/password/reset/"]
DIRECTIVE = "Content-Security-Policy"


def policy(response):
    parts = (part.strip().split() for part in response[DIRECTIVE].split(";"))
    return {name: values for name, *values in parts}


@pytest.fixture
def boss(client, here):
    client.force_login(here.admin)
    return client


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_page_carries_the_headers(client, here, path, signed_in):
    if signed_in:
        client.force_login(here.admin)
    response = client.get(path)
    rules = policy(response)
    assert rules["default-src"] == ["'none'"]
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert rules[name] == ["'none'"]
    assert rules["style-src"] == ["'self'"]
    assert rules["form-action"] == ["'self'"]
    assert "unsafe" not in response[DIRECTIVE]
    assert "*" not in response[DIRECTIVE]
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in response
    assert "Server" not in response


def test_errors_carry_the_headers_too(here, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(here.worker)

    def break_it(*args, **kwargs):
        raise RuntimeError("words of a person")

    monkeypatch.setattr("cycles.people.views.account._account_page", break_it)
    response = client.get("/account/")
    assert response.status_code == 500
    assert "no-store" in response["Cache-Control"]
    assert policy(response)["default-src"] == ["'none'"]
    assert "words of a person" not in response.content.decode()


def test_every_script_is_a_file_of_ours_and_none_is_inline(boss):
    page = boss.get("/account/")
    assert policy(page)["script-src"] == ["'self'"], "no nonce and no other place: there is nothing for them to let in"
    scripts = list(parse(page).iter("script"))
    assert scripts
    assert all(element.get("src", "").startswith("/static/") for element in scripts), "an inline script, or another's"
    for element in parse(page).iter():
        assert not any(name.startswith("on") or name.startswith("hx-on") for name in element.attrib)
        assert "style" not in element.attrib
        assert element.tag != "style"


def test_htmx_may_not_evaluate_anything(boss):
    meta = next(e for e in parse(boss.get("/account/")).iter("meta") if e.get("name") == "htmx-config")
    config = __import__("json").loads(meta.get("content"))
    assert config["allowEval"] is False
    assert config["selfRequestsOnly"] is True
    assert config["historyCacheSize"] == 0


def test_https_settings_send_hsts_and_safe_cookies(here, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    assert client.get("/account/login/")["Location"] == "https://testserver/account/login/"
    response = client.get("/account/login/", secure=True)
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert response.cookies["csrftoken"]["secure"]
    from tests.factories import PASSWORD

    response = client.post(
        "/account/login/",
        {"login": here.worker.email, "password": PASSWORD},
        secure=True,
        headers={"Referer": "https://testserver/account/login/"},
    )
    cookie = response.cookies["sessionid"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:80", "testserver.evil.example", "testserver@evil.example", "evil.example#testserver",
        "127.0.0.1.evil.example", "testserver,evil.example", "testserver evil.example", "[::1]", "0.0.0.0", "*", "",
        "testserver:80:80", "-testserver", "..", "testserver/..", "http://testserver", "TESTSERVERX", "測試", "a" * 300,
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/account/login/", "/health/live"])
def test_foreign_host_is_refused(client, db, host, path):
    response = Client(raise_request_exception=False).get(path, headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.content.decode()


def test_forwarded_host_is_not_believed(client, db):
    response = client.get("/account/", headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"})
    assert "evil" not in response["Location"]


def test_no_answer_is_given_to_other_sites(client, here):
    client.force_login(here.worker)
    response = client.get("/account/", headers={"Origin": "https://evil.example"})
    assert not [name for name in response.headers if name.lower().startswith("access-control")]
    assert client.options("/account/", headers={"Origin": "https://evil.example"}).status_code == 405


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "latin-1", "nonsense"])
def test_body_in_another_charset_is_a_clear_400(client, db, charset):
    response = client.generic(
        "POST",
        "/account/login/",
        "login=a&password=b".encode("utf-16"),
        content_type=f"application/x-www-form-urlencoded; charset={charset}",
    )
    assert response.status_code == 400
    assert "We could not read that" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/%00", "/help/?q=%00", "/issues/%00/", "/help/%ff%fe/", "/%2e%2e/%2e%2e/etc/passwd"]
)
def test_odd_bytes_in_the_address_are_refused(client, here, address):
    client.force_login(here.worker)
    assert client.get(address).status_code in (400, 404)


def test_plain_links_are_kept_by_nobody_after_sign_out(client, here):
    client.force_login(here.worker)
    private = client.get("/account/")
    assert private["Cache-Control"].startswith("max-age=0")
    client.post(reverse("account_logout"))
    assert client.get("/account/").status_code == 302


def test_cookies_of_an_https_site_belong_to_its_host_alone():
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_DOMAIN is None
