"""What the page of a cycle shows of its issues: those still open that this reader sees."""

from issues.models import Issue


def on_cycle(user, cycle):
    issues = Issue.objects.visible_to(user).open().filter(cycle=cycle).defer("search")
    return {"issues": issues.order_by("-updated_at", "-pk")[:5]}
