"""Who may say what on an issue they can see: everyone who sees it may speak; only the speaker changes the words."""

from django.utils import timezone


def can_edit(user, comment, now=None):
    """One's own, for a short while: afterwards others have read it, and say something about it."""
    return comment.by_id == user.pk and comment.taken_back_at is None and comment.is_fresh(now or timezone.now())


def can_take_back(user, comment):
    return comment.by_id == user.pk and comment.taken_back_at is None


def can_read_earlier(user, issue, comment):
    """Its writer, and the team whose issue it is: a name that was taken out stays out for everyone else."""
    return comment.by_id == user.pk or user.rights.in_team(issue.team_id)


def speaks_for(user, issue):
    """The team under whose name somebody speaks: the issue's or its holder's where they are in it, else their first.

    None for a steward, who speaks for the place.
    """
    mine = [row.team for row in user.rights.memberships if row.team_id and row.place_id == issue.place_id]
    by_id = {team.pk: team for team in mine}
    return by_id.get(issue.team_id) or by_id.get(issue.held_by_id) or next(iter(mine), None)
