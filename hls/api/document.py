"""The OpenAPI document, made from the routes themselves, with every no that each address can say."""

import json
from functools import cache

from ninja.openapi.schema import OpenAPISchema

from hls.api import door, reading, writing
from hls.problems import KIND, TITLES

ABOUT = """Read and write what Cairn's pages show, with a token of your own (Account, Tokens for programs).

A token does what its person may do in one place, and no more; what is out of sight is 404. Lists come page by page:
send `next` back as `cursor`. Changes carry the `version` that you read; who comes second gets 409 with both texts. Or they carry the issue's ETag in
If-Match; where anything of it has changed since, that is 412, with what is there now and its version."""

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
        "yours": {"type": "object", "description": "Of a 409 or 412: what you sent."},
        "theirs": {"type": "object", "description": "Of a 409 or 412: what is there now."},
        "version": {"type": "integer", "description": "Of a 409 or 412: the version to send next time."},
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
            _name_tags(address, operation)
            operation["responses"] = {str(key): value for key, value in operation["responses"].items()}
    made["components"]["schemas"]["Problem"] = PROBLEM
    return json.dumps(made)


RETRY = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}


ETAG = {"ETag": {"schema": {"type": "string"}, "description": "Of the issue as this answer tells it."}}
NOT_CHANGED = {"description": "It is as you read it.", "headers": ETAG}


def _name_tags(address, operation):
    """The heads by which an issue is known again."""
    if not _is_of_issue(address):
        return
    changes = "requestBody" in operation
    about = "Change it only if it still has this ETag." if changes else "Tell it only if it has another ETag."
    name = "If-Match" if changes else "If-None-Match"
    head = {"name": name, "in": "header", "required": False, "description": about, "schema": {"type": "string"}}
    operation.setdefault("parameters", []).append(head)
    operation["responses"][200]["headers"] = ETAG
    if not changes:
        operation["responses"]["304"] = NOT_CHANGED


def _is_of_issue(address):
    return "/issues/{ref}" in address and not address.endswith("/path")


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
    if takes_words and _is_of_issue(address):
        yield from (412, 428)
