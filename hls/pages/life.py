"""A person's page: what matters first, then what has happened, what it cost and what got in the way (mock-up 09)."""

from itertools import chain

from django.db.models import Sum
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cycles.lives import permissions
from cycles.lives.before_since import before_since, costs_by_quarter, quarter
from cycles.lives.models import Case
from cycles.lives.views import read_case
from cycles.maps.on_cycle import on_cycle as life_map
from cycles.stories.models import Story
from hls.charts import before_after, before_after_table, columns, columns_table
from issues.forum_cases.models import ForumCase
from issues.models import Issue

LESSONS = 5
MOVES = {
    "paused": "Paused",
    "resumed": "Went on",
    "closed": "Ended by agreement",
    "reopened": "Opened again",
    "handed_over": "Someone else keeps hold",
}


@require_safe
def person(request, pk):
    case = read_case(request, pk)
    if case is None:
        return redirect("cycles:person_why", pk)
    contacts = list(case.contacts.select_related("agency"))
    moves = list(case.moves.select_related("by"))
    readers = list(case.people.filter(until_on=None).select_related("user"))
    page = {
        "case": case,
        "can_change": permissions.is_alongside(request.user, case),
        "can_change_readers": permissions.can_change_readers(request.user, case),
        "can_hand_over": permissions.can_hand_over(request.user, case),
        "readers": ", ".join(str(who) for who in [case.worker, *(reader.user for reader in readers)])
        + ". Nobody else, unless they say why.",
        "openings": case.openings.select_related("by"),
        "steps": [{"label": label, "now": value == case.step} for value, label in Case.Step.choices],
        "timeline": _timeline(case, contacts, moves),
        "since_kinds": _since(case, contacts),
        "spends": case.spends.all(),
        "spend_total": case.spends.aggregate(total=Sum("amount"))["total"] or 0,
        "lessons": case.cycle.lessons.all()[:LESSONS],
        "stories": Story.objects.visible_to(request.user).filter(case=case),
        "issues": Issue.objects.visible_to(request.user)
        .filter(sightings__case=case)
        .distinct()
        .select_related("held_by")
        .defer("search"),
        "forum_cases": ForumCase.objects.of(request.user).filter(case=case).select_related("team"),
        **life_map(request.user, case.cycle),
        **_before_since(case, contacts),
        **_costs(case, contacts),
    }
    return TemplateResponse(request, "cycles/pages/person.html", page)


def _timeline(case, contacts, moves):
    """Newest first; the day they met stands out."""
    met = [(case.opened_on, {"what": "We met", "by": case.worker.short_name, "turn": True})]
    what_happened = (
        (c.on, {"what": c.activity, "by": c.agency.name if c.agency else c.get_kind_display(), "turn": False})
        for c in contacts
    )
    moved = (
        (
            timezone.localdate(m.at),
            {"what": MOVES.get(m.what, m.what), "words": m.words, "by": str(m.by), "turn": False},
        )
        for m in moves
    )
    lines = sorted(chain(met, what_happened, moved), key=lambda line: line[0], reverse=True)
    return [{"on": on, "words": "", **line} for on, line in lines]


def _since(case, contacts):
    """What being alongside took since they met, in words: "6 visits, 9 calls"."""
    ours = [c for c in contacts if c.mode != "intervention" and c.on >= case.opened_on]
    counts = {kind: sum(c.kind == kind for c in ours) for kind in ("visit", "call")}
    return ", ".join(f"{n} {kind}{'' if n == 1 else 's'}" for kind, n in counts.items() if n)


def _before_since(case, contacts):
    found = before_since(contacts, case.opened_on, timezone.localdate())
    if not found.rows:
        return {"windows": None, "before_svg": "", "before_table": {}}
    title = f"How many times each body did something around {case.alias}"
    return {
        "windows": found,
        "before_svg": before_after(f"before-{case.pk}", title, found.rows),
        "before_table": before_after_table(found.rows) | {"head": ["Body", "Before", "Since"]},
    }


def _costs(case, contacts):
    rows = costs_by_quarter(contacts)
    if not rows:
        return {"cost_svg": "", "cost_table": {}, "cost_sources": ""}
    met = quarter(case.opened_on)
    at = next((place for place, (label, _) in enumerate(rows) if label == met), None)
    svg = columns(
        f"cost-{case.pk}", "What public services spent, each quarter", rows, mark_at=at, mark="we met", unit="£"
    )
    sources = sorted({c.cost_source for c in contacts if c.cost is not None and c.cost_source})
    return {
        "cost_svg": svg,
        "cost_table": columns_table(rows, head=("Quarter", "Cost"), unit="£"),
        "cost_sources": ", ".join(sources),
    }
