"""What is written down beside the database: no name, no word, no address, no token. Ids, routes and times only."""

import io
import json
import logging
import re

import pytest
import structlog
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from cycles.people.views import account
from hls.logs import without_tokens
from tests.factories import PASSWORD

MARKERS = {
    "name": "Zqname Ofsomeone",
    "short": "Zqcalled",
    "email": "zqmail@example.org",
    "words": "zqwords that she said",
    "search": "zqsought",
    "password": "zqsecret wicker basket",
}


@pytest.fixture
def lines(settings):
    """Everything the product's own logging writes, at the finest level, as it would be written."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    formatter = settings.LOGGING["formatters"]["json"]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=formatter["processor"], foreign_pre_chain=formatter["foreign_pre_chain"]
        )
    )
    root = logging.getLogger()
    level, quiet = root.level, {name: logging.getLogger(name).level for name in settings.LOGGING["loggers"]}
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in quiet:
        logging.getLogger(name).setLevel(logging.INFO)
    yield lambda: out.getvalue()
    root.removeHandler(handler)
    root.setLevel(level)
    for name, before in quiet.items():
        logging.getLogger(name).setLevel(before)


def told(lines):
    return [json.loads(line) for line in lines().splitlines() if line.startswith("{")]


def test_a_journey_leaves_no_words_in_the_logs(here, lines, monkeypatch):
    """Sign in badly and well, search, write, fail, ask for a password, be invited: the logs know none of it."""
    client = Client(raise_request_exception=False)
    user = here.admin
    user.name, user.short_name, user.email = MARKERS["name"], MARKERS["short"], MARKERS["email"]
    user.save()
    client.post("/account/login/", {"login": user.email, "password": MARKERS["password"]})
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    client.get("/help/", {"q": MARKERS["search"]})
    client.get("/issues/", {"q": MARKERS["search"]})
    client.get(f"/no-such/{MARKERS['search']}/")
    client.post("/account/", {"short_name": MARKERS["words"] * 9, "version": "x"})
    client.post(reverse("people:invite"), {"email": MARKERS["email"], "role": "steward", "team": ""})
    client.post("/account/password/reset/", {"email": user.email})
    for letter in mail.outbox:
        for path in re.findall(rf"{re.escape(settings.SITE_URL)}(/\S+)", letter.body):
            client.get(path, follow=True)

    def break_it(*args, **kwargs):
        raise ValueError(MARKERS["words"])

    monkeypatch.setattr("cycles.people.views.account._account_page", break_it)
    assert client.get("/account/", {"q": MARKERS["search"]}).status_code == 500
    text = lines()
    entries = told(lines)
    assert len([e for e in entries if e.get("event") == "request_finished"]) > 8, "the journey was logged at all"
    assert [e["error"] for e in entries if "error" in e and e["event"] == "request_failed"] == ["ValueError"]
    for what, marker in MARKERS.items():
        if what == "search":
            continue
        assert marker not in text, what
    assert "?q" not in text
    for letter in mail.outbox:
        for token in re.findall(r"/(?:invitation|key)/([^/\s]{20,})", letter.body):
            assert token not in text
    assert all("ip" not in e and "user_agent" not in e and "user_email" not in e for e in entries)


def test_a_talk_of_two_leaves_neither_words_nor_its_address_in_the_logs(here, lines):
    client = Client(raise_request_exception=False)
    client.force_login(here.worker)
    talk = client.post(reverse("debriefs:talks"), {"other": here.op_lead.pk}).url
    client.post(talk + "draft/", {"words": MARKERS["words"], "revision": "0"})
    client.post(talk + "write/", {"words": MARKERS["words"], "revision": "1", "act": "give"})
    client.post(talk + "theme/", {"theme": "home"})
    page = client.get(talk)
    assert MARKERS["words"] in page.content.decode(), "control: they were written"
    assert str(here.op_lead) not in re.search("<title>(.*?)</title>", page.content.decode(), re.S)[1]
    assert sum("/debriefs/one-to-one/…/" in entry.get("request", "") for entry in told(lines)) >= 4, "control"
    for kept in (MARKERS["words"], talk.split("/")[-2]):
        assert kept not in lines()


def test_searches_are_not_logged(here, lines):
    client = Client()
    client.force_login(here.worker)
    client.get("/help/", {"q": MARKERS["search"]})
    assert MARKERS["search"] not in lines()
    assert "GET /help/?…" in [entry.get("request") for entry in told(lines)]


def test_a_failing_mail_is_logged_without_its_address(lines, monkeypatch):
    from django.core.mail import EmailMessage

    import hls.mail

    def refuse(self):
        raise OSError(f"550 no such user {MARKERS['email']}")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    monkeypatch.setattr(hls.mail, "PAUSES", (0,))
    hls.mail.send_soon(EmailMessage("s", "b", to=[MARKERS["email"]]), what="invitation")
    assert [(e["mail"], e["error"]) for e in told(lines) if e["event"] == "mail_failed"] == [("invitation", "OSError")]
    assert MARKERS["email"] not in lines()


def test_a_failing_task_is_logged_without_what_it_says(lines):
    """Celery's own sentence quotes the error and the arguments."""
    from celery import shared_task

    @shared_task(name="tests.fails")
    def fails(words):
        raise ValueError(words)

    fails.apply(args=[MARKERS["words"]])
    log = logging.getLogger("celery.app.trace")
    try:
        raise ValueError(MARKERS["words"])
    except ValueError as error:
        context = {"name": "tests.fails", "id": "1", "description": "raised unexpected", "exc": repr(error)}
        log.error("Task %(name)s[%(id)s] %(description)s: %(exc)s", context, exc_info=True, extra={"data": context})
    entries = [e for e in told(lines) if e.get("task") == "tests.fails"]
    assert entries
    assert entries[-1]["error"] == "ValueError"
    assert MARKERS["words"] not in lines()


