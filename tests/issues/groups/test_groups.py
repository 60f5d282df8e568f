"""From a team that is stuck to a group that can act, and back with an answer."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from issues.groups.actions import decide
from issues.groups.models import Decision
from issues.log import actions
from issues.log.models import Issue
from tests.factories import IssueFactory
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def issue(here):
    return IssueFactory(
        cycle=here.cycle, raised_by=here.worker, description="Letters run first", words="Marie cried", level=2,
        countermeasure="We hold it by hand",
    )  # fmt: skip


def raise_to(group, issue, by):
    return actions.escalate(issue=issue, to_team=group, why="It is council policy", asks="May recovery wait?", by=by)


def version(issue):
    return Issue.objects.values_list("version", flat=True).get(pk=issue.pk)


def test_issue_travels_by_plain_forms_from_worker_to_decision_and_back(client, here, issue):
    client.force_login(here.worker)
    client.post(reverse("issues:escalate", args=[issue.ref]), {
        "to_team": here.leadership.pk, "why": "It is council policy", "asks": "May recovery wait?", "level": "2",
    })  # fmt: skip
    client.force_login(here.leader)
    queue = client.get(here.leadership.get_absolute_url()).content.decode()
    for said in ("Letters run first", "It is council policy", "May recovery wait?", "We hold it by hand", "Seen once"):
        assert said in queue
    assert "Marie" not in queue
    assert here.worker.name not in queue
    answer = client.post(reverse("issues:answer", args=[issue.ref]), {
        "answer": "agreed", "words": "Yes, from January", "new_normal": "Recovery waits for a talk",
        "starts_on": "2027-01-04", "version": version(issue),
    })  # fmt: skip
    assert answer["Location"] == issue.get_absolute_url()
    issue.refresh_from_db()
    assert (issue.held_by, issue.owner_tier, issue.system_change_state) == (here.leadership, "lship", "agreed")
    client.force_login(here.worker)
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "Yes, from January" in page
    assert "Agreed, starts 4 January 2027" in page
    assert [s.what for s in issue.steps.all()][-4:] == ["offered", "accepted", "decided", "system_change"]


def test_yes_needs_the_words_of_the_new_normal(client, here, issue):
    raise_to(here.leadership, issue, here.worker)
    client.force_login(here.leader)
    page = client.post(
        reverse("issues:answer", args=[issue.ref]),
        {"answer": "agreed", "words": "Yes, do it", "version": version(issue)},
    )
    assert page.status_code == 422
    assert "Say what will be normal from now on." in page.content.decode()
    assert "Yes, do it</textarea>" in page.content.decode()
    assert not Decision.objects.exists()
    assert issue.moves.get().state == "offered"


def test_it_is_looked_at_again_after_it_began(client, here, issue):
    raise_to(here.leadership, issue, here.worker)
    client.force_login(here.leader)
    day = timezone.localdate() + timedelta(days=30)
    sent = {
        "answer": "agreed", "words": "Yes, do it", "new_normal": "A talk first", "version": version(issue),
        "starts_on": day, "review_on": day - timedelta(days=1),
    }  # fmt: skip
    page = client.post(reverse("issues:answer", args=[issue.ref]), sent)
    assert page.status_code == 422
    assert page.context["form"].errors == {"review_on": ["It has not started by then. Choose a later day."]}
    assert client.post(reverse("issues:answer", args=[issue.ref]), sent | {"review_on": day}).status_code == 302


def test_handed_back_stays_with_its_holder_and_says_why(client, here, issue):
    raise_to(here.leadership, issue, here.worker)
    client.force_login(here.leader)
    sent = {"answer": "hand_back", "words": "Show us three lives", "version": version(issue)}
    client.post(reverse("issues:answer", args=[issue.ref]), sent)
    issue.refresh_from_db()
    assert (issue.held_by, issue.moves.get().state) == (here.core, "handed_back")
    client.force_login(here.steward)
    page = client.get(reverse("issues:triage"), {"tab": "back"}).content.decode()
    assert "Show us three lives" in page


def test_days_are_counted_from_the_offer(here, issue):
    move = raise_to(here.leadership, issue, here.worker)
    then = timezone.now() - timezone.timedelta(days=20)
    type(move).objects.filter(pk=move.pk).update(at=then)
    move.refresh_from_db()
    actions.accept(move=move, by=here.leader)
    issue.refresh_from_db()
    assert issue.held_since == timezone.localdate(then)


def test_level_set_while_an_offer_waits_is_not_undone_by_accepting(here):
    issue = IssueFactory(cycle=here.cycle)
    move = raise_to(here.working, issue, here.worker)
    actions.set_level(issue=issue, level=3, owner_tier="govt", why="It is the law", by=here.steward)
    actions.accept(move=move, by=here.helper)
    issue.refresh_from_db()
    assert (issue.level, issue.owner_tier) == (3, "govt")


def test_offer_is_taken_back_after_a_question(client, here, issue):
    raise_to(here.leadership, issue, here.worker)
    client.force_login(here.worker)
    address = reverse("issues:withdraw", args=[issue.ref])
    assert "has not answered yet" in client.get(address).content.decode()
    assert issue.moves.get().state == "offered"
    client.post(address)
    assert issue.moves.get().state == "withdrawn"
    client.post(address)
    assert issue.steps.filter(what="withdrawn").count() == 1


def test_a_core_team_or_a_foreign_group_is_no_choice(client, here, elsewhere, issue):
    client.force_login(here.worker)
    for team in (here.core, elsewhere.leadership):
        page = client.post(
            reverse("issues:escalate", args=[issue.ref]), {"to_team": team.pk, "why": "w", "asks": "a", "level": ""}
        )
        assert page.status_code == 422
    assert not issue.moves.exists()


def refs(page, part):
    """The issues in one part of a group's page, in their order."""
    section = page.partition(f'<section aria-labelledby="{part}"')[2].partition("</section>")[0]
    return re.findall(r"<span>([A-Z]-\d{3})</span>", section)


