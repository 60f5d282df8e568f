"""The API against its own document: whatever that allows or forbids, no answer breaks it."""

import json
import logging
import os
import re

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from hls.api import door
from hls.api.document import document
from issues.log import actions
from tests import factories as f

# Of each address, each way, the same ones each time (docs/drills.md).
EXAMPLES = 60 if os.environ.get("FUZZ") == "whole" else 4
OPERATIONS = [
    (address, method)
    for address, some in json.loads(document())["paths"].items()
    for method in some
    if method != "$ref"
]
# What a rule of the log refuses is written down as 409 and 422: “allowed by its types” is not yet “taken”.
NOT_ASKED = [positive_data_acceptance]


@pytest.fixture(scope="module")
def schema():
    told = json.loads(document())
    for operations in told["paths"].values():
        for operation in operations.values():
            operation.pop("security")  # who may come in has its own tests; here everyone is let in
    found = schemathesis.openapi.from_dict(told)
    found.app = WSGIHandler()
    return found


@pytest.fixture
def program(here, api, monkeypatch, settings):
    """A steward who is in every team, with one of everything to read and change."""
    settings.ALLOWED_HOSTS = ["localhost"]
    for signal in (request_started, request_finished):  # as Django's own test client does: the test's transaction stays
        signal.disconnect(close_old_connections)
    for limit in (door.READ_ISSUES, door.SEARCH_ISSUES, door.WRITE_ISSUES, door.READ_CYCLES, door.READ_DEBRIEFS,
                  door.READ_GROUPS, door.ANY_TOKEN):  # fmt: skip
        monkeypatch.setattr(limit, "most", 10**9)
    monkeypatch.setattr(door, "TRIES", 10**9)
    for team in (here.core, here.leadership):
        f.MembershipFactory(user=here.steward, team=team)
    here.steward.__dict__.pop("rights", None)
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.steward, countermeasure="Ring", system_change="Ask first")
    actions.see_too(issue=issue, team=here.core, by=here.worker, words="Twice")
    f.ExperimentFactory(cycle=here.cycle)
    f.DebriefFactory(cycle=here.cycle, held=True)
    yield api(here.steward)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _can_be_wrong(told):
    asked = [one for one in told.get("parameters", ()) if one["in"] == "query" or one["schema"]["type"] != "string"]
    return bool(asked or told.get("requestBody"))


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["allowed", "forbidden"])
@pytest.mark.parametrize(("address", "method"), OPERATIONS, ids=lambda part: str(part))
def test_no_answer_breaks_the_document(schema, program, here, address, method, mode):
    operation = schema[address][method.upper()]
    told = operation.definition.raw
    if mode is GenerationMode.NEGATIVE and not _can_be_wrong(told):
        pytest.skip("any text may stand in this address, so nothing can be wrong")
    # What is asked beside the address is tried on rows that are there; else every answer would be 404.
    beside = told.get("requestBody") or any(one["in"] == "query" for one in told.get("parameters", ()))
    known = {"ref": "A-001", "slug": here.core.slug, "pk": here.cycle.pk}
    is_there = {name: known[name] for name in re.findall(r"{(\w+)}", address)}
    given_parts = is_there if is_there and (beside or mode is GenerationMode.POSITIVE) else None

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=given_parts))
    def tried(case):
        with transaction.atomic():
            case.call_and_validate(headers=program._headers(), excluded_checks=NOT_ASKED)
            transaction.set_rollback(True)

    logging.disable(logging.CRITICAL)
    try:
        tried()
    finally:
        logging.disable(logging.NOTSET)