def test_task_results_are_not_kept():
    from hls.celery import app

    assert app.conf.task_ignore_result is True
    assert not app.conf.result_backend
    assert app.conf.worker_send_task_events is False


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("GET /issues/A-014/?q=words", "GET /issues/A-014/?…"),
        ("GET /invitation/dSCIvDLO-2xtIQVE1ZOE3ai2RkXYRFoTSuh8fXQWz34/", "GET /invitation/…/"),
        (
            "GET /account/password/reset/key/1-d0hqfe-d72b29d3ae6a6d0b1b1c5a46ffa5f7a8/",
            "GET /account/password/reset/key/…/",
        ),
        ("GET /account/password/reset/key/1-set-password/", "GET /account/password/reset/key/…/"),
        ("POST /cycles/12/experiments/new/", "POST /cycles/12/experiments/new/"),
    ],
)
def test_what_opens_something_is_cut_from_the_path(path, shown):
    assert without_tokens(path) == shown


def test_page_titles_and_addresses_carry_no_words(here):
    client = Client()
    client.force_login(here.admin)
    here.worker.email = MARKERS["email"]
    here.worker.save()
    page = client.get(reverse("people:person", args=[here.worker.pk]))
    assert MARKERS["email"] not in page.request["PATH_INFO"]
    assert MARKERS["email"] not in re.search("<title>(.*?)</title>", page.content.decode(), re.S)[1]


def test_a_page_that_is_well_leaves_no_line_and_what_is_logged_on_the_way_names_it(here, lines, monkeypatch):
    logging.getLogger().setLevel(logging.WARNING)
    client = Client()
    client.force_login(here.worker)
    log, page = structlog.get_logger("tests.on_the_way"), account._account_page

    def warn(*args, **kwargs):
        log.warning("on_the_way")
        return page(*args, **kwargs)

    monkeypatch.setattr(account, "_account_page", warn)
    assert client.get("/account/").status_code == 200
    (entry,) = told(lines)
    assert (entry["event"], entry["user_id"]) == ("on_the_way", here.worker.pk), entry
    assert entry["request_id"]
    assert client.get("/no-such-page/").status_code == 404
    (missing,) = [entry for entry in told(lines) if entry["event"] == "request_finished"]
    assert (missing["code"], missing["user_id"]) == (404, here.worker.pk)
    assert missing["request_id"] != entry["request_id"]
    log.warning("afterwards")
    assert "request_id" not in told(lines)[-1], "what comes after a request is not of it"