def more_of(page, part):
    """Where a part of the page goes on."""
    section = page.partition(f'<section aria-labelledby="{part}"')[2].partition("</section>")[0]
    return unescape(re.search(r'href="(\?pile=[^"]+)"', section)[1])


def offers(here, count):
    """Issues before the leaders, the first of them longest; the last three came in the same moment."""
    issues = [IssueFactory(cycle=here.cycle) for _ in range(count)]
    for at, issue in enumerate(issues):
        move = raise_to(here.leadership, issue, here.worker)
        then = timezone.now() - timezone.timedelta(days=max(3, count - at))
        type(move).objects.filter(pk=move.pk).update(at=then.replace(hour=12, minute=0, second=0, microsecond=0))
    return [issue.ref for issue in issues]


def test_all_that_waits_is_reached_page_by_page_longest_first(client, here):
    given = offers(here, 45)
    client.force_login(here.leader)
    group = here.leadership.get_absolute_url()
    first = client.get(group).content.decode()
    assert refs(first, "waiting") == given[:20]
    found, query, back = given[:20], more_of(first, "waiting"), []
    while query:
        page = client.get(group + query)
        found += refs(page.content.decode(), "waiting")
        query = page.context["older"]
        back.append(page.context["newer"])
    assert found == given
    before = client.get(group + back[0])
    assert refs(before.content.decode(), "waiting") == given[:20]
    assert before.context["newer"] == ""
    assert refs(client.get(f"{group}?pile=waiting").content.decode(), "waiting") == given[:20]


def test_all_that_is_held_is_reached_and_only_open_ones(client, here):
    given = [IssueFactory(cycle=here.cycle) for _ in range(23)]
    for issue in given:
        actions.accept(move=raise_to(here.leadership, issue, here.worker), by=here.leader)
    closed = given.pop()
    Issue.objects.filter(pk=closed.pk).update(status="closed", closed_on=timezone.localdate(), closed_how="no_longer")
    client.force_login(here.leader)
    group = here.leadership.get_absolute_url()
    first = client.get(group).content.decode()
    page = client.get(group + more_of(first, "held"))
    found = refs(first, "held") + refs(page.content.decode(), "held")
    assert found == [issue.ref for issue in given]
    page = client.get(f"{group}?pile=held")
    found = refs(page.content.decode(), "held") + refs(
        client.get(group + page.context["older"]).content.decode(), "held"
    )
    assert found == [issue.ref for issue in given]


@pytest.mark.parametrize("query", ["?pile=held&after=zzz", "?pile=held&after=WzFd", "?pile=all", "?pile=held&before="])
def test_a_pile_takes_any_address(client, here, query):
    client.force_login(here.leader)
    assert client.get(here.leadership.get_absolute_url() + query).status_code == 200


