import json
from types import SimpleNamespace

import pytest
from django.test import Client

from hls.api.actions import make_token
from hls.api.models import Scope


class Api:
    """A program that holds one person's token: no cookie, no CSRF token."""

    def __init__(self, token):
        self.client, self.token = Client(enforce_csrf_checks=True), token

    def _headers(self):
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def get(self, path, query=None):
        return self.client.get(f"/api/v1{path}", query or {}, headers=self._headers())

    def send(self, path, body, method="post"):
        act = getattr(self.client, method)
        return act(f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=self._headers())


@pytest.fixture
def token_of(db):
    def make(user, *scopes, place=None, days=30):
        place = place or user.rights.memberships[0].place
        row, token = make_token(user=user, place=place, name="A report", scopes=scopes or Scope.values, days=days)
        return SimpleNamespace(row=row, token=token)

    return make


@pytest.fixture
def api(token_of):
    """`api(user)` or `api(user, "issues:read")`: the same program each time it is asked for."""
    made = {}

    def program(user, *scopes, place=None):
        key = user.pk, scopes, place
        if key not in made:
            made[key] = Api(token_of(user, *scopes, place=place).token)
        return made[key]

    return program


@pytest.fixture
def nobody():
    return Api("")
