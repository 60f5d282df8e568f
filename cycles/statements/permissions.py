"""Who may do what to a statement they can see."""

from cycles.stack.permissions import can_change
from cycles.statements.models import Evidence


def can_take_back(user, evidence):
    """Whoever may change the cycle; what a debrief said, only the one who brought it here."""
    if not can_change(user, evidence.statement.cycle):
        return False
    return evidence.kind != Evidence.Kind.DEBRIEF or evidence.by_id == user.pk
