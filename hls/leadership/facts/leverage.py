"""Points of leverage that leaders hold: where a small push of theirs could change much (DOMAIN.md 38)."""

from cycles.lessons.models import Offer
from cycles.people.models import Team
from hls.look.words import day
from issues.log.models import Issue

MOST = 30


def held(user, place, today):
    """Open issues with leadership groups, and lessons offered to their cycles, as far as this reader may open them."""
    issues = (
        Issue.objects.visible_to(user)
        .filter(place=place, status=Issue.Status.OPEN, is_leverage=True, held_by__kind=Team.Kind.LEADERSHIP)
        .select_related("held_by")
        .defer("search")
        .order_by("held_since", "pk")[:MOST]
    )
    offers = (
        Offer.objects.visible_to(user)
        .passed()
        .standing()
        .filter(to__place=place, to__team__kind=Team.Kind.LEADERSHIP, lesson__is_leverage=True)
        .exclude(state=Offer.State.DECLINED)
        .select_related("to__team", "lesson")
        .order_by("-pk")[:MOST]
    )
    return [_issue(issue, today) for issue in issues] + [_lesson(offer) for offer in offers]


def _issue(issue, today):
    return {
        "words": issue.description,
        "note": issue.leverage_note,
        "url": issue.get_absolute_url(),
        "with": f"With {issue.held_by.name} since {day(issue.held_since, today)}",
        "what": f"Issue {issue.ref}",
        "demo": issue.is_demo,
    }


def _lesson(offer):
    return {
        "words": offer.text,
        "note": offer.lesson.leverage_note,
        "url": offer.get_absolute_url(),
        "with": f"{offer.to.team.name}: {offer.get_state_display().lower()}",
        "what": "Lesson",
        "demo": offer.lesson.is_demo,
    }
