"""Questions of a cycle with the issues that their answers became: two floors on one page."""

from django.urls import reverse
from django.views.decorators.http import require_safe

from cycles.questions import views
from issues.barriers.seen import BARRIERS, issues_of
from issues.log.permissions import cycles_to_raise_in


def question_set(request, kind, pk, name):
    return views.set_page(request, kind, pk, name, beside=_issues(request.user))


@require_safe
def question_history(request, kind, pk, key):
    return views.history_page(request, kind, pk, key, beside=_issues(request.user))


def _issues(user):
    def beside(subject, rows):
        """By each answer to “what gets in the way?” the issue it became, or the way to raise it."""
        rows = [row for row in rows if row.key in BARRIERS and row.answer and row.answer.cycle_id]
        if not rows:
            return
        issues = issues_of(user, [row.answer for row in rows])
        can_raise = cycles_to_raise_in(user).filter(pk=subject.pk).exists()
        for row in rows:
            row.issue = issues.get(row.answer.pk)
            row.raise_url = reverse("issues:from_answer", args=[row.answer.pk]) if can_raise else ""

    return beside
