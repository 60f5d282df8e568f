"""Redis does not answer: people go on reading, writing, sharing and looking over it all."""

from importlib import import_module

import pytest
from django.contrib.sessions.backends.db import SessionStore as SessionsInDatabase
from django.core.cache import caches
from django.urls import reverse

from debriefs.models import Debrief, DebriefAnswer
from hls.cache import ForgivingRedisCache
from issues.models import Issue
from tests import factories as f
from tests.helpers.html import forms
from tests.safety.probes import filled

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture
def redis_away(settings, monkeypatch):
    """Sessions, limits and the queue all point at a door behind which nobody is."""
    from hls.celery import app

    away = settings.CACHES["default"] | {"LOCATION": NOBODY_LISTENS}
    settings.CACHES = {"default": away}
    monkeypatch.setattr(ForgivingRedisCache, "_away_until", 0.0)
    before = app.conf.broker_url
    app.conf.broker_url = app.conf.broker_write_url = NOBODY_LISTENS
    yield
    app.conf.broker_url = app.conf.broker_write_url = before


def form_to(client, url, action):
    return next(form for form in forms(client.get(url), url) if form.action == action and form.method == "post")


@pytest.mark.external
def test_core_pages_and_saving_go_on_without_redis(client, here, redis_away, django_capture_on_commit_callbacks):
    issue = f.IssueFactory(cycle=here.cycle)
    debrief = f.DebriefFactory(cycle=here.cycle)
    client.force_login(here.worker)
    write = reverse("debriefs:write", args=[debrief.pk])
    for url in ("/", reverse("issues:list"), issue.get_absolute_url(), reverse("debriefs:list"), write):
        assert client.get(url, follow=True).status_code == 200, url
    assert client.post(reverse("issues:list"), {"q": "letters"}).status_code == 200

    form = form_to(client, write, write)
    words = filled(form)
    with django_capture_on_commit_callbacks(execute=True):
        draft = client.post(reverse("debriefs:draft", args=[debrief.pk]), words)
        assert draft.status_code == 200
        shared = client.post(form.action, words | {"action": "share"})
    assert shared.status_code in (302, 303), shared.status_code
    debrief.refresh_from_db()
    assert debrief.state != Debrief.State.PLANNED
    assert DebriefAnswer.objects.filter(debrief=debrief).exists()

    new = reverse("issues:new")
    with django_capture_on_commit_callbacks(execute=True):
        raised = client.post(new, filled(form_to(client, new, new)))
    assert raised.status_code in (302, 303)
    assert Issue.objects.count() == 2

    client.force_login(here.leader)
    for name in ("overview", "decisions", "summaries"):
        assert client.get(reverse(name)).status_code == 200, name
    asked = form_to(client, reverse("summaries"), reverse("summaries"))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(asked.action, filled(asked)).status_code in (302, 303)
    assert ForgivingRedisCache._away_until > 0, "Redis was asked, and found to be away"


def test_the_cache_of_the_test_above_is_the_products_own(settings):
    assert type(caches["default"]) is ForgivingRedisCache
    assert issubclass(import_module(settings.SESSION_ENGINE).SessionStore, SessionsInDatabase)
