"""The rooms of a cycle in a real browser: fit for everyone, and whole without JavaScript."""

import pytest
from django.utils import timezone

from cycles.models import Case, CycleLink, Experiment, LearningCycle
from tests import factories as f
from tests.helpers.browser import unfit

pytestmark = pytest.mark.browser


def lived_in(here):
    """One of everything, so that each page shows what it can show."""
    cycle = here.cycle
    cycle.old_purpose = "Collect what is owed"
    cycle.save()
    experiment = f.ExperimentFactory(cycle=cycle, running=True, end_point="unknown", contact="direct")
    lesson = f.LessonFactory(cycle=cycle, experiment=experiment, pillar="human")
    measure = f.MeasureFactory(cycle=cycle, experiment=experiment)
    for n in range(4):
        f.ReadingFactory(measure=measure, value=n, n=6, period_start=timezone.localdate() - timezone.timedelta(days=n))
    other = f.LearningCycleFactory(team=here.working, scale="place")
    CycleLink.objects.create(source=cycle, target=other, direction="vertical", why="Homes", by=here.worker)
    cycle.stage_moves.create(from_stage="purpose", to_stage="do", why="First visits", by=here.worker)
    story = f.StoryFactory(cycle=cycle, shared=True, written_by=here.worker)
    case = f.CaseFactory(team=here.core, worker=here.worker, what_matters="A quiet home", strengths="Funny")
    agency = f.AgencyFactory(place=here.place)
    case.contacts.create(activity="A form", agency=agency, cost=40, cost_source="The evidence team", by=here.worker)
    case.openings.create(by=here.colleague, reason="Ill", until_at=timezone.now())
    f.IssueFactory(cycle=cycle, raised_by=here.worker, case=case, level=2)
    return [
        "/cycles/",
        "/cycles/new/",
        cycle.get_absolute_url(),
        f"/cycles/{cycle.pk}/guides/",
        experiment.get_absolute_url(),
        lesson.get_absolute_url(),
        "/lessons/",
        "/people/",
        case.get_absolute_url(),
        f"/people/{case.pk}/readers/",
        f"/people/{case.pk}/happened/new/",
        "/measures/",
        measure.get_absolute_url(),
        "/stories/",
        story.get_absolute_url(),
    ]


def test_pages_are_fit_for_everyone(transactional_db, page, live_server, sign_in, console):
    from tests.factories.fixtures import make_place

    here = make_place()
    urls = lived_in(here)
    sign_in(here.worker, urls[0])
    assert [wrong for url in urls for wrong in unfit(page, live_server.url + url)] == []
    assert console == []


def test_the_work_goes_on_without_javascript(transactional_db, open_as, live_server):
    from tests.factories.fixtures import make_place

    here = make_place()
    page = open_as(here.worker, java_script_enabled=False)

    def press(words):
        with page.expect_navigation():
            page.get_by_role("button", name=words, exact=True).click()

    page.goto("/cycles/")
    page.get_by_role("link", name="Open a cycle").click()
    page.get_by_label("What will you call it?").fill("Debt as a signal")
    press("Open it")
    page.get_by_role("heading", name="There is a problem").wait_for()
    page.get_by_label("What better life is it for?").fill("People thrive")
    press("Open it")
    page.get_by_role("link", name="Move to another stage").click()
    page.get_by_label("Co-design").check()
    page.get_by_label("Why?").fill("Ten lives talked through")
    press("Move")
    page.get_by_role("link", name="Design one together").click()
    page.get_by_label("What do you want to find out?").fill("What if we ring first?")
    page.get_by_label("A short name for it").fill("Ring first")
    press("Keep this card")
    page.get_by_label("It is legal").check()
    page.get_by_label("It does no harm").check()
    press("Start it")
    page.get_by_text("It has started.").wait_for()
    assert LearningCycle.objects.get(title="Debt as a signal").stage == "co_design"
    assert Experiment.objects.get().state == "running"

    page.goto(live_server.url + "/people/new/")
    page.get_by_label("What do they like to be called?").fill("Zofia")
    press("Open it")
    page.get_by_role("link", name="Add what happened").click()
    page.get_by_label("What happened?").fill("Tea at the kitchen table")
    page.get_by_label("Visit").check()
    press("Add it")
    page.get_by_role("link", name="End it by agreement").click()
    page.get_by_label("What did you agree, in their words?").fill("I will ring")
    press("We agreed")
    page.get_by_role("heading", name="What we agreed").wait_for()
    assert Case.objects.get().state == "closed"
