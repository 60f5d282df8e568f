"""The maps of the demo place: drawn, changed since, and showing what keeps turning up."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles import models as c
from cycles.maps.history import between, elements_with_versions, on_day, ties_with_versions
from cycles.maps.patterns import patterns_for


@pytest.fixture
def debt(northbank):
    return c.LearningCycle.objects.get(title="Council tax debt")


@pytest.mark.system(39)
def test_maps_of_northbank_and_of_kayleigh_show_what_changed(debt):
    life = c.Case.objects.get(alias="Kayleigh").cycle
    today = timezone.localdate()
    for cycle in (debt, life):
        assert 10 <= cycle.systemelements.standing().count() <= 14
        elements, ties = elements_with_versions(cycle), ties_with_versions(cycle)
        first = min(version.from_on for row in elements for version in row.versions.all())
        found = between(on_day(elements, first), on_day(elements, today))
        assert found.came
        assert found.went
        assert found.changed
        assert between(on_day(ties, first), on_day(ties, today)).came
        # The row itself is what stands today.
        for row, version in on_day(elements, today).items():
            assert (row.name, row.effect, row.removed_on) == (version.name, version.effect, None)
        assert set(on_day(elements, today)) == set(cycle.systemelements.standing())
        assert set(on_day(ties, today)) == set(cycle.elementties.standing())


def test_demo_maps_say_how_it_is_known_and_take_feedback(debt):
    assert debt.elementties.filter(basis="seen").exclude(said_by="").exists()
    assert debt.elementties.filter(basis="assumed").exists()
    assert debt.mapfeedbacks.filter(reply="").exists()
    assert debt.mapfeedbacks.exclude(reply="").exists()


@pytest.mark.system(58)
def test_demo_steps_show_value_and_waste(debt, client):
    client.force_login(c.User.objects.get(email__startswith="asha@"))
    page = client.get(reverse("cycles:steps", args=[debt.pk])).content.decode()
    assert "4 of 8 steps help the person, 3 do not, nobody is sure of 1." in page
    assert c.MapStep.objects.filter(cycle=debt, removed_on__isnull=False).count() == 2


def test_demo_shows_a_pattern_across_maps_and_lives(debt):
    patterns = {pattern.name: pattern for pattern in patterns_for(c.User.objects.get(email__startswith="sam@"))}
    assert patterns["Income"].cycles >= 2
    assert patterns["Income"].in_lives == "in 5 or more of 6 lives"
    assert patterns["Fear of the post"].in_lives == "in fewer than 5 of 6 lives"
