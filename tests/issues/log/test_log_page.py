"""The log: the sources' nine columns, what may be asked of it, and pages that neither skip nor repeat a row."""

import re
from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from issues.log import actions
from issues.log.filters import Asked, log_of
from issues.log.models import Issue, Response
from issues.log.rows import response_tag
from issues.log.views import log as log_views
from tests.factories import CaseFactory, IssueFactory, LearningCycleFactory, MembershipFactory
from tests.helpers.html import by_id, parse, text_of
from tests.helpers.htmx import assert_swap_equals_fresh, htmx_post
from tests.helpers.queries import assert_queries_stay_flat

LIST = reverse("issues:list")


def refs(page):
    return re.findall(r"<span>([A-Z]+-\d{3})</span>", page.content.decode())


def asked_for(user, **query):
    return {issue.description for issue in log_of(user, query).queryset}


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


@pytest.mark.system(35)
def test_table_holds_exactly_the_columns_of_the_sources(worker, here):
    IssueFactory(cycle=here.cycle, level=2, owner_tier="lship", countermeasure="Ring first", system_change="Policy")
    tree = parse(worker.get(LIST))
    head = [[text_of(th) for th in tr.iter("th")] for tr in next(tree.iter("thead")).iter("tr")]
    assert head == [
        ["Issue description", "Level", "Status", "Owner", "Action required"],
        ["Ind", "Sys", "Macro", "Team", "L’ship", "Govt", "Countermeasure (now)", "System change (new normal)"],
    ]
    cells = [text_of(cell) for cell in next(tree.iter("tbody")).iter("td")]
    assert cells == ["", "Yes", "", "Open", "", "Yes", "", "Ring first Being tried", "Policy Being worked out"]


@pytest.mark.system(35)
def test_log_is_filtered_moved_closed_and_reopened(worker, here):
    issue = IssueFactory(cycle=here.cycle, description="The panel says no", raised_by=here.worker)
    other = IssueFactory(cycle=here.cycle, description="The van is late")
    worker.post(reverse("issues:level", args=[issue.ref]), {
        "level": "2", "owner_tier": "lship", "why": "Only leaders can", "version": _version(issue),
    })  # fmt: skip
    assert refs(worker.get(LIST, {"level": "sys", "owner": "lship"})) == [issue.ref]
    assert refs(worker.get(LIST, {"owner": "none"})) == [other.ref]
    worker.post(reverse("issues:close", args=[issue.ref]), {"how": "as_is", "words": "The panel stays, because…"})
    assert refs(worker.get(LIST, {"status": "closed"})) == [issue.ref]
    worker.post(reverse("issues:reopen", args=[issue.ref]), {"why": "It came back"})
    assert refs(worker.get(LIST, {"status": "closed"})) == []
    assert sorted(refs(worker.get(LIST, {"view": "open"}))) == [issue.ref, other.ref]
    assert issue.moves.get().why == "Only leaders can"
    assert [s.what for s in issue.steps.all()] == ["raised", "level", "closed", "reopened"]


@pytest.mark.system(38)
def test_leverage_filter_shows_points_of_leverage_alone(worker, here):
    IssueFactory(cycle=here.cycle)
    lever = IssueFactory(cycle=here.cycle, is_leverage=True)
    assert refs(worker.get(LIST, {"leverage": "yes"})) == [lever.ref]


@pytest.mark.system(63)
def test_barrier_filter_shows_leaders_what_they_must_remove(client, here):
    barrier = IssueFactory(cycle=here.cycle, is_barrier=True)
    for issue in (barrier, IssueFactory(cycle=here.cycle)):
        actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.worker)
    client.force_login(here.leader)
    assert refs(client.get(LIST, {"barrier": "yes"})) == [barrier.ref]
    assert len(refs(client.get(LIST))) == 2


