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


# Waiting costs nothing once the thing has come, and a busy machine may stand still for seconds.
PATIENCE = 60_000


def chromium():
    """Without a window and a profile it takes a third of the processor time."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": chromium(), "args": FLAGS, "headless": True, "timeout": 3 * PATIENCE}


@pytest.fixture(scope="session")
def browser(browser):
    """Every context of it is patient, and nothing on its pages moves."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    new_context = browser.new_context

    def patient_context(**options):
        context = new_context(**{"reduced_motion": "reduce"} | options)
        context.set_default_timeout(PATIENCE)
        return context

    browser.new_context = patient_context
    return browser


def pytest_runtest_setup(item):
    if item.get_closest_marker("browser") and not chromium():
        why = "no Chromium on this machine: apt-get install chromium"
        if os.environ.get("REQUIRE_BROWSER") == "1" or os.environ.get("CI") == "true":
            pytest.fail(why, pytrace=False)
        pytest.skip(why)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A journey that fails tells what stood on its pages: on another machine nobody can look."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.failed and call.when == "call" and page:
        from playwright.sync_api import Error

        for one in page.context.pages:
            try:
                report.sections.append((f"Page at {one.url}", one.inner_text("body", timeout=2000)[:3000]))
            except Error as gone:
                report.sections.append((f"Page at {one.url}", str(gone)))
    return report


AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
# What a press or a swap began has come, and the letters have their own shapes.
AT_REST = """() => document.fonts.status === 'loaded'
  && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"""

# A part that a page swaps by itself, every few seconds, may change under its eyes: then it looks again.
RUN_AXE = """async ([options, where]) => {
  for (let again = 5; ; again -= 1) {
    let moved = false;
    const watch = new MutationObserver(() => (moved = true));
    watch.observe(document.body, {childList: true, subtree: true});
    const { violations } = await axe.run(where ?? document, options);
    watch.disconnect();
    if (!violations.length || !moved || !again) return violations;
  }
}"""


# What colours and sizes decide. All other rules read what is there, and a phone shows nothing more but its own bar.
BY_LOOK = {
    "runOnly": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"],
    "resultTypes": ["violations"],
}
BAR = "nav"


def axe_violations(page, options=AXE, where=None):
    """What axe finds on the page as it stands, as short lines; equal to [] on a page that is fit."""
    from axe_playwright_python.base import AXE_SCRIPT

    page.wait_for_function(AT_REST)
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    return [
        f"{v['id']}: {n['html'][:160]} {n.get('failureSummary', '')[:200]}"
        for v in page.evaluate(RUN_AXE, [options, where])
        for n in v["nodes"]
    ]


def focused(page, selector):
    """Wait until the keyboard is there. A function, as our content policy refuses text that asks twice."""
    page.wait_for_function("selector => document.activeElement.matches(selector)", arg=selector)


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def open_all(page):
    """All that is folded away, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")


def dress(page, size, scheme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)


def unfit(page, address, *, more=lambda page: []):
    """What is wrong with a page, everything open: on a laptop in the light, then on a phone in the dark."""
    dress(page, LAPTOP, "light")
    page.goto(address)
    open_all(page)
    found = [f"{address} (laptop, light): {one}" for one in axe_violations(page) + _beside_axe(page, more)]
    dress(page, PHONE, "dark")
    wrong = axe_violations(page, BY_LOOK) + (axe_violations(page, where=BAR) if page.locator(BAR).count() else [])
    found += [f"{address} (phone, dark): {one}" for one in wrong + _beside_axe(page, more)]
    dress(page, LAPTOP, "light")
    return found


def _beside_axe(page, more):
    return more(page) + (["scrolls sideways"] if scrolls_sideways(page) else [])


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


def cookies_of(user, own):
    """What the browser of someone has who signed in, and may have called the device their own."""
    from django.conf import settings
    from django.http import HttpResponse
    from django.test import Client, RequestFactory

    from hls import device

    client, answer, request = Client(), HttpResponse(), RequestFactory().get("/")
    client.force_login(user)
    request.user = user
    device.remember(request, answer, own)
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    return [(one.key, one.value) for one in (session, *answer.cookies.values()) if one.value]


def sign_in_with(context, user, address, own=False):
    context.clear_cookies()
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies_of(user, own)])


@pytest.fixture
def sign_in(page, live_server):
    """Sign in and open a page: sign_in(user, "/issues/", own=True), on their own device. The form has journeys."""

    def act(user, address="/", *, own=False):
        sign_in_with(page.context, user, live_server.url, own)
        page.goto(live_server.url + address)

    return act


@pytest.fixture
def open_as(browser, live_server, live_server_settings):
    """A browser of someone's own, signed in, at no page yet: open_as(user, viewport=LAPTOP), or of nobody: open_as(None)."""
    contexts = []

    def act(user, *, viewport=PHONE, **more):
        context = browser.new_context(viewport=viewport, base_url=live_server.url, **more)
        contexts.append(context)
        if user:
            sign_in_with(context, user, live_server.url)
        page = context.new_page()
        page.has_script = more.get("java_script_enabled", True)
        return page

    yield act
    for context in contexts:
        context.close()


def press(page, button):
    """Press what loads the next page; it has come when this is over."""
    with page.expect_navigation():
        (page.locator(button).first if isinstance(button, str) else button).click()


def come_in(page, user):
    """By the form, as a person does, and wait until one is in."""
    from tests.factories import PASSWORD

    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    press(page, "main button[type=submit]")


def own_device(page):
    """Say on the account page that this device is one's own, as a person would."""
    page.goto(urljoin(page.url, "/account/"))
    page.check("input[name=own_device]")
    press(page, "main button:has-text('Save')")


@pytest.fixture
def live_server_settings(settings, live_server):
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
