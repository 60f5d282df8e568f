"""Make and revoke the address a calendar reads."""

from django.db import transaction
from django.utils import timezone

from cycles.people.models import User
from debriefs.calendars.models import CalendarFeed


@transaction.atomic
def make_address(*, user, client_id, team=None):
    """A new secret for the feed; any address made before for the same thing ends. It can be read this once only.

    The same form sent again gives the same address.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two presses at once leave one address
    token = CalendarFeed.token_of(user, client_id)
    if before := CalendarFeed.objects.filter(token_hash=CalendarFeed.digest(token)).first():
        if before.revoked_at is None:
            return token
        token = CalendarFeed.new_token()
    revoke(CalendarFeed.objects.visible_to(user).filter(team=team))
    CalendarFeed.objects.create(user=user, team=team, token_hash=CalendarFeed.digest(token))
    return token


def revoke(feeds):
    feeds.update(revoked_at=timezone.now())
