"""The whole look in a real browser: axe, no sideways scroll, a quiet console, and no script where there is none."""

import re
from datetime import timedelta

import pytest

from tests.helpers.browser import PHONE, axe_violations, focused, open_all, scrolls_sideways, unfit

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.look.urls")]

PAGES = ["/parts/?wrong", "/help/", "/who-sees-what/", "/accessibility/", "/privacy/", "/offline/"]
GATES = ["/account/login/", "/account/password/reset/", "/nowhere/", "/refused/", "/away/"]


def small_targets(page):
    """Controls lower than 44px; a link inside a sentence may be."""
    return page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
          .filter(e => {
          const r = (e.closest('.choice,.tickbox') || e).getBoundingClientRect(), s = getComputedStyle(e);
          const row = getComputedStyle(e, '::after').position == 'absolute';
          const inline = e.tagName == 'A' && (s.display == 'inline' || row);
          const shown = r.width && s.visibility != 'hidden' && !e.closest('.skip') && !e.disabled;
          return shown && !inline && r.height < 43.5;
        }).map(e => e.outerHTML.slice(0, 120))"""
    )


def look_at(page, address):
    page.goto(address)
    open_all(page)


def test_every_page_is_fit_for_everyone(page, live_server, console):
    for address in PAGES + GATES:
        assert unfit(page, live_server.url + address, more=small_targets) == []
    refusals = [line for line in console if not re.search(r"status of (403|404|503)", line)]
    assert refusals == []


def test_nothing_scrolls_sideways_on_the_narrowest_screen(page, live_server):
    page.set_viewport_size({"width": 320, "height": 640})
    for address in PAGES + GATES:
        look_at(page, live_server.url + address)
        assert not scrolls_sideways(page), address


def test_text_spacing_breaks_nothing(page, live_server):
    """WCAG 1.4.12, through a stylesheet of the reader's own."""
    page.set_viewport_size({"width": 320, "height": 640})
    look_at(page, live_server.url + "/parts/")
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; '
          + 'word-spacing: .16em !important }');
        document.adoptedStyleSheets = [sheet]; }"""
    )
    assert not scrolls_sideways(page)


def test_signed_in_frame_is_fit_for_everyone(page, live_server, console, sign_in, here):
    sign_in(here.worker, "/parts/")
    assert unfit(page, live_server.url + "/parts/") == []
    assert page.locator("nav.rail a").first.is_visible()
    assert page.get_by_text(here.worker.short_name).last.is_visible()
    assert console == []


def test_wrong_form_starts_at_the_list_of_problems(page, live_server):
    page.goto(live_server.url + "/parts/?wrong")
    focused(page, "[class^=error-summary]")
    page.get_by_role("alert").get_by_role("link").first.click()
    focused(page, "[name=text]")


def test_skip_link_is_the_first_stop(page, live_server):
    page.goto(live_server.url + "/help/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    focused(page, "#main")


def test_session_warning_counts_down_and_can_be_stayed(page, live_server, sign_in, here, settings, console):
    settings.SESSION_IDLE = timedelta(seconds=115)
    sign_in(here.worker, "/help/")
    page.get_by_role("dialog").wait_for()
    assert re.search(r"You have (\d+ seconds|2 minutes) left", page.get_by_role("dialog").inner_text())
    assert axe_violations(page) == []
    settings.SESSION_IDLE = timedelta(minutes=30)
    page.get_by_role("button", name="Stay signed in").click()
    page.get_by_role("dialog").wait_for(state="hidden")
    assert console == []


def test_session_warning_is_silent_while_there_is_time(page, live_server, sign_in, here):
    sign_in(here.worker, "/help/")
    page.wait_for_timeout(1200)
    assert not page.get_by_role("dialog").is_visible()


def test_pages_are_whole_without_javascript(browser, live_server):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    for address in ("/parts/?wrong", "/help/", "/account/login/"):
        page.goto(live_server.url + address)
        assert page.locator("h1").is_visible()
        assert page.locator("footer a").count() == 4
    context.close()


def test_saved_theme_wins_over_the_device(page, live_server, sign_in, here):
    here.worker.theme = "dark"
    here.worker.save()
    page.emulate_media(color_scheme="light")
    sign_in(here.worker, "/help/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 24, 23)"


def test_icons_and_stones_show_in_forced_colours(page, live_server):
    page.emulate_media(forced_colors="active")
    page.goto(live_server.url + "/parts/")
    icon = page.locator("main svg.icon").first
    assert icon.bounding_box()["width"] > 10
    assert page.evaluate("getComputedStyle(document.querySelector('main svg.icon')).stroke") != "none"
