"""The portfolio: end point by contact, for a place and for one cycle."""

import pytest
from django.urls import reverse

from cycles import models as c
from tests import factories as f
from tests.helpers.html import parse
from tests.helpers.queries import assert_queries_stay_flat

KINDS = {
    "Training": ("known", "indirect"),
    "Project": ("known", "direct"),
    "Enquiry": ("unknown", "indirect"),
    "Prototype": ("unknown", "direct"),
}
PLACE = "cycles:experiments"


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def make(cycle, kind, question, **traits):
    end_point, contact = KINDS.get(kind, ("", ""))
    return f.ExperimentFactory(cycle=cycle, end_point=end_point, contact=contact, question=question, **traits)


def cells(response):
    """{heading: its text}"""
    found = {}
    for section in parse(response).find(".//main").iter("section"):
        found["".join(section.find(".//h2").itertext()).strip()] = read(section)
    return found


def read(element):
    return " ".join(" ".join(element.itertext()).split())


@pytest.mark.system(18)
def test_each_lies_in_the_cell_of_its_two_answers(worker, here):
    for kind in (*KINDS, "unsaid"):
        make(here.cycle, kind, f"An idea that is {kind}")
        make(here.cycle, kind, f"Going, {kind}", running=True)
        make(here.cycle, kind, f"Over, {kind}", state="stopped", ended_on="2026-02-01")
    grid = cells(worker.get(reverse(PLACE)))
    assert list(grid) == [*KINDS, "Not said yet which kind"]
    for heading, text in grid.items():
        kind = heading if heading in KINDS else "unsaid"
        said = [text.index(f"{words} {kind}") for words in ("Going,", "An idea that is", "Over,")]
        assert said == sorted(said), heading
        others = [other for other in (*KINDS, "unsaid") if other != kind]
        assert not [other for other in others if f"Going, {other}" in text]


def test_one_effort_may_be_an_enquiry_and_a_prototype(worker, here):
    enquiry = make(here.cycle, "Enquiry", "How are people kept without a home?", running=True, title="The enquiry")
    make(here.cycle, "Prototype", "What if one person can say yes?", running=True, parent=enquiry)
    grid = cells(worker.get(reverse("cycles:cycle_experiments", args=[here.cycle.pk])))
    assert "How are people kept" in grid["Enquiry"]
    assert "Grew out of The enquiry" in grid["Prototype"]


def test_experiments_of_a_life_are_never_listed(worker, here):
    case = f.CaseFactory(team=here.core, worker=here.worker)
    life = make(case.cycle, "Prototype", "What if she rests first?", running=True)
    assert "What if she rests first?" in worker.get(life.get_absolute_url()).text  # its worker may read it
    assert "What if she rests first?" not in worker.get(reverse(PLACE)).text
    group = worker.get(reverse(PLACE) + "?kind=prototype&state=going").text
    assert "What if she rests first?" not in group
    assert worker.get(reverse("cycles:cycle_experiments", args=[case.cycle.pk])).status_code == 404


def test_only_what_one_may_see_is_there(client, here, elsewhere):
    make(here.cycle, "Project", "Ours alone")
    client.force_login(here.helper)
    assert "Ours alone" not in client.get(reverse(PLACE)).text
    client.force_login(here.steward)
    assert "Ours alone" in client.get(reverse(PLACE)).text
    client.force_login(elsewhere.steward)
    assert "Ours alone" not in client.get(reverse(PLACE)).text


def test_a_long_group_shows_a_few_and_opens_the_rest(worker, here):
    for number in range(33):
        make(here.cycle, "Prototype", f"Question {number:02d}!", opened_on=f"2026-01-{number % 28 + 1:02d}")
    page = worker.get(reverse(PLACE))
    assert page.text.count("Question ") == 5
    assert "All 33" in page.text
    first = worker.get(reverse(PLACE) + "?kind=prototype&state=idea")
    second = worker.get(reverse(PLACE) + "?kind=prototype&state=idea&page=2")
    asked = [f"Question {number:02d}!" for number in range(33)]
    assert sorted(words for words in asked if words in first.text + second.text) == asked
    assert not [words for words in asked if words in first.text and words in second.text]


@pytest.mark.parametrize("query", ["?kind=x&state=idea", "?kind=project&state=9", "?kind=project&state=idea&page=zz"])
def test_odd_addresses_do_no_harm(worker, here, query):
    make(here.cycle, "Project", "A known fix")
    assert worker.get(reverse(PLACE) + query).status_code == 200


def test_no_ending_is_better_than_another(worker, here):
    for state in c.Experiment.ENDINGS:
        make(here.cycle, "Project", f"It {state}", state=state, legal_ok=True, safe_ok=True, ended_on="2026-02-01")
    text = read(parse(worker.get(reverse(PLACE))).find(".//main")).lower()
    for word in ("success", "fail", "won", "lost", "score"):
        assert word not in text, word


@pytest.mark.parametrize("name", ["place", "cycle"])
def test_portfolio_query_count(worker, here, name):
    url = reverse(PLACE) if name == "place" else reverse("cycles:cycle_experiments", args=[here.cycle.pk])

    def more():
        for kind in KINDS:
            parent = make(here.cycle, kind, "Asked", running=True)
            make(here.cycle, kind, "Asked", parent=parent)

    # who is asking (3), the cycle, how many of each kind, the first few of each
    assert_queries_stay_flat(worker, url, more, most=6)


@pytest.mark.parametrize("at", ["kind=project&state=idea", "kind=unsaid&state=idea"])
def test_group_query_count(worker, here, at):
    def more():
        for kind in (*KINDS, ""):
            make(here.cycle, kind, "Asked")

    assert_queries_stay_flat(worker, f"{reverse(PLACE)}?{at}", more, most=4)


def test_forty_on_a_cycle_take_no_more_queries_than_one(worker, here):
    from tests.helpers.queries import queries_of

    url = here.cycle.get_absolute_url()
    f.ExperimentFactory(cycle=here.cycle)
    worker.get(url)
    one = len(queries_of(worker, url))
    f.ExperimentFactory.create_batch(39, cycle=here.cycle)
    assert len(queries_of(worker, url)) == one
    assert "All of them" in worker.get(url).text
