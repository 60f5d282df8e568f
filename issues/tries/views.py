from cycles.asking import ask
from issues.log.views.asking import find_issue, insist
from issues.tries.actions import start_try
from issues.tries.forms import TryForm
from issues.tries.permissions import cycles_to_try_in


def start(request, ref):
    """A complex issue has no known answer, so nobody plans one: something small is tried."""
    issue = find_issue(request, ref, "cycle__team")
    cycles = cycles_to_try_in(request.user, issue)
    insist(cycles.exists())
    return ask(
        request,
        TryForm(request.POST or None, cycles=cycles, initial={"cycle": issue.cycle_id}),
        lambda said: start_try(issue=issue, by=request.user, **said),
        title="Start an experiment",
        lede=issue.description,
        button="Keep this card",
        said="The card is kept, with the issue it came from. Two ticks start it.",
        back=issue.get_absolute_url(),
        back_label=issue.ref,
        readers="those who can see the Learning Cycle you choose. The issue keeps its own readers.",
    )
