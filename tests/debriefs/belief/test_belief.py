"""The check of belief: three taps, how answers lie from five on, and nobody's answer anywhere."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cycles.refusals import Refused
from debriefs.belief.actions import give, points_at_nobody, spread
from debriefs.models import BeliefGiven, BeliefSpread, Contribution
from debriefs.record.actions import write_up
from tests import factories as f


@pytest.fixture
def debrief(here):
    return f.DebriefFactory(cycle=here.cycle, held=True)


def close(debrief, by):
    debrief.state, debrief.written_up_at, debrief.written_up_by = "written_up", timezone.now(), by
    debrief.save()


def team_of(here, count):
    people = [here.worker, here.colleague, here.recorder, here.op_lead]
    return people + [f.MembershipFactory(team=here.core).user for _ in range(count - len(people))]


def counted():
    return sorted(BeliefSpread.objects.exclude(count=0).values_list("about", "belief", "count"))


def share_notes(debrief, by):
    """As sharing does: notes make a debrief that did not happen one that was held."""
    Contribution.objects.create(debrief=debrief, author=by, shared_at=timezone.now())
    type(debrief).objects.filter(pk=debrief.pk).update(state="held", held_on=timezone.localdate())


NOT_SHOWN = "fewer than five answered, or nearly all gave the same answer"


def page(debrief):
    return reverse("debriefs:belief", args=[debrief.pk])


def test_three_taps_and_each_counts_once(debrief, here, client):
    client.force_login(here.worker)
    for about, belief in (("mission", 5), ("experiment", 2), ("part", 4), ("part", 1)):
        assert client.post(page(debrief), {about: belief}).status_code == 302
    assert counted() == [("experiment", 2, 1), ("mission", 5, 1), ("part", 4, 1)]
    shown = client.get(page(debrief)).content.decode()
    assert "Given: the mission, what we are trying, my own part in it. Nobody can look it up" in shown
    assert "Thank you. That was all." in shown
    assert 'name="mission"' not in shown
    for odd in ({"mission": "9"}, {"mission": ""}, {}, {"rank": "1"}):
        assert client.post(page(debrief), odd).status_code == 404


def test_htmx_gets_the_taps_and_the_rest_a_page(debrief, here, client):
    client.force_login(here.worker)
    piece = client.post(page(debrief), {"mission": 3}, headers={"HX-Request": "true"}).content.decode()
    assert piece.strip().startswith('<div id="belief-taps"')
    assert "Given: the mission." in piece
    assert "2 of 3" in piece


def test_one_question_stands_at_a_time_and_each_can_be_skipped(debrief, here, client):
    client.force_login(here.worker)
    first = client.get(page(debrief)).content.decode()
    assert ('name="mission"' in first, 'name="experiment"' in first) == (True, False)
    second = client.get(page(debrief), {"skip": "mission"})
    assert second.context["now"].value == "experiment"
    tapped = client.post(second.context["here"], {"experiment": 4})
    assert tapped.url == page(debrief) + "?skip=mission", "what was skipped stays skipped"
    last = client.get(second.context["here"]).context
    assert (last["now"].value, last["step"]) == ("part", 3)
    end = client.get(last["skip_url"])
    assert end.context["now"] is None
    assert "Answer what I skipped" in end.content.decode()
    assert client.get(page(debrief), {"skip": ["x", "part"]}).context["now"].value == "mission"


def test_nothing_kept_says_who_answered_what():
    """That someone gave an answer is a row; the answers are sums without people, order or time."""
    assert {field.name for field in BeliefSpread._meta.get_fields()} == {"id", "debrief", "about", "belief", "count"}
    assert {field.name for field in BeliefGiven._meta.get_fields()} == {"id", "debrief", "user", "about"}


def test_tables_show_no_order_or_moment_that_an_answer_could_be_read_from(debrief, here):
    """All five sums of a question are made and written at once, whichever of them the answer raised."""
    people = team_of(here, 3)

    def written():
        with connection.cursor() as cursor:
            cursor.execute("SELECT belief, xmin::text FROM debriefs_beliefspread WHERE about = 'mission' ORDER BY id")
            return cursor.fetchall()

    give(debrief=debrief, about="mission", belief=4, by=people[0])
    assert [belief for belief, _ in written()] == [1, 2, 3, 4, 5], "not in the order in which people answered"
    give(debrief=debrief, about="mission", belief=2, by=people[1])
    assert len({moment for _, moment in written()}) == 1
    assert counted() == [("mission", 2, 1), ("mission", 4, 1)]


def test_two_looks_with_an_answer_between_them_are_the_same_look(debrief, here, client):
    """Differencing: whoever looks before and after one more answer must not see what it was."""
    people = team_of(here, 7)
    for at, person in enumerate(people[:5]):
        give(debrief=debrief, about="mission", belief=4 + at % 2, by=person)
    client.force_login(here.colleague)

    def look():
        return client.get(page(debrief)).context["drawn"]

    for state in ("planned", "held", "missed"):
        type(debrief).objects.filter(pk=debrief.pk).update(state=state)
        assert look() == [], f"{state}: someone may still answer, so nothing is shown"
    debrief.refresh_from_db()
    with pytest.raises(Refused):
        give(debrief=debrief, about="mission", belief=1, by=people[5])  # missed: it asks nothing
    share_notes(debrief, here.worker)  # someone writes after all, and it is open again
    give(debrief=debrief, about="mission", belief=1, by=people[5])
    assert look() == []
    debrief.refresh_from_db()
    write_up(debrief=debrief, by=here.recorder)
    before = look()
    assert before[0]["n"] == 6
    with pytest.raises(Refused):
        give(debrief=debrief, about="mission", belief=1, by=people[6])
    assert look() == before


@pytest.mark.parametrize(("answers", "shown"), [(4, False), (5, True)])
def test_the_spread_is_shown_from_five_and_only_when_it_can_no_longer_change(debrief, here, client, answers, shown):
    people = team_of(here, 5)
    for at, person in enumerate(people[:answers]):
        give(debrief=debrief, about="mission", belief=4 if at < 3 else 2, by=person)
    client.force_login(here.worker)
    assert spread(debrief, here.worker) == [], "while it is open each answer would show"
    assert 'class="num"' not in client.get(page(debrief)).content.decode()
    close(debrief, here.recorder)
    drawn = client.get(page(debrief)).content.decode()
    assert ('Mostly</th><td class="num">3' in drawn) is shown
    if not shown:
        assert NOT_SHOWN in drawn
        assert 'class="num"' not in drawn


@pytest.mark.parametrize("odd", [[], [1], [1, 2]])
def test_answers_that_are_nearly_all_alike_are_not_shown_and_look_like_too_few(debrief, here, client, odd):
    """Five equal answers of five people are known to all of them; with four, the fifth knows the others'."""
    answers = odd + [4] * (5 - len(odd))
    for person, belief in zip(team_of(here, 5), answers, strict=True):
        give(debrief=debrief, about="mission", belief=belief, by=person)
    close(debrief, here.recorder)
    client.force_login(here.worker)
    read = client.get(page(debrief)).content.decode()
    if len(odd) == 2:
        assert spread(debrief, here.worker)[0][1][3] == ("Mostly", 3)
    else:
        assert spread(debrief, here.worker) == []
        assert NOT_SHOWN in read
        assert 'class="num"' not in read


