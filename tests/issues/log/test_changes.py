"""Changing an issue: versions, reasons, states that move separately, and rules that say no beside the field."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from issues.log import actions
from issues.log.models import Issue, Response, Sighting
from tests.factories import IssueFactory, MembershipFactory, TeamFactory


@pytest.fixture
def issue(here):
    return IssueFactory(cycle=here.cycle, raised_by=here.worker, description="Letters run first", words="Said over tea")


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def at(name, issue, **more):
    return reverse(f"issues:{name}", args=[issue.ref, *more.values()])


def version(issue):
    return Issue.objects.values_list("version", flat=True).get(pk=issue.pk)


def hidden_version(page):
    return page.context["form"]["version"].value()


# ------------------------------------------------------------------ words


def test_rewording_keeps_the_earlier_words_for_the_team(worker, issue):
    worker.post(at("edit", issue), {"description": "Letters go out before a talk", "version": version(issue)})
    issue.refresh_from_db()
    assert issue.description == "Letters go out before a talk"
    assert issue.descriptions.get().description == "Letters run first"
    assert "Letters run first" in worker.get(at("history", issue)).content.decode()


def test_second_editor_gets_both_texts_and_may_then_save(worker, client, issue, here):
    began = version(issue)
    actions.edit_issue(issue=issue, version=began, by=here.colleague, description="Theirs, saved first")
    page = worker.post(at("edit", issue), {"description": "Mine, written meanwhile", "version": began})
    text = page.content.decode()
    assert page.status_code == 409
    assert "Theirs, saved first" in text
    assert "Mine, written meanwhile</textarea>" in text
    issue.refresh_from_db()
    assert issue.description == "Theirs, saved first"
    worker.post(at("edit", issue), {"description": "Mine, written meanwhile", "version": hidden_version(page)})
    issue.refresh_from_db()
    assert issue.description == "Mine, written meanwhile"


@pytest.mark.parametrize("odd", ["", "x", "-1", "9" * 30])
def test_odd_version_counts_as_stale(worker, issue, odd):
    page = worker.post(at("edit", issue), {"description": "Changed", "version": odd})
    assert page.status_code == 409
    issue.refresh_from_db()
    assert issue.description == "Letters run first"


def test_evidence_does_not_make_an_editor_stale(worker, issue, here):
    began = version(issue)
    actions.see_too(issue=issue, team=here.core, by=here.colleague, words="Again")
    assert worker.post(at("edit", issue), {"description": "New words", "version": began}).status_code == 302


def test_fields_not_on_the_form_are_ignored(worker, issue, here, elsewhere):
    worker.post(at("edit", issue), {
        "description": "New words", "version": version(issue), "status": "closed", "number": "9999",
        "held_by": here.leadership.pk, "place": elsewhere.place.pk, "raised_by": here.leader.pk,
    })  # fmt: skip
    issue.refresh_from_db()
    assert (issue.description, issue.status, issue.held_by, issue.place) == ("New words", "open", here.core, here.place)
    assert (issue.number, issue.raised_by) == (1, here.worker)


# ---------------------------------------------------------- level and owner


def test_level_needs_a_reason_and_writes_a_move(worker, issue):
    sent = {"level": "3", "owner_tier": "govt", "version": version(issue)}
    refused = worker.post(at("level", issue), sent)
    assert refused.status_code == 422
    assert "Say why." in refused.content.decode()
    assert worker.post(at("level", issue), sent | {"why": "It is the law"}).status_code == 302
    move = issue.moves.get()
    assert (move.from_level, move.to_level, move.from_owner, move.to_owner, move.why) == (
        None,
        3,
        "",
        "govt",
        "It is the law",
    )


def test_two_who_set_the_level_at_once_are_both_heard(worker, issue, here):
    began = version(issue)
    actions.set_level(issue=issue, level=2, owner_tier="lship", why="Leaders", by=here.steward)
    page = worker.post(at("level", issue), {"level": "1", "owner_tier": "team", "why": "We can", "version": began})
    assert page.status_code == 409
    assert "We can</textarea>" in page.content.decode()
    issue.refresh_from_db()
    assert issue.level == 2


def test_why_is_never_lost_where_two_chose_the_same_level(worker, issue, here):
    """The first choice stands; the words of the second are shown beside it, not thrown away."""
    version = issue.version
    actions.set_level(issue=issue, level=2, owner_tier="lship", why="Leaders", by=here.steward)
    said = {"level": 2, "owner_tier": "lship", "why": "Only they can change it", "version": version}
    page = worker.post(reverse("issues:level", args=[issue.ref]), said)
    assert page.status_code == 409
    assert "Only they can change it</textarea>" in page.content.decode()
    assert "<p>Leaders</p>" in page.content.decode()
    issue.refresh_from_db()
    again = worker.post(reverse("issues:level", args=[issue.ref]), said | {"version": issue.version})
    assert again.status_code == 422
    assert "It has that level and owner already" in again.content.decode()
    assert issue.moves.count() == 1


def test_level_sent_twice_is_one_move(worker, issue):
    said = {"level": 2, "owner_tier": "lship", "why": "Not ours", "version": issue.version}
    for _ in range(2):
        assert worker.post(reverse("issues:level", args=[issue.ref]), said).status_code == 302
    assert issue.moves.count() == 1


def test_agencies_of_another_place_are_no_choice(worker, issue, elsewhere):
    from tests.factories import AgencyFactory

    foreign = AgencyFactory(place=elsewhere.place)
    page = worker.post(at("level", issue), {
        "level": "3", "owner_tier": "govt", "owner_agency": foreign.pk, "why": "Law", "version": version(issue),
    })  # fmt: skip
    assert page.status_code == 422
    assert not issue.moves.exists()


# ---------------------------------- countermeasure (now), system change (new normal)


def test_the_two_move_separately_with_what_is_left_behind(worker, issue):
    worker.post(at("countermeasure", issue), {
        "text": "We hold it by hand", "state": "in_place", "in_place_on": "2026-09-22", "version": "0",
        "leaves_behind": "Someone must remember",
    })  # fmt: skip
    worker.post(at("system_change", issue), {"text": "A policy", "state": "working_out", "version": "0"})
    now, new = issue.responses.order_by("kind")
    assert (now.state, str(now.in_place_on), now.leaves_behind) == ("in_place", "2026-09-22", "Someone must remember")
    assert (new.state, new.in_place_on) == ("working_out", None)
    page = worker.get(issue.get_absolute_url()).content.decode()
    assert "In place since 22 September" in page
    assert "Someone must remember" in page
    assert "Being worked out" in page


def test_in_place_since_a_day_to_come_is_refused_beside_the_field(worker, issue):
    to_come = timezone.localdate() + timedelta(days=3)
    page = worker.post(
        at("countermeasure", issue), {"text": "x", "state": "in_place", "in_place_on": to_come, "version": "0"}
    )
    assert page.status_code == 422
    assert "That day has not come yet." in page.content.decode()
    assert not issue.responses.exists()


def test_two_first_countermeasures_give_the_second_both_texts(worker, issue, here):
    kind = Response.Kind.COUNTERMEASURE
    actions.set_response(issue=issue, kind=kind, text="Theirs", state="trying", by=here.colleague, version=0)
    page = worker.post(at("countermeasure", issue), {"text": "Mine", "state": "trying", "version": "0"})
    assert page.status_code == 409
    assert "Theirs" in page.content.decode()
    assert "Mine</textarea>" in page.content.decode()
    assert issue.responses.get().text == "Theirs"
    worker.post(at("countermeasure", issue), {"text": "Mine", "state": "trying", "version": hidden_version(page)})
    response = issue.responses.get()
    assert (response.text, response.versions.get().text) == ("Mine", "Theirs")


def test_a_state_of_the_other_kind_is_no_choice(worker, issue):
    assert worker.post(at("countermeasure", issue), {"text": "x", "state": "agreed", "version": "0"}).status_code == 422


# ------------------------------------------------------- closing and opening


@pytest.mark.parametrize(
    ("level", "placed", "how", "words", "why_not"),
    [
        (1, None, "new_normal", "Done", "The system change is not in place yet."),
        (1, None, "in_place", "Done", "Nothing is in place yet."),
        (2, "countermeasure", "in_place", "Done", "At this level it needs a new normal."),
        (3, "countermeasure", "in_place", "Done", "At this level it needs a new normal."),
        (1, "countermeasure", "in_place", " ", "Say what happened."),
        (1, None, "no_longer", "", "Say what happened."),
        (1, None, "imported", "Done", "That is not one of the choices now."),
        (1, None, "", "Done", "Choose one."),
    ],
)
def test_closing_is_refused_with_the_reason(worker, here, level, placed, how, words, why_not):
    issue = IssueFactory(cycle=here.cycle, raised_by=here.worker, level=level)
    if placed:
        actions.set_response(issue=issue, kind=placed, text="t", state="in_place", by=here.worker)
    page = worker.post(at("close", issue), {"how": how, "words": words})
    assert page.status_code == 422
    assert why_not in page.content.decode()
    issue.refresh_from_db()
    assert issue.is_open


@pytest.mark.parametrize(
    ("level", "placed", "how"),
    [
        (1, "countermeasure", "in_place"),
        (2, "system_change", "in_place"),
        (2, "system_change", "new_normal"),
        (3, None, "as_is"),
        (None, None, "no_longer"),
    ],
)
def test_closing_by_the_rules_tells_those_who_saw_it(worker, here, level, placed, how):
    issue = IssueFactory(cycle=here.cycle, raised_by=here.colleague, level=level)
    if placed:
        actions.set_response(issue=issue, kind=placed, text="t", state="in_place", by=here.worker)
    before = here.colleague.notices.count()
    assert worker.post(at("close", issue), {"how": how, "words": "This is how"}).status_code == 302
    issue.refresh_from_db()
    assert (issue.status, issue.closed_how, issue.closed_on) == ("closed", how, timezone.localdate())
    assert here.colleague.notices.count() == before + 1


def test_reopening_keeps_the_path_and_needs_words(worker, issue, here):
    actions.close_issue(issue=issue, how="no_longer", words="It stopped", by=here.worker)
    assert worker.post(at("reopen", issue), {"why": ""}).status_code == 422
    worker.post(at("reopen", issue), {"why": "It is back"})
    issue.refresh_from_db()
    assert (issue.is_open, issue.closed_on, issue.closed_how) == (True, None, "")
    page = worker.get(issue.get_absolute_url()).content.decode()
    assert "It stopped" in page
    assert "It is back" in page


def test_closed_issue_takes_no_level_and_no_response(worker, issue, here):
    actions.close_issue(issue=issue, how="no_longer", words="It stopped", by=here.worker)
    sent = {"level": "1", "why": "w", "version": version(issue)}
    assert "It is closed. Open it again first." in worker.post(at("level", issue), sent).content.decode()
    sent = {"text": "x", "state": "trying", "version": "0"}
    assert "It is closed. Open it again first." in worker.post(at("countermeasure", issue), sent).content.decode()


# -------------------------------------------------------- seeing, and sharing


def test_seen_too_counts_and_stays_with_the_team(client, here, issue):
    client.force_login(here.colleague)
    client.post(at("seen", issue), {"words": "It happened to Joe", "team": here.core.pk})
    sighting = Sighting.objects.get(by=here.colleague)
    assert (sighting.words, sighting.quote, sighting.team) == ("It happened to Joe", "", here.core)
    client.force_login(here.steward)
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "Seen 2 times" in page
    assert "Joe" not in page
    assert here.colleague.name not in page


def test_a_quote_is_released_on_purpose_and_taken_back_everywhere(client, worker, here, issue):
    sighting = issue.sightings.get()
    actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.worker)
    page = at("quote", issue, pk=sighting.pk)
    worker.post(page, {"quote": "Nobody rang us"})
    client.force_login(here.leader)
    assert "Nobody rang us" in client.get(issue.get_absolute_url()).content.decode()
    assert "Nobody rang us" in client.get(at("answer", issue)).content.decode()
    client.force_login(here.worker)
    worker.post(page, {"quote": ""})
    client.force_login(here.leader)
    for address in (
        issue.get_absolute_url(),
        at("answer", issue),
        reverse("issues:group", args=[here.leadership.slug]),
    ):
        assert "Nobody rang us" not in client.get(address).content.decode()


def test_nobody_shares_the_words_of_another(client, here, issue):
    client.force_login(here.colleague)
    address = at("quote", issue, pk=issue.sightings.get().pk)
    assert client.get(address).status_code == 404
    assert client.post(address, {"quote": "Hers"}).status_code == 404
    assert issue.sightings.get().quote == ""


def test_teams_of_others_are_no_choice_when_seeing_too(worker, issue, here):
    MembershipFactory(user=here.worker, team=TeamFactory(place=here.place))
    page = worker.post(at("seen", issue), {"words": "Again", "team": here.leadership.pk})
    assert page.status_code == 422


# ------------------------------------------------------------ does it fix it


def test_fit_is_asked_of_those_who_saw_it_and_shown_without_names(client, worker, here, issue):
    actions.set_response(issue=issue, kind="countermeasure", text="A list", state="in_place", by=here.colleague)
    assert "Does this fix it?" in worker.get(issue.get_absolute_url()).content.decode()
    answer = worker.post(at("fit", issue), {"fits": "partly", "words": "Not at weekends", "next": "/issues/?view=mine"})
    assert answer["Location"] == "/issues/?view=mine"
    client.force_login(here.steward)
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "it helps in part" in page
    assert "Not at weekends" in page
    assert here.worker.name not in page
    assert "Does this fix it?" not in page


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_fit_leads_nowhere_foreign(worker, issue, to):
    assert worker.post(at("fit", issue), {"fits": "yes", "next": to})["Location"] == at("fit", issue)


def test_fit_in_place_becomes_a_thank_you(worker, issue):
    from tests.helpers.htmx import htmx_post

    piece = htmx_post(worker, at("fit", issue), {"fits": "yes"})
    assert "<html" not in piece.content.decode()
    assert "Thank you." in piece.content.decode()


# ------------------------------------------------------------------ the page


def test_reader_who_may_not_change_sees_no_buttons(client, here, issue):
    actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.worker)
    client.force_login(here.leader)
    page = client.get(issue.get_absolute_url()).content.decode()
    for name in ("edit", "level", "close", "escalate", "withdraw", "countermeasure", "system_change"):
        assert at(name, issue) not in page
        assert client.post(at(name, issue), {}).status_code == 403
    assert at("answer", issue) in page


def test_path_says_how_long_it_was_with_whom(worker, here, issue):
    today = timezone.localdate()
    Issue.objects.filter(pk=issue.pk).update(raised_on=today - timedelta(days=50))
    move = actions.escalate(issue=issue, to_team=here.working, why="Not ours", asks="Look at it?", by=here.worker)
    type(move).objects.filter(pk=move.pk).update(at=timezone.now() - timedelta(days=20))
    move.refresh_from_db()
    actions.accept(move=move, by=here.helper)
    actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.helper)
    page = worker.get(issue.get_absolute_url())
    assert [(s.title, s.when) for s in page.context["path"]] == [
        (here.core.name, "past"),
        (f"{here.working.name} (here now)", "now"),
        (here.leadership.name, "later"),
    ]
    assert "30 days" in page.context["path"][0].by
    assert "Change it?" in page.context["path"][2].text


def test_issue_page_query_count(client, here, issue):
    from tests.helpers.queries import assert_queries_stay_flat

    actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.worker)
    client.force_login(here.worker)

    def add():
        actions.see_too(issue=issue, team=here.core, by=here.worker, words="Again")
        actions.set_response(issue=issue, kind="countermeasure", text="A list", state="in_place", by=here.colleague)
        actions.answer_fit(issue=issue, fits="yes", by=here.worker)

    # session, who, memberships; issue, steps, responses, fit, sightings, counts, readers
    assert_queries_stay_flat(client, issue.get_absolute_url(), add, most=11)


def test_history_query_count(client, here, issue):
    from tests.helpers.queries import assert_queries_stay_flat

    client.force_login(here.worker)

    def add():
        issue.refresh_from_db()
        actions.edit_issue(issue=issue, version=issue.version, by=here.worker, description=f"{issue.version} words")

    assert_queries_stay_flat(client, at("history", issue), add, most=7)
