"""Talk as a page shows it: the newest in one query, and older ones by the place in the list."""

import uuid
from functools import cache

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from cycles.prepared import Given, Prepared
from issues.talk import permissions
from issues.talk.forms import FILES_HINT
from issues.talk.models import Attachment, Comment

ON_ISSUE, A_PAGE = 10, 30
LATEST = 2**62


class Said:
    """A comment as its reader sees it; steps of the issue's path stand beside it in the same list."""

    is_comment = True

    def __init__(self, row, user, issue, now):
        self.row, self.at, self.pk = row, row.at, row.pk
        self.is_outside = row.outside_id is not None
        self.who = row.outside.to_whom if self.is_outside else row.by.name
        self.of = (row.signed if self.is_outside else row.team.name if row.team else "") or ""
        self.words = row.words
        self.is_gone = row.taken_back_at is not None
        self.files = [file | {"about": _about(file)} for file in row.kept or []]
        self.can_edit = permissions.can_edit(user, row, now)
        self.can_take_back = permissions.can_take_back(user, row)
        self.can_read_earlier = row.edited_at and not self.is_gone and permissions.can_read_earlier(user, issue, row)

    @property
    def initials(self):
        return "".join(word[0] for word in self.who.split()[:2]).upper()


def _about(file):
    return f"{Attachment.Kind(file['kind']).label}, {filesizeformat(file['size'])}"


def on_issue(user, issue, steps):
    """What was said and decided, in order: the newest comments between the steps of the path."""
    said, older = said_on(user, issue, ON_ISSUE) if issue.has_comments else ([], None)
    return {
        "talk": sorted([*steps, *said], key=lambda one: one.at),
        "older_talk": older,
        "talk_id": uuid.uuid4(),
        "files_hint": FILES_HINT,
    }


def said_on(user, issue, most, before=None):
    """(comments, oldest first; where older ones begin, or None)."""
    rows = _newest(most).rows(issue=issue.pk, before=before or LATEST)
    older = rows[most - 1].pk if len(rows) > most else None
    now = timezone.now()
    return [Said(row, user, issue, now) for row in reversed(rows[:most])], older


@cache
def _newest(most):
    files = Attachment.objects.filter(comment=OuterRef("pk")).order_by().values("comment")
    kept = JSONBAgg(JSONObject(key="key", name="name", kind="kind", size="size"), order_by="pk")
    rows = Comment.objects.filter(issue=Given("issue"), pk__lt=Given("before")).select_related("by", "team", "outside")
    return Prepared(rows.annotate(kept=Subquery(files.annotate(kept=kept).values("kept"))).order_by("-pk")[: most + 1])
