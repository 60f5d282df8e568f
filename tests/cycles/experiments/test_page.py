"""What the page of an experiment shows beside its learning."""

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cycles import models as c
from cycles.experiments.actions import decide_next, design_experiment, edit_card, start
from cycles.experiments.words import sentences
from cycles.stack.actions import move_stage, open_cycle, state_purpose
from tests import factories as f
from tests.helpers.html import parse


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


@pytest.fixture
def cycle(here):
    return open_cycle(team=here.core, title="Debt", purpose="Collect what is owed", by=here.worker)


def read(element):
    return " ".join(" ".join(element.itertext()).split())


def of_class(response, name):
    (found,) = [element for element in parse(response).iter() if element.get("class") == name]
    return found


def card_of(response):
    return [read(line) for line in of_class(response, "sentences").findall("div")]


# ------------------------------------------------------------------ five sentences


@pytest.mark.system(10)
def test_the_card_reads_as_five_sentences(worker, here):
    experiment = f.ExperimentFactory(
        cycle=here.cycle,
        question="What happens if the first contact is a conversation, not a letter?",
        actions="Ring first\nThen visit",
        data_plan="What people say matters",
        sense_plan="In debriefs, with revenues.",
        safe_to_fail="Anyone can call a hot debrief!",
    )
    assert card_of(worker.get(experiment.get_absolute_url())) == [
        "We want to find out what happens if the first contact is a conversation, not a letter.",
        "We will try: Ring first. Then visit.",
        "We will gather: What people say matters.",
        "We will make sense of it: In debriefs, with revenues.",
        "It stays safe because: Anyone can call a hot debrief!",
    ]


@pytest.mark.system(10)
def test_missing_parts_are_asked_for_kindly(client, here):
    experiment = f.ExperimentFactory(cycle=here.cycle, question="Does a card help?")
    joined = f.LearningCycleFactory(team=here.working)
    c.CycleLink.objects.create(source=here.cycle, target=joined, direction="horizontal", by=here.worker)
    client.force_login(here.worker)
    card = card_of(client.get(experiment.get_absolute_url()))
    assert card[0] == "We want to find out: Does a card help?"
    assert [" … " in line and "Say it" in line for line in card[1:]] == [True] * 4
    assert client.get(experiment.get_absolute_url()).text.count("/edit/#id_") == 4
    client.force_login(here.helper)  # who may read it is asked nothing
    assert "/edit/#id_" not in client.get(experiment.get_absolute_url()).text


@given(text=st.text(max_size=300), question=st.text(max_size=100))
def test_any_words_make_five_sentences_and_lose_nothing(text, question):
    card = c.Experiment(question=question or "x", actions=text, data_plan=text, sense_plan=text, safe_to_fail=text)
    found = sentences(card)
    assert [one.field for one in found] == ["question", "actions", "data_plan", "sense_plan", "safe_to_fail"]
    said = "".join("".join(found[1].said).split())
    for word in text.split():
        assert word.strip("-*•") in said


# ------------------------------------------------------------------ the purpose, the map, the family


@pytest.mark.system(60)
def test_it_says_which_purpose_it_serves_and_that_it_was_restated(worker, here, cycle):
    experiment = design_experiment(cycle=cycle, title="Talk", question="What if?", by=here.worker)
    assert experiment.serves == cycle.purposes.get()
    page = worker.get(experiment.get_absolute_url()).text
    assert "Collect what is owed" in page
    assert "restated since" not in page
    state_purpose(cycle=cycle, version=1, purpose="People thrive", old_purpose="", why="We read it", by=here.worker)
    page = worker.get(experiment.get_absolute_url()).text
    assert "Collect what is owed" in page
    assert "The purpose has been restated since" in page
    newest = cycle.purposes.first()
    form = parse(worker.get(reverse("cycles:experiment_edit", args=[experiment.pk])))
    assert len(form.findall(".//select[@name='serves']/option")) == 2
    edit_card(experiment=experiment, version=experiment.version, by=here.worker, serves=newest)
    page = worker.get(experiment.get_absolute_url()).text
    assert "People thrive" in page
    assert "restated since" not in page
    later = design_experiment(cycle=cycle, title="Next", question="What then?", by=here.worker)
    assert later.serves == newest


