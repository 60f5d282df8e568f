"""The one path that everything hangs on: said on a phone, raised, decided, read back, and on paper."""

from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from hls.leadership.models import Summary
from hls.leadership.tasks import build
from issues.models import Issue
from tests.factories import PASSWORD, DebriefFactory
from tests.helpers.browser import LAPTOP, PHONE, axe_violations, own_device, scrolls_sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST = "The third letter came while I was in her kitchen."
MORE = "Nobody had rung her first."
ISSUE = "Letters go out before anyone has talked to the person."
WHY = "The dates are set by a policy that only leaders can change."
ASKS = "Should recovery wait for a first talk?"
DECIDED = "Yes. From January no letter goes before we have talked."
NORMAL = "Recovery waits for a first talk"


@pytest.fixture
def open_as(browser, live_server, live_server_settings):
    """A fresh browser, signed in: open_as(user, PHONE)."""
    contexts = []

    def act(user, viewport, **more):
        context = browser.new_context(viewport=viewport, base_url=live_server.url, **more)
        contexts.append(context)
        page = context.new_page()
        page.goto("/account/login/")
        page.fill("input[name=login]", user.email)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_load_state()
        return page

    yield act
    for context in contexts:
        context.close()


def fit(page):
    """What is wrong with the page as it stands, for anyone: nothing."""
    return axe_violations(page), scrolls_sideways(page)


def raise_to(page, issue, group):
    page.goto(f"/issues/{issue.ref}/escalate/")
    page.select_option("select[name=to_team]", str(group.pk))
    page.fill("textarea[name=why]", WHY)
    page.fill("[name=asks]", ASKS)
    page.click("main button:has-text('Raise it')")
    page.wait_for_load_state()


def decide(page, issue):
    page.goto("/decisions/")
    assert ASKS in page.content()
    page.goto(f"/issues/{issue.ref}/answer/")
    page.check("input[name=answer][value=agreed]")
    page.fill("textarea[name=words]", DECIDED)
    page.fill("[name=new_normal]", NORMAL)
    page.click("main button:has-text('Record and tell them')")
    page.wait_for_load_state()


def ask_for_summary(page, group):
    """Ask for the pack, let the worker's scan build it, and read what the paper says."""
    page.goto("/summaries/")
    page.select_option("select[name=team]", str(group.pk))
    page.fill("input[name=period_end]", timezone.localdate().isoformat())
    page.click("main button:has-text('Make the summary')")
    page.wait_for_url("**/summaries/*/")
    build(Summary.objects.get().pk)  # what the worker does
    summary = Summary.objects.get()
    return "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(bytes(summary.pdf))).pages)


def squeezed(text):
    return " ".join(text.split())


def test_whole_loop_from_a_phone_with_the_signal_gone_to_a_decision_by_leaders(here, open_as):
    debrief = DebriefFactory(cycle=here.cycle)
    write = f"/debriefs/{debrief.pk}/write/"

    phone = open_as(here.worker, PHONE)
    own_device(phone)
    phone.goto(write)
    assert fit(phone) == ([], False)
    phone.locator("textarea").first.fill(FIRST)
    phone.wait_for_selector("#save-state[data-state=saved]:has-text('Saved')")
    phone.context.set_offline(True)
    phone.locator("textarea").first.press("End")
    phone.locator("textarea").first.press_sequentially(" " + MORE)
    phone.wait_for_selector("#save-state[data-state=offline]:has-text('Safe on this phone')")
    context = phone.context
    phone.close()  # the phone died in the car park

    context.set_offline(False)
    phone = context.new_page()
    phone.goto(write)
    expect(phone.locator("textarea").first).to_have_value(f"{FIRST} {MORE}")
    phone.wait_for_selector("#save-state[data-state=saved]")

    phone.locator("summary:has-text('Raise an issue')").first.click()
    panel = phone.locator("details.add[open]").first
    panel.locator("textarea").first.fill(ISSUE)
    phone.locator("button:has-text('Add this issue')").first.click()
    phone.wait_for_selector(".made:has-text('Issue raised')")
    assert fit(phone) == ([], False)
    phone.click("button:has-text('Finish and share')")
    phone.wait_for_url(f"**/debriefs/{debrief.pk}/")
    assert f"{FIRST} {MORE}" in phone.content()
    issue = Issue.objects.get()

    steward = open_as(here.steward, LAPTOP)
    steward.goto("/triage/")
    assert ISSUE in steward.content()
    raise_to(steward, issue, here.leadership)
    leader = open_as(here.leader, LAPTOP)
    decide(leader, issue)
    assert fit(leader) == ([], False)
    assert MORE not in leader.content()

    phone.goto("/today/")
    assert DECIDED in phone.content()
    assert fit(phone) == ([], False)
    paper = ask_for_summary(leader, here.leadership)
    assert squeezed(DECIDED) in squeezed(paper)
    assert squeezed(NORMAL) in squeezed(paper)
    assert MORE not in paper


def test_whole_loop_without_javascript(here, open_as):
    debrief = DebriefFactory(cycle=here.cycle)
    phone = open_as(here.worker, PHONE, java_script_enabled=False)
    phone.goto(f"/debriefs/{debrief.pk}/write/")
    phone.locator("textarea").first.fill(f"{FIRST} {MORE}")
    phone.click("button:has-text('Save and leave')")
    phone.goto(f"/debriefs/{debrief.pk}/write/")
    assert phone.locator("textarea").first.input_value() == f"{FIRST} {MORE}"
    phone.locator("summary:has-text('Raise an issue')").first.click()
    phone.locator("details.add[open] textarea").first.fill(ISSUE)
    phone.locator("button:has-text('Add this issue')").first.click()
    assert phone.locator("textarea").first.input_value() == f"{FIRST} {MORE}"
    phone.click("button:has-text('Finish and share')")
    issue = Issue.objects.get(description=ISSUE)

    steward = open_as(here.steward, LAPTOP, java_script_enabled=False)
    raise_to(steward, issue, here.leadership)
    leader = open_as(here.leader, LAPTOP, java_script_enabled=False)
    decide(leader, issue)
    phone.goto("/today/")
    assert DECIDED in phone.content()
    assert squeezed(DECIDED) in squeezed(ask_for_summary(leader, here.leadership))