def test_a_pile_is_as_closed_as_its_group(client, here, elsewhere):
    offers(here, 1)
    for stranger in (here.helper, elsewhere.leader):
        client.force_login(stranger)
        page = client.get(f"{here.leadership.get_absolute_url()}?pile=waiting")
        assert page.status_code == 404 or here.leadership.name not in page.content.decode()
        assert not page.context or not refs(page.content.decode(), "waiting")
    client.force_login(here.steward)
    page = client.get(f"{here.leadership.get_absolute_url()}?pile=waiting").content.decode()
    assert refs(page, "waiting")
    assert "Answer<span" not in page  # who only looks on does not answer


def test_group_page_shows_what_people_wrote_as_words(client, here):
    hostile = "<img src=x onerror=alert(1)>"
    waiting = IssueFactory(cycle=here.cycle, description=f"{hostile} the letter", countermeasure=hostile)
    waiting.sightings.update(quote=f"{hostile}\n\nsaid aloud", quote_released_on=timezone.localdate())
    actions.escalate(
        issue=waiting, to_team=here.leadership, why=f"{hostile}\nIt is policy", asks=hostile, by=here.worker
    )
    held = IssueFactory(cycle=here.cycle)
    actions.accept(move=raise_to(here.leadership, held, here.worker), by=here.leader)
    decide(issue=held, team=here.leadership, outcome="not_now", words=hostile, new_normal="", starts_on=None,
           review_on=timezone.localdate() + timezone.timedelta(days=3), by=here.leader, version=version(held))  # fmt: skip
    client.force_login(here.leader)
    page = client.get(here.leadership.get_absolute_url()).content.decode()
    assert "<img" not in page
    assert page.count("&lt;img") == 6
    assert "<br>It is policy" in page
    assert "<p>said aloud</p>" in page
    assert "Not now, because" in page
    assert "Look again on" in page


def test_a_pattern_in_a_pile_says_so(client, here):
    issue = IssueFactory(cycle=here.cycle)
    raise_to(here.leadership, issue, here.worker)
    Issue.objects.filter(pk=issue.pk).update(is_pattern=True)
    client.force_login(here.leader)
    page = client.get(here.leadership.get_absolute_url()).content.decode()
    assert '<span class="tag">Pattern</span>' in page
    assert reverse("issues:pattern", args=[issue.ref]) in page


def test_group_page_keeps_waiting_held_agreed_and_new_normal_apart(client, here):
    def held(**said):
        issue = IssueFactory(cycle=here.cycle)
        move = raise_to(here.leadership, issue, here.worker)
        if said.pop("answered", True):
            actions.accept(move=move, by=here.leader)
        if said:
            actions.set_response(issue=issue, kind="system_change", text="A policy", by=here.leader, **said)
        return issue

    waiting, kept = held(answered=False), held()
    agreed, normal = held(state="agreed"), held(state="in_place")
    client.force_login(here.leader)
    page = client.get(here.leadership.get_absolute_url()).content.decode()
    assert [refs(page, part) for part in ("waiting", "held", "agreed", "normal")] == [
        [waiting.ref], [kept.ref], [agreed.ref], [normal.ref],
    ]  # fmt: skip


def test_group_query_count(client, here):
    client.force_login(here.leader)

    def add():
        raise_to(here.leadership, IssueFactory(cycle=here.cycle, countermeasure="x"), here.worker)
        held = IssueFactory(cycle=here.cycle, countermeasure="x")
        actions.accept(move=raise_to(here.leadership, held, here.worker), by=here.leader)

    # session, who, memberships; the group, members, all four piles, the next meeting and the organisations in it
    assert_queries_stay_flat(client, here.leadership.get_absolute_url(), add, most=8)
    assert_queries_stay_flat(client, f"{here.leadership.get_absolute_url()}?pile=waiting", add, most=8)


# ------------------------------------------------------------------ triage


def refs_in(page):
    return re.findall(r"<span>([A-Z]-\d{3})</span>", page.content.decode())


def test_triage_holds_what_is_not_with_anyone_who_can_act(client, here, elsewhere):
    unsure = IssueFactory(cycle=here.cycle)
    leaders = IssueFactory(cycle=here.cycle, level=2, owner_tier="lship")
    IssueFactory(cycle=here.cycle, level=1, owner_tier="team")  # the team acts itself
    offered = IssueFactory(cycle=here.cycle)
    raise_to(here.leadership, offered, here.worker)
    IssueFactory(cycle=elsewhere.cycle)
    client.force_login(here.steward)
    page = client.get(reverse("issues:triage"))
    assert refs_in(page) == [unsure.ref, leaders.ref]
    assert "2 issues not yet with anyone who can act" in page.content.decode()
    waiting = client.get(reverse("issues:triage"), {"tab": "waiting"})
    assert refs_in(waiting) == [offered.ref]
    assert refs_in(client.get(reverse("issues:triage"), {"level": "sys"})) == [leaders.ref]


