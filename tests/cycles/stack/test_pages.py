from uuid import uuid4

import pytest
from django.urls import reverse

from cycles.lessons.models import Offer
from cycles.models import CycleLink, LearningCycle
from cycles.stack.permissions import can_change
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def test_opening_a_cycle_from_its_form(worker, here):
    form = {
        "title": "Debt as a signal",
        "purpose": "People thrive",
        "scale": "team",
        "team": here.core.pk,
        "steward": here.steward.pk,
    }
    response = worker.post(reverse("cycles:new"), form)
    cycle = LearningCycle.objects.get(title="Debt as a signal")
    assert response.url == cycle.get_absolute_url()
    assert (cycle.steward, cycle.status) == (here.steward, "live")


def test_a_cycle_without_a_purpose_keeps_what_was_typed(worker, here):
    response = worker.post(reverse("cycles:new"), {"title": "Debt", "scale": "team", "team": here.core.pk})
    assert response.status_code == 422
    assert "Say what better life it is for. One line is fine." in response.text
    assert 'value="Debt"' in response.text
    assert not LearningCycle.objects.filter(title="Debt").exists()


def test_another_places_team_or_steward_is_not_taken(worker, here, elsewhere):
    form = {"title": "Debt", "purpose": "x", "scale": "team", "team": elsewhere.core.pk, "steward": here.worker.pk}
    response = worker.post(reverse("cycles:new"), form)
    assert set(response.context["form"].errors) == {"team", "steward"}


def test_sending_the_form_twice_makes_one_cycle(worker, here):
    form = {"title": "Debt", "purpose": "x", "scale": "team", "team": here.core.pk, "client_id": str(uuid4())}
    urls = {worker.post(reverse("cycles:new"), form).url for _ in range(2)}
    assert len(urls) == 1
    assert LearningCycle.objects.filter(title="Debt").count() == 1


@pytest.mark.system(8)
def test_stage_moves_back_with_a_reason_and_shows_its_path(worker, here):
    for stage, why in (("do", "First visits began"), ("understand", "We had missed the landlords")):
        worker.post(reverse("cycles:stage", args=[here.cycle.pk]), {"to_stage": stage, "why": why})
    page = worker.get(here.cycle.get_absolute_url()).text
    assert "Do and learn to Understand" in page
    assert "We had missed the landlords" in page


def test_moving_without_a_reason_is_asked_for_one(worker, here):
    response = worker.post(reverse("cycles:stage", args=[here.cycle.pk]), {"to_stage": "do", "why": ""})
    assert response.status_code == 422
    assert "Say why. One line is fine." in response.text
    assert not here.cycle.stage_moves.exists()


def test_a_second_editor_gets_both_texts(worker, here):
    url = reverse("cycles:purpose", args=[here.cycle.pk])
    worker.post(url, {"purpose": "Theirs", "old_purpose": "", "why": "We listened", "version": 1})
    response = worker.post(url, {"purpose": "Mine", "old_purpose": "", "why": "We listened", "version": 1})
    assert response.status_code == 409
    assert "Theirs" in response.text
    assert "Mine</textarea>" in response.text
    assert response.context["form"]["version"].value() == 2
    again = worker.post(url, {"purpose": "Both", "old_purpose": "", "why": "We listened", "version": 2})
    assert again.status_code == 302
    here.cycle.refresh_from_db()
    assert here.cycle.purpose == "Both"


@pytest.mark.system(60)
def test_old_and_new_purpose_stand_side_by_side(worker, here):
    LearningCycle.objects.filter(pk=here.cycle.pk).update(purpose="What matters to you", old_purpose="By the rules")
    page = worker.get(here.cycle.get_absolute_url()).text
    assert page.index("What matters to you") < page.index("By the rules")


@pytest.mark.system(34)
def test_a_number_says_when_no_story_stands_beside_it(worker, here):
    f.MeasureFactory(cycle=here.cycle)
    assert "No story beside these yet." in worker.get(here.cycle.get_absolute_url()).text
    f.StoryFactory(cycle=here.cycle, shared=True, body="I had a drawer.")
    assert "I had a drawer." in worker.get(here.cycle.get_absolute_url()).text


