"""Guides of a cycle and of a team: proposed by anyone, decided by their people, kept with every step."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.guides import actions
from cycles.models import CycleLink, Guide, GuideStep, Notice
from cycles.refusals import Refused
from hls.notices.letters import give_rights, lines_for
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


@pytest.fixture
def reader(here):
    """Someone of a joined cycle's team: they read this one and may not change it."""
    other = f.LearningCycleFactory(team=here.working)
    CycleLink.objects.create(source=here.cycle, target=other, direction="horizontal", by=here.worker)
    return here.helper


def rule(here, n, **about):
    return Guide.objects.create(cycle=here.cycle, kind="rule", text=f"Rule {n}", by=here.worker, **about)


def proposed(here, text="Knock twice", kind="rule", **about):
    about = about or {"cycle": here.cycle}
    return actions.propose_guide(kind=kind, text=text, by=here.colleague, **about)


def page_of(here):
    return reverse("cycles:guides", args=[here.cycle.pk])


def steps_of(guide):
    return list(guide.steps.values_list("what", "words"))


@pytest.mark.system(19)
@pytest.mark.parametrize(("rules", "nudged"), [(5, False), (6, True)])
def test_more_than_five_rules_are_nudged_about(worker, here, rules, nudged):
    for n in range(rules):
        rule(here, n)
    assert ("more than five rules" in worker.get(page_of(here)).text) is nudged


def test_principles_and_rules_that_are_not_in_force_do_not_count(worker, here):
    for n in range(5):
        rule(here, n)
        Guide.objects.create(cycle=here.cycle, kind="principle", text=f"Principle {n}", by=here.worker)
    proposed(here)
    rule(here, 9, state="retired", retired_on=timezone.localdate())
    assert "more than five rules" not in worker.get(page_of(here)).text


def test_taking_on_a_sixth_rule_is_nudged_about_and_allowed(worker, here):
    for n in range(5):
        rule(here, n)
    guide = proposed(here)
    url = reverse("cycles:guide_adopt", args=[guide.pk])
    assert "more than five rules" in worker.get(url).text
    assert worker.post(url, {"words": ""}).status_code == 302
    guide.refresh_from_db()
    assert guide.state == "adopted"


@pytest.mark.system(19)
def test_anyone_who_sees_the_cycle_proposes_and_its_team_decides(client, here, reader):
    client.force_login(reader)
    page = client.get(page_of(here)).text
    assert "We have agreed this already" not in page
    asked = {"kind": "principle", "text": "Pull rather than refer", "origin": "Citizens told us", "is_agreed": "on"}
    assert client.post(page_of(here), asked).status_code == 302
    guide = Guide.objects.get()
    assert (guide.state, guide.active_from, guide.by) == ("proposed", None, reader)
    assert "Pull rather than refer" in client.get(page_of(here)).text
    assert client.post(reverse("cycles:guide_adopt", args=[guide.pk]), {}).status_code == 403
    client.force_login(here.colleague)
    client.post(reverse("cycles:guide_adopt", args=[guide.pk]), {"words": "We tried it for a month."})
    guide.refresh_from_db()
    assert (guide.state, guide.active_from) == ("adopted", timezone.localdate())
    assert steps_of(guide) == [("proposed", ""), ("adopted", "We tried it for a month.")]
    client.force_login(reader)
    history = client.get(guide.get_absolute_url()).text
    assert "We tried it for a month." in history
    assert str(here.colleague) in history


def test_what_is_agreed_already_is_in_force_and_shows_on_the_cycle(worker, here):
    worker.post(page_of(here), {"kind": "rule", "text": "Do no harm", "is_agreed": "on"})
    assert steps_of(Guide.objects.get()) == [("proposed", ""), ("adopted", "")]
    assert "Do no harm" in worker.get(here.cycle.get_absolute_url()).text


def test_a_proposal_is_not_in_force(worker, here):
    proposed(here, "Wear hats")
    assert not Guide.objects.in_force(timezone.localdate()).exists()
    assert "1 proposed" in worker.get(here.cycle.get_absolute_url()).text
    assert "Wear hats" not in worker.get(here.cycle.get_absolute_url()).text


