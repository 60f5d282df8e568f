import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.models import Story
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat

TODAY = timezone.localdate


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


@pytest.fixture
def case(here):
    return f.CaseFactory(team=here.core, worker=here.worker, alias="Zofia")


@pytest.fixture
def draft(here, case):
    return f.StoryFactory(cycle=case.cycle, case=case, written_by=here.worker, body="I had a drawer.")


def url(name, row):
    return reverse(f"cycles:{name}", args=[row.pk])


@pytest.mark.system(34)
def test_a_story_is_written_checked_shared_and_taken_back(client, here, case):
    client.force_login(here.worker)
    form = {"title": "The drawer", "body": "I had a drawer.", "told_by": "Zofia"}
    client.post(url("person_story_new", case), form)
    story = Story.objects.get()
    assert (story.is_shared, story.reach, story.case) == (False, "worker", case)
    client.force_login(here.leader)
    assert client.get(story.get_absolute_url()).status_code == 404
    client.force_login(here.worker)
    check = {"checked_by_teller_on": TODAY(), "reach": "place", "version": story.version}
    client.post(url("story_check", story), check)
    client.force_login(here.leader)
    assert "I had a drawer." in client.get(story.get_absolute_url()).text
    client.force_login(here.worker)
    client.post(url("story_withdraw", story))
    client.post(url("story_withdraw", story))
    client.force_login(here.leader)
    assert client.get(story.get_absolute_url()).status_code == 404
    assert "I had a drawer." not in client.get(reverse("cycles:stories")).text
    assert not Story.objects.shared_with_place().exists()


WHO = ("worker", "colleague", "helper", "leader", "steward", "evidence", "admin")
REACHES = [
    # reach, checked, withdrawn, who reads it
    ("worker", False, False, {"worker"}),
    ("worker", True, False, {"worker"}),
    ("team", True, False, {"worker", "colleague"}),
    ("place", True, False, set(WHO)),
    ("public", True, False, set(WHO)),
    ("place", True, True, {"worker"}),
]


@pytest.mark.parametrize(("reach", "checked", "withdrawn", "readers"), REACHES)
def test_a_story_goes_as_far_as_its_teller_said(here, elsewhere, draft, reach, checked, withdrawn, readers):
    Story.objects.filter(pk=draft.pk).update(
        reach=reach,
        checked_by_teller_on=TODAY() if checked else None,
        withdrawn_on=TODAY() if withdrawn else None,
    )
    reading = {who for who in WHO if Story.objects.visible_to(getattr(here, who)).exists()}
    assert reading == readers
    assert not Story.objects.visible_to(elsewhere.leader).exists()


def test_the_database_refuses_to_share_what_was_not_checked(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=draft.pk).update(reach="place")


def test_changed_words_are_read_again_before_they_are_shared(worker, draft):
    Story.objects.filter(pk=draft.pk).update(reach="place", checked_by_teller_on=TODAY())
    form = {"title": draft.title, "body": "I had two drawers.", "told_by": "", "version": 1}
    worker.post(url("story_edit", draft), form)
    draft.refresh_from_db()
    assert (draft.body, draft.reach, draft.checked_by_teller_on) == ("I had two drawers.", "worker", None)


def test_saving_the_same_words_keeps_it_shared(worker, draft):
    Story.objects.filter(pk=draft.pk).update(reach="place", checked_by_teller_on=TODAY())
    form = {"title": draft.title, "body": draft.body, "told_by": draft.told_by, "version": 1}
    worker.post(url("story_edit", draft), form)
    draft.refresh_from_db()
    assert draft.reach == "place"


def test_a_check_of_words_that_changed_meanwhile_is_stopped(worker, draft):
    Story.objects.filter(pk=draft.pk).update(version=2)
    check = {"checked_by_teller_on": TODAY(), "reach": "place", "version": 1}
    assert worker.post(url("story_check", draft), check).status_code == 409
    draft.refresh_from_db()
    assert draft.reach == "worker"


def test_a_day_to_come_is_no_check(worker, draft):
    check = {"checked_by_teller_on": TODAY() + timezone.timedelta(days=1), "reach": "place", "version": 1}
    response = worker.post(url("story_check", draft), check)
    assert response.status_code == 422
    assert "Give the day they read it" in response.text


@pytest.mark.parametrize(("who", "status"), [("worker", 200), ("colleague", 403), ("leader", 403)])
def test_only_those_alongside_change_a_shared_story(client, here, draft, who, status):
    Story.objects.filter(pk=draft.pk).update(reach="place", checked_by_teller_on=TODAY())
    client.force_login(getattr(here, who))
    assert client.get(url("story_edit", draft)).status_code == status


def test_a_story_sent_twice_is_kept_once(worker, here):
    form = {"title": "The drawer", "body": "I had one.", "client_id": "0d5c6c1e-7f0e-4f57-9d34-2b6c2f3a1f98"}
    for _ in range(2):
        worker.post(url("story_new", here.cycle), form)
    assert Story.objects.count() == 1


def test_stories_query_count(worker, here):
    # who is asking (3), the stories
    assert_queries_stay_flat(
        worker, reverse("cycles:stories"), lambda: f.StoryFactory(cycle=here.cycle, shared=True), most=4
    )
