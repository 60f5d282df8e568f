from django.db import transaction

from cycles.stack.models import LearningCycle
from issues.barriers.models import Barrier
from issues.log.actions import raise_issue


@transaction.atomic
def raise_barrier(*, answer, by, description, client_id=None, **about):
    """Put what gets in the way of a cycle into the log, once: the answer and the issue know each other."""
    # Answers can't be locked, for the app may not update them; their cycle can.
    cycle = (
        LearningCycle.objects.select_for_update(of=("self",), no_key=True)
        .select_related("team", "place")
        .get(pk=answer.cycle_id)
    )
    if before := Barrier.objects.filter(answer=answer).select_related("issue__place").first():
        return before.issue
    issue = raise_issue(cycle=cycle, description=description, by=by, client_id=client_id, is_barrier=True, **about)
    Barrier.objects.create(answer=answer, issue=issue)
    return issue
