"""Guides and governing in a real browser: axe, no sideways scroll, and the journeys with script and without."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cycles.guides.actions import confirm_guides, propose_guide
from cycles.models import Guide, Law, Question
from debriefs.models import Debrief, DebriefAnswer, GuideTag
from hls.governing import actions
from hls.governing.models import Review
from tests import factories as f
from tests.factories.fixtures import make_place
from tests.helpers.browser import LAPTOP, press, sign_in_with, unfit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db, live_server_settings):
    w = make_place()
    w.guide = Guide.objects.create(cycle=w.cycle, kind="principle", text="Pull rather than refer", by=w.worker)
    Guide.objects.create(cycle=w.cycle, kind="commitment", party="workers", text="We ring back.", by=w.worker)
    propose_guide(cycle=w.cycle, kind="rule", text="Two knocks", by=w.colleague)
    w.debrief = f.DebriefFactory(cycle=w.cycle)
    w.law = Law.objects.create(
        place=w.place, name="A law", demands="A letter", met="A short one", link="https://gov.uk/a", by=w.worker
    )
    prompt = Question.objects.get(key="confirm.next")
    w.look = confirm_guides(team=w.core, said={(w.guide, prompt): "Ring first."}, by=w.worker)
    f.LessonFactory(cycle=w.cycle)
    w.promise = actions.make_promise(
        cycle=w.cycle, team=w.leadership, text="We come and listen.", due_on=w.debrief.planned_for.date(), by=w.steward
    )
    actions.give_account(cycle=w.cycle, to_whom="All", said_back="Come again.", by=w.worker)
    actions.bring_voice(cycle=w.cycle, kind="left_out", text="Why not us?", by=w.worker)
    return w


def test_pages_are_fit_for_everyone(page, live_server, world, console):
    review = actions.start_review(cycle=world.cycle, by=world.steward)
    question = Question.objects.get(key="governing.lessons")

    def look(user, *addresses):
        sign_in_with(page.context, user, live_server.url)
        for address in addresses:
            assert unfit(page, live_server.url + address) == []

    look(
        world.worker,
        reverse("cycles:guides", args=[world.cycle.pk]),
        world.guide.get_absolute_url(),
        reverse("cycles:guide_retire", args=[world.guide.pk]),
        reverse("cycles:confirm", args=[world.core.pk]),
        world.look.get_absolute_url(),
        reverse("cycles:laws"),
        world.law.get_absolute_url(),
        reverse("debriefs:write", args=[world.debrief.pk]),
    )
    look(
        world.steward,
        reverse("cycles:reviews", args=[world.cycle.pk]),
        review.get_absolute_url(),
        reverse("cycles:review_beside", args=[world.cycle.pk, review.held_on.isoformat(), question.pk]),
        world.promise.get_absolute_url(),
        reverse("cycles:promise_new", args=[world.cycle.pk]),
        reverse("cycles:governing"),
    )
    said = {question.key: {"text": "Yes.", "is_unknown": False}}
    words = {name: getattr(review, name) for name in actions.WORDS} | {"draft": said, "who_is_out": "Landlords"}
    actions.finish_review(review=review, version=review.version, by=world.steward, **words)
    look(world.leader, review.get_absolute_url())
    assert console == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_an_answer_is_tagged_on_a_phone(open_as, live_server, world, script):
    """Opened, ticked, shared: by thumb, with script and without."""
    page = open_as(world.worker, java_script_enabled=script)
    page.goto(reverse("debriefs:write", args=[world.debrief.pk]))
    page.fill("#id_now", "We went with her.")
    page.locator("#adds-now summary", has_text="A rule or principle").click()
    row = page.locator("#adds-now [role=group]", has_text="Pull rather than refer")
    row.locator("label", has_text="Helped").click()
    if script:
        expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")
    page.locator("button[value=share]").click()
    page.wait_for_url(live_server.url + world.debrief.get_absolute_url())
    assert page.locator("text=Pull rather than refer").first.is_visible()
    assert GuideTag.objects.get().answer == DebriefAnswer.objects.get(debrief=Debrief.objects.get())


def test_a_review_saves_as_it_is_typed_and_is_finished(page, live_server, sign_in, world, console):
    page.set_viewport_size(LAPTOP)
    sign_in(world.steward, reverse("cycles:reviews", args=[world.cycle.pk]))
    press(page, "text=Begin a review")
    review = Review.objects.get()
    question = Question.objects.get(key="governing.lessons")
    page.fill(f"#id_a-{question.pk}", "Yes, most weeks.")
    expect(page.locator("#review-state")).to_contain_text("Saved")
    review.refresh_from_db()
    assert review.draft[question.key]["text"] == "Yes, most weeks."
    page.fill("#id_who_does", "Ask a landlord in.")
    expect(page.locator("#review-state input[name=version]")).to_have_value("3")
    press(page, "text=Finish the review")
    expect(page.locator("main")).to_contain_text("Ask a landlord in.")
    review.refresh_from_db()
    assert review.state == "finished"
    page.emulate_media(media="print")
    assert not page.locator(".side").is_visible()
    assert page.locator("text=Yes, most weeks.").is_visible()
    assert console == []