@pytest.mark.system(19)
def test_saying_no_needs_a_reason_that_stays_to_read(worker, here):
    guide = proposed(here, "Wear hats")
    url = reverse("cycles:guide_decline", args=[guide.pk])
    asked = worker.post(url, {"words": ""})
    assert asked.status_code == 422
    assert "Say why not." in asked.text
    worker.post(url, {"words": "It helps nobody."})
    page = worker.get(page_of(here)).text
    assert "Not taken on" in page
    assert "It helps nobody." in page


@pytest.mark.system(19)
def test_retiring_keeps_history_with_its_reason_and_the_first_day(worker, here):
    guide = rule(here, 1)
    url = reverse("cycles:guide_retire", args=[guide.pk])
    assert worker.post(url, {"words": " "}).status_code == 422
    worker.post(url, {"words": "It stood in the way of visits."})
    first = timezone.localdate() - timezone.timedelta(days=3)
    Guide.objects.filter(pk=guide.pk).update(retired_on=first)
    worker.post(url, {"words": "Once more."})
    guide.refresh_from_db()
    assert (guide.state, guide.retired_on) == ("retired", first)
    assert guide not in Guide.objects.in_force(timezone.localdate())
    assert "Rule 1" not in worker.get(here.cycle.get_absolute_url()).text
    assert "It stood in the way of visits." in worker.get(page_of(here)).text
    assert "It stood in the way of visits." in worker.get(guide.get_absolute_url()).text
    assert guide.steps.filter(what="retired").count() == 1


def test_the_second_to_decide_is_told_who_was_first(here):
    guide = proposed(here)
    actions.decide_guide(guide=guide, state="not_adopted", words="Too long.", by=here.worker)
    with pytest.raises(Refused, match="Too long"):
        actions.decide_guide(guide=guide, state="not_adopted", words="Too short.", by=here.colleague)
    assert guide.steps.count() == 2


@pytest.mark.parametrize(
    ("now", "then"),
    [("proposed", "retired"), ("adopted", "not_adopted"), ("retired", "adopted"), ("retired", "proposed")],
)
def test_moves_that_make_no_sense_are_refused(here, now, then):
    days = {"active_from": None} if now == "proposed" else {}
    days |= {"retired_on": timezone.localdate()} if now == "retired" else {}
    guide = rule(here, 1, state=now, **days)
    with pytest.raises(Refused):
        actions.decide_guide(guide=guide, state=then, words="Because.", by=here.worker)


def test_whoever_proposed_it_is_told_once_that_it_was_answered(client, here):
    guide = proposed(here)
    actions.decide_guide(guide=guide, state="not_adopted", words="Not yet.", by=here.worker)
    actions.decide_guide(guide=guide, state="not_adopted", words="Not yet.", by=here.worker)
    told = Notice.objects.get()
    assert (told.user, told.kind, told.subject_ref) == (here.colleague, "guide_answered", guide.pk)
    client.force_login(here.colleague)
    assert guide.get_absolute_url() in client.get(reverse("today")).text
    give_rights([told], timezone.localdate())
    assert guide.get_absolute_url() in lines_for([told])[told.pk].url
    own = actions.propose_guide(kind="rule", text="Mine", cycle=here.cycle, by=here.worker)
    actions.decide_guide(guide=own, state="adopted", words="", by=here.worker)
    assert Notice.objects.count() == 1


def test_no_can_become_yes(here):
    guide = proposed(here)
    actions.decide_guide(guide=guide, state="not_adopted", words="Not yet.", by=here.worker)
    actions.decide_guide(guide=guide, state="adopted", words="Now.", by=here.worker)
    assert [what for what, _ in steps_of(guide)] == ["proposed", "not_adopted", "adopted"]


@pytest.mark.parametrize(
    "odd",
    [
        {"state": "adopted", "active_from": None},
        {"state": "proposed"},
        {"state": "retired"},
        {"cycle": None},
    ],
)
def test_state_days_and_home_agree_in_the_database(here, odd):
    with pytest.raises(IntegrityError), transaction.atomic():
        Guide.objects.create(**{"cycle": here.cycle, "kind": "rule", "text": "Odd", "by": here.worker} | odd)


