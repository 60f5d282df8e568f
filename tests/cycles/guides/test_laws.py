"""Laws with no room: what each demands, and how it was lawfully met."""

import pytest
from django.urls import reverse

from cycles.guides.laws import leads_to
from cycles.models import Law, LawVersion
from tests import factories as f
from tests.helpers.html import forms
from tests.helpers.queries import assert_queries_stay_flat

WORDS = {
    "name": "Data protection",
    "demands": "Say why you share it.",
    "met": "We wrote one page together.",
    "source": "Article 6",
    "link": "",
}


def law(here, **about):
    return Law.objects.create(place=here.place, by=here.worker, **WORDS | about)


@pytest.mark.system(19)
def test_a_law_is_written_down_with_how_it_was_met(client, here):
    client.force_login(here.worker)
    new = reverse("cycles:law_new")
    client.post(f"{new}?cycle={here.cycle.pk}", WORDS | {"link": "www.legislation.gov.uk/ukpga/2018/12"})
    kept = Law.objects.get()
    assert (kept.cycle, kept.place, kept.link) == (
        here.cycle,
        here.place,
        "https://www.legislation.gov.uk/ukpga/2018/12",
    )
    page = client.get(kept.get_absolute_url()).text
    assert "We wrote one page together." in page
    assert 'href="https://www.legislation.gov.uk/ukpga/2018/12"' in page
    assert "Data protection" in client.get(f"{reverse('cycles:laws')}?cycle={here.cycle.pk}").text


def test_one_of_the_whole_place_is_read_by_everyone_there(client, here, elsewhere):
    kept = law(here)
    for person in (here.leader, here.evidence, here.admin):
        client.force_login(person)
        assert "Data protection" in client.get(reverse("cycles:laws")).text
        assert client.get(kept.get_absolute_url()).status_code == 200
    client.force_login(elsewhere.worker)
    assert "Data protection" not in client.get(reverse("cycles:laws")).text
    assert client.get(kept.get_absolute_url()).status_code == 404


def test_one_of_a_cycle_is_read_with_it(client, here):
    kept = law(here, cycle=here.cycle)
    client.force_login(here.leader)
    assert client.get(kept.get_absolute_url()).status_code == 404
    assert "Data protection" not in client.get(reverse("cycles:laws")).text


def test_how_it_was_told_before_is_kept(client, here):
    kept = law(here, cycle=here.cycle)
    client.force_login(here.colleague)
    url = reverse("cycles:law_edit", args=[kept.pk])
    form = next(one for one in forms(client.get(url), url) if "met" in one.names)
    assert form.data()["source"] == ["Article 6"]
    client.post(url, form.data() | {"met": "A shorter page."})
    page = client.get(kept.get_absolute_url()).text
    assert "A shorter page." in page
    assert "We wrote one page together." in page
    assert LawVersion.objects.get().met == "We wrote one page together."
    late = client.post(url, form.data() | {"met": "Written at the same time."})
    assert late.status_code == 409
    assert "A shorter page." in late.text
    assert "Written at the same time." in late.text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://x.example/a", "ask Mina for the leaflet"])
def test_an_odd_address_stays_words(client, here, link):
    client.force_login(here.worker)
    client.post(reverse("cycles:law_new"), WORDS | {"link": link})
    page = client.get(Law.objects.get().get_absolute_url()).text
    assert link in page
    assert f'href="{link}' not in page


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("https://www.legislation.gov.uk/ukpga/2018/12", True),
        ("https://gov.uk/x", True),
        ("http://www.gov.uk/x", False),
        ("https://gov.uk.evil.example/x", False),
        ("https://evil.example/legislation.gov.uk", False),
        ("https://notgov.uk/", False),
        ("javascript:alert('gov.uk')", False),
        ("", False),
        ("https://[bad", False),
    ],
)
def test_only_the_laws_own_houses_are_led_to(link, leads):
    assert bool(leads_to(link)) is leads


def test_any_other_address_is_words(client, here):
    kept = law(here, link="https://evil.example/page")
    client.force_login(here.worker)
    page = client.get(kept.get_absolute_url()).text
    assert "https://evil.example/page" in page
    assert 'href="https://evil.example' not in page


def test_a_cycle_out_of_sight_gets_no_law(client, here, elsewhere):
    client.force_login(here.worker)
    assert client.get(f"{reverse('cycles:law_new')}?cycle={elsewhere.cycle.pk}").status_code == 404
    assert client.get(f"{reverse('cycles:laws')}?cycle={elsewhere.cycle.pk}").status_code == 404
    client.force_login(here.admin)
    assert client.post(reverse("cycles:law_new"), WORDS).status_code == 403


def test_laws_query_count(client, here):
    client.force_login(here.worker)
    # three say who is asking; then the laws
    assert_queries_stay_flat(client, reverse("cycles:laws"), lambda: law(here), most=4)
    assert_queries_stay_flat(
        client, reverse("cycles:laws"), lambda: law(here, cycle=f.LearningCycleFactory(team=here.core)), most=4
    )
