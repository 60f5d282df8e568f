"""A lesson goes out on a phone and comes back answered; its pages are fit for everyone, in the light and the dark."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.lessons import actions
from cycles.models import CycleLink, Offer
from debriefs.record.lessons import see_lesson_too
from tests import factories as f
from tests.helpers.browser import PHONE, press, unfit

pytestmark = pytest.mark.browser


@pytest.fixture
def place(transactional_db):
    from tests.factories.fixtures import make_place

    here = make_place()
    here.other = f.LearningCycleFactory(team=here.working, scale="place", title="Homes")
    CycleLink.objects.create(source=here.cycle, target=here.other, direction="vertical", by=here.worker)
    here.lesson = actions.note_lesson(
        cycle=here.cycle,
        text="Ring before you write",
        by=here.worker,
        pillar="human",
        is_leverage=True,
        leverage_note="One setting in one system",
    )
    debrief = f.DebriefFactory(cycle=here.cycle, held=True)
    debrief.present.add(here.worker)
    see_lesson_too(lesson=here.lesson, debrief=debrief, by=here.worker)
    f.IssueFactory(cycle=here.cycle, raised_by=here.worker).lessons.add(here.lesson)
    return here


def test_a_lesson_goes_out_on_a_phone_and_its_answer_comes_back(place, page, live_server, sign_in, console):
    page.set_viewport_size(PHONE)
    sign_in(place.worker, place.lesson.get_absolute_url())
    page.get_by_role("link", name="Offer it to another cycle").click()
    page.get_by_label("Which cycle should hear it?").select_option(label="Homes")
    page.get_by_label("Why them?").fill("You write to the same people")
    press(page, page.get_by_role("button", name="Offer it"))
    assert page.get_by_text("Offered. They owe you a reply.").is_visible()
    page.get_by_role("link", name="Raise it a level").click()
    page.get_by_label("Why?").fill("Housing sees it too")
    press(page, page.get_by_role("button", name="Raise it"))
    assert page.get_by_text("Housing sees it too").first.is_visible()

    offer = Offer.objects.get()
    actions.reply_to_offer(offer=offer, takes_up=True, reply="From January", by=place.helper)
    actions.embed_offer(offer=offer, on=timezone.localdate(), words="We ring before we write", by=place.helper)
    page.goto(live_server.url + reverse("today"))
    press(page, page.get_by_role("link", name="Follow its line"))
    assert page.get_by_role("heading", name="What is normal now").is_visible()
    assert page.get_by_text("We ring before we write").first.is_visible()
    assert console == []


def test_pages_of_lessons_are_fit_for_everyone(place, page, live_server, sign_in, console):
    waiting = f.OfferFactory(lesson=place.lesson, to=place.other)
    own = f.OfferFactory(
        lesson=f.LessonFactory(cycle=place.other, by=place.helper), to=place.cycle, declined=True, why="Because"
    )
    urls = [
        reverse("cycles:lessons") + "?leverage=1",
        place.lesson.get_absolute_url(),
        reverse("cycles:lesson_trace", args=[place.lesson.pk]),
        reverse("cycles:lesson_offer", args=[place.lesson.pk]),
        reverse("cycles:lesson_edit", args=[place.lesson.pk]),
        reverse("cycles:lesson_raise", args=[place.lesson.pk]),
        reverse("cycles:offers"),
        reverse("cycles:lesson_queue", args=[place.cycle.pk]),
        waiting.get_absolute_url(),
        own.get_absolute_url(),
    ]
    sign_in(place.worker, urls[0])
    assert [wrong for url in urls for wrong in unfit(page, live_server.url + url)] == []
    assert console == []
