"""The five items in each role's bar; DESIGN.md section 2. Roles never mix in one bar."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass
class NavItem:
    label: str
    url: str
    icon: str
    current: bool = False
    count: int = 0


TODAY = ("Today", "today", "sun")
DEBRIEFS = ("Debriefs", "debriefs:list", "talk")
ISSUES = ("Issues", "issues:list", "stones")
PEOPLE = ("People", "lives:list", "heart")
CYCLES = ("Cycles", "cycles:list", "loop")
MEASURES = ("Measures", "measures:list", "chart")
TRIAGE = ("Triage", "triage:queue", "inbox")
GROUPS = ("Groups", "groups:list", "talk")
OVERVIEW = ("Overview", "leadership:overview", "sun")
DECISIONS = ("Decisions", "leadership:decisions", "check")
SUMMARY = ("Summary", "leadership:summaries", "page")
STORIES = ("Stories", "stories:list", "talk")

BARS = {
    "caseworker": [TODAY, DEBRIEFS, ISSUES, PEOPLE, CYCLES],
    "recorder": [TODAY, DEBRIEFS, ISSUES, MEASURES, CYCLES],
    "operational_lead": [TODAY, DEBRIEFS, ISSUES, PEOPLE, CYCLES],
    "steward": [TRIAGE, ISSUES, CYCLES, GROUPS, MEASURES],
    "leader": [OVERVIEW, DECISIONS, ISSUES, CYCLES, SUMMARY],
    "evidence": [MEASURES, PEOPLE, ISSUES, STORIES, SUMMARY],
    "commissioner": [OVERVIEW, DECISIONS, ISSUES, CYCLES, SUMMARY],
    "outside_friend": [CYCLES, ISSUES],
    "administrator": [TODAY, ISSUES, CYCLES, GROUPS],
}


def bar(role, path):
    """The items of one role, with the one that holds this address marked."""
    items = [item for spec in BARS.get(role, []) if (item := _item(*spec))]
    here = max(
        (item for item in items if path.startswith(item.url)),
        key=lambda item: len(item.url),
        default=None,
    )
    if here:
        here.current = True
    return items


def _item(label, name, icon):
    try:
        return NavItem(label, reverse(name), icon)
    except NoReverseMatch:
        return None
