"""Questions in a real browser: fit for everyone, and answered on a phone without JavaScript."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.models import Answer, Question
from issues.models import Issue
from tests import factories as f
from tests.factories.fixtures import make_place
from tests.helpers.browser import press, sign_in_with, unfit

pytestmark = pytest.mark.browser


def at(name, *args):
    return reverse(f"cycles:{name}", args=args)


def answered(here):
    """Two days of answers, one said back to, one that we do not know, in a place with words of its own."""
    today = timezone.localdate()
    asked = {q.key: q for q in Question.objects.all()}
    for ago, text in ((30, "An hour a day each, and we get forty minutes"), (0, "We have the hour now")):
        Answer.objects.create(
            question=asked["managing.time"],
            asked="How long does it take?",
            text=text,
            example="Four doors a week",
            cycle=here.cycle,
            by=here.worker,
            on=today - timedelta(days=ago),
        )
    barrier = Answer.objects.create(
        question=asked["managing.barriers"], asked="x", text="Letters", cycle=here.cycle, by=here.worker
    )
    barrier.remarks.create(text="Not on our street", said_by="A neighbour", by=here.colleague)
    for team in (here.core, here.leadership):
        Answer.objects.create(question=asked["b.power"], asked="x", is_unknown=True, team=team, by=here.worker)
    experiment = f.ExperimentFactory(cycle=here.cycle)
    cycle = here.cycle.pk
    return [
        at("cycle_questions", cycle),
        at("cycle_question_set", cycle, "managing"),
        at("cycle_question_set", cycle, "governing"),
        at("cycle_question_set", cycle, "purpose"),
        at("cycle_question_set", cycle, "ground"),
        at("cycle_questions_between", cycle, "managing"),
        at("cycle_questions_between", cycle, "embed"),
        at("cycle_question_history", cycle, "managing.time"),
        at("rhythm", cycle, "managing"),
        at("answer_back", barrier.pk),
        reverse("issues:from_answer", args=[barrier.pk]),
        at("experiment_question_set", experiment.pk, "experiment"),
        at("team_question_set", here.core.pk, "behaviours"),
        at("team_question_set", here.core.pk, "reflect"),
        at("behaviours"),
        at("start"),
        here.cycle.get_absolute_url(),
    ]


def test_pages_are_fit_for_everyone(transactional_db, page, live_server, console):
    here = make_place()

    def look(user, *addresses):
        sign_in_with(page.context, user, live_server.url)
        return [wrong for address in addresses for wrong in unfit(page, live_server.url + address)]

    found = look(here.worker, *answered(here))
    here.cycle.steward = here.steward
    here.cycle.save()
    found += look(here.steward, "/today/", "/triage/")
    found += look(here.admin, at("place_questions"), at("place_question", "managing.time"), at("place_question_new"))
    assert found == []
    assert console == []


def test_a_team_answers_on_a_phone_without_javascript(transactional_db, open_as):
    here = make_place()
    page = open_as(here.worker, java_script_enabled=False)
    page.goto(here.cycle.get_absolute_url())

    press(page, page.get_by_role("link", name="Managing this cycle"))
    press(page, page.get_by_role("button", name="Keep these answers"))
    page.get_by_role("heading", name="There is a problem").wait_for()

    page.get_by_label("What gets in the way?").first.fill("The letters go out while we talk")
    asked = page.locator("section.question").filter(has_text="How will you find them?")
    asked.get_by_role("checkbox").check()
    press(page, page.get_by_role("button", name="Keep these answers"))
    page.get_by_text("Kept. What was said before stays too.").wait_for()
    page.get_by_role("link", name="Raise it as an issue").click()
    page.get_by_role("button", name="Put it in the log").click()
    page.get_by_role("heading", name="The letters go out while we talk").wait_for()
    page.get_by_role("heading", name="Where it came from").wait_for()

    assert Issue.objects.get().is_barrier
    assert {(a.question.key, str(a)) for a in here.cycle.answers.all()} == {
        ("managing.barriers", "The letters go out while we talk"),
        ("managing.find", "We don’t know"),
    }
