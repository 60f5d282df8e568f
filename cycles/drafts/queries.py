"""What other rooms ask of the drafts."""

from functools import cache

from cycles.drafts.models import FormDraft
from cycles.prepared import Asking, Prepared, asking, someone

SHOWN = 10


def newest_form_drafts(user):
    """To ask for forms that this person began and has not sent, newest first: the few that Today shows."""
    return Asking(_newest(), **asking(user))


@cache
def _newest():
    drafts = FormDraft.objects.visible_to(someone()).with_open(someone())
    return Prepared(drafts.filter(has_words=True).defer("draft")[:SHOWN])
