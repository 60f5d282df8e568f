import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from cycles import models as c
from debriefs.models import Debrief
from hls.demo.clear import clear
from hls.demo.load import AlreadyThere, load
from issues.models import FlowTally, Issue, WaitTally
from tests.factories import IssueFactory, PlaceFactory

# DOMAIN.md 5.1, row by row: level, status, owner, countermeasure, system change.
NORTHBANK = [
    (1, "closed", "team", "The worker and the person get it put right together", "Every opening talk checks income"),
    (
        2,
        "open",
        "lship",
        "Recovery is held by hand while a visit is going on",
        "The debt recovery policy treats debt as a signal",
    ),
    (2, "open", "lship", "One move agreed by hand", "The tenancy transfer policy lets people move for how they live"),
    (2, "closed", "lship", "Help with the uniform from case money", "Caseworkers carry purchasing cards"),
    (2, "open", "lship", "The op lead covers each decision", "The caseworker role and remit are widened"),
    (
        3,
        "open",
        "govt",
        "A local benefit check with the advice bureau",
        "The country scale is asked how benefits should run",
    ),
]


def row(issue):
    text = {r.kind: r.text for r in issue.responses.all()}
    return issue.level, issue.status, issue.owner_tier, text["countermeasure"], text["system_change"]


@pytest.mark.system(39)
def test_northbank_holds_what_the_sources_say(northbank):
    assert [row(i) for i in Issue.objects.filter(is_demo=False).order_by("number")] == NORTHBANK
    life = c.Case.objects.get(alias="Kayleigh")
    during = life.contacts.filter(phase="during")
    assert (during.filter(kind="visit").count(), during.filter(kind="call").count()) == (6, 9)
    assert sum(s.amount for s in life.spends.all()) == 90
    baseline = c.Reading.objects.filter(phase="before", measure__cycle__title="Council tax debt").order_by("pk")
    assert [(r.value, r.words, r.n) for r in baseline] == [(18, "", None), (102, "", None), (None, "5 to 55", None)]
    cycle = c.LearningCycle.objects.get(title="Council tax debt")
    linked = cycle.links_out.filter(direction="horizontal").values_list("target__title", flat=True)
    assert sorted(linked) == ["Community development", "Homelessness", "Locality working"]
    sourced = cycle.guides.filter(is_demo=False)
    guides = {kind: list(sourced.filter(kind=kind).values_list("text", flat=True)) for kind in ("rule", "principle")}
    assert guides["rule"] == ["Do no harm", "Stay legal"]
    assert len(guides["principle"]) == 5


@pytest.mark.system(32)
def test_kelly_shows_before_and_since_by_agency(northbank):
    contacts = c.Contact.objects.filter(case__alias="Kelly")
    counts = {
        (kind, phase): contacts.filter(agency__kind=kind, phase=phase).count()
        for kind in ("housing", "council", "health", "police", "benefits")
        for phase in ("before", "during")
    }
    assert list(counts.values()) == [9, 2, 7, 1, 6, 3, 4, 0, 8, 2]
    days = [on for phase in ("before", "during") for on in contacts.filter(phase=phase).values_list("on", flat=True)]
    before, since = contacts.filter(phase="before"), contacts.filter(phase="during")
    assert max(before.values_list("on", flat=True)) < min(since.values_list("on", flat=True))
    assert (max(days) - min(days)).days <= 366


def test_nothing_in_the_demo_lies_in_the_future_or_is_mailed(northbank):
    today = timezone.localdate()
    assert not Issue.objects.filter(raised_on__gt=today).exists()
    assert not Debrief.objects.exclude(state="planned").filter(held_on__gte=today).exists()
    assert not c.Notice.objects.filter(dropped_at=None).exists()


def test_demo_tallies_agree_with_the_log(northbank):
    open_issues = Issue.objects.filter(status="open")
    raised = open_issues.filter(is_pattern=False)  # a pattern gathers what was raised, and waits with a group as one
    assert sum(t.n for t in FlowTally.objects.filter(status="open")) == raised.count()
    assert sum(t.n for t in WaitTally.objects.all()) == open_issues.count()


def test_loading_twice_is_refused_and_changes_nothing(northbank):
    before = Issue.objects.count()
    with pytest.raises(AlreadyThere):
        load()
    with pytest.raises(CommandError, match="holds a place already"):
        call_command("load_demo")
    assert Issue.objects.count() == before


def test_clearing_takes_the_demo_and_nothing_else(northbank):
    real = PlaceFactory()
    kept = IssueFactory(cycle__team__place=real)
    assert clear() == 1
    assert clear() == 0
    assert list(c.Place.objects.all()) == [real]
    assert list(Issue.objects.all()) == [kept]
    assert not c.User.objects.filter(email__endswith="northbank.example").exists()


def test_every_page_of_the_demo_says_so(client, northbank):
    client.force_login(c.User.objects.get(email__startswith="asha@"))
    assert "Northbank · demo" in client.get("/today/").text


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("asha", "issues:list"),
        ("asha", "debriefs:list"),
        ("asha", "today"),
        ("grace", "overview"),
        ("sam", "cycles:stories"),
    ],
)
def test_filler_carries_a_demo_tag_where_it_is_listed(client, northbank, email, name):
    client.force_login(c.User.objects.get(email=f"{email}@northbank.example"))
    assert '<span class="tag">Demo</span>' in client.get(reverse(name)).content.decode()


def test_only_filler_carries_the_tag_on_its_own_page(client, northbank):
    client.force_login(c.User.objects.get(email="asha@northbank.example"))
    for is_demo in (True, False):
        issue = Issue.objects.filter(is_demo=is_demo, team__name="Northbank core team").first()
        assert ('<span class="tag">Demo</span>' in client.get(issue.get_absolute_url()).content.decode()) is is_demo


def test_the_core_teams_own_visits_count_for_no_body(northbank):
    ours = c.Contact.objects.filter(case__alias="Kayleigh", phase="during", agency=None)
    assert ours.count() == 9
    assert not c.Contact.objects.filter(case__alias="Kayleigh", agency__name="Northbank Council").exists()


@pytest.mark.system(42)
def test_harbour_city_is_shown_with_n_and_every_caveat(northbank, client):
    """Before and during, as the sources have them; what is worked out says so, and nothing is summed."""
    cycle = c.LearningCycle.objects.get(title="Harbour City: alcohol outreach")
    said = {
        (r.measure.unit, r.phase, r.value, r.n, r.origin)
        for r in c.Reading.objects.filter(measure__cycle=cycle, value__isnull=False).select_related("measure")
    }
    assert said >= {
        ("admissions", "before", 89, 56, "source"),
        ("admissions", "during", 50, 56, "derived"),
        ("days", "before", 369, 56, "source"),
        ("days", "during", 249, 56, "derived"),
        ("pounds", "before", 147600, 56, "source"),
    }
    days = c.Measure.objects.get(question="How many unplanned days were spent in hospital?")
    client.force_login(c.User.objects.get(email="sam@northbank.example"))
    page = client.get(days.get_absolute_url()).content.decode()
    assert "not like for like" in page
    assert "No comparison group is given" in page
    assert "Worked out" in page


def test_locality_one_holds_its_figures(northbank):
    readings = c.Reading.objects.filter(source="Locality One").order_by("pk")
    assert [(r.value, r.words, r.n) for r in readings] == [
        (66, "", 35), (71, "", None), (None, "Almost none", None), (58, "58 of 116", 116),
    ]  # fmt: skip
