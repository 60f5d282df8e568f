"""From a sentence of a debrief to an issue, a lesson, a reading, a story or a follow-up, and back from each."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from cycles.models import Lesson, Reading, Story
from debriefs.models import AnswerVersion, Debrief, FollowUp, Produced
from debriefs.threads.sentences import picked, sentences
from issues.models import Issue, Sighting
from tests import factories as f
from tests.debriefs.record.test_pages import share
from tests.helpers.html import by_id, forms, parse, text_of
from tests.helpers.queries import assert_queries_stay_flat

SAID = "Joe’s hold ran out. Nobody told us! He rang at 4.30pm, e.g. about the bailiffs.\nWe sat with him."


@pytest.fixture
def held(here):
    return f.DebriefFactory(cycle=here.cycle, held=True, recorder=here.recorder)


@pytest.fixture
def answer(held, here):
    return share(held, here.worker, SAID)


@pytest.fixture
def recorder(client, here):
    client.force_login(here.recorder)
    return client


def make_url(answer, kind, *numbers):
    query = urlencode([*(("s", number) for number in numbers), ("as", kind)])
    return f"{reverse('debriefs:make', args=[answer.pk])}?{query}"


def form_at(client, url):
    page = client.get(url)
    assert page.status_code == 200
    return next(one for one in forms(page, url) if "picked" in one.names).data()


def send(client, answer, kind, *numbers, **words):
    url = make_url(answer, kind, *numbers)
    return client.post(url, form_at(client, url) | words)


# ------------------------------------------------------------------ sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            SAID,
            [
                "Joe’s hold ran out.",
                "Nobody told us!",
                "He rang at 4.30pm, e.g. about the bailiffs.",
                "We sat with him.",
            ],
        ),
        ("no stop at all", ["no stop at all"]),
        ("“Is it safe?” she asked. Yes…", ["“Is it safe?”", "she asked.", "Yes…"]),
        ("Mr. Khan came. Dr. A. Smith did not.", ["Mr. Khan came.", "Dr. A. Smith did not."]),
        ("\n\n  \n", []),
    ],
)
def test_an_answer_falls_into_its_sentences(text, found):
    assert sentences(text) == found


def test_no_letter_is_lost_between_sentences():
    text = 'One. Two?! "Three." (Four.) five … six\nseven e.g. eight. ' * 20
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([0], "Joe’s hold ran out."),
        ([1, 0], "Joe’s hold ran out. Nobody told us!"),
        ([0, 3], "Joe’s hold ran out. … We sat with him."),
        ([], SAID),
        ([99], SAID),
    ],
)
def test_picked_sentences_are_one_text_that_shows_its_gaps(numbers, words):
    assert picked(SAID, numbers) == words


# ------------------------------------------------------------------ the tray, with plain forms alone


@pytest.mark.system(27)
def test_each_sentence_can_be_ticked_and_made_into_five_things(recorder, held, answer):
    f.MeasureFactory(cycle=held.cycle)
    page = recorder.get(reverse("debriefs:sort", args=[held.pk])).text
    for number, sentence in enumerate(sentences(SAID)):
        assert f'name="s" value="{number}"' in page
        assert sentence in page
    for kind in ("issue", "lesson", "reading", "story", "follow-up"):
        assert f'name="as" value="{kind}"' in page
    assert "Sort what was said" in recorder.get(held.get_absolute_url()).text


@pytest.mark.system(27)
def test_a_sentence_becomes_an_issue_and_leads_both_ways(recorder, held, answer, here):
    done = send(recorder, answer, "issue", 0, 1, level="2", owner_tier="lship", countermeasure="We hold it.")
    assert done.url == f"{reverse('debriefs:sort', args=[held.pk])}#answer-{answer.pk}"
    issue, sighting = Issue.objects.get(), Sighting.objects.get()
    assert issue.description == "Joe’s hold ran out. Nobody told us!"
    assert (issue.level, issue.owner_tier, sighting.occasion_ref) == (2, "lship", held.pk)
    thread = Produced.objects.get()
    assert (thread.answer, thread.words, thread.sighting) == (answer, issue.description, sighting)
    read = parse(recorder.get(held.get_absolute_url()))
    assert issue.ref in text_of(by_id(read, f"sighting-{sighting.pk}"))
    assert f"/debriefs/{held.pk}/#sighting-{sighting.pk}" in recorder.get(issue.get_absolute_url()).text


@pytest.mark.system(27)
def test_similar_open_issues_are_offered_first_and_one_can_be_chosen_instead(recorder, held, here):
    there = f.IssueFactory(cycle=held.cycle, description="A hold ran out and nobody told the team")
    answer = share(held, here.worker, "The hold ran out again and nobody told us.")
    page = recorder.get(make_url(answer, "issue", 0)).text
    assert page.index(f"Yes, {there.ref}") < page.index("What is getting in the way?")
    send(recorder, answer, "issue", 0, same=str(there.number))
    assert Issue.objects.get() == there
    assert Sighting.objects.get(occasion_ref=held.pk).words == "The hold ran out again and nobody told us."
    send(recorder, answer, "issue", 0, same="")
    assert Issue.objects.count() == 2


def test_an_issue_out_of_sight_cannot_be_chosen(recorder, held, here, elsewhere):
    there = f.IssueFactory(cycle=held.cycle, description="A hold ran out and nobody told the team")
    hidden = f.IssueFactory(cycle=elsewhere.cycle, description="A hold ran out and nobody told us")
    answer = share(held, here.worker, "The hold ran out and nobody told us.")
    sent = form_at(recorder, make_url(answer, "issue", 0))
    page = recorder.post(make_url(answer, "issue", 0), sent | {"same": "98765"})
    assert page.status_code == 422
    assert there.ref in page.text
    assert not Sighting.objects.filter(issue=hidden, occasion_ref=held.pk).exists()


@pytest.mark.system(27)
def test_a_sentence_becomes_a_lesson_and_leads_both_ways(recorder, held, answer):
    send(recorder, answer, "lesson", 3, direction="horizontal")
    lesson = Lesson.objects.get()
    assert (lesson.text, lesson.direction, lesson.cycle) == ("We sat with him.", "horizontal", held.cycle)
    assert f'href="{lesson.get_absolute_url()}"' in recorder.get(held.get_absolute_url()).text
    assert f"{held.get_absolute_url()}#lesson-{lesson.pk}" in recorder.get(lesson.get_absolute_url()).text


def test_a_lesson_noted_before_is_fed_once(recorder, held, answer):
    noted = f.LessonFactory(cycle=held.cycle, text="Sitting with someone does more than a letter")
    send(recorder, answer, "lesson", 3, same=str(noted.pk))
    again = send(recorder, answer, "lesson", 3, same=str(noted.pk))
    assert again.status_code == 422
    assert "This debrief says so already." in again.text
    assert (Lesson.objects.count(), Produced.objects.count()) == (1, 1)


@pytest.mark.system(27)
def test_a_sentence_becomes_a_reading_only_when_someone_makes_it_one(recorder, held, answer, here):
    measure = f.MeasureFactory(cycle=held.cycle, question="How easy is it to stop a hold ending?")
    recorder.get(reverse("debriefs:sort", args=[held.pk]))
    recorder.get(make_url(answer, "reading", 1))
    assert not Reading.objects.exists()  # nothing flows by itself
    send(recorder, answer, "reading", 1, measure=str(measure.pk), value="2")
    reading = Reading.objects.get()
    assert (reading.words, reading.value, reading.by, reading.n) == ("Nobody told us!", 2, here.recorder, 1)
    assert f"{held.get_absolute_url()}#reading-{reading.pk}" in recorder.get(measure.get_absolute_url()).text
    assert by_id(parse(recorder.get(held.get_absolute_url())), f"reading-{reading.pk}") is not None


def test_without_a_question_no_reading_is_offered(recorder, held, answer):
    assert 'value="reading"' not in recorder.get(reverse("debriefs:sort", args=[held.pk])).text


@pytest.mark.system(27)
def test_a_sentence_becomes_a_story_that_is_only_its_writers(recorder, held, answer, client, here):
    send(recorder, answer, "story", 0, 3, title="The hold", told_by="Joe")
    story = Story.objects.get()
    assert (story.body, story.reach, story.written_by) == (
        "Joe’s hold ran out. … We sat with him.",
        "worker",
        here.recorder,
    )
    assert story.get_absolute_url() in recorder.get(held.get_absolute_url()).text
    assert f"{held.get_absolute_url()}#story-{story.pk}" in recorder.get(story.get_absolute_url()).text
    client.force_login(here.colleague)
    page = client.get(held.get_absolute_url()).text
    assert "The hold<" not in page
    assert story.get_absolute_url() not in page


@pytest.mark.system(27)
def test_a_sentence_becomes_a_follow_up_with_its_person_and_day(recorder, held, answer, here):
    send(recorder, answer, "follow-up", 1, audience="op_lead", owner=str(here.op_lead.pk), due_on="2030-03-01")
    asked = FollowUp.objects.get()
    assert (asked.text, asked.audience, asked.owner) == ("Nobody told us!", "op_lead", here.op_lead)
    page = recorder.get(held.get_absolute_url())
    assert "From “Nobody told us!”" in text_of(by_id(parse(page), f"follow-up-{asked.pk}"))
    assert f'id="asked-{Produced.objects.get().pk}"' in page.text


def test_none_ticked_is_the_whole_answer(recorder, answer):
    send(recorder, answer, "lesson")
    assert Lesson.objects.get().text == SAID


@pytest.mark.parametrize("kind", ["issue", "lesson", "story", "follow-up"])
def test_pressed_twice_it_is_made_once(recorder, answer, kind):
    url = make_url(answer, kind, 0)
    sent = form_at(recorder, url) | ({"title": "Once"} if kind == "story" else {})
    assert [recorder.post(url, sent).status_code for _ in range(2)] == [302, 302]
    made = {"issue": Issue, "lesson": Lesson, "story": Story, "follow-up": FollowUp}[kind]
    assert (made.objects.count(), Produced.objects.count()) == (1, 1)


def test_words_put_right_meanwhile_are_shown_before_anything_is_made_of_them(recorder, answer, here):
    url = make_url(answer, "lesson", 0)
    sent = form_at(recorder, url)
    AnswerVersion.objects.create(answer=answer, text=answer.text, by=here.worker)
    answer.text = "The hold of one person ran out. Nobody told us!"
    answer.save(update_fields=["text"])
    refused = recorder.post(url, sent)
    assert refused.status_code == 422
    assert "The hold of one person ran out." in refused.text
    assert not Lesson.objects.exists()


def test_it_is_still_possible_when_the_talk_is_written_up(recorder, held, answer, here):
    from django.utils import timezone

    Debrief.objects.filter(pk=held.pk).update(
        state="written_up", written_up_at=timezone.now(), written_up_by=here.recorder
    )
    send(recorder, answer, "lesson", 0)
    assert Lesson.objects.exists()
    answer.refresh_from_db()
    assert answer.text == SAID


def test_the_recorder_comes_to_it_from_the_tray_also_when_nothing_is_shared_yet(recorder, held):
    assert reverse("debriefs:sort", args=[held.pk]) in recorder.get(reverse("debriefs:tray")).text
    assert "Nobody has shared notes yet" in recorder.get(reverse("debriefs:sort", args=[held.pk])).text


def test_each_person_may_pick_from_their_own_words_alone(client, held, answer, here):
    other = share(held, here.colleague, "Mine.", key="debrief.learn")
    client.force_login(here.worker)
    page = client.get(reverse("debriefs:sort", args=[held.pk])).text
    assert "Nobody told us!" in page
    assert "Mine." not in page
    assert client.get(make_url(other, "issue", 0)).status_code == 403
    assert client.get(make_url(answer, "poem", 0)).status_code == 404
    client.force_login(here.op_lead)
    assert client.get(reverse("debriefs:sort", args=[held.pk])).status_code == 403


def test_what_an_author_made_while_writing_shows_at_the_answer(client, held, here):
    lesson = f.LessonFactory(cycle=held.cycle, text="Sit beside them")
    answer = share(held, here.worker, "We sat.", key="debrief.learn")
    Produced.objects.create(debrief=held, contribution=answer.contribution, question=answer.question, lesson=lesson)
    client.force_login(here.colleague)
    assert by_id(parse(client.get(held.get_absolute_url())), f"lesson-{lesson.pk}") is not None


def _one_more(held, author):
    answer = share(held, author, f"Sentence one. Sentence two of {author.pk}.")
    lesson = f.LessonFactory(cycle=held.cycle)
    Produced.objects.create(
        debrief=held,
        contribution=answer.contribution,
        question=answer.question,
        answer=answer,
        words="S.",
        lesson=lesson,
    )


def test_the_tray_and_the_debrief_take_as_many_queries_for_three_as_for_one(recorder, held, here):
    authors = iter([here.worker, here.colleague, here.op_lead, here.recorder, here.helper, here.leader])

    def add():
        _one_more(held, next(authors))

    # who is asking (3); the debrief; the answers; its threads and what of them is in sight (2); questions asked
    assert_queries_stay_flat(recorder, reverse("debriefs:sort", args=[held.pk]), add, most=9)
    assert_queries_stay_flat(recorder, held.get_absolute_url(), add)
