"""The map on its pages: list first and drawn second, put right by those who live with it, the same in words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cycles.maps import actions, step_actions
from cycles.maps.models import ElementTie, MapFeedback, MapStep, SystemElement
from tests import factories as f
from tests.cycles.maps.drawn import a_map, add, at, drawings, said_in, within
from tests.helpers.html import by_id, forms, parse

# ------------------------------------------------------------------------------- mapping


@pytest.mark.system(2)
def test_actors_factors_and_ties_make_a_list_and_a_picture(worker, here):
    form = next(
        each
        for each in forms(parse(worker.get(at("map_add", here.cycle.pk))), at("map_add", here.cycle.pk))
        if "actors" in each.names
    )
    offered = {control.name: control.options for control in form.controls}
    assert (len(offered["actors"]), len(offered["factors"])) == (9, 10)
    sent = {
        "actors": ["actor.person", "actor.family"],
        "own_actors": "Council tax recovery\r\n\r\n  Enforcement   agents ",
        "factors": ["factor.income"],
        "own_factors": "Fear of the post",
    }
    assert worker.post(at("map_add", here.cycle.pk), sent).status_code == 302
    names = dict(here.cycle.systemelements.values_list("name", "pk"))
    assert set(names) == {
        "The person",
        "Family and friends",
        "Council tax recovery",
        "Enforcement agents",
        "Income",
        "Fear of the post",
    }
    tie = {
        "source": names["Fear of the post"],
        "target": names["The person"],
        "effect": "hinders",
        "basis": "seen",
        "said_by": "three families",
    }
    assert worker.post(at("tie_new", here.cycle.pk), tie).status_code == 302
    page = parse(worker.get(at("map", here.cycle.pk)))
    assert all(name in said_in(by_id(page, "list")) for name in names)
    row = next(row for row in page.iter("tr") if "Fear of the post" in said_in(row))
    assert said_in(row).startswith("Fear of the post gets in the way of The person Seen. Said by three families")
    picture = drawings(page)[0]
    assert all(name.split()[0] in said_in(picture) for name in names)
    assert "Fear of the post gets in the way of The person." in said_in(picture)


def test_quick_add_stays_ready_for_the_next(worker, here):
    response = worker.post(at("map", here.cycle.pk), {"name": "Income", "kind": "factor"})
    assert response["Location"] == at("map", here.cycle.pk) + "?kind=factor#add"
    page = worker.get(response["Location"]).content.decode()
    assert "“Income” is on the map." in page
    assert 'value="factor" checked' in " ".join(page.split()).replace(' id="id_kind_1"', "")
    assert here.cycle.systemelements.get().prompt == "factor.income"
    again = worker.post(at("map", here.cycle.pk), {"name": "income", "kind": "factor"}, follow=True)
    assert "That is on the map already." in again.content.decode()


@pytest.mark.parametrize(
    ("name", "sent", "asked"),
    [
        ("map", {"name": "", "kind": "actor"}, "Say who or what it is."),
        ("map", {"name": "x" * 81, "kind": "actor"}, "Make this shorter"),
        ("map", {"name": "...", "kind": "actor"}, "Say who or what it is."),
        ("map_add", {"own_actors": ""}, "Tick or write at least one."),
        ("map_add", {"own_actors": "x" * 81}, "Make this shorter, up to 80 letters"),
        ("map_add", {"own_actors": "\n".join(f"Actor {n}" for n in range(41))}, "Up to 40 lines at a time."),
        ("tie_new", {"effect": "helps"}, "Choose one."),
        ("map_feedback", {"text": " "}, "Say what you see."),
        ("steps", {"activities": " \n "}, "Write at least one step."),
    ],
)
def test_what_is_missing_is_said_beside_the_box_and_nothing_is_saved(worker, here, name, sent, asked):
    response = worker.post(at(name, here.cycle.pk), sent)
    assert response.status_code == 422
    assert asked in response.content.decode()
    assert "There is a problem" in response.content.decode()
    assert not SystemElement.objects.exists()
    assert not ElementTie.objects.exists()
    assert not MapStep.objects.exists()
    assert not MapFeedback.objects.exists()


def test_typed_words_are_kept_where_one_line_is_wrong(worker, here):
    response = worker.post(at("map_add", here.cycle.pk), {"own_actors": "Housing\n" + "x" * 81, "own_factors": "Fear"})
    assert "Housing" in response.content.decode()
    assert "Fear" in response.content.decode()


def test_prompts_that_are_on_the_map_are_not_offered_again(worker, here):
    actions.add_elements(cycle=here.cycle, named=[("factor", "Income", "factor.income")], by=here.worker)
    page = worker.get(at("map_add", here.cycle.pk)).content.decode()
    assert 'value="factor.income"' not in page
    assert 'value="factor.job"' in page
    # A form that was open before still works.
    assert worker.post(at("map_add", here.cycle.pk), {"factors": ["factor.income"]}).status_code == 302
    assert here.cycle.systemelements.count() == 1


def test_changed_words_show_how_it_was_said_before(worker, here):
    (element,) = add(here.cycle, here.worker, "Benefits")
    sent = {
        "name": "Benefits office",
        "effect": "hinders",
        "prompt": "actor.benefits",
        "version": 1,
        "why": "They asked",
    }
    assert worker.post(at("element_edit", element.pk), sent).status_code == 302
    element.refresh_from_db()
    assert (element.name, element.prompt, element.effect) == ("Benefits office", "actor.benefits", "hinders")
    page = worker.get(at("element_edit", element.pk)).content.decode()
    assert "How it was said before" in page
    assert "Benefits. Not sure yet." in " ".join(page.split())


def test_a_stale_change_shows_both_texts(worker, here):
    (element,) = add(here.cycle, here.worker, "Benefits")
    actions.change_element(element=element, version=1, by=here.colleague, note="Theirs")
    response = worker.post(at("element_edit", element.pk), {"name": "Benefits", "note": "Mine", "version": 1})
    assert response.status_code == 409
    assert "Theirs" in response.content.decode()
    assert "Mine" in response.content.decode()


def test_removed_parts_can_be_put_back(worker, here):
    one, _ = a_map(here, parts=2)
    worker.post(at("element_remove", one.pk), {"why": "They moved"})
    page = worker.get(at("map", here.cycle.pk)).content.decode()
    assert "Taken off the map" in page
    worker.post(at("element_back", one.pk))
    assert here.cycle.systemelements.standing().count() == 2
    tie = here.cycle.elementties.standing().get()
    worker.post(at("tie_remove", tie.pk), {"why": ""})
    assert not here.cycle.elementties.standing().exists()
    worker.post(at("tie_back", tie.pk))
    assert here.cycle.elementties.standing().exists()


def test_a_tie_changes_with_what_it_was_kept(worker, here):
    a_map(here, parts=2)
    tie = here.cycle.elementties.get()
    sent = {"effect": "hinders", "basis": "assumed", "said_by": "us", "note": "", "version": 1}
    assert worker.post(at("tie_edit", tie.pk), sent).status_code == 302
    assert [v.effect for v in tie.versions.all()] == ["helps", "hinders"]
    assert worker.post(at("tie_edit", tie.pk), sent).status_code == 409


def test_tie_form_starts_from_the_one_that_was_tapped(worker, here):
    one, _ = a_map(here, parts=2)
    page = worker.get(at("tie_new", here.cycle.pk) + f"?from={one.pk}&to=nonsense")
    assert f'<option value="{one.pk}" selected>' in page.content.decode()


# ------------------------------------------------------------------------------ the fold


@pytest.mark.parametrize(("parts", "is_folded"), [(9, False), (10, True)])
def test_more_than_nine_fold_and_open(worker, here, parts, is_folded):
    a_map(here, parts=parts)
    page = worker.get(at("map", here.cycle.pk))
    assert ("Show all" in page.content.decode()) is is_folded
    assert len(within(drawings(parse(page))[0], "g")) == 9
    whole = parse(worker.get(at("map", here.cycle.pk) + "?all=1"))
    assert len(within(drawings(whole)[0], "g")) == parts
    # The list beside it holds everything, folded or not.
    assert len([row for row in parse(page).iter("tr") if "Seen" in said_in(row)]) == parts - 1


def test_cycle_page_shows_the_picture_and_a_table_that_says_the_same(worker, here):
    a_map(here, parts=12)
    page = parse(worker.get(at("cycle", here.cycle.pk)))
    section = next(s for s in page.iter("section") if s.get("aria-labelledby") == "map")
    drawn = drawings(section)[0]
    rows = [said_in(row) for row in section.iter("tr")][1:]
    assert len(within(drawn, "g")) == 9
    assert len(rows) == sum(path.get("stroke-width") == "2.8" for path in within(drawn, "path"))
    assert all("helps" in row for row in rows)


# ------------------------------------------------------------------ before and after, since


def test_before_and_after_shows_what_came_and_went(worker, here):
    stayed, went = add(here.cycle, here.worker, "The person", "Recovery")
    for element in (stayed, went):
        version = element.versions.get()
        element.versions.all().delete()
        version.pk, version.from_on = None, timezone.localdate() - timedelta(days=40)
        version.save(force_insert=True)
    actions.remove_element(element=went, by=here.worker)
    (bureau,) = add(here.cycle, here.worker, "Advice bureau")
    actions.tie_elements(cycle=here.cycle, source=bureau, target=stayed, effect="hinders", by=here.worker)
    page = worker.get(at("map_since", here.cycle.pk))
    said = said_in(by_id(parse(page), "main"))
    assert "New actor Not there Advice bureau" in said
    assert "New tie Not there Advice bureau gets in the way of The person" in said
    assert "Actor gone Recovery No longer there" in said
    before, after = drawings(parse(page))
    assert "gone since" in said_in(before)
    assert "Recovery" not in said_in(after)
    assert "Advice bureau (new)" in said_in(after)
    # What stayed stands in the same spot in both.
    spot = [next(t for t in within(svg, "text") if t.text == "The person").attrib["x"] for svg in (before, after)]
    assert spot[0] == spot[1]


@pytest.mark.system(58)
def test_before_and_after_tells_how_the_steps_changed(worker, here):
    steps = step_actions.add_steps(
        cycle=here.cycle, activities=["A letter", "A summons"], value="waste", by=here.worker
    )
    for step in steps:
        version = step.versions.get()
        step.versions.all().delete()
        version.pk, version.from_on = None, timezone.localdate() - timedelta(days=40)
        version.save(force_insert=True)
    step_actions.remove_step(step=steps[1], by=here.worker)
    step_actions.change_step(
        step=steps[0], version=1, by=here.worker, activity="A knock", value="value", note="", why="We asked"
    )
    step_actions.add_steps(cycle=here.cycle, activities=["Tea"], value="value", by=here.worker)
    said = said_in(by_id(parse(worker.get(at("map_since", here.cycle.pk))), "main"))
    assert "New step Not there Tea (value: it helps the person)" in said
    assert "Step gone A summons (waste: it does not) No longer there" in said
    assert "Step changed A letter (waste: it does not) A knock (value: it helps the person) We asked" in said
    assert "0 of 2 steps help the person, 2 do not." in said
    assert "2 of 2 steps help the person, 0 do not." in said


def test_before_and_after_between_chosen_days(worker, here):
    add(here.cycle, here.worker, "The person")
    yesterday = timezone.localdate() - timedelta(days=1)
    page = worker.get(at("map_since", here.cycle.pk), {"then": yesterday, "now": yesterday}).content.decode()
    assert "Nothing changed between these two days." in page
    turned = worker.get(at("map_since", here.cycle.pk), {"then": timezone.localdate(), "now": yesterday})
    assert "New actor" in turned.content.decode()
    assert worker.get(at("map_since", here.cycle.pk), {"then": "soon"}).status_code == 422


# ------------------------------------------------------------------------------ feedback


@pytest.mark.system(9)
def test_the_picture_takes_feedback_and_answers_it(client, here):
    """Someone who sees it, not of its team, says what is wrong; its team answers beside it."""
    joined = f.LearningCycleFactory(team=here.working)
    here.cycle.links_out.create(target=joined, direction="horizontal", by=here.worker)
    (element,) = add(here.cycle, here.worker, "Housing")
    client.force_login(here.helper)
    sent = {"text": "Housing does help, in the north", "said_by": "A tenant", "element": element.pk}
    assert client.post(at("map_feedback", here.cycle.pk), sent).status_code == 302
    said = MapFeedback.objects.get()
    assert client.post(at("map_feedback_reply", said.pk), {"reply": "No"}).status_code == 403
    client.force_login(here.worker)
    assert client.post(at("map_feedback_reply", said.pk), {"reply": "We put that on the map"}).status_code == 302
    client.force_login(here.helper)
    page = said_in(by_id(parse(client.get(at("map", here.cycle.pk))), "main"))
    assert "Housing does help, in the north" in page
    assert "A tenant, written down by" in page
    assert "We put that on the map" in page


def test_feedback_sent_twice_is_there_once(worker, here):
    sent = {"text": "No", "client_id": "11111111-2222-4333-8444-555555555555"}
    for _ in range(2):
        worker.post(at("map_feedback", here.cycle.pk), sent)
    assert MapFeedback.objects.count() == 1
