"""The lessons of Northbank: eight so far, one line from a life to a policy, one declined, one embedded, one sent down."""

import pytest
from django.urls import reverse

from cycles import models as c
from cycles.lessons.standing import stands
from hls.demo.clear import clear


@pytest.mark.system(36)
def test_eight_lessons_so_far_are_seeded(northbank, client):
    so_far = c.Lesson.objects.filter(cycle__title="Council tax debt", is_demo=False, came_by=None, kind="lesson")
    assert so_far.count() == 8
    assert {lesson.pillar for lesson in so_far} == {"human", "learning", "system"}
    client.force_login(c.User.objects.get(short_name="Sam"))
    page = client.get(reverse("cycles:lessons")).text
    assert "Lessons so far" in page
    assert all(lesson.text in page for lesson in so_far)


@pytest.mark.system(39)
def test_one_line_runs_from_a_life_to_a_changed_policy(northbank, client):
    policy = c.Offer.objects.get(to__title="Debt and money across Northbank", state="embedded")
    client.force_login(c.User.objects.get(short_name="Grace"))
    page = client.get(reverse("cycles:offer_trace", args=[policy.pk]))
    told = {s.title: [row.words for row in s.rows] for s in page.context["stations"]}
    assert list(told) == [
        "Lives",
        "Debriefs",
        "What was learned",
        "What got in the way",
        "How it travelled",
        "What was answered",
        "What is normal now",
    ]
    assert told["What is normal now"] == [
        "Caseworkers carry purchasing cards",
        "Caseworkers carry purchasing cards, and we read the receipts together as stories.",
    ]
    assert "Kayleigh" not in page.text
    assert page.context["stations"][0].more == "fewer than 5 people"
    client.force_login(c.User.objects.get(short_name="Asha"))
    own = client.get(reverse("cycles:offer_trace", args=[policy.pk])).text
    assert "It took three signatures to buy one uniform." in own


def test_each_lesson_stands_where_its_steps_say(northbank):
    for lesson in c.Lesson.objects.prefetch_related("offers"):
        assert (lesson.state, lesson.embedded_on) == stands(lesson.offers.all())
        assert lesson.moves.first().what == "noticed"
    assert c.Offer.objects.get(state="declined").reply
    assert c.Offer.objects.filter(state="waiting", direction="down").exists()
    assert c.Offer.objects.filter(state="embedded", direction="own").exists()


def test_clearing_takes_the_lessons_too(northbank):
    clear()
    assert not c.Lesson.objects.exists()
    assert not c.Offer.objects.exists()
    assert not c.LessonMove.objects.exists()