def test_views_answer_their_names(here):
    def issue(words, **more):
        return IssueFactory(cycle=here.cycle, description=words, **more)

    issue("mine", raised_by=here.worker)
    waiting = issue("waiting")
    held = issue("held by leaders", countermeasure="Something")
    closed = issue("closed")
    normal = issue("normal")
    actions.escalate(issue=waiting, to_team=here.leadership, why="w", asks="a", by=here.worker)
    move = actions.escalate(issue=held, to_team=here.leadership, why="w", asks="a", by=here.worker)
    actions.accept(move=move, by=here.leader)
    actions.close_issue(issue=closed, how="no_longer", words="Gone", by=here.worker)
    actions.set_response(issue=normal, kind="system_change", text="It is so", state="in_place", by=here.worker)
    assert asked_for(here.worker, view="mine") == {"mine"}
    assert asked_for(here.worker, view="waiting") == {"waiting"}
    assert asked_for(here.worker, view="with-us") == {"mine", "waiting", "normal"}
    assert asked_for(here.worker, view="closed") == {"closed"}
    assert asked_for(here.worker, view="open") == {"mine", "waiting", "held by leaders", "normal"}
    assert asked_for(here.worker, view="no-countermeasure") == {"mine", "waiting", "normal"}
    assert asked_for(here.worker, view="new-normal") == {"normal"}
    assert asked_for(here.leader, view="with-us") == {"held by leaders"}


def test_cycle_filter_and_orders(here):
    second = LearningCycleFactory(team=here.core)
    today = timezone.localdate()
    old = IssueFactory(cycle=here.cycle, description="old", raised_on=today - timedelta(days=90))
    new = IssueFactory(cycle=second, description="new")
    Issue.objects.filter(pk=old.pk).update(updated_at=timezone.now() + timedelta(minutes=1))
    assert asked_for(here.worker, cycle=str(second.pk)) == {"new"}
    assert list(log_of(here.worker, {}).queryset) == [old, new]
    assert list(log_of(here.worker, {"order": "longest"}).queryset) == [old, new]
    assert list(log_of(here.worker, {"order": "number"}).queryset) == [new, old]


@pytest.mark.parametrize(
    "query",
    [
        {"level": "7"}, {"view": "secret"}, {"cycle": "9" * 40}, {"cycle": "-1"}, {"after": "nonsense"},
        {"before": "WzEsMl0"}, {"after": "bnVsbA"}, {"order": "held_by__name"}, {"after": "WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwxXQ"},
    ],
)  # fmt: skip
def test_odd_addresses_still_show_the_log(worker, here, query):
    IssueFactory(cycle=here.cycle)
    assert worker.get(LIST, query).status_code == 200


def test_scopes_differ_by_who_asks(here, elsewhere):
    IssueFactory(cycle=here.cycle, description="ours")
    IssueFactory(cycle=elsewhere.cycle, description="theirs")
    assert asked_for(here.worker) == asked_for(here.steward) == {"ours"}
    assert asked_for(elsewhere.steward) == {"theirs"}
    for user in (here.leader, here.helper, here.evidence, here.admin):
        assert asked_for(user) == set()
    assert list(log_of(here.steward, {}, place=elsewhere.place).queryset) == []
    assert list(log_of(here.worker, {}, place=elsewhere.place).queryset) == []


def test_someone_steward_here_and_worker_there_sees_both_by_their_rules(here, elsewhere):
    from tests.factories import MembershipFactory, UserFactory

    both = UserFactory()
    MembershipFactory(user=both, team=here.leadership, place=here.place)
    MembershipFactory(user=both, team=None, place=elsewhere.place, role="steward")
    IssueFactory(cycle=here.cycle, description="not theirs to see")
    IssueFactory(cycle=elsewhere.cycle, description="theirs as steward")
    assert asked_for(both) == {"theirs as steward"}


@pytest.mark.parametrize("order", ["", "seen", "longest", "number"])
def test_pages_go_through_every_row_once_and_back(worker, here, order, monkeypatch):
    monkeypatch.setattr(log_views, "PAGE", 3)
    same = timezone.now()
    made = [IssueFactory(cycle=here.cycle) for _ in range(8)]
    Issue.objects.update(updated_at=same)  # ties are told apart by the id
    forward, page = [], worker.get(LIST, {"order": order})
    forward.append(refs(page))
    while older := page.context["older"]:
        page = worker.get(older)
        forward.append(refs(page))
    assert [len(part) for part in forward] == [3, 3, 2]
    assert sorted(ref for part in forward for ref in part) == sorted(issue.ref for issue in made)
    backward = [refs(page)]
    while newer := page.context["newer"]:
        page = worker.get(newer)
        backward.append(refs(page))
    assert backward[::-1] == forward