def test_a_child_serves_the_purpose_in_force(here, cycle):
    experiment = design_experiment(cycle=cycle, title="Talk", question="What if?", by=here.worker)
    start(experiment=experiment, legal_ok=True, safe_ok=True, by=here.worker)
    state_purpose(cycle=cycle, version=1, purpose="People thrive", old_purpose="", why="We saw", by=here.worker)
    child = decide_next(experiment=experiment, state="adapted", because="Evenings", by=here.worker)
    experiment.refresh_from_db()
    assert (experiment.serves.purpose, child.serves.purpose) == ("Collect what is owed", "People thrive")


def tie_on(cycle, by):
    source = c.SystemElement.objects.create(cycle=cycle, kind="factor", name="Fear of the post", by=by)
    to = c.SystemElement.objects.create(cycle=cycle, kind="actor", name="Kayleigh’s mornings", by=by)
    return c.ElementTie.objects.create(cycle=cycle, source=source, target=to, effect="hinders", by=by)


@pytest.mark.system(2)
def test_it_names_the_tie_it_tries_to_change(worker, here):
    tie = tie_on(here.cycle, here.worker)
    url = reverse("cycles:experiment_new", args=[here.cycle.pk])
    response = worker.post(url, {"title": "Talk", "question": "What if?", "tie": tie.pk})
    experiment = c.Experiment.objects.get()
    assert experiment.tie == tie
    page = worker.get(response.url).text
    assert "Fear of the post gets in the way of Kayleigh’s mornings" in page
    tie.removed_on = timezone.localdate()
    tie.save()
    assert "no longer on the map" in worker.get(response.url).text
    sent = {"title": "Talk", "question": "Still?", "tie": tie.pk, "version": experiment.version}
    assert worker.post(reverse("cycles:experiment_edit", args=[experiment.pk]), sent).status_code == 302


def test_a_tie_of_another_map_cannot_be_named(worker, here, elsewhere):
    tie_on(here.cycle, here.worker)
    foreign = tie_on(elsewhere.cycle, elsewhere.worker)
    url = reverse("cycles:experiment_new", args=[here.cycle.pk])
    response = worker.post(url, {"title": "Talk", "question": "What if?", "tie": foreign.pk})
    assert response.status_code == 422
    assert not c.Experiment.objects.exists()


def test_a_stale_plan_shows_the_other_tie_in_words(worker, here):
    tie = tie_on(here.cycle, here.worker)
    experiment = f.ExperimentFactory(cycle=here.cycle)
    edit_card(experiment=experiment, version=1, by=here.colleague, tie=tie)
    sent = {"title": experiment.title, "question": experiment.question, "tie": "", "version": 1}
    response = worker.post(reverse("cycles:experiment_edit", args=[experiment.pk]), sent)
    assert response.status_code == 409
    assert str(tie) in response.text


def test_the_family_is_shown_from_both_ends(worker, here):
    grandparent = f.ExperimentFactory(cycle=here.cycle, title="The letter")
    parent = f.ExperimentFactory(cycle=here.cycle, title="The knock", parent=grandparent)
    child = f.ExperimentFactory(cycle=here.cycle, title="The card", parent=parent)
    f.ExperimentFactory(cycle=here.cycle, title="A stranger")
    for one in (grandparent, parent, child):
        family = of_class(worker.get(one.get_absolute_url()), "family")
        lines = [read(line) for line in family.findall("li")]
        assert [line.split(" ")[1] for line in lines] == ["letter", "knock", "card"]
        assert [line.endswith("This one") for line in lines] == [one == row for row in (grandparent, parent, child)]


# ------------------------------------------------------------------ the bubble


def put_in(experiment, here, number):
    for _ in range(number):
        case = f.CaseFactory(team=here.core, worker=here.worker)
        experiment.taken_in.create(case=case, by=here.worker, came="random")
    return case


@pytest.mark.system(57)
def test_the_bubble_shows_what_is_held_to_what_guards_it_and_whose_lives(client, here):
    experiment = f.ExperimentFactory(cycle=here.cycle, running=True, protection="No letters by machine")
    c.Guide.objects.create(cycle=here.cycle, kind="rule", text="Stay legal", by=here.worker, state="adopted")
    mine = put_in(experiment, here, 5)
    client.force_login(here.worker)
    page = client.get(experiment.get_absolute_url()).text
    for words in ("Stay legal", "No letters by machine", "5 people so far", mine.alias, "Picked at random"):
        assert words in page, words
    client.force_login(here.colleague)
    page = client.get(experiment.get_absolute_url()).text
    assert "5 people so far" in page
    assert mine.alias not in page


