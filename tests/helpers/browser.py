"""A real Chromium for journeys, with axe and a console that must stay quiet."""

import os
import shutil
from urllib.parse import urljoin

import pytest

# Playwright keeps a loop running in the test's own thread; Django would take each query there for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 800}
LAPTOP = {"width": 1440, "height": 900}


def chromium():
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return found or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": chromium(), "args": FLAGS, "headless": True}


def pytest_runtest_setup(item):
    if item.get_closest_marker("browser") and not chromium():
        why = "no Chromium on this machine: apt-get install chromium"
        if os.environ.get("REQUIRE_BROWSER") == "1" or os.environ.get("CI") == "true":
            pytest.fail(why, pytrace=False)
        pytest.skip(why)


def axe_violations(page):
    """What axe finds on the page as it stands, as short lines; equal to [] on a page that is fit."""
    from axe_playwright_python.sync_playwright import Axe

    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]}
    results = Axe().run(page, options=options)
    return [
        f"{v['id']}: {n['html'][:160]} {n.get('failureSummary', '')[:200]}"
        for v in results.response["violations"]
        for n in v["nodes"]
    ]


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.fixture
def console(page):
    """Console errors and CSP violations of the page; a 422 answer logs one that means nothing."""
    lines = []

    def note(message):
        if message.type == "error" and "422" not in message.text:
            lines.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: lines.append(str(error)))
    return lines


@pytest.fixture
def sign_in(page, live_server):
    """Open the front door as someone who has signed in: sign_in(user). The form has journeys of its own."""
    from django.conf import settings
    from django.test import Client

    def act(user):
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto(live_server.url + "/")
        page.wait_for_load_state()

    return act


def own_device(page):
    """Say on the account page that this device is one's own, as a person would."""
    before = page.url
    page.goto(urljoin(before, "/account/"))
    page.check("input[name=own_device]")
    page.click("main button:has-text('Save')")
    page.wait_for_load_state()
    page.goto(before)


@pytest.fixture
def live_server_settings(settings, live_server):
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