def test_count_stops_at_a_thousand(worker, here, monkeypatch):
    monkeypatch.setattr(log_views, "PAGE", 1)
    for _ in range(3):
        IssueFactory(cycle=here.cycle)
    assert "1 of 3 issues, newest change first" in worker.get(LIST).content.decode()
    monkeypatch.setattr(log_views, "COUNTED_MOST", 2)
    assert "1 of more than 2 issues, newest change first" in worker.get(LIST).content.decode()


def test_words_are_searched_by_post_and_stay_out_of_addresses(worker, here):
    found = IssueFactory(cycle=here.cycle, description="Letters frighten people, so they hide")
    IssueFactory(cycle=here.cycle, description="The van is late")
    page = worker.post(LIST, {"q": "frightened letter", "view": "open"})
    assert (page.status_code, refs(page)) == (200, [found.ref])
    assert "HX-Push-Url" not in page
    tree = parse(page)
    assert not [a.get("href") for a in tree.iter("a") if "frightened" in (a.get("href") or "")]
    # Words that came in an address are not used at all.
    assert len(refs(worker.get(LIST, {"q": "frightened letter"}))) == 2


def test_filters_posted_without_words_become_an_address_to_share(worker, here):
    response = worker.post(LIST, {"q": "", "view": "open", "level": "sys", "order": "longest", "owner": ""})
    assert (response.status_code, response["Location"]) == (302, f"{LIST}?view=open&level=sys&order=longest")


def test_closest_words_come_first(worker, here):
    weak = IssueFactory(cycle=here.cycle, description="The post was late and the letter about rent was long, very long")
    strong = IssueFactory(cycle=here.cycle, description="Letter, letter, letter")
    Issue.objects.filter(pk=weak.pk).update(updated_at=timezone.now() + timedelta(days=1))
    assert refs(worker.post(LIST, {"q": "letter"})) == [strong.ref, weak.ref]


@pytest.mark.parametrize("view", ["", "mine"])
def test_more_of_what_words_find_is_one_press_away(worker, here, monkeypatch, view):
    monkeypatch.setattr(log_views, "PAGE", 2)
    said = [
        "Letter, letter, letter",
        "The letter came, a long letter",
        "The post was late and the letter about rent was long",
    ]
    found = [IssueFactory(cycle=here.cycle, description=text, raised_by=here.worker) for text in said]
    asked = {"q": "letter", "view": view}
    page = worker.post(LIST, asked)
    assert refs(page) == [found[0].ref, found[1].ref]
    assert "The 2 closest with those words, closest first" in page.text
    (button,) = [one for one in parse(page).iter("button") if one.get("name") == "more"]
    assert by_id(parse(page), button.get("form")).get("action") == LIST
    whole = worker.post(LIST, asked | {"more": button.get("value")})
    assert refs(whole) == [issue.ref for issue in found]
    assert "3 issues with those words, closest first" in whole.text
    assert 'name="more"' not in whole.text


def test_swap_equals_a_fresh_page(worker, here):
    IssueFactory(cycle=here.cycle, level=2)
    IssueFactory(cycle=here.cycle, level=1)
    swap = htmx_post(worker, LIST, {"level": "sys"}, target="log")
    assert len(refs(swap)) == 1
    assert swap["HX-Push-Url"] == f"{LIST}?level=sys"
    piece = parse(f"<body>{swap.content.decode()}</body>")
    fresh = by_id(parse(worker.get(LIST, {"level": "sys"})), "log")
    assert text_of(by_id(piece, "log")) == text_of(fresh)


def test_swap_of_the_same_question_equals_the_whole_page(worker, here):
    IssueFactory(cycle=here.cycle)
    assert_swap_equals_fresh(worker, start=LIST, act=lambda: htmx_post(worker, LIST, {}, target="log"), target="log")


