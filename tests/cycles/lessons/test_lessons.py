import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.lessons import actions
from cycles.models import CycleLink, Lesson
from cycles.refusals import Refused
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def joined(here):
    other = f.LearningCycleFactory(team=here.working, scale="place", title="Homes")
    CycleLink.objects.create(source=here.cycle, target=other, direction="vertical", by=here.worker)
    return other


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


@pytest.mark.system(53)
@pytest.mark.system(12)
def test_a_lesson_is_offered_answered_and_embedded_on_a_date(client, here, joined):
    lesson = f.LessonFactory(cycle=here.cycle, text="Ring first")
    client.force_login(here.worker)
    client.post(reverse("cycles:lesson_offer", args=[lesson.pk]), {"to": joined.pk})
    client.force_login(here.helper)
    assert "Ring first" in client.get(reverse("cycles:lessons")).text
    client.post(reverse("cycles:lesson_reply", args=[lesson.pk]), {"takes_up": "yes", "reply": "From January"})
    client.post(reverse("cycles:lesson_embed", args=[lesson.pk]), {"on": timezone.localdate()})
    lesson.refresh_from_db()
    assert (lesson.state, lesson.reply, lesson.direction) == ("embedded", "From January", "vertical")
    assert lesson.embedded_on == timezone.localdate()
    client.force_login(here.worker)
    page = client.get(lesson.get_absolute_url()).text
    assert "From January" in page
    assert "Normal here since" in page


def test_declining_needs_a_reason(client, here, joined):
    lesson = f.LessonFactory(cycle=here.cycle, state="offered", offered_to=joined)
    client.force_login(here.helper)
    url = reverse("cycles:lesson_reply", args=[lesson.pk])
    response = client.post(url, {"takes_up": "no", "reply": ""})
    assert response.status_code == 422
    assert "Say why not." in response.text
    assert client.post(url, {"takes_up": "no", "reply": "We tried"}).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.state, lesson.reply) == ("declined", "We tried")


def test_the_database_refuses_a_silent_no_and_an_undated_new_normal(here):
    lesson = f.LessonFactory(cycle=here.cycle)
    for wrong in ({"state": "declined"}, {"state": "embedded"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lesson.objects.filter(pk=lesson.pk).update(**wrong)


def test_a_lesson_from_a_life_is_not_offered(here, joined):
    life = f.CaseFactory(team=here.core, worker=here.worker).cycle
    lesson = f.LessonFactory(cycle=life)
    with pytest.raises(Refused):
        actions.offer_lesson(lesson=lesson, to=joined, by=here.worker)


def test_a_lesson_goes_only_to_a_joined_cycle(worker, here):
    stranger = f.LearningCycleFactory(team=here.core)
    lesson = f.LessonFactory(cycle=here.cycle)
    response = worker.post(reverse("cycles:lesson_offer", args=[lesson.pk]), {"to": stranger.pk})
    assert response.status_code == 422
    with pytest.raises(Refused):
        actions.offer_lesson(lesson=lesson, to=stranger, by=here.worker)


@pytest.mark.parametrize("state", ["offered", "declined", "embedded"])
def test_what_waits_or_has_ended_is_not_embedded_again(here, state, joined):
    lesson = f.LessonFactory(
        cycle=here.cycle, state=state, offered_to=joined, reply="x", embedded_on=timezone.localdate()
    )
    with pytest.raises(Refused):
        actions.embed_lesson(lesson=lesson, on=timezone.localdate(), by=here.worker)


@pytest.mark.system(1)
@pytest.mark.system(38)
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Human one", "System one", "Lever"}),
        ("?pillar=human", {"Human one"}),
        ("?pillar=system", {"System one", "Lever"}),
        ("?leverage=1", {"Lever"}),
        ("?direction=vertical", {"System one"}),
        ("?pillar=nonsense&before=abc", {"Human one", "System one", "Lever"}),
        ("?pillar=learning", set()),
    ],
)
def test_lessons_are_narrowed(worker, here, query, shown):
    f.LessonFactory(cycle=here.cycle, text="Human one", pillar="human")
    f.LessonFactory(cycle=here.cycle, text="System one", pillar="system", direction="vertical")
    f.LessonFactory(cycle=here.cycle, text="Lever", pillar="system", is_leverage=True)
    page = worker.get(reverse("cycles:lessons") + query)
    assert {lesson.text for lesson in page.context["lessons"]} == shown


def test_older_lessons_follow_on_the_next_page(worker, here):
    for n in range(31):
        f.LessonFactory(cycle=here.cycle, text=f"Lesson number {n}")
    first = worker.get(reverse("cycles:lessons"))
    assert len(first.context["lessons"]) == 30
    second = worker.get(reverse("cycles:lessons") + f"?before={first.context['last']}")
    assert [lesson.text for lesson in second.context["lessons"]] == ["Lesson number 0"]


def test_lessons_of_lives_are_not_listed(worker, here):
    life = f.CaseFactory(team=here.core, worker=here.worker).cycle
    f.LessonFactory(cycle=life, text="About one life")
    assert "About one life" not in worker.get(reverse("cycles:lessons")).text


def test_sending_a_lesson_twice_keeps_one(worker, here):
    form = {"text": "Ring first", "direction": "own", "kind": "lesson", "pillar": ""}
    form["client_id"] = "0d5c6c1e-7f0e-4f57-9d34-2b6c2f3a1f55"
    for _ in range(2):
        assert worker.post(reverse("cycles:lesson_new", args=[here.cycle.pk]), form).status_code == 302
    assert Lesson.objects.count() == 1


def test_lessons_query_count(worker, here):
    # who is asking (3), the lessons
    assert_queries_stay_flat(worker, reverse("cycles:lessons"), lambda: f.LessonFactory(cycle=here.cycle), most=4)
