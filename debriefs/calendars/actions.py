"""Make and revoke the address a calendar reads."""

from django.db import transaction
from django.utils import timezone

from cycles.people.models import User
from debriefs.calendars.models import CalendarFeed


@transaction.atomic
def make_address(*, user, team=None):
    """A new secret for the feed; any address made before for the same thing ends. It can be read this once only."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two presses at once leave one address
    revoke(CalendarFeed.objects.visible_to(user).filter(team=team))
    token = CalendarFeed.new_token()
    CalendarFeed.objects.create(user=user, team=team, token_hash=CalendarFeed.digest(token))
    return token


def revoke(feeds):
    feeds.update(revoked_at=timezone.now())
