"""What the demo shows of guides and of governing."""

import pytest

from cycles.models import Confirmation, Guide, Law
from debriefs.models import GuideTag
from hls.governing.models import Account, Promise, Review, ReviewEvidence, Voice


@pytest.mark.system(57)
def test_the_bubble_has_its_own_rules_and_principles(northbank):
    texts = set(Guide.objects.filter(cycle__title="Locality working").values_list("kind", "text"))
    assert texts >= {
        ("rule", "Stay legal"),
        ("rule", "Do not make things worse"),
        ("principle", "One team"),
        ("principle", "We are here to learn"),
    }


def test_every_guide_tells_its_history(northbank):
    for guide in Guide.objects.prefetch_related("steps"):
        said = [step.what for step in guide.steps.all()]
        assert said[0] == "proposed"
        assert said[-1] == guide.state


def test_a_rule_that_stood_in_the_way_was_retired_with_a_reason(northbank):
    rule = Guide.objects.get(text="Two signatures before any money is spent")
    assert (rule.state, rule.is_demo) == ("retired", True)
    assert "in the way" in rule.steps.last().words
    assert rule.tags.filter(how="blocked").values("answer__debrief").distinct().count() == 3
    assert GuideTag.objects.filter(how="helped").exists()


def test_each_side_of_the_promise_has_said_something(northbank):
    said = Guide.objects.filter(cycle__title="Council tax debt", kind="commitment", state="adopted")
    assert set(said.values_list("party", flat=True)) == {"power", "workers", "citizens"}


def test_leaders_looked_at_their_behaviours_and_laws_are_written_down(northbank):
    assert Confirmation.objects.filter(team__kind="leadership", answers__question__key="confirm.short").exists()
    assert Law.objects.count() == 2


def test_a_review_with_what_lay_beside_it_and_what_came_of_it(northbank):
    review = Review.objects.get()
    assert review.answers.count() == 10
    assert ReviewEvidence.objects.filter(review=review).count() == 5
    assert set(Promise.objects.values_list("state", flat=True)) == {"promised", "changed", "kept", "not_kept"}
    for promise in Promise.objects.prefetch_related("steps"):
        assert (promise.last_said.state, promise.last_said.text) == (promise.state, promise.text)
    assert Account.objects.exclude(said_back="").count() == 2
    assert set(Voice.objects.values_list("kind", flat=True)) == {"left_out", "checking"}
