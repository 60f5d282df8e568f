"""The demo place is loaded once for the tests of a file; what each test does to it is taken back."""

import pytest
from django.db import transaction

from hls.demo.load import load


@pytest.fixture(scope="package")
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def northbank(loaded, django_db_blocker):
    """Not together with `db`, which would close the connection that holds the demo."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
