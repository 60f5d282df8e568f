"""Which issues came of answers, and which answers an issue came from, as far as one reader sees them."""

from cycles.questions.models import Answer
from issues.barriers.models import Barrier
from issues.log.models import Issue

BARRIERS = ("managing.barriers",)  # answers that may become an issue


def issues_of(user, answers):
    """The issue that each answer became, by the answer's id; one query."""
    seen = Issue.objects.visible_to(user)
    rows = Barrier.objects.filter(answer__in=[answer.pk for answer in answers], issue__in=seen)
    return {row.answer_id: row.issue for row in rows.select_related("issue__place")}


def answers_of(user, issue):
    """The answers that an issue came from, for those who see them."""
    return Answer.objects.visible_to(user).filter(barrier__issue=issue).select_related("cycle", "question")