@pytest.mark.parametrize("who", ["worker", "steward"])
@pytest.mark.parametrize("query", [{}, {"level": "sys", "status": "open"}])
def test_log_query_count(client, here, who, query):
    client.force_login(getattr(here, who))

    def add():
        IssueFactory(cycle=here.cycle, level=2, countermeasure="Ring first")

    # session, who is asking, memberships; then issues, responses, seen counts, cycles to narrow to
    assert_queries_stay_flat(client, LIST + "?" + "&".join(f"{k}={v}" for k, v in query.items()), add, most=7)


def test_seen_line_counts_debriefs_and_never_a_few_lives(worker, here):
    issue = IssueFactory(cycle=here.cycle, raised_by=here.worker, occasion_ref=1)

    def see(n, **more):
        actions.see_too(issue=issue, team=here.core, by=here.worker, words="Again", occasion_ref=n, **more)

    lives = [CaseFactory(team=here.core) for _ in range(6)]
    see(2, case=lives[0])
    assert "Seen in 2 debriefs, fewer than 5 people" in worker.get(LIST).content.decode()
    for n, life in enumerate(lives[1:], 3):
        see(n, case=life)
    see(3)
    assert "Seen in 7 debriefs, 6 people" in worker.get(LIST).content.decode()
    see(None)
    assert "Seen in 7 debriefs and once besides, 6 people" in worker.get(LIST).content.decode()


def test_log_never_shows_who_raised_an_issue(client, here):
    IssueFactory(cycle=here.cycle, raised_by=here.worker)
    for user in (here.colleague, here.steward):
        client.force_login(user)
        page = client.get(LIST).content.decode()
        assert here.worker.name not in page
        assert f">{here.worker.short_name}<" not in page


def test_empty_log_says_how_issues_start(worker):
    page = worker.get(LIST).content.decode()
    assert "No stones on this cairn yet" in page
    assert "Nothing fits that" in worker.get(LIST, {"level": "sys"}).content.decode()


def test_asked_is_the_same_after_a_round_through_the_address():
    asked = Asked.of(
        {"view": "open", "level": "none", "owner": "govt", "barrier": "yes", "order": "number", "cycle": "12"}
    )
    assert Asked.of(asked.as_query()) == asked


def _version(issue):
    return Issue.objects.values_list("version", flat=True).get(pk=issue.pk)


@pytest.mark.parametrize(
    ("kind", "state"), [(kind, state) for kind, states in Response.STATES_OF.items() for state in states]
)
@pytest.mark.parametrize("starts_on", [None, date(2024, 3, 1)])
def test_log_row_says_how_far_a_response_is_as_other_pages_do(kind, state, starts_on):
    since = date(2024, 2, 1) if state == Response.State.IN_PLACE else None
    response = Response(kind=kind, state=state, in_place_on=since, starts_on=starts_on)
    as_template = render_to_string("issues/response_tag.html", {"response": response})
    assert response_tag(kind, state, since, starts_on) == as_template.strip()


def test_log_row_shows_what_people_wrote_as_words_only(worker, here):
    evil = "<script>alert('x')</script>"
    IssueFactory(cycle=here.cycle, description=evil, countermeasure=evil, system_change=evil)
    page = worker.get(LIST).content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") == 3


@pytest.mark.parametrize(
    "query", [{}, {"order": "seen"}, {"order": "longest"}, {"order": "number"}, {"view": "with-us"}, {"level": "sys"}]
)
def test_person_of_two_teams_reads_each_issue_once_and_in_order(client, here, query, monkeypatch):
    """Their pages come from each team's own rows; they must be what one list of all would be."""
    monkeypatch.setattr(log_views, "PAGE", 2)
    MembershipFactory(place=here.place, user=here.worker, team=here.leadership, role="leader")
    for day in range(5):
        issue = IssueFactory(cycle=here.cycle, level=2, raised_on=timezone.localdate() - timedelta(days=day * 3 % 5))
        if day % 2:
            actions.escalate(issue=issue, to_team=here.leadership, why="Not ours", asks="?", by=here.worker)
    client.force_login(here.worker)
    found, page = [], client.get(LIST, query)
    assert log_of(here.worker, query, place=here.place).heads
    while True:
        found += refs(page)
        if not page.context["older"]:
            break
        page = client.get(page.context["older"])
    assert found == [issue.ref for issue in log_of(here.worker, query).queryset]
    assert len(set(found)) == len(found) == 5