def test_one_form_gives_several_to_a_group(client, here):
    issues = [IssueFactory(cycle=here.cycle) for _ in range(3)]
    client.force_login(here.steward)
    client.post(reverse("issues:triage"), {
        "issue": [issue.pk for issue in issues[:2]], "to_team": here.working.pk, "asks": "What is the rule for?",
        "why": "The same rule is behind both", "level": "2", "owner_tier": "",
    })  # fmt: skip
    assert [issue.moves.count() for issue in issues] == [1, 1, 0]
    assert here.helper.notices.filter(kind="issue_offered").count() == 2


def test_one_form_sets_level_and_owner_and_leaves_the_rest(client, here):
    issue = IssueFactory(cycle=here.cycle, level=2)
    client.force_login(here.steward)
    client.post(reverse("issues:triage"), {"issue": [issue.pk], "owner_tier": "team", "level": "", "why": "They can"})
    issue.refresh_from_db()
    assert (issue.level, issue.owner_tier, issue.held_by) == (2, "team", here.core)


def test_triage_gives_all_or_none(client, here):
    fine, stuck = IssueFactory(cycle=here.cycle), IssueFactory(cycle=here.cycle)
    raise_to(here.leadership, stuck, here.worker)
    client.force_login(here.steward)
    page = client.post(reverse("issues:triage"), {
        "issue": [fine.pk, stuck.pk], "to_team": here.working.pk, "asks": "a", "why": "My long reason",
    })  # fmt: skip
    assert page.status_code == 422
    assert f"{stuck.ref}: It is already waiting for a group to answer." in page.content.decode()
    assert "My long reason</textarea>" in page.content.decode()
    assert not fine.moves.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"why": "w", "level": "1"}, "Tick at least one issue."),
        ({"why": "w", "issue": "own"}, "Choose a group, a level or an owner."),
        ({"why": "", "issue": "own", "level": "1"}, "Say why."),
        ({"why": "w", "issue": "own", "to_team": "own"}, "Say what you are asking them to decide."),
        ({"why": "w", "issue": "foreign", "level": "1"}, "One of these has moved since."),
        ({"why": "w", "issue": "words", "level": "1"}, "One of these has moved since."),
    ],
)
def test_triage_says_what_is_missing(client, here, elsewhere, sent, said):
    own, foreign = IssueFactory(cycle=here.cycle), IssueFactory(cycle=elsewhere.cycle)
    names = {"own": own.pk, "foreign": foreign.pk, "words": "abc"}
    sent = sent | ({"issue": names[sent["issue"]]} if "issue" in sent else {})
    sent = sent | ({"to_team": here.working.pk} if "to_team" in sent else {})
    client.force_login(here.steward)
    page = client.post(reverse("issues:triage"), sent)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not own.moves.exists()
    assert not foreign.moves.exists()


def test_triage_query_count(client, here):
    client.force_login(here.steward)

    def add():
        issue = IssueFactory(cycle=here.cycle)
        actions.hand_back(move=raise_to(here.leadership, issue, here.worker), by=here.leader, answer="Not ours")

    # session, who; rows, last moves, groups with counts, meetings, lessons, cycles in care
    assert_queries_stay_flat(client, reverse("issues:triage"), add, most=8)


def test_groups_list_holds_ones_own_and_for_stewards_all(client, here, elsewhere):
    def names(user):
        client.force_login(user)
        return {group.name for group in client.get(reverse("issues:groups")).context["groups"]}

    assert names(here.helper) == {here.working.name}
    assert names(here.admin) == set()
    assert names(here.steward) == {t.name for t in (here.core, here.working, here.leadership, here.evidence_team)}


def test_triage_shows_what_people_wrote_as_words(client, here):
    hostile = "<img src=x onerror=alert(1)>"
    issue = IssueFactory(cycle=here.cycle, description=f"{hostile} The same letter about the rent came again")
    other = IssueFactory(cycle=here.cycle, description="The same letter about the rent came to another")
    move = raise_to(here.leadership, issue, here.worker)
    actions.hand_back(move=move, by=here.leader, answer=hostile)
    client.force_login(here.steward)
    page = client.get(reverse("issues:triage")).content.decode()
    assert "<img" not in page
    assert page.count("&lt;img") == 2
    assert f'Much like <a href="{other.get_absolute_url()}">{other.ref}</a>' in page
