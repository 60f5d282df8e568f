"""One thing to tell, and the rows behind it that its reader may still see."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Line:
    """One thing to tell: plain words and the page that holds the rest."""

    words: str
    url: str


def seen_by_each(notices, rows):
    """Each reader's own `visible_to` decides what may still be told: [(notice, row)]."""
    readers = defaultdict(list)
    for notice in notices:
        readers[notice.user_id].append(notice)
    for some in readers.values():
        seen = rows.visible_to(some[0].user).in_bulk({notice.subject_ref for notice in some})
        yield from ((notice, seen[notice.subject_ref]) for notice in some if notice.subject_ref in seen)


def address(name, *args):
    return settings.SITE_URL + reverse(name, args=args)


def page(subject):
    try:
        return settings.SITE_URL + subject.get_absolute_url()
    except NoReverseMatch:
        return settings.SITE_URL + "/"
