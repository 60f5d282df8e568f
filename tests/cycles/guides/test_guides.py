import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.models import Guide
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def rule(here, n):
    return Guide.objects.create(cycle=here.cycle, kind="rule", text=f"Rule {n}", by=here.worker)


@pytest.mark.parametrize(("rules", "nudged"), [(5, False), (6, True)])
def test_more_than_five_rules_are_nudged_about(worker, here, rules, nudged):
    for n in range(rules):
        rule(here, n)
    page = worker.get(reverse("cycles:guides", args=[here.cycle.pk])).text
    assert ("more than five rules" in page) is nudged


def test_principles_do_not_count_as_rules(worker, here):
    for n in range(9):
        Guide.objects.create(cycle=here.cycle, kind="principle", text=f"Principle {n}", by=here.worker)
    assert "more than five rules" not in worker.get(reverse("cycles:guides", args=[here.cycle.pk])).text


def test_a_guide_is_added_and_shows_on_the_cycle(worker, here):
    url = reverse("cycles:guides", args=[here.cycle.pk])
    worker.post(url, {"kind": "principle", "text": "Pull rather than refer", "origin": "Citizens told us"})
    assert "Pull rather than refer" in worker.get(here.cycle.get_absolute_url()).text


def test_retiring_keeps_history_and_the_first_day(worker, here):
    guide = rule(here, 1)
    url = reverse("cycles:guide_retire", args=[guide.pk])
    worker.post(url)
    Guide.objects.filter(pk=guide.pk).update(retired_on=timezone.localdate() - timezone.timedelta(days=3))
    worker.post(url)
    guide.refresh_from_db()
    assert guide.retired_on == timezone.localdate() - timezone.timedelta(days=3)
    assert guide not in Guide.objects.in_force(timezone.localdate())
    assert "Rule 1" not in worker.get(here.cycle.get_absolute_url()).text
    assert "Rule 1" in worker.get(reverse("cycles:guides", args=[here.cycle.pk])).text


def test_guides_query_count(worker, here):
    # who is asking (3), the cycle, those in force, those retired
    url = reverse("cycles:guides", args=[here.cycle.pk])
    assert_queries_stay_flat(worker, url, lambda: rule(here, 1), most=6)
