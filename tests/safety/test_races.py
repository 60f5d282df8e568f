"""The same form from several tabs at the same moment, with real transactions: one result, whatever the timing."""

import os
from collections import Counter

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from cycles.people.models import Agency, Place
from hls import urls
from tests import factories as f
from tests.access.rows import World, all_rows, tables
from tests.factories.fixtures import make_place
from tests.helpers.html import forms
from tests.safety import probes

ROLES = ("worker", "recorder", "leader", "steward", "admin")
# Row 31 of the assurance table asks eight at once, three times: that is `FUZZ=whole` (docs/drills.md).
TABS, ROUNDS = (8, 3) if os.environ.get("FUZZ") == "whole" else (4, 1)
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@login_not_required
def adds_one_each_time(request):
    """Bad on purpose: what a form without a client id does."""
    if request.method == "POST":
        f.AgencyFactory(place=Place.objects.first())
    return HttpResponse("<form method=post><input name=name></form>")


urlpatterns = [*urls.urlpatterns, path("bad/adds/", adds_one_each_time, name="adds")]


@pytest.fixture
def world(transactional_db, monkeypatch):
    monkeypatch.setattr("hls.leadership.sheets.pdf_of", lambda html: (b"%PDF-1.7 of nothing", 1))  # no form is on it
    world = World(make_place())
    for table in tables():
        table.build(world)
    return world


def forms_now(world):
    """Each form once, of whoever reaches it first; those that make something new before what could stand in their way
    (a closed issue).
    """
    found = {}
    for who in ROLES:
        client = Client(raise_request_exception=False)
        client.force_login(getattr(world, who))
        rows = [r for r in all_rows() if who in r.sees and not r.only_post and r.crawl]
        # A page that is a form, and was offered to someone before, has nothing new.
        known = {view for view, _ in found}
        urls = [row.url(world) for row in rows if not (row.senders and row.name in known)]
        for key, form in probes.forms_on(client, urls).items():
            found.setdefault(key, (client, form))
    return [(key[0], *found[key]) for key in sorted(found, key=lambda key: "client_id" not in key[1])]


def test_every_form_sent_at_once_from_several_tabs_counts_once(world):
    told, made = [], Counter()
    with probes.Tabs(TABS) as tabs:
        for name, client, form in (one for _ in range(ROUNDS) for one in forms_now(world)):
            try:
                made[name] += probes.assert_sent_at_once_counts_once(client, form, tabs)
            except AssertionError as problem:
                told.append(str(problem).split("\n")[0])
    assert sorted(set(told)) == []
    assert sum(map(bool, made.values())) > 4, made


def test_a_form_that_adds_each_time_would_be_noticed(transactional_db, settings):
    settings.ROOT_URLCONF = __name__
    f.PlaceFactory()
    client = Client()
    form = forms(client.get("/bad/adds/"), "/bad/adds/")[0]
    with probes.Tabs() as tabs, pytest.raises(AssertionError, match="at once"):
        probes.assert_sent_at_once_counts_once(client, form, tabs)
    assert Agency.objects.count() > 1
