"""Whether a thing is still as it was read: an ETag goes out with it, and comes back in If-Match or If-None-Match."""

import json
from hashlib import sha256

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.http import parse_etags


def etag_of(told):
    """Strong: it differs wherever anything differs that this reader is told."""
    said = json.dumps(told, cls=DjangoJSONEncoder, sort_keys=True)
    return f'"{sha256(said.encode()).hexdigest()[:32]}"'


def is_same(header, etag):
    """By RFC 9110, 13.1.1: a weak tag is never the same, `*` is whatever is there."""
    return "*" in (tags := parse_etags(header)) or etag in tags


def with_etag(request, answer):
    """The answer that told one thing, with its tag; nothing where the reader has it already."""
    etag = getattr(request, "etag", "")
    if not etag or answer.status_code not in (200, 201):
        return answer
    known = request.headers.get("If-None-Match", "") if request.method in ("GET", "HEAD") else ""
    if known and ("*" in (tags := parse_etags(known)) or etag in [tag.removeprefix("W/") for tag in tags]):
        answer = HttpResponse(status=304)
        answer["Cache-Control"] = "no-store, private"
        del answer["Content-Type"]
    answer["ETag"] = etag
    return answer
