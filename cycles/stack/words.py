"""Who reads what hangs from a cycle, in words for the line on every form."""

from cycles.stack.models import Scale


def readers_of(cycle):
    """The kind and the words of a who-sees line; needs `team` and, for a life, `case.worker` loaded."""
    if cycle.scale == Scale.PERSON:
        return {"readers_kind": "private", "readers": f"{cycle.case.worker} and those added to the page."}
    return {
        "readers_kind": "shared",
        "readers": f"{cycle.team}, the stewards of the place, and teams of the cycles joined to this one.",
    }
