"""Who follows an issue: those who saw it in the work, or sat in a debrief that did, unless they said no; and whoever
said yes.
"""

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, When

from cycles.people.models import Membership, User
from issues.log.models import Issue, IssueAccess, Sighting
from issues.patterns.under import evidence_of
from issues.talk.company import sat_where_it_was_seen, was_there
from issues.talk.models import Watch


def told_of(issue):
    """Whoever is told of what happens to it. Whether they may still see it is asked when they are told."""
    saw = Sighting.objects.filter(issue__in=evidence_of(issue)).order_by().values("by")
    choice = Watch.objects.filter(issue=issue).order_by().values("user")
    # The few keys are put together first: an OR would hold each person of every place against all four.
    follows = choice.filter(is_on=True).union(saw, *sat_where_it_was_seen(issue))
    return User.objects.filter(pk__in=follows, is_active=True).exclude(pk__in=choice.filter(is_on=False))


def watched_by(user):
    """Beside each issue of another query: whether this person follows it."""
    choice = Watch.objects.filter(issue=OuterRef("pk"), user=user)
    return Case(
        When(Exists(choice.filter(is_on=True)), then=True),
        When(Exists(choice.filter(is_on=False)), then=False),
        When(Exists(Sighting.objects.filter(issue=OuterRef("pk"), by=user)), then=True),
        When(was_there(user), then=True),
        When(Q(is_pattern=True) & Exists(_seen_under(user)), then=True),
        default=False,
        output_field=BooleanField(),
    )


def _seen_under(user):
    """What lies under a pattern, as far as this person saw it or sat where it was seen: so they hear of the whole."""
    under = Issue.objects.filter(gatherings__pattern=OuterRef("pk"), gatherings__until_at=None)
    return under.filter(Exists(Sighting.objects.filter(issue=OuterRef("pk"), by=user)) | was_there(user))


def who_may_see(issue, today):
    """The people whom the rule of the log lets read this issue: its teams' members, and the place's stewards."""
    teams = IssueAccess.objects.filter(issue=issue).values("team")
    parts = Membership.objects.filter(place=issue.place_id, user=OuterRef("pk")).active(today)
    reads = Exists(parts.filter(Q(team__in=teams) | Q(role="steward")))
    return User.objects.filter(reads, is_active=True).order_by("name", "pk")
