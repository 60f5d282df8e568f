"""Reviews and promises for the tests of this room, made by the actions that the pages use."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from cycles.models import Question
from hls.governing import actions
from hls.governing.models import Review
from tests.helpers.html import forms

TODAY = timezone.localdate


def asks(key):
    return Question.objects.get(key=f"governing.{key}")


def page_of(cycle):
    return reverse("cycles:reviews", args=[cycle.pk])


def begun(here, **about):
    review = actions.start_review(cycle=here.cycle, by=here.steward)
    Review.objects.filter(pk=review.pk).update(**about)
    review.refresh_from_db()
    return review


def finished(here, back=0, **words):
    """A review of some days ago that says one thing."""
    review = begun(here, held_on=TODAY() - timedelta(days=back))
    said = {
        "held_on": review.held_on,
        "answered_by": "",
        "who_is_in": "",
        "who_is_out": "",
        "changes": [],
        "who_does": "",
        "draft": {"governing.lessons": {"text": "Yes, most weeks.", "is_unknown": False}},
    }
    return actions.finish_review(review=review, version=review.version, by=here.steward, **said | words)


def sent(client, review, action="draft", **words):
    """What the form of a draft sends, with these words in it."""
    page = client.get(review.get_absolute_url())
    form = next(one for one in forms(page, review.get_absolute_url()) if "who_does" in one.names)
    return client.post(review.get_absolute_url(), form.data() | words | {"action": action})


def promised(here, **about):
    about = {"due_on": TODAY() + timedelta(days=30)} | about
    return actions.make_promise(
        cycle=here.cycle, team=here.leadership, text="Pay people for their time.", by=here.worker, **about
    )
