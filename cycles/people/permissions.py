"""Who may look after a place, and what even they may not do."""

from cycles.people.models import Membership


def can_administer(user, place):
    return place.pk in user.rights.administers


def can_deactivate(user, person, place):
    """An account is closed by the one place that its person still works in, and never by themselves."""
    if person.pk == user.pk or not can_administer(user, place):
        return False
    theirs = Membership.objects.filter(user=person)
    return theirs.filter(place=place).exists() and not theirs.exclude(place=place).filter(to_on=None).exists()
