"""The right set at the right place, in the browser's plain way."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.lives.actions import close_case
from cycles.models import Answer, AuditEntry, CycleLink, LearningCycle, Question
from cycles.questions import actions
from cycles.questions.which import sets_for
from tests import factories as f
from tests.helpers.html import by_id, parse, text_of
from tests.helpers.queries import assert_queries_stay_flat, queries_of


def at(name, *args):
    return reverse(f"cycles:{name}", args=args)


def set_url(subject, name):
    kind = {"learningcycle": "cycle"}.get(subject._meta.model_name, subject._meta.model_name)
    return at(f"{kind}_question_set", subject.pk, name)


def box(key, part="text"):
    return f"q{Question.objects.get(key=key).pk}-{part}"


def say(subject, key, text, by, *, on=None, **where):
    kind = {"learningcycle": "cycle"}.get(subject._meta.model_name, subject._meta.model_name)
    question = Question.objects.get(key=key)
    return Answer.objects.create(
        question=question, asked=question.text, text=text, by=by, on=on or timezone.localdate(), **{kind: subject}
    )


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def page(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return text_of(parse(response))


# Which set comes first


@pytest.mark.system(15)
@pytest.mark.parametrize(
    ("scale", "words", "not_words"),
    [
        ("organisation", "At most, how many people can a worker help well?", "What recurs across places?"),
        ("place", "What recurs across the organisations?", "how many people can a worker help well"),
        ("country", "What does the workforce need, nationwide?", "What recurs across the organisations?"),
    ],
)
def test_each_scale_is_asked_its_own_questions(worker, here, scale, words, not_words):
    cycle = f.LearningCycleFactory(team=here.core, scale=scale)
    found = page(worker, set_url(cycle, "scale"))
    assert words in found
    assert not_words not in found
    assert "At this scale" in page(worker, at("cycle_questions", cycle.pk))


@pytest.mark.system(15)
@pytest.mark.parametrize("scale", ["person", "team"])
def test_person_and_team_scale_have_no_set_of_their_own(here, scale):
    assert "scale" not in [each.name for each in sets_for(f.LearningCycleFactory.build(scale=scale, team=here.core))]


@pytest.mark.parametrize(
    ("stage", "scale", "first"),
    [
        ("purpose", "organisation", ["purpose", "scale"]),
        ("understand", "place", ["understand", "scale"]),
        ("co_design", "team", ["permission", "managing"]),
        ("do", "country", ["doing", "scale"]),
        ("embed", "team", ["embed", "managing"]),
    ],
)
def test_the_set_to_look_at_now_follows_stage_and_scale(stage, scale, first):
    cycle = LearningCycle(stage=stage, scale=scale)
    assert [each.name for each in sets_for(cycle)][: len(first)] == first


def test_a_draft_is_asked_about_its_ground_first():
    cycle = LearningCycle(stage="purpose", scale="team", status="draft")
    assert [each.name for each in sets_for(cycle)][:2] == ["ground", "purpose"]


def test_the_cycle_page_offers_the_set_of_its_stage_with_the_newest_answer(worker, here):
    LearningCycle.objects.filter(pk=here.cycle.pk).update(stage="do")
    say(here.cycle, "doing.patterns", "Wrong awards", here.worker)
    tree = parse(worker.get(here.cycle.get_absolute_url()))
    section = by_id(tree, "questions")
    assert section is not None
    text = text_of(tree)
    assert "What keeps showing up?" in text
    assert "Wrong awards" in text
    assert "Governing this cycle" in text


def test_joined_cycles_are_asked_the_questions_that_join_them(worker, here):
    assert "Joined cycles" not in page(worker, at("cycle_questions", here.cycle.pk))
    other = f.LearningCycleFactory(team=here.core)
    CycleLink.objects.create(source=here.cycle, target=other, direction="horizontal", by=here.worker)
    assert "Joined cycles" in page(worker, at("cycle_questions", here.cycle.pk))
    assert "What is the right way to do it?" in page(worker, set_url(here.cycle, "link"))


@pytest.mark.parametrize(
    ("kind", "name"),
    [("cycle", "reflect"), ("cycle", "area"), ("cycle", "debrief"), ("team", "managing"), ("experiment", "doing")],
)
def test_a_set_is_not_found_where_it_is_not_asked(worker, here, kind, name):
    subject = {"cycle": here.cycle, "team": here.core, "experiment": f.ExperimentFactory(cycle=here.cycle)}[kind]
    assert worker.get(at(f"{kind}_question_set", subject.pk, name)).status_code == 404


# Answering


@pytest.mark.system(16)
def test_managing_answers_of_two_days_compare_and_a_barrier_becomes_an_issue(worker, here):
    month_ago = timezone.localdate() - timedelta(days=30)
    url = set_url(here.cycle, "managing")
    worker.post(url, {box("managing.time"): "An hour", "on": month_ago.isoformat()})
    worker.post(url, {box("managing.time"): "Two hours", box("managing.barriers"): "No phone"})
    compared = page(worker, at("cycle_questions_between", here.cycle.pk, "managing"))
    assert "An hour" in compared
    assert "Two hours" in compared
    answer = here.cycle.answers.get(text="No phone")
    raised = worker.post(reverse("issues:from_answer", args=[answer.pk]), {"description": "No phone"}, follow=True)
    issue = answer.barrier.issue
    assert (issue.description, issue.is_barrier, issue.team) == ("No phone", True, here.core)
    assert "Where it came from" in raised.text  # the issue shows the answer
    assert issue.ref in page(worker, url)  # and the answer shows the issue


def test_answers_are_kept_and_the_newest_is_shown(worker, here):
    url = set_url(here.cycle, "embed")
    response = worker.post(
        url,
        {
            box("embed.own"): "Income first",
            box("embed.own", "example"): "Since May",
            box("embed.others", "is_unknown"): "on",
        },
    )
    assert response.url == url
    text = page(worker, url)
    assert "Income first" in text
    assert "For example: Since May" in text
    assert "We don’t know" in text


def test_nothing_said_is_told_beside_the_first_box_and_nothing_is_kept(worker, here):
    response = worker.post(set_url(here.cycle, "embed"), {})
    assert response.status_code == 422
    assert "Answer at least one" in response.text
    assert not here.cycle.answers.exists()


def test_a_day_to_come_is_refused_and_the_words_stay(worker, here):
    tomorrow = timezone.localdate() + timedelta(days=1)
    response = worker.post(
        set_url(here.cycle, "embed"), {box("embed.own"): "Long thoughts", "on": tomorrow.isoformat()}
    )
    assert response.status_code == 422
    assert "Long thoughts" in response.text
    assert "Give today, or a day before it." in response.text
    assert not here.cycle.answers.exists()


def test_too_many_words_come_back_whole(worker, here):
    long = "word " * 2000
    response = worker.post(set_url(here.cycle, "embed"), {box("embed.own"): long})
    assert response.status_code == 422
    assert long.strip() in response.text


def test_a_form_sent_twice_is_kept_once(worker, here):
    sent = {box("embed.own"): "Once", "client_id": str(uuid4())}
    for _ in range(2):
        assert worker.post(set_url(here.cycle, "embed"), sent).status_code == 302
    assert here.cycle.answers.count() == 1


def test_a_reader_from_a_joined_team_answers_back_but_not_for_them(client, here):
    other = f.LearningCycleFactory(team=here.working)
    CycleLink.objects.create(source=here.cycle, target=other, direction="horizontal", by=here.worker)
    answer = say(here.cycle, "understand.actors", "Revenues and the school", here.worker)
    client.force_login(here.helper)
    url = set_url(here.cycle, "understand")
    assert "Revenues and the school" in page(client, url)
    assert client.get(url).context["form"] is None
    assert client.post(url, {box("understand.actors"): "Mine"}).status_code == 403
    client.post(at("answer_back", answer.pk), {"text": "And the landlord on Mill Lane"})
    assert "And the landlord on Mill Lane" in page(client, url)


@pytest.mark.system(9)
def test_the_understanding_takes_feedback_in_someones_own_words(worker, here):
    answer = say(here.cycle, "understand.factors", "Wrong awards", here.colleague)
    form = {"text": "You forgot the fear of the door.", "said_by": "Two people who had the letters"}
    assert worker.post(at("answer_back", answer.pk), form).url == set_url(here.cycle, "understand")
    text = page(worker, set_url(here.cycle, "understand"))
    assert "Wrong awards" in text  # the answer stays as it was given
    assert "You forgot the fear of the door." in text
    assert "Two people who had the letters, written down by" in text


# A start, and readiness


@pytest.mark.system(6)
def test_answers_to_start_make_a_draft_cycle(worker, here):
    form = {
        box("start.where"): "On the north side",
        box("start.share", "is_unknown"): "on",
        "title": "Doors, not letters",
        "purpose": "Nobody fears the post",
        "team": here.core.pk,
        "scale": "organisation",
        "client_id": str(uuid4()),
    }
    urls = {worker.post(at("start"), form).url for _ in range(2)}
    cycle = LearningCycle.objects.get(title="Doors, not letters")
    assert urls == {cycle.get_absolute_url()}
    assert (cycle.status, cycle.purpose) == ("draft", "Nobody fears the post")
    assert {(a.question.key, str(a)) for a in cycle.answers.all()} == {
        ("start.where", "On the north side"),
        ("start.share", "We don’t know"),
    }
    assert "On the north side" in page(worker, set_url(cycle, "start"))


def test_a_start_without_a_name_keeps_what_was_said(worker, here):
    response = worker.post(
        at("start"), {box("start.where"): "On the north side", "team": here.core.pk, "scale": "team"}
    )
    assert response.status_code == 422
    assert "On the north side" in response.text
    assert not LearningCycle.objects.filter(status="draft").exists()


@pytest.mark.system(40)
def test_readiness_is_noted_on_a_draft_before_it_starts(worker, here):
    draft = f.LearningCycleFactory(team=here.core, status="draft")
    first = parse(worker.get(at("cycle_questions", draft.pk)))
    assert "The ground we stand on" in text_of(by_id(first, "first"))
    worker.post(set_url(draft, "ground"), {box("ground.memory"): "Two reforms that fizzled"})
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert "Two reforms that fizzled" in page(worker, draft.get_absolute_url())


@pytest.mark.system(41)
@pytest.mark.parametrize(
    ("who", "first"),
    [("worker", "Operations: those who do the work"), ("leader", "System: leaders")],
)
def test_each_tier_meets_its_own_part_first(client, here, who, first):
    user = getattr(here, who)
    team = here.leadership if who == "leader" else here.core
    client.force_login(user)
    response = client.get(set_url(team, "ground"))
    heads = [row.head for row in response.context["rows"] if row.head]
    assert heads[:2] == [first, "For everyone"]
    assert len(heads) == 4
    client.post(set_url(team, "ground"), {box("ground.ecosystem", "is_unknown"): "on"})
    assert team.answers.get().question.audience == "government"


# Experiments


@pytest.mark.system(7)
def test_what_was_said_about_permission_stands_on_the_experiment(worker, here):
    experiment = f.ExperimentFactory(cycle=here.cycle)
    worker.post(set_url(here.cycle, "permission"), {box("permission.need"): "One line from revenues is enough"})
    assert "One line from revenues is enough" in page(worker, experiment.get_absolute_url())


@pytest.mark.system(10)
def test_what_the_card_says_is_shown_and_not_asked_twice(worker, here):
    experiment = f.ExperimentFactory(cycle=here.cycle, question="What if we knock?", data_plan="A short journal")
    response = worker.get(set_url(experiment, "experiment"))
    text = text_of(parse(response))
    assert "What will you gather, of any kind?" in text
    assert "A short journal" in text
    assert list(response.context["form"].asked) == ["experiment.codesign"]
    worker.post(set_url(experiment, "experiment"), {box("experiment.codesign"): "At a kitchen table"})
    assert "At a kitchen table" in page(worker, set_url(experiment, "experiment"))


def test_the_purposes_of_a_cycle_are_shown_and_not_asked_twice(worker, here):
    LearningCycle.objects.filter(pk=here.cycle.pk).update(old_purpose="Collect what is owed")
    response = worker.get(set_url(here.cycle, "purpose"))
    assert "Collect what is owed" in text_of(parse(response))
    assert list(response.context["form"].asked) == ["purpose.aim"]


# A place, behaviours, a meeting


@pytest.mark.system(68)
def test_the_plan_for_a_place_has_four_parts(worker, here):
    place = f.LearningCycleFactory(team=here.core, scale="place")
    response = worker.get(set_url(place, "area"))
    assert list(response.context["form"].asked) == ["area.vision", "area.support", "area.power", "area.good"]
    worker.post(set_url(place, "area"), {box("area.good"): "We ask the people of the place"})
    assert "We ask the people of the place" in page(worker, set_url(place, "area"))


@pytest.mark.system(75)
def test_nine_behaviours_take_examples_over_time_and_no_score(worker, here):
    url = set_url(here.core, "behaviours")
    response = worker.get(url)
    form = response.context["form"]
    assert len(form.asked) == 9
    assert {type(field.widget).__name__ for name, field in form.fields.items() if name.startswith("q")} == {
        "Textarea",
        "CheckboxInput",
    }
    month_ago = timezone.localdate() - timedelta(days=30)
    worker.post(url, {box("b.devolved"): "A uniform bought at once", "on": month_ago.isoformat()})
    worker.post(url, {box("b.devolved"): "We asked three times for a phone"})
    over_time = page(worker, at("team_question_history", here.core.pk, "b.devolved"))
    assert over_time.index("We asked three times") < over_time.index("A uniform bought at once")


@pytest.mark.system(75)
def test_a_steward_reads_each_teams_words_side_by_side(client, here, elsewhere):
    say(here.core, "b.whole", "The school rang us first", here.worker)
    say(here.leadership, "b.whole", "Four desks, four answers", here.leader)
    say(elsewhere.core, "b.whole", "Not of this place", elsewhere.worker)
    client.force_login(here.steward)
    text = page(client, at("behaviours"))
    assert "The school rang us first" in text
    assert "Four desks, four answers" in text
    assert "Not of this place" not in text
    client.force_login(here.worker)
    text = page(client, at("behaviours"))
    assert "The school rang us first" in text
    assert "Four desks, four answers" not in text


@pytest.mark.system(76)
def test_a_group_reflects_in_its_meeting(client, here):
    client.force_login(here.leader)
    assert set_url(here.leadership, "reflect") in client.get(here.leadership.get_absolute_url()).text
    met_on = timezone.localdate() - timedelta(days=2)
    client.post(
        set_url(here.leadership, "reflect"), {box("reflect.letgo"): "The list of who paid", "on": met_on.isoformat()}
    )
    answer = here.leadership.answers.get()
    assert (answer.on, answer.question.layer) == (met_on, "reflective")
    assert "The list of who paid" in page(client, set_url(here.leadership, "reflect"))
    client.force_login(here.worker)
    assert client.get(set_url(here.leadership, "reflect")).status_code == 404


# A life


@pytest.fixture
def life(here):
    cycle = f.LearningCycleFactory(team=here.core, scale="person")
    return f.CaseFactory(cycle=cycle, team=here.core, worker=here.worker)


def test_a_life_is_asked_to_be_understood_by_those_alongside(worker, here, life):
    assert [each.name for each in sets_for(life.cycle)] == ["understand", "feedback"]
    worker.post(set_url(life.cycle, "understand"), {box("understand.factors"): "The walk to school"})
    assert "The walk to school" in page(worker, set_url(life.cycle, "understand"))
    assert AuditEntry.objects.filter(act="case_read", target_ref=life.pk).exists()
    assert life.alias not in worker.get(set_url(life.cycle, "understand")).text.split("</title>")[0]


FEEDBACK = ["best", "least", "improve", "other", "understanding", "contact", "visits", "outlook_before", "outlook_now"]


@pytest.mark.system(43)
@pytest.mark.parametrize("key", FEEDBACK)
def test_feedback_on_our_help_takes_any_one_answer_and_asks_for_no_other(worker, here, life, key):
    """Someone says as much as they like: each box alone is enough, and none is a number to choose."""
    url = set_url(life.cycle, "feedback")
    assert f"What {life.alias} says of our help" in page(worker, life.get_absolute_url())
    asked = parse(worker.get(url))
    assert {one.get("type") for one in asked.iter("input")} <= {"hidden", "checkbox", "date"}
    assert len([one for one in asked.iter("textarea") if one.get("required") is None]) == len(FEEDBACK)
    assert worker.post(url, {box(f"f.{key}"): "You rang when you said you would."}).status_code == 302
    assert list(life.cycle.answers.values_list("question__key", "text")) == [
        (f"f.{key}", "You rang when you said you would.")
    ]
    assert "You rang when you said you would." in page(worker, url)


@pytest.mark.system(43)
def test_feedback_is_of_a_life_and_can_be_given_after_it_ended(worker, here, life):
    assert worker.get(set_url(here.cycle, "feedback")).status_code == 404, "not of a cycle that many share"
    end_case = {"state": "closed", "closed_on": timezone.localdate(), "agreed_close_words": "We part well."}
    type(life).objects.filter(pk=life.pk).update(**end_case)
    worker.post(set_url(life.cycle, "feedback"), {box("f.best"): "The visits"})
    worker.post(set_url(life.cycle, "feedback"), {box("f.best"): "The visits, and being asked"})
    assert "The visits, and being asked" in page(worker, set_url(life.cycle, "feedback"))
    kept = set(life.cycle.answers.values_list("text", flat=True))
    assert kept == {"The visits", "The visits, and being asked"}, "what was said before stays"


@pytest.mark.system(43)
def test_what_is_said_after_it_ended_stands_in_the_history_beside_what_was_said_before(worker, here, life):
    url = set_url(life.cycle, "feedback")
    worker.post(url, {box("f.best"): "The visits"})
    close_case(case=life, agreed_close_words="We part well.", by=here.worker)
    worker.post(url, {box("f.best"): "Looking back, being asked"})
    assert "Looking back, being asked" in page(worker, url)
    over_time = at("cycle_question_history", life.cycle.pk, "f.best")
    assert over_time in worker.get(url).text, "the way to it is on the page"
    told = page(worker, over_time)
    assert told.index("Looking back, being asked") < told.index("The visits")
    assert f"What {life.alias} says of our help" in page(worker, life.get_absolute_url())


@pytest.mark.system(43)
def test_feedback_can_be_given_on_paper_and_typed_in_with_its_day(worker, here, life):
    url = set_url(life.cycle, "feedback")
    sheet_url = at("cycle_question_paper", life.cycle.pk, "feedback")
    assert sheet_url in worker.get(url).text
    sheet = worker.get(sheet_url).text
    for asked in Question.objects.in_set("feedback"):
        assert asked.text in sheet
    assert url in sheet
    assert life.alias not in sheet.partition("<article")[2], "a sheet that is left lying about names nobody"
    before = timezone.localdate() - timedelta(days=3)
    worker.post(url, {box("f.least"): "The letters", "on": before.isoformat()})
    assert life.cycle.answers.get().on == before


def test_a_sheet_asks_what_the_place_asks_and_nothing_that_is_on_the_card(worker, here):
    shown = page(worker, at("cycle_question_paper", here.cycle.pk, "purpose"))
    asked = {q.key: q.text for q in Question.objects.in_set("purpose")}
    assert asked.pop("purpose.old") not in shown
    assert asked.pop("purpose.new") not in shown
    assert all(text in shown for text in asked.values())
    assert worker.get(at("cycle_question_paper", here.cycle.pk, "feedback")).status_code == 404


@pytest.mark.parametrize("who", ["colleague", "steward", "leader"])
def test_nobody_else_finds_a_lifes_answers(client, here, life, who):
    answer = say(life.cycle, "understand.factors", "The walk to school", here.worker)
    client.force_login(getattr(here, who))
    for url in (set_url(life.cycle, "understand"), at("cycle_questions", life.cycle.pk), at("answer_back", answer.pk)):
        assert client.get(url).status_code == 404


def test_a_colleague_with_a_reason_reads_but_does_not_answer(client, here, life):
    life.openings.create(by=here.colleague, reason="Cover", until_at=timezone.now() + timedelta(hours=1))
    client.force_login(here.colleague)
    assert client.get(set_url(life.cycle, "understand")).context["form"] is None
    assert client.post(set_url(life.cycle, "understand"), {box("understand.work"): "x"}).status_code == 403


# Many answers


def test_query_counts_stay_flat(worker, here):
    def add():
        for key in ("managing.time", "managing.barriers", "managing.find"):
            answer = say(here.cycle, key, "Words", here.worker)
            answer.remarks.create(text="Back", by=here.colleague)

    # who is asking (3), the cycle, may change, the questions with their newest, answers, remarks, issues, raise here,
    # days, rhythm
    assert_queries_stay_flat(worker, set_url(here.cycle, "managing"), add, most=12)
    assert_queries_stay_flat(worker, at("cycle_question_history", here.cycle.pk, "managing.time"), add, most=11)
    assert_queries_stay_flat(worker, at("cycle_questions_between", here.cycle.pk, "managing"), add, most=10)
    assert_queries_stay_flat(worker, at("cycle_questions", here.cycle.pk), add, most=8)


def test_team_pages_query_counts_stay_flat(worker, here):
    def add():
        say(f.LearningCycleFactory(team=here.core), "b.whole", "Words", here.worker)
        say(here.core, "b.whole", "Words", here.worker)

    assert_queries_stay_flat(worker, set_url(here.core, "behaviours"), add, most=8)
    assert_queries_stay_flat(worker, at("behaviours"), add, most=5)


def test_two_thousand_answers_add_no_query_to_the_cycle(worker, here):
    worker.get(here.cycle.get_absolute_url())
    before = len(queries_of(worker, here.cycle.get_absolute_url()))
    questions = list(Question.objects.in_set("purpose")) + list(Question.objects.in_set("managing"))
    Answer.objects.bulk_create(
        Answer(question=questions[n % len(questions)], asked="x", text=f"n{n}", cycle=here.cycle, by=here.worker)
        for n in range(2000)
    )
    assert len(queries_of(worker, here.cycle.get_absolute_url())) <= before + 1  # the answers themselves
    assert worker.get(set_url(here.cycle, "managing")).text.count('class="voice"') < 30


def test_older_answers_are_a_page_away(worker, here):
    for n in range(33):
        say(here.cycle, "managing.time", f"Said {n:02}", here.worker)
    url = at("cycle_question_history", here.cycle.pk, "managing.time")
    response = worker.get(url)
    assert "Said 32" in response.text
    assert "Said 02" not in response.text
    older = worker.get(url + response.context["older"]).text
    assert "Said 02" in older
    assert "Said 03" not in older


@pytest.mark.parametrize("odd", ["x", "9" * 40, "-1", "١"])
def test_odd_addresses_are_no_error(worker, here, odd):
    say(here.cycle, "managing.time", "Words", here.worker)
    assert (
        worker.get(at("cycle_question_history", here.cycle.pk, "managing.time") + f"?before={odd}").status_code == 200
    )
    assert (
        worker.get(at("cycle_questions_between", here.cycle.pk, "managing") + f"?then={odd}&now={odd}").status_code
        == 200
    )
    assert worker.get(at("cycle_question_history", here.cycle.pk, odd)).status_code == 404


def test_another_places_own_question_is_not_found(worker, here, elsewhere):
    question = actions.add_question(
        place=elsewhere.place, set_name="managing", text="Theirs?", by=elsewhere.admin, client_id=uuid4()
    )
    assert worker.get(at("cycle_question_history", here.cycle.pk, question.key)).status_code == 404
    assert "Theirs?" not in page(worker, set_url(here.cycle, "managing"))
