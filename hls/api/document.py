"""The OpenAPI document, made from the routes themselves, with every no that each address can say."""

import json
from functools import cache

from ninja.openapi.schema import OpenAPISchema

from hls.api import door, reading, writing
from hls.problems import KIND, TITLES

ABOUT = """Read and write what Cairn's pages show, with a token of your own (Account, Tokens for programs).

A token does what its person may do in one place, and no more; what is out of sight is 404. Lists come page by page:
send `next` back as `cursor`. Changes carry the `version` that you read; who comes second gets 409 with both texts."""

api = door.make_api(title="Cairn", version="1", description=ABOUT)
for _routes in (reading.me, reading.issues, reading.cycles, reading.debriefs, reading.groups):
    api.add_router("", _routes)
WRITES = writing.issues  # its routes are put on the same router by being imported
PROBLEM = {
    "type": "object",
    "required": ["title", "status", "detail", "errors"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do, in plain words."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "yours": {"type": "object", "description": "Of a 409: what you sent."},
        "theirs": {"type": "object", "description": "Of a 409: what is there now."},
        "version": {"type": "integer", "description": "Of a 409: the version to send next time."},
    },
}


@cache
def document():
    """OpenAPI 3.1, with every no that an address can say."""
    made = OpenAPISchema(api, "api/v1")
    for address, operations in made["paths"].items():
        for operation in operations.values():
            for status in _refusals(address, operation):
                operation["responses"][str(status)] = {
                    "description": TITLES[status],
                    "content": {KIND: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                } | ({"headers": RETRY} if status == 429 else {})
            operation["responses"] = {str(key): value for key, value in operation["responses"].items()}
    made["components"]["schemas"]["Problem"] = PROBLEM
    return json.dumps(made)


RETRY = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}


def _refusals(address, operation):
    takes_words = "requestBody" in operation
    yield from (401, 403, 429)
    if "{" in address:
        yield 404
    if takes_words or operation.get("parameters"):
        yield 422
        yield 400
    if takes_words and not address.endswith("/search"):
        yield 409
