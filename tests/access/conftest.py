"""Two places with one of everything, built once; each test leaves them as it found them."""

import logging
import pickle

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings

import hls.asking
from cycles.people.models import Place
from tests import factories as f
from tests.access.rows import PEOPLE, World, tables
from tests.factories.fixtures import make_place


@pytest.fixture(scope="module")
def _light():
    """Ten thousand requests: sessions rest in memory, and nobody keeps copies of what templates were given."""
    caches = settings.CACHES | {"sessions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(
            CACHES=caches, SESSION_CACHE_ALIAS="sessions", SESSION_ENGINE="django.contrib.sessions.backends.cache"
        ),
    ):
        logging.disable(logging.CRITICAL)
        patch.setattr("django.test.client.store_rendered_templates", lambda *args, **kwargs: None)
        yield
        logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def worlds(_light, django_db_setup, django_db_blocker):
    """`here` and `elsewhere`, both filled by every room; nothing of it outlives the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        both = World(make_place()), World(make_place())
        # References like A-014 are counted in each place: start far apart, so that a foreign one is foreign.
        Place.objects.filter(pk=both[1].place.pk).update(issue_counter=500)
        both[1].place.refresh_from_db()
        with connection.cursor() as cursor:
            # Nearly all the database does here is to plan: with a handful of rows, any order of tables will do.
            cursor.execute("SET LOCAL join_collapse_limit = 1; SET LOCAL from_collapse_limit = 1")
        for table in tables():
            table.build(both[0])
        with pytest.MonkeyPatch.context() as patch:
            # A second to draw, and nobody of `here` may open it.
            patch.setattr("hls.leadership.sheets.pdf_of", lambda html: (_blank_pdf(), 1))
            for table in tables():
                table.build(both[1])
        yield both
        transaction.set_rollback(True)


def _blank_pdf():
    from io import BytesIO

    from pypdf import PdfWriter

    out, pdf = BytesIO(), PdfWriter()
    pdf.add_blank_page(100, 100)
    pdf.write(out)
    return out.getvalue()


@pytest.fixture
def known_people(monkeypatch):
    """What the database says of a person and their memberships is read once, not with each of a hundred requests."""
    asked, found = hls.asking._memberships(), {}

    class Known:
        def rows(self, **given):
            key = tuple(given.items())
            if key not in found:
                found[key] = pickle.dumps(asked.rows(**given))
            return pickle.loads(found[key])  # a copy of its own for each request

    monkeypatch.setattr("hls.asking._memberships", Known)


@pytest.fixture(autouse=True)
def _as_it_was(worlds):
    """What a test sends is undone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(worlds):
    """A signed-in client for each person of both places, nobody, and someone deactivated since."""
    found = {}
    for where, world in zip(("here", "elsewhere"), worlds, strict=True):
        for name in PEOPLE:
            found[where, name] = _signed_in(getattr(world, name))
    gone = f.MembershipFactory(team=worlds[0].core, place=worlds[0].place).user
    found["here", "deactivated"] = _signed_in(gone)
    gone.is_active = False
    gone.save()
    found["here", "nobody"] = Client()
    return found


def _signed_in(user):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def here(worlds):
    return worlds[0]


@pytest.fixture
def elsewhere(worlds):
    return worlds[1]
