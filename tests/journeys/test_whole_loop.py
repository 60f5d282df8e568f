"""The one path that everything hangs on: said on a phone, raised, decided, read back, and on paper."""

from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from hls.leadership.models import Summary
from hls.leadership.tasks import build
from issues.models import Issue
from tests.factories import DebriefFactory
from tests.helpers.browser import LAPTOP, PHONE, axe_violations, come_in, own_device, press, scrolls_sideways
from tests.helpers.device import a_page_beside, close, copies_are, rests, says

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST = "The third letter came while I was in her kitchen."
MORE = "Nobody had rung her first."
ISSUE = "Letters go out before anyone has talked to the person."
WHY = "The dates are set by a policy that only leaders can change."
ASKS = "Should recovery wait for a first talk?"
DECIDED = "Yes. From January no letter goes before we have talked."
NORMAL = "Recovery waits for a first talk"


def fit(page):
    """What is wrong with the page as it stands, for anyone: nothing."""
    return axe_violations(page), scrolls_sideways(page)


def raise_to(page, issue, group):
    page.goto(f"/issues/{issue.ref}/escalate/")
    page.select_option("select[name=to_team]", str(group.pk))
    page.fill("textarea[name=why]", WHY)
    page.fill("[name=asks]", ASKS)
    press(page, "main button:has-text('Raise it')")


def decide(page, issue):
    page.goto("/decisions/")
    assert ASKS in page.content()
    page.goto(f"/issues/{issue.ref}/answer/")
    page.check("input[name=answer][value=agreed]")
    page.fill("textarea[name=words]", DECIDED)
    page.fill("[name=new_normal]", NORMAL)
    press(page, "main button:has-text('Record and tell them')")


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

    phone = open_as(None, viewport=PHONE)
    phone.goto("/account/login/")
    come_in(phone, here.worker)
    own_device(phone)
    phone.goto(write)
    assert fit(phone) == ([], False)
    phone.locator("textarea").first.fill(FIRST)
    says(phone, "Saved")
    beside = a_page_beside(phone, phone.url.partition("/debriefs/")[0])
    phone.context.set_offline(True)
    phone.locator("textarea").first.press("End")
    phone.locator("textarea").first.press_sequentially(" " + MORE)
    rests(phone, f"{FIRST} {MORE}")
    says(phone, "Safe on this phone")
    context = phone.context
    close(beside, phone)  # the phone died in the car park

    context.set_offline(False)
    phone = context.new_page()
    phone.goto(write)
    expect(phone.locator("textarea").first).to_have_value(f"{FIRST} {MORE}")
    copies_are(phone, 0)
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

    steward = open_as(here.steward, viewport=LAPTOP)
    steward.goto("/triage/")
    assert ISSUE in steward.content()
    raise_to(steward, issue, here.leadership)
    leader = open_as(here.leader, viewport=LAPTOP)
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
    phone = open_as(here.worker, java_script_enabled=False)
    phone.goto(f"/debriefs/{debrief.pk}/write/")
    phone.locator("textarea").first.fill(f"{FIRST} {MORE}")
    press(phone, "button:has-text('Save and leave')")
    phone.goto(f"/debriefs/{debrief.pk}/write/")
    assert phone.locator("textarea").first.input_value() == f"{FIRST} {MORE}"
    phone.locator("summary:has-text('Raise an issue')").first.click()
    phone.locator("details.add[open] textarea").first.fill(ISSUE)
    press(phone, "button:has-text('Add this issue')")
    assert phone.locator("textarea").first.input_value() == f"{FIRST} {MORE}"
    press(phone, "button:has-text('Finish and share')")
    issue = Issue.objects.get(description=ISSUE)

    steward = open_as(here.steward, viewport=LAPTOP, java_script_enabled=False)
    raise_to(steward, issue, here.leadership)
    leader = open_as(here.leader, viewport=LAPTOP, java_script_enabled=False)
    decide(leader, issue)
    phone.goto("/today/")
    assert DECIDED in phone.content()
    assert squeezed(DECIDED) in squeezed(ask_for_summary(leader, here.leadership))