def test_a_step_is_never_changed(here):
    guide = proposed(here)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        GuideStep.objects.filter(guide=guide).update(words="Otherwise")


@pytest.mark.system(57)
def test_the_bubble_shows_the_guides_it_works_by(worker, here):
    """On an experiment: those of its cycle and of its team, beside what guards it."""
    experiment = f.ExperimentFactory(cycle=here.cycle, running=True, protection="Managers keep the old rules out.")
    rule(here, 1)
    rule(here, 2, state="retired", retired_on=timezone.localdate())
    actions.propose_guide(kind="principle", text="One team", team=here.core, by=here.worker, is_agreed=True)
    page = worker.get(experiment.get_absolute_url()).text
    for words in ("Rule 1", "One team", "Managers keep the old rules out."):
        assert words in page
    assert "Rule 2" not in page


# ------------------------------------------------------------------ a team's own


@pytest.mark.system(55)
def test_a_partnership_of_agencies_has_guides_of_its_own(client, here):
    """NESSie: several bodies, one team, principles they agreed together."""
    partnership = f.TeamFactory(place=here.place, kind="partnership", name="One door")
    partnership.agencies.set([f.AgencyFactory(place=here.place) for _ in range(4)])
    member = f.MembershipFactory(team=partnership).user
    cycle = f.LearningCycleFactory(team=partnership)
    client.force_login(member)
    url = reverse("cycles:team_guides", args=[partnership.pk])
    client.post(url, {"kind": "principle", "text": "No wrong door", "is_agreed": "on"})
    assert "No wrong door" in client.get(url).text
    assert "No wrong door" in client.get(reverse("cycles:guides", args=[cycle.pk])).text
    assert "No wrong door" in client.get(cycle.get_absolute_url()).text
    debrief = f.DebriefFactory(cycle=cycle)
    assert "No wrong door" in client.get(reverse("debriefs:write", args=[debrief.pk])).text
    client.force_login(here.steward)
    assert "No wrong door" in client.get(url).text
    client.force_login(here.worker)
    assert client.get(url).status_code == 404


def test_readers_of_a_joined_cycle_do_not_meet_the_teams_own(client, here, reader):
    guide = proposed(here, "Ours alone", team=here.core)
    actions.decide_guide(guide=guide, state="adopted", words="", by=here.worker)
    client.force_login(reader)
    assert "Ours alone" not in client.get(page_of(here)).text
    assert "Ours alone" not in client.get(here.cycle.get_absolute_url()).text
    assert client.get(guide.get_absolute_url()).status_code == 404


@pytest.mark.system(69)
def test_the_promise_has_three_sides(worker, here):
    for party, text in (
        ("power", "We answer within two weeks."),
        ("workers", "We say what we do not know."),
        ("citizens", "We tell you when it does not help."),
    ):
        worker.post(page_of(here), {"kind": "commitment", "text": text, "party": party, "is_agreed": "on"})
    page = worker.get(page_of(here)).text
    told = page[page.index("What each of us promises") :]
    order = ["People with power", "two weeks", "Workers", "do not know", "Citizens", "does not help"]
    assert [told.index(words) for words in order] == sorted(told.index(words) for words in order)


def test_a_silent_side_of_the_promise_is_shown_as_silent(worker, here):
    assert "What each of us promises" not in worker.get(page_of(here)).text
    worker.post(page_of(here), {"kind": "commitment", "text": "We ring back.", "party": "workers", "is_agreed": "on"})
    assert worker.get(page_of(here)).text.count("Nothing said yet.") == 2


def test_guides_query_count(worker, here):
    # who is asking (3), the cycle, the team's own; its own and their steps
    assert_queries_stay_flat(worker, page_of(here), lambda: proposed(here), most=7)


def test_team_guides_query_count(worker, here):
    # who is asking (3), the team, its guides and their steps, the looks at them
    url = reverse("cycles:team_guides", args=[here.core.pk])
    assert_queries_stay_flat(worker, url, lambda: proposed(here, team=here.core), most=8)
