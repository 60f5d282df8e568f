"""The five items in each front door's bar; DESIGN.md section 2. Roles never mix in one bar."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, Resolver404, resolve, reverse


@dataclass
class NavItem:
    label: str
    url: str
    icon: str
    current: bool = False
    count: int = 0


# Addresses are those of the design's map, so a bar does not depend on how a room names its views.
TODAY = ("Today", "/today/", "sun")
DEBRIEFS = ("Debriefs", "/debriefs/", "talk")
ISSUES = ("Issues", "/issues/", "stones")
PEOPLE = ("People", "/people/", "heart")
CYCLES = ("Cycles", "/cycles/", "loop")
MEASURES = ("Measures", "/measures/", "chart")
TRIAGE = ("Triage", "/triage/", "inbox")
GROUPS = ("Groups", "/groups/", "talk")
OVERVIEW = ("Overview", "/overview/", "sun")
DECISIONS = ("Decisions", "/decisions/", "check")
SUMMARY = ("Summary", "/summaries/", "page")
STORIES = ("Stories", "/stories/", "leaf")
PLACE = ("Place", "people:place", "heart")
GOVERNING = ("Governing", "/governing/", "check")
ASKED_OF_US = ("Asked of us", "issues:recommendations", "page")

BARS = {
    "caseworker": [TODAY, DEBRIEFS, ISSUES, PEOPLE, CYCLES],
    "recorder": [TODAY, DEBRIEFS, ISSUES, MEASURES, CYCLES],
    "steward": [TRIAGE, ISSUES, CYCLES, GROUPS, MEASURES],
    "leader": [OVERVIEW, DECISIONS, ISSUES, CYCLES, SUMMARY],
    # Governs cycles and answers what is asked of those who fund; the overview is for those who lead and steward.
    "commissioner": [GOVERNING, ASKED_OF_US, ISSUES, CYCLES, GROUPS],
    "evidence": [MEASURES, PEOPLE, ISSUES, STORIES, SUMMARY],
    "friend": [CYCLES, MEASURES, ISSUES, STORIES],
    "place_admin": [PLACE, TODAY, GROUPS],
}

# Pages that hang from a cycle, for the bars that have no item of their own for them.
OF_A_CYCLE = ("/experiments/", "/lessons/", "/links/", "/measures/", "/partnerships/", "/readings/", "/stories/")
OF_AN_ISSUE = ("/patterns/", "/views/", "/better/")


def bar(door, path):
    """The items of one front door, with the one that holds this address marked."""
    urls = settings.ROOT_URLCONF
    items = [NavItem(label, url, icon) for label, to, icon in BARS.get(door, []) if (url := _address(to, urls))]
    holders = [item for item in items if path.startswith(item.url)]
    if not holders and path.startswith(OF_A_CYCLE):
        holders = [item for item in items if item.url == CYCLES[1]]
    if not holders and path.startswith(OF_AN_ISSUE):
        holders = [item for item in items if item.url == ISSUES[1]]
    if holders:
        max(holders, key=lambda item: len(item.url)).current = True
    return items


@cache  # asked five times a page, and the addresses stay as they are while the process lives
def _address(to, urls):
    """None for a page that this installation does not have; a bar never leads nowhere."""
    try:
        if not to.startswith("/"):
            return reverse(to, urls)
        resolve(to, urls)
    except (NoReverseMatch, Resolver404):
        return None
    return to
