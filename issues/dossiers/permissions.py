"""Who may put an issue together for those outside, and who may hand out and end the links."""

from issues.log.models import Level
from issues.log.permissions import can_change


def can_write(user, issue):
    """Its team, the group that holds it and the stewards; only what nobody here can fix goes outside."""
    return can_change(user, issue) and issue.level == Level.MACRO


def can_share(user, issue):
    return can_change(user, issue)


def looks_after_links(user):
    """Stewards and administrators see every link of their places."""
    return bool(user.rights.stewards or user.rights.administers)
