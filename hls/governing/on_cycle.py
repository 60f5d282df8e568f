"""What the page of a cycle shows of its governing: the last review, and promises that still stand."""

from hls.governing.models import Promise, Review

SHOWN = 3


def on_cycle(user, cycle):
    return {
        "governed": {
            "last": Review.objects.finished().filter(cycle=cycle).first(),
            "promises": Promise.objects.filter(cycle=cycle, state__in=Promise.OPEN).select_related("team")[:SHOWN],
        }
    }
