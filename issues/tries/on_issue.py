"""What the page of an issue shows: how cause and effect go there, and what was tried because of it."""

from functools import cache

from cycles.experiments.models import Experiment
from cycles.prepared import Given, Prepared, asking, someone
from cycles.stack.models import Domain
from issues.tries.permissions import cycles_to_try_in

SAYS = {
    Domain.SIMPLE: "Anyone can see what causes it. Do what is known to work.",
    Domain.COMPLICATED: "Someone who knows this can work out the cause. Ask them before you change things.",
    Domain.COMPLEX: "You only see how this works by trying. A plan to roll something out would be a guess.",
    Domain.CHAOTIC: "Nothing holds still. Make it safe now, then look at what it has become.",
    Domain.UNSURE: "",
}


def on_issue(user, issue):
    """`issue.has_tries` comes with the issue: most led to none."""
    return {
        "tries": _tries().rows(**asking(user), issue=issue.pk) if issue.has_tries else [],
        "domain_says": SAYS[issue.domain],
        "can_try": issue.is_open and issue.domain == Domain.COMPLEX and cycles_to_try_in(user, issue).exists(),
    }


@cache
def _tries():
    rows = Experiment.objects.visible_to(someone()).filter(tries__issue=Given("issue"))
    return Prepared(rows.select_related("cycle"))