def spreads(n, kinds=5):
    """Every way in which n answers can lie over the five beliefs."""
    if kinds == 1:
        yield (n,)
        return
    for first in range(n + 1):
        yield from ((first, *rest) for rest in spreads(n - first, kinds - 1))


def certain_of_another(mine, possible):
    """Whether someone who gave `mine` can tell a colleague's answer: each possible spread, less mine, is of one kind."""
    left = set()
    for counts in possible:
        if not counts[mine]:
            continue
        others = [n - (belief == mine) for belief, n in enumerate(counts)]
        left |= {belief for belief, n in enumerate(others) if n}
    return len(left) == 1


@pytest.mark.parametrize("n", range(5, 9))
def test_nobody_can_work_out_anothers_answer_by_taking_away_their_own(n):
    """All spreads of five to eight answers, seen by each of those who gave one; and what hiding one gives away."""
    hidden = [counts for counts in spreads(n) if not points_at_nobody(counts)]
    for counts in spreads(n):
        seen = [counts] if points_at_nobody(counts) else hidden
        for mine in (belief for belief, given in enumerate(counts) if given):
            assert not certain_of_another(mine, seen), counts
    # Positive control: with a floor of five alone, some could.
    assert any(certain_of_another(mine, [counts]) for counts in hidden for mine in range(5) if counts[mine])


def test_one_question_with_too_few_stays_hidden_beside_another(debrief, here):
    people = team_of(here, 5)
    for at, person in enumerate(people):
        give(debrief=debrief, about="mission", belief=4 + at % 2, by=person)
    for person in people[:3]:
        give(debrief=debrief, about="part", belief=1, by=person)
    close(debrief, here.recorder)
    assert [about for about, _ in spread(debrief, here.worker)] == ["the mission"]


def test_a_closed_debrief_takes_no_more_answers(debrief, here, client):
    close(debrief, here.recorder)
    client.force_login(here.worker)
    assert client.post(page(debrief), {"mission": 3}).status_code == 302
    assert counted() == []


def test_it_is_the_teams_own(debrief, here, elsewhere, client):
    for other in (here.helper, here.leader, here.steward, elsewhere.worker):
        client.force_login(other)
        assert client.get(page(debrief)).status_code == 404
        assert client.post(page(debrief), {"mission": 3}).status_code == 404
    assert spread(debrief, here.steward) == []


@pytest.mark.django_db(transaction=True)
def test_eight_taps_at_once_count_once():
    import threading

    cycle = f.LearningCycleFactory()
    person = f.MembershipFactory(team=cycle.team).user
    debrief = f.DebriefFactory(cycle=cycle, held=True)
    start = threading.Barrier(8)

    def tap():
        start.wait()
        try:
            give(debrief=debrief, about="mission", belief=2, by=person)
        finally:
            connection.close()

    threads = [threading.Thread(target=tap) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted() == [("mission", 2, 1)]
