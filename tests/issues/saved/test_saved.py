"""Views that someone keeps: shared by address, each reader with their own rights; and what is stuck."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from issues.log import actions as log
from issues.log.filters import VIEWS
from issues.log.views.log import STUCK
from issues.saved.models import SavedView
from tests.factories import IssueFactory, LearningCycleFactory
from tests.helpers.html import by_id, parse, text_of
from tests.helpers.htmx import htmx_post
from tests.helpers.queries import assert_queries_stay_flat

COMMON = [words for key, words in VIEWS.items() if key and key not in STUCK]


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def save(client, **said):
    client.post(reverse("issues:new_view"), {"name": "Debt", "reach": "place"} | said)
    return SavedView.objects.latest("pk")


def test_view_is_saved_once_with_its_filters_and_words(worker, here):
    sent = {"client_id": uuid.uuid4(), "level": "sys", "q": "letters", "order": "longest"}
    view = save(worker, **sent)
    assert save(worker, **sent) == view
    assert view.asked == {"level": "sys", "order": "longest", "q": "letters"}
    assert view.place == here.place


def test_words_of_a_search_never_reach_an_address(worker, here):
    IssueFactory(cycle=here.cycle, description="Letters nobody reads")
    page = worker.post(reverse("issues:new_view"), {"q": "letters nobody"}, query_params={"level": "sys"})
    assert page.status_code == 200
    assert 'name="q" value="letters nobody"' in page.content.decode()
    view = save(worker, q="letters nobody")
    assert "letters" not in view.get_absolute_url()
    assert "Letters nobody reads" in worker.get(view.get_absolute_url()).content.decode()


def test_shared_view_shows_each_reader_what_they_may_see(client, here):
    own = IssueFactory(cycle=here.cycle, description="Ours alone")
    theirs = IssueFactory(cycle=LearningCycleFactory(team=here.working), description="Theirs alone")
    client.force_login(here.worker)
    view = save(client, status="open")
    assert own.ref in client.get(view.get_absolute_url()).content.decode()
    client.force_login(here.helper)
    page = client.get(view.get_absolute_url()).content.decode()
    assert theirs.ref in page
    assert own.ref not in page
    assert "Ours alone" not in page


@pytest.mark.parametrize(("reach", "opens"), [("me", ()), ("team", ("colleague",)), ("place", ("colleague", "helper"))])
def test_view_opens_for_those_it_is_shared_with(client, here, elsewhere, reach, opens):
    client.force_login(here.worker)
    view = save(client, reach=reach, team=here.core.pk if reach == "team" else "")
    for name in ("colleague", "helper"):
        client.force_login(getattr(here, name))
        assert client.get(view.get_absolute_url()).status_code == (200 if name in opens else 404)
        listed = "Debt" in client.get(reverse("issues:views")).content.decode()
        assert listed == (name in opens)
        assert client.get(reverse("issues:change_view", args=[view.pk])).status_code == (403 if name in opens else 404)
        assert client.post(reverse("issues:delete_view", args=[view.pk])).status_code == 404
    client.force_login(elsewhere.worker)
    assert client.get(view.get_absolute_url()).status_code == 404


def test_team_of_a_view_is_one_s_own(worker, here):
    answer = worker.post(reverse("issues:new_view"), {"name": "X", "reach": "team", "team": here.working.pk})
    assert answer.status_code == 422
    assert not SavedView.objects.exists()


def test_second_editor_of_a_view_reads_the_first(worker, here):
    view = save(worker)
    address = reverse("issues:change_view", args=[view.pk])
    assert worker.post(address, {"name": "Holds", "reach": "me", "version": 1}).status_code == 302
    answer = worker.post(address, {"name": "Rent", "reach": "me", "version": 1})
    assert answer.status_code == 409
    assert "Holds" in answer.content.decode()
    assert "Rent" in answer.content.decode()


def test_deleting_a_view_leaves_the_issues(worker, here):
    issue = IssueFactory(cycle=here.cycle)
    view = save(worker)
    worker.post(reverse("issues:delete_view", args=[view.pk]))
    assert not SavedView.objects.exists()
    assert issue.ref in worker.get(reverse("issues:list")).content.decode()


def test_pages_of_a_saved_view_stay_at_its_address(worker, here):
    for _ in range(27):
        IssueFactory(cycle=here.cycle, raised_by=here.worker)
    view = save(worker, status="open")
    page = worker.get(view.get_absolute_url())
    assert page.context["older"].startswith(view.get_absolute_url() + "?after=")
    older = worker.get(page.context["older"])
    assert len(older.context["rows"].split("<tr ")) - 1 == 2


def test_view_list_query_count(worker, here):
    assert_queries_stay_flat(worker, reverse("issues:views"), lambda: save(worker, client_id=uuid.uuid4()), most=4)


def test_saved_view_query_count(worker, here):
    view = save(worker, status="open", q="letters")
    assert_queries_stay_flat(worker, view.get_absolute_url(), lambda: IssueFactory(cycle=here.cycle), most=7)


# --------------------------------------------------------------- as chips on the log


def chips(page):
    """The words of each chip, and which of them is marked as the one that is open."""
    links = list(by_id(parse(page), "log-views").iter("a"))
    return [text_of(link) for link in links], [text_of(link) for link in links if link.get("aria-current")]


def test_own_views_stand_among_the_chips_of_the_log(client, here):
    client.force_login(here.colleague)
    save(client, name="Theirs", level="macro")
    client.force_login(here.worker)
    view = save(client, name="Debt and holds", level="sys", order="longest")
    page = client.get(reverse("issues:list"))
    assert chips(page) == (["All", *COMMON, "Debt and holds", "What is stuck", "Saved views"], ["All"])
    assert f'<a href="{view.get_absolute_url()}">Debt and holds</a>' in page.content.decode()


@pytest.mark.parametrize(("asked", "open_one"), [
    ({"level": "sys", "order": "longest"}, "Debt"), ({"level": "sys"}, "All"), ({"level": "sys", "view": "open"}, "Open"),
])  # fmt: skip
def test_chip_is_marked_where_the_same_is_asked(worker, here, asked, open_one):
    save(worker, level="sys", order="longest")
    assert chips(worker.get(reverse("issues:list"), asked))[1] == [open_one]


def test_chip_of_an_open_view_is_marked_whoever_keeps_it(client, here):
    client.force_login(here.colleague)
    theirs = save(client, name="Theirs", level="macro")
    client.force_login(here.worker)
    own = [save(client, name=f"View {n}", level="sys", client_id=uuid.uuid4()) for n in range(1, 8)]
    assert [name for name in chips(client.get(reverse("issues:list")))[0] if "View" in name] == [
        f"View {n}" for n in range(1, 6)
    ]
    for view in (own[0], own[6], theirs):
        shown, marked = chips(client.get(view.get_absolute_url()))
        assert marked == [view.name]
        assert shown.count(view.name) == 1


def test_chip_with_words_is_marked_without_words_in_an_address(worker, here):
    view = save(worker, q="letters nobody reads")
    page = worker.post(reverse("issues:list"), {"q": "letters nobody reads"})
    assert chips(page)[1] == ["Debt"]
    assert chips(worker.post(reverse("issues:list"), {"q": "letters"}))[1] == ["All"]
    assert "letters" not in "".join(link.get("href") for link in by_id(parse(page), "log-views").iter("a"))
    assert "letters" not in view.get_absolute_url()


def test_chips_and_heading_follow_a_filter_that_is_swapped_in(worker, here):
    view = save(worker, level="sys")
    assert "<h1>Debt</h1>" in worker.get(view.get_absolute_url()).content.decode()
    swap = htmx_post(worker, reverse("issues:list"), {"level": "macro"}, target="log")
    assert chips(swap)[1] == ["All"]
    assert "<h1>Issue log</h1>" in swap.content.decode()
    assert swap.content.decode().count("hx-swap-oob") == 2
    assert "hx-swap-oob" not in worker.get(reverse("issues:list")).content.decode()


def test_queries_of_the_log_do_not_grow_with_ones_views(worker, here):
    def add():
        save(worker, client_id=uuid.uuid4(), level="sys")

    # the session and who is asking; then the issues, and the views with the cycles
    assert_queries_stay_flat(worker, reverse("issues:list"), add, most=6)


# --------------------------------------------------------------- what is stuck


def test_each_place_of_waiting_is_counted_and_leads_to_its_view(worker, here):
    bare = IssueFactory(cycle=here.cycle, raised_by=here.worker)
    owned = IssueFactory(cycle=here.cycle, owner_tier="team", countermeasure="Ring")
    past = IssueFactory(cycle=here.cycle, owner_tier="team")
    log.set_response(
        issue=past, kind="countermeasure", text="Wait", state="trying", by=here.worker,
        review_on=timezone.localdate() - timedelta(days=1),
    )  # fmt: skip
    log.escalate(issue=owned, to_team=here.leadership, why="Policy", asks="?", by=here.worker)
    page = worker.get(reverse("issues:stuck"))
    assert [view["count"] for view in page.context["views"]] == ["1 issue"] * 4
    for view, issue in zip(page.context["views"], (bare, bare, owned, past), strict=True):
        rows = worker.get(view["url"]).context["rows"]
        assert issue.ref in rows
        assert rows.count("<tr ") == 1


def test_counts_are_of_what_one_may_see(client, here):
    IssueFactory(cycle=here.cycle)
    client.force_login(here.helper)
    page = client.get(reverse("issues:stuck"))
    assert [view["count"] for view in page.context["views"]] == ["None"] * 4
    assert page.context["changed"] is None


def test_raised_and_truly_changed_by_level_and_month(client, here):
    one = IssueFactory(cycle=here.cycle, level=2, raised_by=here.worker)
    IssueFactory(cycle=here.cycle, level=2)
    IssueFactory(cycle=here.cycle)
    log.set_response(issue=one, kind="system_change", text="Ring first", state="in_place", by=here.worker)
    for name in ("leader", "steward", "evidence"):
        client.force_login(getattr(here, name))
        changed = client.get(reverse("issues:stuck")).context["changed"]
        assert changed["by_level"]["table"]["rows"] == [["Sys", 2, 1], ["Not sure yet", 1, 0]]
        assert changed["by_month"]["table"]["rows"] == [[f"{timezone.localdate():%B %Y}", 3, 1]]


def test_stuck_query_count(client, here):
    client.force_login(here.steward)
    assert_queries_stay_flat(client, reverse("issues:stuck"), lambda: IssueFactory(cycle=here.cycle), most=8)


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("no-owner", "Nobody owns it"),
        ("no-countermeasure", "No countermeasure yet"),
        ("waiting", "Waiting for an answer"),
        ("review", "Review date passed"),
    ],
)
def test_log_says_which_place_of_waiting_it_shows(worker, here, view, words):
    IssueFactory(cycle=here.cycle, owner_tier="lship", countermeasure="We ring")
    current = f'<a href="/issues/?view={view}" aria-current="page">{words}</a>'
    assert current in worker.get(reverse("issues:list"), {"view": view}).content.decode()
    assert f">{words}</a>" not in worker.get(reverse("issues:list")).content.decode()
