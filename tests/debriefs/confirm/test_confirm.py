"""Looking at our guides is a debrief of its own kind: called or planned, in the rhythm and the journal, once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.models import Confirmation, Guide, Notice
from debriefs.models import Debrief
from debriefs.plans.actions import make_plan
from debriefs.plans.follow import follow_plans
from tests import factories as f
from tests.helpers.html import forms


@pytest.fixture
def guide(here):
    return Guide.objects.create(kind="principle", text="Listen first", cycle=here.cycle, by=here.worker)


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def keep(client, guide, url, words="We waited for her to speak."):
    page = client.get(url)
    sent = next(one for one in forms(page, url) if "client_id" in one.names).data()
    return client.post(url, sent | {f"lived-{guide.pk}": words})


@pytest.mark.system(28)
def test_a_look_that_is_called_is_one_debrief_in_list_and_journal(worker, here, guide):
    keep(worker, guide, reverse("cycles:confirm", args=[here.core.pk]))
    debrief, look = Debrief.objects.get(), Confirmation.objects.get()
    assert (debrief.kind, debrief.state, debrief.confirmation) == ("confirmation", "written_up", look)
    assert worker.get(debrief.get_absolute_url()).url == look.get_absolute_url()
    assert debrief.get_absolute_url() in worker.get(reverse("debriefs:list")).text
    journal = worker.get(reverse("debriefs:journal")).text
    assert debrief.get_absolute_url() in journal
    assert "We waited for her to speak." in journal


@pytest.mark.system(28)
def test_a_planned_look_is_in_the_rhythm_and_is_kept_as_that_one(worker, here, guide):
    now = timezone.now()
    plan = make_plan(
        team=here.core,
        by=here.worker,
        kind="confirmation",
        cycle=here.cycle,
        cadence="daily",
        days=[],
        time=(timezone.localtime() + timedelta(hours=3)).time().replace(second=0, microsecond=0),
        starts_on=timezone.localdate(),
        minutes=30,
        remind_before=30,
        where="",
        recorder=None,
        holidays="",
    )
    planned = Debrief.objects.filter(plan=plan).order_by("planned_for").first()
    assert planned.kind == "confirmation"
    assert Notice.objects.filter(kind="debrief_soon", subject_ref=planned.pk, user=here.colleague).exists()
    to_write = worker.get(reverse("debriefs:write", args=[planned.pk]))
    assert to_write.url == reverse("cycles:confirm", args=[here.core.pk]) + f"?debrief={planned.pk}"
    before = Debrief.objects.count()
    done = keep(worker, guide, to_write.url)
    planned.refresh_from_db()
    assert done.url == planned.confirmation.get_absolute_url()
    assert (planned.state, Debrief.objects.count(), Confirmation.objects.count()) == ("written_up", before, 1)
    follow_plans(now=now)
    assert Debrief.objects.filter(confirmation__isnull=False).count() == 1


def test_a_look_near_a_planned_one_is_that_one(worker, here, guide):
    planned = f.DebriefFactory(cycle=here.cycle, kind="confirmation", planned_for=timezone.now() + timedelta(hours=1))
    keep(worker, guide, reverse("cycles:confirm", args=[here.core.pk]))
    planned.refresh_from_db()
    assert planned.confirmation_id
    assert Debrief.objects.count() == 1


def test_sent_twice_it_is_one_look_and_one_debrief(worker, here, guide):
    url = reverse("cycles:confirm", args=[here.core.pk])
    sent = next(one for one in forms(worker.get(url), url) if "client_id" in one.names).data()
    for _ in range(2):
        worker.post(url, sent | {f"lived-{guide.pk}": "Once."})
    assert (Confirmation.objects.count(), Debrief.objects.count()) == (1, 1)


def test_another_teams_planned_look_is_not_taken(worker, here, guide):
    other = f.DebriefFactory(
        cycle=f.LearningCycleFactory(team=here.working), kind="confirmation", planned_for=timezone.now()
    )
    keep(worker, guide, reverse("cycles:confirm", args=[here.core.pk]) + f"?debrief={other.pk}")
    other.refresh_from_db()
    assert other.confirmation_id is None


@pytest.mark.system(28)
def test_leaders_do_their_own_without_a_cycle(client, here):
    guide = Guide.objects.create(team=here.leadership, kind="behaviour", text="We go and see", by=here.leader)
    client.force_login(here.leader)
    keep(client, guide, reverse("cycles:confirm", args=[here.leadership.pk]))
    debrief = Debrief.objects.get()
    assert (debrief.team, debrief.cycle) == (here.leadership, None)
    assert "We waited for her to speak." in client.get(reverse("debriefs:journal")).text


def test_one_that_did_not_happen_asks_what_got_in_the_way(worker, here, guide):
    missed = f.DebriefFactory(
        cycle=here.cycle, kind="confirmation", state="missed", planned_for=timezone.now() - timedelta(days=2)
    )
    assert "What got in the way?" in worker.get(missed.get_absolute_url()).text


def test_only_a_look_may_be_about_no_cycle(here):
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        Debrief.objects.create(place=here.place, team=here.core, kind="regular", planned_for=timezone.now())


def test_a_look_from_before_takes_its_place_among_the_debriefs(here, guide):
    """The data migration, run on what an older version left."""
    from importlib import import_module

    from django.apps import apps

    look = Confirmation.objects.create(team=here.core, by=here.worker)
    bring_in = import_module("debriefs.migrations.0011_looks_are_debriefs").bring_in
    for _ in range(2):
        bring_in(apps, None)
    debrief = Debrief.objects.get()
    assert (debrief.confirmation, debrief.state, list(debrief.present.all())) == (look, "written_up", [here.worker])
