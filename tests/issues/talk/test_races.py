"""An impatient thumb: each form sent four times at once, and once more later, does what one alone does."""

from uuid import uuid4

import pytest
from django.urls import reverse

from hls.celery import app
from issues.dossiers import actions
from tests import factories as f
from tests.factories.fixtures import make_place
from tests.helpers.html import forms
from tests.safety import probes


@pytest.fixture
def world(transactional_db):
    world = make_place()
    world.issue = f.IssueFactory(cycle=world.cycle, raised_by=world.worker, level=3)
    return world


@pytest.fixture
def tabs():
    with probes.Tabs() as tabs:
        yield tabs


def form_of(client, url, name):
    return next(form for form in forms(client.get(url), url) if probes.name_of(form.action) == name)


def test_four_at_once_say_and_make_one(client, world, tabs):
    client.force_login(world.worker)
    page, ref = world.issue.get_absolute_url(), world.issue.ref
    assert probes.assert_sent_at_once_counts_once(client, form_of(client, page, "issues:talk"), tabs) > 0
    write = reverse("issues:dossier_edit", args=[ref])
    assert probes.assert_sent_at_once_counts_once(client, form_of(client, write, "issues:dossier_edit"), tabs) > 0
    share = reverse("issues:dossier_share", args=[ref])
    assert probes.assert_sent_at_once_counts_once(client, form_of(client, share, "issues:dossier_share"), tabs) > 0
    token = actions.make_link(dossier=world.issue.dossier, to_whom="A body", days=7, by=world.worker, client_id=uuid4())
    client.logout()
    outside = reverse("issues:outside", args=[token])
    assert probes.assert_sent_at_once_counts_once(client, form_of(client, outside, "issues:outside"), tabs) > 0


def test_sweeping_and_drawing_come_round_by_themselves():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    mine = {"issues.talk.tasks.sweep_files", "issues.dossiers.tasks.make_due"}
    assert mine <= scheduled
    assert mine <= set(app.tasks)
