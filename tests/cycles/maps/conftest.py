import pytest


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client
