"""The debriefs' other rooms in the demo: something to see in each, and nothing left when it is cleared."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles import models as c
from debriefs import models as d
from debriefs.belief.actions import spread
from debriefs.one_to_one.themes import counted
from hls.demo.clear import clear


@pytest.mark.system(39)
def test_each_room_of_northbanks_debriefs_has_something_to_see(northbank, client):
    place = c.Place.objects.get(is_demo=True)
    mina = c.User.objects.get(short_name="Mina")
    newest = d.Debrief.objects.filter(place=place, state="written_up", kind="regular").order_by("-planned_for").first()
    assert [sum(n for _, n in lie) for _, lie in spread(newest, mina)] == [5, 5, 5]
    plan = d.DebriefPlan.objects.get(team__place=place, kind="regular")
    assert [turn.user.short_name for turn in plan.rota.all()] == ["Asha", "Ben", "Dele", "Rowan"]
    assert plan.phases.get().cadence == "weekly"
    (quarter,) = counted(place, timezone.localdate())
    assert len(quarter["themes"]) == 3, "the one that three chose is not named"
    client.force_login(c.User.objects.get(short_name="Grace"))
    page = client.get(reverse("debriefs:follow_ups")).content.decode()
    assert page.count("Grace does it") == 1
    client.force_login(mina)
    answered = client.get(reverse("debriefs:follow_ups"), {"view": "answered"}).content.decode()
    assert "The school has its own fund." in answered
    assert not d.OneToOne.objects.exists()


def test_clearing_takes_turns_belief_and_themes_too(northbank):
    clear()
    for model in (d.RotaTurn, d.PlanPhase, d.BeliefSpread, d.BeliefGiven, d.WelfareTheme, d.FollowUp):
        assert not model.objects.exists(), model