@pytest.mark.system(14)
def test_joined_cycles_show_each_other_and_the_reply(client, here):
    other = f.LearningCycleFactory(team=here.working, title="Homes", scale="place")
    client.force_login(here.steward)
    client.post(reverse("cycles:join", args=[here.cycle.pk]), {"other": other.pk, "why": "They know homes"})
    client.force_login(here.helper)
    assert "They know homes" in client.get(other.get_absolute_url()).text
    link = CycleLink.objects.get()
    client.post(reverse("cycles:link_reply", args=[link.pk]), {"reply": "Gladly"})
    late = client.post(reverse("cycles:link_reply", args=[link.pk]), {"reply": "No"})
    assert late.status_code == 422
    assert "Gladly" in late.text
    client.force_login(here.worker)
    page = client.get(here.cycle.get_absolute_url()).text
    assert "Homes" in page
    assert "They said: Gladly" in page
    lesson = f.LessonFactory(cycle=here.cycle, text="Half the debts were our mistake")
    passed_up = Offer.objects.create(lesson=lesson, to=other, direction="vertical", text=lesson.text, by=here.worker)
    page = client.get(here.cycle.get_absolute_url()).text
    assert "Went up" in page
    assert passed_up.get_absolute_url() in page
    client.force_login(here.helper)
    page = client.get(other.get_absolute_url()).text
    assert "Came up" in page
    assert "Half the debts were our mistake" in page


@pytest.mark.parametrize(
    ("who", "reads", "changes"),
    [
        ("worker", True, True),
        ("op_lead", True, True),
        ("steward", True, True),
        ("helper", True, False),
        ("leader", False, False),
        ("evidence", False, False),
        ("admin", False, False),
    ],
)
def test_who_reads_and_who_changes_a_joined_cycle(here, who, reads, changes):
    other = f.LearningCycleFactory(team=here.working)
    CycleLink.objects.create(source=here.cycle, target=other, direction="horizontal", by=here.worker)
    user = getattr(here, who)
    assert LearningCycle.objects.visible_to(user).filter(pk=here.cycle.pk).exists() is reads
    assert can_change(user, here.cycle) is changes


@pytest.mark.system(13)
def test_a_persons_cycle_is_in_no_list_link_or_count(client, here):
    case = f.CaseFactory(team=here.core, worker=here.worker, alias="Zofia")
    CycleLink.objects.create(source=case.cycle, target=here.cycle, direction="vertical", by=here.worker)
    client.force_login(here.colleague)
    for url in (reverse("cycles:list"), here.cycle.get_absolute_url(), reverse("cycles:join", args=[here.cycle.pk])):
        page = client.get(url).text
        assert "A life" not in page
        assert "Zofia" not in page
    assert "fewer than 5 people" in client.get(here.cycle.get_absolute_url()).text
    assert client.get(case.cycle.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("lives", "words"), [(0, "no one yet"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5 people")]
)
def test_lives_under_five_are_not_counted_out(client, here, lives, words):
    for _ in range(lives):
        f.CaseFactory(team=here.core, worker=here.worker)
    client.force_login(here.worker)
    assert words in client.get(here.cycle.get_absolute_url()).text


def test_lives_are_not_counted_at_all_outside_the_team(client, here):
    for _ in range(6):
        f.CaseFactory(team=here.core, worker=here.worker)
    client.force_login(here.steward)
    page = client.get(here.cycle.get_absolute_url()).text
    assert "6 people" not in page
    assert "people’s lives" in page


def test_cycle_list_query_count(worker, here):
    # session, person, memberships, cycles
    assert_queries_stay_flat(
        worker, reverse("cycles:list"), lambda: f.LearningCycleFactory(team=here.core, steward=here.steward), most=5
    )


def test_cycle_page_query_count(worker, here):
    def one_of_everything():
        f.ExperimentFactory(cycle=here.cycle, running=True)
        f.LessonFactory(cycle=here.cycle)
        f.ReadingFactory(measure=f.MeasureFactory(cycle=here.cycle))
        f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
        f.DebriefFactory(cycle=here.cycle, held=True)
        other = f.LearningCycleFactory(team=here.working)
        CycleLink.objects.create(source=here.cycle, target=other, direction="horizontal", by=here.worker)
        here.cycle.stage_moves.create(from_stage="purpose", to_stage="do", why="x", by=here.worker)

    # Each room brings its part in a number of queries that does not grow; a new part may raise the sum a little.
    assert_queries_stay_flat(worker, here.cycle.get_absolute_url(), one_of_everything, most=40)
