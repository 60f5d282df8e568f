"""Who may do what to a map: it follows its cycle, and a life's map follows the life."""

from cycles.stack.permissions import can_change

__all__ = ["can_change", "can_see_patterns"]


def can_see_patterns(user):
    """Teams and stewards: those who can do something about what keeps turning up."""
    return bool(user.rights.teams or user.rights.stewards)
