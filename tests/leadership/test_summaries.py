"""Asking for a pack, watching it, reading it, and writing down what was said."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from hls.leadership import sheets, tasks
from hls.leadership.models import Summary, SummarySchedule
from tests import factories as f
from tests.helpers.html import forms, parse, text_of
from tests.helpers.htmx import assert_swap_equals_fresh, htmx_get
from tests.helpers.queries import assert_queries_stay_flat

SUMMARIES = "/summaries/"


@pytest.fixture(autouse=True)
def _quiet_queue(monkeypatch):
    monkeypatch.setattr(tasks, "nudge", lambda pk: None)


def pack_of(here, **more):
    today = timezone.localdate()
    more = {"period_start": today - timedelta(days=30), "period_end": today, "key": uuid4().hex} | more
    return Summary.objects.create(place=here.place, team=here.leadership, asked_by=here.leader, **more)


@pytest.fixture
def ready(busy, monkeypatch):
    monkeypatch.setattr(sheets, "pdf_of", lambda html: (b"%PDF-1.7 made", 4))
    pack = pack_of(busy)
    tasks.build(pack.pk)
    pack.refresh_from_db()
    return pack


def said(here, **changes):
    today = timezone.localdate()
    return {
        "team": here.leadership.pk,
        "period_start": today - timedelta(days=30),
        "period_end": today,
        "client_id": uuid4(),
    } | changes


@pytest.mark.parametrize("who", ["leader", "evidence", "steward"])
def test_whoever_may_read_may_ask(client, here, who):
    client.force_login(getattr(here, who))

    response = client.post(SUMMARIES, said(here))

    pack = Summary.objects.get()
    assert (response.status_code, response["Location"]) == (302, pack.get_absolute_url())
    assert (pack.state, pack.asked_by, pack.place) == ("asked", getattr(here, who), here.place)


def test_asking_twice_with_one_form_makes_one_pack(client, here):
    client.force_login(here.leader)
    data = said(here)

    first, second = client.post(SUMMARIES, data), client.post(SUMMARIES, data)

    assert first["Location"] == second["Location"]
    assert Summary.objects.count() == 1


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("period_start", "", "Say from which day."),
        ("period_start", "32/13/2026", "Write a date."),
        ("period_start", lambda: timezone.localdate() - timedelta(days=900), "Choose a year or less."),
        ("period_end", tomorrow, "Choose today or a day before it."),
        (
            "period_end",
            lambda: timezone.localdate() - timedelta(days=60),
            "Choose a first day that comes before the last.",
        ),
        ("team", "999999999", "Choose one of the groups in the list."),
        ("team", "x", "Choose one of the groups in the list."),
    ],
)
def test_a_wrong_date_or_group_is_said_beside_the_box(client, here, field, value, message):
    client.force_login(here.leader)
    value = value() if callable(value) else value

    response = client.post(SUMMARIES, said(here, **{field: value}))

    assert response.status_code == 422
    assert message in text_of(parse(response))
    assert str(value) in response.content.decode() or field == "team"
    assert Summary.objects.count() == 0


def test_a_group_of_another_place_cannot_be_chosen(client, here, elsewhere):
    client.force_login(here.leader)

    response = client.post(SUMMARIES, said(here, team=elsewhere.leadership.pk))

    assert response.status_code == 422
    assert Summary.objects.count() == 0


def test_a_pack_being_built_says_how_far_it_is_and_stops_asking_when_ready(client, ready):
    Summary.objects.filter(pk=ready.pk).update(state="asked", progress="Drawing the pages")
    client.force_login(ready.asked_by)
    url = ready.get_absolute_url()

    building = htmx_get(client, url).content.decode()
    assert "Drawing the pages…" in building
    assert 'hx-trigger="every 1s"' in building
    assert "X-Background" in building  # a page that looks by itself keeps nobody signed in

    Summary.objects.filter(pk=ready.pk).update(state="ready", progress="")
    assert 'hx-trigger="every 1s"' not in htmx_get(client, url).content.decode()
    assert_swap_equals_fresh(client, start=url, swap=htmx_get(client, url), target="pack")


def test_a_pack_in_the_queue_can_be_looked_at_again_without_script(client, here):
    pack = pack_of(here)
    client.force_login(here.leader)

    page = client.get(pack.get_absolute_url()).content.decode()

    assert "It is in the queue…" in page
    assert f'href="{pack.get_absolute_url()}">Look again' in page


def test_the_pdf_is_handed_over_as_a_file(client, ready):
    client.force_login(ready.asked_by)

    response = client.get(reverse("summary_pdf", args=[ready.pk]))

    assert response.content == b"%PDF-1.7 made"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith('attachment; filename="summary-team-')
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("who", ["worker", "helper", "admin"])
def test_a_pack_is_out_of_sight_for_others(client, busy, ready, who):
    client.force_login(getattr(busy, who))

    assert client.get(ready.get_absolute_url()).status_code == 404
    assert client.get(reverse("summary_pdf", args=[ready.pk])).status_code == 404
    assert client.post(reverse("summary_again", args=[ready.pk])).status_code == 404


def test_a_pack_of_another_place_is_out_of_sight(client, ready, elsewhere):
    client.force_login(elsewhere.leader)

    assert client.get(ready.get_absolute_url()).status_code == 404
    assert client.get(reverse("summary_pdf", args=[ready.pk])).status_code == 404


def test_a_right_that_went_counts_with_the_next_request(client, busy, ready):
    client.force_login(busy.leader)
    assert client.get(ready.get_absolute_url()).status_code == 200

    busy.leader.memberships.update(to_on=timezone.localdate())

    assert client.get(ready.get_absolute_url()).status_code == 404
    assert client.get(reverse("summary_pdf", args=[ready.pk])).status_code == 404


def test_a_pack_is_frozen(client, busy, ready):
    f.IssueFactory(cycle=busy.cycle, raised_by=busy.worker)
    client.force_login(busy.leader)

    assert client.get("/overview/").context["facts"]["flow"]["raised"] == ready.agenda["flow"]["raised"] + 1
    assert client.get(ready.get_absolute_url()).context["facts"]["flow"] == ready.agenda["flow"]


def test_a_failed_pack_says_why_and_can_be_tried_again(client, here):
    pack = pack_of(here, state="failed", progress=tasks.NOT_BUILT, tries=4)
    client.force_login(here.steward)
    assert tasks.NOT_BUILT in text_of(parse(client.get(pack.get_absolute_url())))

    client.post(reverse("summary_again", args=[pack.pk]))

    pack.refresh_from_db()
    assert (pack.state, pack.tries, pack.asked_by) == ("asked", 0, here.steward)


def test_trying_again_leaves_a_whole_pack_alone(client, ready):
    client.force_login(ready.asked_by)

    client.post(reverse("summary_again", args=[ready.pk]))

    ready.refresh_from_db()
    assert (ready.state, bytes(ready.pdf)) == ("ready", b"%PDF-1.7 made")


# ------------------------------------------------------------------ discussed


@pytest.mark.system(64)
def test_a_group_talks_it_through_and_closes_it(client, busy, ready):
    client.force_login(busy.leader)
    url = reverse("summary_discussed", args=[ready.pk])

    response = client.post(url, {"discussed_words": "We read Marie's story twice."}, follow=True)

    ready.refresh_from_db()
    assert (ready.discussed_on, ready.discussed_words) == (timezone.localdate(), "We read Marie's story twice.")
    page = text_of(parse(response))
    assert "We read Marie's story twice." in page
    assert [form for form in forms(response, "/") if form.action.endswith(url)] == []


def test_discussed_without_words_is_said_beside_the_box(client, busy, ready):
    client.force_login(busy.leader)

    response = client.post(reverse("summary_discussed", args=[ready.pk]), {"discussed_words": " "})

    assert response.status_code == 422
    assert "Write down what was said. A few words is fine." in text_of(parse(response))


def test_the_second_to_write_gets_both_texts(client, busy, ready):
    client.force_login(busy.leader)
    url = reverse("summary_discussed", args=[ready.pk])
    client.post(url, {"discussed_words": "First words"})

    response = client.post(url, {"discussed_words": "Second words"})

    assert response.status_code == 409
    page = text_of(parse(response))
    assert "First words" in page
    assert "Second words" in page
    ready.refresh_from_db()
    assert ready.discussed_words == "First words"


def test_the_same_words_sent_twice_are_written_once(client, busy, ready):
    client.force_login(busy.leader)
    url = reverse("summary_discussed", args=[ready.pk])

    assert [client.post(url, {"discussed_words": "Once"}).status_code for _ in range(2)] == [302, 302]


@pytest.mark.parametrize("who", ["steward", "evidence"])
def test_only_the_group_writes_down_what_was_said(client, busy, ready, who):
    client.force_login(getattr(busy, who))

    response = client.post(reverse("summary_discussed", args=[ready.pk]), {"discussed_words": "Mine"})

    assert response.status_code == 403
    ready.refresh_from_db()
    assert ready.discussed_on is None


# ------------------------------------------------------------------ by itself


@pytest.mark.parametrize("who", ["leader", "steward"])
def test_a_day_of_the_month_can_be_set_and_changed(client, here, who):
    client.force_login(getattr(here, who))
    url = reverse("summary_schedule", args=[here.leadership.pk])

    client.post(url, {"day_of_month": 3, "is_active": "on"})
    client.post(url, {"day_of_month": 12})

    schedule = SummarySchedule.objects.get()
    assert (schedule.day_of_month, schedule.is_active, schedule.place) == (12, False, here.place)


@pytest.mark.parametrize("day", ["0", "29", "x", "", "999999999999"])
def test_a_day_that_some_month_lacks_is_refused(client, here, day):
    client.force_login(here.leader)

    response = client.post(reverse("summary_schedule", args=[here.leadership.pk]), {"day_of_month": day})

    assert response.status_code == 422
    assert "1 to 28" in text_of(parse(response))
    assert SummarySchedule.objects.count() == 0


def test_the_evidence_team_does_not_set_the_day(client, here):
    client.force_login(here.evidence)

    assert client.get(reverse("summary_schedule", args=[here.leadership.pk])).status_code == 403


def test_summaries_query_count(client, here):
    client.force_login(here.leader)

    def add():
        pack_of(here)
        f.TeamFactory(place=here.place, leadership=True)

    # who is asking (3); groups with their schedules; the packs; the form's list of groups, and whether it has any
    assert_queries_stay_flat(client, SUMMARIES, add, most=7)


def test_a_pack_query_count(client, ready):
    client.force_login(ready.asked_by)
    url = ready.get_absolute_url()

    # who is asking (3); the pack; whether its stories and its quotes still stand
    assert_queries_stay_flat(client, url, lambda: None, most=6)
