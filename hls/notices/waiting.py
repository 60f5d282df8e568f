"""What waits with a group past the clock it agreed: told to that group's own members, once a step, in the day's letter.

The higher a thing sits, the fewer can change it and the more often they are told. It is always the group that is
told of its own work, and a recorder of their own notes: never a boss about a worker, and nobody is counted.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cycles.lessons.models import Offer
from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.people.models import Team, User
from debriefs.record.models import Contribution, Debrief
from hls.governing.models import Promise
from issues.log.models import IssueMove, OwnerTier, Response
from issues.pledges.models import Recommendation
from issues.pledges.telling import commissioners_of

Kind = Notice.Kind

CLOCK = 28  # days, where a group has agreed none: those who can act meet at least monthly (DOMAIN.md 48)
EVERY = {OwnerTier.TEAM: 28, OwnerTier.LSHIP: 14, OwnerTier.GOVT: 7}
# A step that began longer ago was missed in an outage: the next one comes soon enough.
FRESH = 3
WRITE_UP_AFTER = timedelta(days=1)


def clock_of(team):
    return team.answers_within or CLOCK


def height(team, *owners):
    """How high a thing sits: with the government, with leadership, or with another group."""
    if OwnerTier.GOVT in owners:
        return OwnerTier.GOVT
    is_high = team.kind == Team.Kind.LEADERSHIP or OwnerTier.LSHIP in owners
    return OwnerTier.LSHIP if is_high else OwnerTier.TEAM


def step_on(today, overdue_from, every):
    """The step in force that began lately, counted from the day the clock ran out; None where there is none."""
    days = (today - overdue_from).days
    return days // every if days >= 0 and days % every < FRESH else None


def tell_what_waits(*, now):
    today = timezone.localdate(now)
    for thing in (*_issues(), *_reviews(today), *_promises(today), *_offers(), *_advice()):
        _tell(*thing, today=today)
    _ask_recorders(now)


def _issues():
    """From the day each was raised to the group: whether it has not answered yet, or not decided."""
    rows = IssueMove.objects.filter(waits=True).select_related("to_team__place", "issue").defer("issue__search")
    for move in rows.order_by("at", "pk").iterator():
        overdue_from = timezone.localdate(move.at) + timedelta(days=clock_of(move.to_team))
        every = EVERY[height(move.to_team, move.to_owner, move.issue.owner_tier)]
        yield Kind.ISSUE_WAITS, move, move.to_team, overdue_from, every


def _reviews(today):
    """Countermeasures whose day to be looked at has come, asked of those who keep them going, from that day on."""
    rows = Response.objects.to_look_at(today).select_related("owner__place", "issue__team__place", "issue__held_by")
    for now in rows.defer("issue__search").order_by("review_on", "pk").iterator():
        yield (
            Kind.ISSUE_REVIEW,
            now,
            now.kept_by,
            now.review_on,
            EVERY[height(now.issue.held_by, now.issue.owner_tier)],
        )


def _promises(today):
    rows = Promise.objects.filter(state__in=Promise.OPEN, due_on__lt=today).select_related("team__place")
    for promise in rows:
        yield Kind.PROMISE_WAITS, promise, promise.team, promise.due_on + timedelta(days=1), EVERY[height(promise.team)]


def _offers():
    """Lessons that wait for a reply; those of before days were kept have no clock."""
    for offer in Offer.objects.waiting().exclude(on=None).select_related("to__team__place"):
        team = offer.to.team
        yield Kind.OFFER_WAITS, offer, team, offer.on + timedelta(days=clock_of(team)), EVERY[height(team)]


def _advice():
    """Recommendations without an answer, from the day after the one that was hoped for. Nobody here can change it, so
    it sits as high as what is with the government.
    """
    for advice in Recommendation.objects.waiting().select_related("team__place"):
        hoped_for = advice.answer_by_on or advice.sent_on + timedelta(days=CLOCK)
        yield Kind.ADVICE_WAITS, advice, advice.team, hoped_for + timedelta(days=1), EVERY[OwnerTier.GOVT]


def _tell(kind, subject, team, overdue_from, every, *, today):
    step = step_on(today, overdue_from, every)
    if step is None:
        return
    members = User.objects.filter(memberships__in=team.memberships.active(today), is_active=True)
    with transaction.atomic():
        tell(
            users=commissioners_of(team.place, today) if kind == Kind.ADVICE_WAITS else members,
            place=team.place,
            kind=kind,
            subject_ref=subject.pk,
            key=f"{kind}-{subject.pk}-{overdue_from:%Y%m%d}-{step}",
        )


def _ask_recorders(now):
    """Notes that were shared and not written up a day later: their recorder is asked once."""
    shared = Contribution.objects.filter(debrief=OuterRef("pk"), shared_at__isnull=False, deleted_at=None)
    open_ones = ~Q(state__in=[Debrief.State.WRITTEN_UP, Debrief.State.MISSED])
    over = Q(planned_for__lt=now - WRITE_UP_AFTER, planned_for__gt=now - WRITE_UP_AFTER - timedelta(days=FRESH))
    rows = Debrief.objects.filter(open_ones, over, Exists(shared), recorder__is_active=True)
    for debrief in rows.select_related("place", "recorder"):
        with transaction.atomic():
            tell(
                users=[debrief.recorder],
                place=debrief.place,
                kind=Kind.WRITE_UP,
                subject_ref=debrief.pk,
                key=f"write-up-{debrief.pk}",
            )