@pytest.mark.system(57)
def test_fewer_than_five_lives_are_never_counted_out(client, here):
    experiment = f.ExperimentFactory(cycle=here.cycle, running=True)
    put_in(experiment, here, 4)
    client.force_login(here.steward)
    page = client.get(experiment.get_absolute_url()).text
    assert "Fewer than 5 people so far" in page
    assert "4 people" not in page


def test_a_life_is_taken_in_by_those_alongside_it(client, here):
    experiment = f.ExperimentFactory(cycle=here.cycle, running=True)
    case = f.CaseFactory(team=here.core, worker=here.worker)
    url = reverse("cycles:experiment_take_in", args=[experiment.pk])
    client.force_login(here.colleague)
    assert case.alias not in client.get(url).text
    assert client.post(url, {"case": case.pk, "came": "random"}).status_code == 422
    client.force_login(here.worker)
    assert client.post(url, {"case": case.pk, "came": "random"}).status_code == 302
    assert client.post(url, {"case": case.pk, "came": "random"}).status_code == 422  # already inside
    assert experiment.taken_in.get().case == case
    client.force_login(here.steward)
    assert client.post(url, {"case": case.pk}).status_code == 403


@pytest.mark.system(7)
def test_permission_answers_stand_on_the_experiment(worker, here):
    from cycles.questions.models import Question

    experiment = f.ExperimentFactory(cycle=here.cycle)
    assert "Nobody has said yet what is allowed" in worker.get(experiment.get_absolute_url()).text
    question = Question.objects.get(key="permission.need")
    for on, text in (("2026-01-01", "We asked first"), ("2026-02-01", "No leave is needed")):
        c.Answer.objects.create(
            cycle=here.cycle, question=question, asked=question.text, text=text, by=here.op_lead, on=on
        )
    page = worker.get(experiment.get_absolute_url()).text
    assert question.text in page
    assert "No leave is needed" in page
    assert "We asked first" not in page


# ------------------------------------------------------------------ how it went


@pytest.mark.system(65)
def test_the_stop_reason_stands_first_and_stage_notes_stay(worker, here):
    experiment = f.ExperimentFactory(cycle=here.cycle, running=True, actions="One room, calls straight in")
    reason = "Covid came before it could go out across the locality"
    decide_next(experiment=experiment, state="making_sense", because="We read the wall together", by=here.worker)
    decide_next(experiment=experiment, state="stopped", because=reason, by=here.worker, learned="Two weeks to unlearn")
    page = worker.get(experiment.get_absolute_url()).text
    assert page.index("Stopped, and why") < page.index(reason) < page.index("One room, calls straight in")
    assert "We read the wall together" in page
    move_stage(cycle=here.cycle, to_stage="do", why="The facilitator coached, the team drew", by=here.worker)
    assert "The facilitator coached, the team drew" in worker.get(here.cycle.get_absolute_url()).text


@pytest.mark.parametrize("state", c.Experiment.ENDINGS)
def test_every_ending_is_learning(worker, here, state):
    experiment = f.ExperimentFactory(cycle=here.cycle, running=True)
    decide_next(experiment=experiment, state=state, because="We saw what we came for", by=here.worker)
    text = read(parse(worker.get(experiment.get_absolute_url())).find(".//main")).lower()
    assert "what it taught stays here" in text
    for word in ("success", "unsuccessful", "failed", "failure"):
        assert word not in text, word


@pytest.mark.system(47)
def test_nobody_approves_an_experiment(worker, here):
    """There is no field, address or word by which leave could be asked."""
    fields = {field.name for field in c.Experiment._meta.get_fields()}
    assert not {name for name in fields if "approv" in name or "permit" in name}
    experiment = f.ExperimentFactory(cycle=here.cycle)
    page = worker.get(experiment.get_absolute_url()).text
    assert "Nobody has to approve it" in page
    client_response = worker.post(
        reverse("cycles:experiment_start", args=[experiment.pk]), {"legal_ok": "on", "safe_ok": "on"}
    )
    assert client_response.status_code == 302
    experiment.refresh_from_db()
    assert experiment.state == "running"
