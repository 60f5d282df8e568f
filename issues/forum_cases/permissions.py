"""Who may do what with a case before a forum."""

from cycles.lives.models import Case
from cycles.people.models import Team
from issues.forum_cases.models import ForumCase


def can_bring(user, case):
    """Whoever is alongside; the bringer stays with it."""
    return Case.objects.of(user).filter(pk=case.pk).exists()


def forums_for(case):
    """Where a life of this place may be brought."""
    return Team.objects.filter(place=case.cycle.place_id, kind=Team.Kind.FORUM)


def is_own(user, forum_case):
    """The case's own people: they alone speak for consent."""
    return ForumCase.objects.of(user).filter(pk=forum_case.pk).exists()


def can_plan(user, forum_case):
    """The plan is joint: the case's own people and the forum, for as long as consent stands."""
    return forum_case.is_open and forum_case.has_consent


def can_send_on(user, forum_case):
    """The forum's members see the pattern behind several; words for it hold nothing of one life."""
    return forum_case.has_consent and user.rights.in_team(forum_case.team_id)
