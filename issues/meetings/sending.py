"""Sending the agenda: each member is told once that it is there to read, and again only when it has changed.

The agenda itself stays in Cairn: what is told is the day, and where to read it.
"""

import json
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from cycles.refusals import Refused
from issues.meetings import telling
from issues.meetings.models import Meeting


def picture(items):
    """What an agenda is, as (key, title, minutes) in their order; what came of its items is no change of it."""
    said = json.dumps([[key, title, length] for key, title, length in items])
    return sha256(said.encode()).hexdigest() if items else ""


def can_be_sent(meeting):
    return meeting.state == Meeting.State.PLANNED and telling.begins(meeting) > timezone.now()


class Sending(NamedTuple):
    """What whoever runs the meeting is shown: when it was sent, and whether it may be (again)."""

    at: datetime | None
    is_changed: bool
    is_due: bool


def sending_of(meeting, items):
    items = list(items)
    is_changed = meeting.sent_as != picture(items)
    return Sending(meeting.sent_at, is_changed, bool(items) and is_changed and can_be_sent(meeting))


@transaction.atomic
def send_agenda(*, meeting, by):
    """True where it went; False where it went as it is already: of two who press at once, or one who presses twice."""
    row = Meeting.objects.select_for_update(of=("self",)).select_related("team", "place").get(pk=meeting.pk)
    if not can_be_sent(row):
        raise Refused("The agenda is sent before the meeting. Its time has come.")
    items = list(row.items.values_list("pk", "title", "length"))
    if not items:
        raise Refused("Nothing is on it yet. Put something on it first.")
    if row.sent_as == picture(items):
        return False
    row.sent_at, row.sent_as = timezone.now(), picture(items)
    row.save(update_fields=["sent_at", "sent_as"])
    telling.agenda(row, by)
    return True
