"""Writing notes by plain forms, as a phone without a script would."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.models import Lesson, Question, Reading
from debriefs.models import BeliefNote, Contribution, Debrief, DebriefAnswer, FollowUp, Produced
from issues.models import Issue, Sighting
from tests import factories as f
from tests.helpers.html import forms


@pytest.fixture
def debrief(here):
    return f.DebriefFactory(cycle=here.cycle)


@pytest.fixture
def writer(client, here):
    client.force_login(here.worker)
    return client


def url(debrief, name="write"):
    return reverse(f"debriefs:{name}", args=[debrief.pk])


def form_of(client, debrief):
    """What the page would send if nothing were changed."""
    page = client.get(url(debrief))
    assert page.status_code == 200
    return next(one for one in forms(page, url(debrief)) if "writer" in one.names).data()


def send(client, debrief, action, follow=False, **words):
    return client.post(url(debrief), form_of(client, debrief) | words | {"action": action}, follow=follow)


@pytest.mark.system(24)
def test_six_answers_become_the_teams_words(writer, debrief, here):
    done = send(
        writer,
        debrief,
        "share",
        now="Saw Marie twice.",
        need="One person in benefits we can ring.",
        well="Tired. Good when she laughed.",
        learn="She opens the post if I sit with her.",
        belief="It feels like the job I came into.",
        **{"next-staff": "Ring on Monday.", "next-leaders": "Decide A-014."},
    )
    assert done.url == debrief.get_absolute_url()
    debrief.refresh_from_db()
    assert debrief.state == Debrief.State.HELD
    assert [a.text for a in DebriefAnswer.objects.order_by("question__order")] == [
        "Saw Marie twice.",
        "One person in benefits we can ring.",
        "Tired. Good when she laughed.",
        "She opens the post if I sit with her.",
    ]
    assert list(FollowUp.objects.values_list("audience", "text")) == [
        ("leaders", "Decide A-014."),
        ("staff", "Ring on Monday."),
    ]
    page = writer.get(done.url).content.decode()
    assert all(words in page for words in ("Saw Marie twice.", "It feels like the job", "Decide A-014."))


def test_one_line_is_enough_and_nothing_at_all_is_kindly_refused(writer, debrief):
    empty = send(writer, debrief, "share")
    assert empty.status_code == 422
    assert "Say one thing first." in empty.content.decode()
    assert send(writer, debrief, "share", learn="One thing.").status_code == 302
    assert DebriefAnswer.objects.get().text == "One thing."


def test_belief_is_kept_without_an_author(writer, debrief, here):
    send(writer, debrief, "share", now="Here.", belief="I doubt it.")
    assert [field.name for field in BeliefNote._meta.fields] == ["id", "debrief", "text"]
    assert BeliefNote.objects.get().text == "I doubt it."
    assert "I doubt it." not in str(Contribution.objects.values())
    assert not DebriefAnswer.objects.filter(text="I doubt it.").exists()


def test_several_authors_each_add_their_own(client, debrief, here):
    for who, words in ((here.worker, "One view."), (here.colleague, "Another view.")):
        client.force_login(who)
        send(client, debrief, "share", now=words)
    page = client.get(debrief.get_absolute_url()).content.decode()
    assert "One view." in page
    assert "Another view." in page
    assert set(debrief.present.all()) == {here.worker, here.colleague}


def test_a_draft_is_its_authors_alone(client, debrief, here):
    client.force_login(here.worker)
    left = send(client, debrief, "draft", now="Not yet for all.")
    assert left.url == reverse("debriefs:list")
    assert "Not yet for all." in client.get(url(debrief)).content.decode()
    for other in (here.colleague, here.recorder, here.steward, here.admin):
        client.force_login(other)
        for page in (url(debrief), debrief.get_absolute_url(), reverse("debriefs:list")):
            assert "Not yet for all." not in client.get(page).content.decode()


def test_sharing_twice_adds_nothing(writer, debrief):
    sent = form_of(writer, debrief) | {"action": "share", "now": "Once.", "next-staff": "Ring."}
    writer.post(url(debrief), sent)
    again = writer.post(url(debrief), sent)
    assert again.url == debrief.get_absolute_url()
    assert (DebriefAnswer.objects.count(), FollowUp.objects.count()) == (1, 1)


def test_text_too_long_comes_back_whole_with_a_message(writer, debrief):
    long = "word " * 3000
    answer = send(writer, debrief, "share", now=long)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Make this shorter: up to 12000 letters." in page
    assert page.count("word ") > 2990
    assert not DebriefAnswer.objects.exists()
    assert Contribution.objects.get().draft["words"]["now"] == long


def test_odd_bytes_and_odd_buttons_do_no_harm(writer, debrief):
    for action in ("share:1", "issue", "issue:belief", "issue:nope", "measure:9", "keep:nothing", "", "lesson:", "x:y"):
        answer = send(writer, debrief, action, now="a\x00b")
        assert answer.status_code in (200, 302, 403, 409, 422), action


# ------------------------------------------------------------------ from an answer


@pytest.mark.system(27)
def test_an_issue_is_raised_from_an_answer_without_typing_again(writer, debrief, here):
    done = send(writer, debrief, "issue:need", need="Two teams each say it is the other one.")
    assert done.status_code == 302
    issue = Issue.objects.get()
    assert issue.description == "Two teams each say it is the other one."
    sighting = issue.sightings.get()
    assert (sighting.occasion_ref, sighting.by) == (debrief.pk, here.worker)
    page = writer.get(done.url).content.decode()
    assert "Issue raised" in page
    assert issue.ref in page
    assert "Two teams each say it is the other one.</textarea>" in page
    send(writer, debrief, "share")
    assert issue.ref in writer.get(debrief.get_absolute_url()).content.decode() or issue.description in (
        writer.get(debrief.get_absolute_url()).content.decode()
    )


def test_the_same_add_sent_twice_is_one_issue(writer, debrief):
    sent = form_of(writer, debrief) | {"action": "issue:now", "now": "Letters go out first."}
    assert [writer.post(url(debrief), sent).status_code for _ in range(2)] == [302, 302]
    assert (Issue.objects.count(), Produced.objects.count(), Sighting.objects.count()) == (1, 1, 1)


def test_an_issue_seen_before_gets_a_sighting_and_not_a_twin(writer, debrief, here):
    old = f.IssueFactory(cycle=here.cycle, description="Enforcement letters reach people before anyone rings them")
    words = {"now": "Enforcement letters reach people before anybody rings them"}
    asked = send(writer, debrief, "issue:now", **words)
    assert asked.status_code == 200
    assert f'value="{old.ref}"' in asked.content.decode()
    assert Issue.objects.count() == 1
    send(writer, debrief, "issue:now", **words, **{"now-issue-same": old.ref})
    assert Issue.objects.count() == 1
    assert old.sightings.filter(by=here.worker, occasion_ref=debrief.pk).count() == 1
    new = send(writer, debrief, "issue:need", need=words["now"], **{"need-issue-same": ""})
    assert new.status_code == 302
    assert Issue.objects.count() == 2


def test_level_owner_and_both_actions_travel_with_it(writer, debrief):
    send(
        writer,
        debrief,
        "issue:need",
        **{
            "need-issue-description": "Holds end unseen.",
            "need-issue-level": "2",
            "need-issue-owner_tier": "lship",
            "need-issue-countermeasure": "We ring each day.",
            "need-issue-system_change": "Holds last until we end them.",
        },
    )
    issue = Issue.objects.get()
    assert (issue.level, issue.owner_tier) == (2, "lship")
    assert {r.kind: r.text for r in issue.responses.all()} == {
        "countermeasure": "We ring each day.",
        "system_change": "Holds last until we end them.",
    }
    assert "Holds end unseen." not in str(Contribution.objects.get().draft)


def test_a_problem_in_a_panel_keeps_every_word(writer, debrief):
    answer = send(writer, debrief, "issue:need", need="Kept.", **{"need-issue-description": "x" * 4001})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Make this shorter" in page
    assert "Kept.</textarea>" in page
    assert not Issue.objects.exists()


def test_an_empty_add_says_what_is_missing(writer, debrief):
    for action, message in (("issue:now", "Say what is getting in the way."), ("lesson:now", "Say what you learned.")):
        answer = send(writer, debrief, action)
        assert answer.status_code == 422
        assert message in answer.content.decode()


def test_a_lesson_is_noted_from_an_answer(writer, debrief, here):
    send(writer, debrief, "lesson:learn", learn="Sit beside them.", **{"learn-lesson-direction": "horizontal"})
    lesson = Lesson.objects.get()
    assert (lesson.text, lesson.direction, lesson.cycle) == ("Sit beside them.", "horizontal", here.cycle)


def test_a_lesson_noted_before_is_seen_again_and_not_written_twice(writer, debrief, here):
    before = f.LessonFactory(cycle=here.cycle, text="Sit beside them")
    other = f.LessonFactory(text="Of another team")
    page = writer.get(reverse("debriefs:write", args=[debrief.pk])).text
    assert "Sit beside them" in page
    assert "Of another team" not in page
    for chosen in (before.pk, before.pk):
        send(writer, debrief, "lesson:learn", learn="I saw it too.", **{"learn-lesson-same": str(chosen)})
    assert [(row.debrief, row.lesson) for row in Produced.objects.all()] == [(debrief, before)]
    refused = send(writer, debrief, "lesson:learn", **{"learn-lesson-same": str(other.pk)})
    assert refused.status_code == 422
    assert Lesson.objects.count() == 2


def test_a_measure_is_answered_once_and_without_a_name(writer, debrief, here):
    measure = f.MeasureFactory(cycle=here.cycle, asked_in_debriefs=True)
    missing = send(writer, debrief, f"measure:{measure.pk}")
    assert missing.status_code == 422
    assert "Choose the nearest." in missing.content.decode()
    sent = form_of(writer, debrief) | {f"measure-{measure.pk}-value": "2", "action": f"measure:{measure.pk}"}
    for _ in range(2):
        writer.post(url(debrief), sent)
    reading = Reading.objects.get()
    assert (reading.value, reading.n, reading.by) == (2, 1, None)
    assert Produced.objects.get(reading=reading).contribution is None
    assert "Answered: " in writer.get(url(debrief)).content.decode()


@pytest.mark.system(19)
def test_guides_in_force_show_and_retired_ones_do_not(writer, debrief, here):
    from cycles.models import Guide

    today = timezone.localdate()
    Guide.objects.create(cycle=here.cycle, kind="rule", text="Do no harm", by=here.worker)
    Guide.objects.create(
        cycle=here.cycle, kind="rule", text="An old rule", by=here.worker, state="retired", retired_on=today
    )
    page = writer.get(url(debrief)).content.decode()
    assert "Do no harm" in page
    assert "An old rule" not in page


def test_only_lives_the_author_is_alongside_are_offered(writer, debrief, here):
    mine = f.CaseFactory(team=here.core, worker=here.worker, alias="Mine-alias")
    f.CaseFactory(team=here.core, worker=here.colleague, alias="Theirs-alias")
    theirs = f.CaseFactory(team=here.core, worker=here.colleague)
    page = writer.get(url(debrief)).content.decode()
    assert "Mine-alias" in page
    assert "Theirs-alias" not in page
    refused = send(writer, debrief, "share", now="x", cases=[str(theirs.pk)])
    assert refused.status_code == 422
    send(writer, debrief, "share", now="x", cases=[str(mine.pk)])
    assert list(debrief.cases.all()) == [mine]


def test_what_was_said_last_time_is_answered_here(writer, here, debrief):
    earlier = f.DebriefFactory(cycle=here.cycle, held=True, planned_for=timezone.now() - timezone.timedelta(days=2))
    asked = FollowUp.objects.create(debrief=earlier, audience="staff", text="Ring the benefits office")
    assert "Ring the benefits office" in writer.get(url(debrief)).content.decode()
    send(writer, debrief, "share", now="x", **{f"since-{asked.pk}": "done"})
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("done", here.worker)


# ------------------------------------------------------------------ two pages, two phones


def save(client, debrief, sent, **words):
    return client.post(url(debrief, "draft"), sent | words, headers={"HX-Request": "true"})


def test_autosave_tells_the_truth_and_counts_on(writer, debrief):
    sent = form_of(writer, debrief)
    first = save(writer, debrief, sent, now="One", seq="1")
    assert 'data-state="saved"' in first.content.decode()
    assert 'name="revision" value="1"' in first.content.decode()
    # The answer to the second was lost on the way: the same page may go on from the old revision.
    save(writer, debrief, sent, now="One two", seq="2")
    third = save(writer, debrief, sent, now="One two three", seq="3")
    assert 'data-state="saved"' in third.content.decode()
    assert Contribution.objects.get().draft["words"]["now"] == "One two three"


def test_two_open_pages_never_overwrite_each_other(writer, debrief):
    one, two = form_of(writer, debrief), form_of(writer, debrief)
    save(writer, debrief, one, now="From the phone", seq="1")
    clash = save(writer, debrief, two, now="From the laptop", seq="1")
    assert 'data-state="clash"' in clash.content.decode()
    both = writer.get(url(debrief)).content.decode()
    assert "From the phone" in both
    assert "From the laptop" in both
    send(writer, debrief, "keep:both")
    assert Contribution.objects.get().draft["words"]["now"] == "From the laptop\n\nFrom the phone"
    assert "Two versions" not in writer.get(url(debrief)).content.decode()


def test_the_same_words_from_two_pages_are_no_clash(writer, debrief):
    one, two = form_of(writer, debrief), form_of(writer, debrief)
    save(writer, debrief, one, now="The same", seq="1")
    assert 'data-state="saved"' in save(writer, debrief, two, now="The same", seq="1").content.decode()


def test_a_page_that_clashed_stays_clashed_however_often_it_saves(writer, debrief):
    one, two = form_of(writer, debrief), form_of(writer, debrief)
    save(writer, debrief, one, now="From the phone", seq="1")
    told = {"revision": "0"}
    for seq in ("1", "2", "3"):
        clash = save(writer, debrief, two | told, now=f"From the laptop {seq}", seq=seq).content.decode()
        assert 'data-state="clash"' in clash
        told = {"revision": re.search(r'name="revision" value="(\d+)"', clash)[1]}
    kept = Contribution.objects.get().draft
    assert (kept["words"]["now"], kept["other"]["now"]) == ("From the phone", "From the laptop 3")


def test_a_third_pages_words_join_the_second_and_nothing_is_dropped(writer, debrief):
    forms_seen = [form_of(writer, debrief) for _ in range(3)]
    for seq, (form, words) in enumerate(zip(forms_seen, ("First page.", "Second page.", "Third page."), strict=True)):
        writer.post(url(debrief, "draft"), form | {"writer": f"page-{seq}", "seq": "1", "now": words})
    draft = Contribution.objects.get().draft
    assert draft["words"]["now"] == "First page."
    assert all(words in draft["other"]["now"] for words in ("Second page.", "Third page."))
    page = writer.get(url(debrief)).text
    for words in ("First page.", "Second page.", "Third page."):
        assert words in page


def test_each_prompt_keeps_the_time_of_its_own_words(writer, debrief):
    form = form_of(writer, debrief) | {"writer": "one"}
    told = [
        writer.post(url(debrief, "draft"), form | {"seq": str(seq), **words})
        for seq, words in enumerate(({"now": "One."}, {"now": "One.", "learn": "Two."}), start=1)
    ]
    times = Contribution.objects.get().draft["times"]
    assert times["now"] < times["learn"]
    assert "need" not in times
    assert 'id="at-now"' in told[0].text
    assert 'id="at-learn"' not in told[0].text
    assert all(answer.headers["X-Kept"] for answer in told)
    assert 'id="at-learn">Saved' in writer.get(url(debrief)).text


def test_each_alone_is_gathered_into_one_talk_that_the_recorder_tidies(client, debrief, here):
    debrief.recorder = here.recorder
    debrief.save()
    for author, words in ((here.worker, "Seen by one."), (here.colleague, "Seen by another.")):
        client.force_login(author)
        send(client, debrief, "share", now=words)
    client.force_login(here.recorder)
    page = client.get(debrief.get_absolute_url()).text
    asked = Question.objects.get(key="debrief.now").text
    assert page.count(f"<h3>{asked}</h3>") == 1
    edit = client.get(url(debrief, "edit")).text
    for words in ("Seen by one.", "Seen by another."):
        assert words in page
        assert words in edit


@pytest.mark.parametrize(("press", "left"), [("keep:this", "From the phone"), ("keep:other", "From the laptop")])
def test_the_writer_chooses_a_version(writer, debrief, press, left):
    one, two = form_of(writer, debrief), form_of(writer, debrief)
    save(writer, debrief, one, now="From the phone", seq="1")
    answer = writer.post(url(debrief), two | {"now": "From the laptop", "action": "draft"})
    assert answer.status_code == 409
    send(writer, debrief, press)
    assert Contribution.objects.get().draft["words"]["now"] == left


@pytest.mark.parametrize("action", ["share", "issue:now", "lesson:now"])
def test_no_button_sends_one_version_over_the_other(writer, debrief, action):
    one, two = form_of(writer, debrief), form_of(writer, debrief)
    save(writer, debrief, one, now="From the phone", seq="1")
    answer = writer.post(url(debrief), two | {"now": "From the laptop", "action": action})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "From the phone" in page
    assert "From the laptop" in page
    assert (DebriefAnswer.objects.count(), Issue.objects.count(), Lesson.objects.count()) == (0, 0, 0)


def test_without_the_revision_check_words_would_be_lost(writer, debrief, monkeypatch):
    """Positive control: with the check off, the second page silently wins."""
    from cycles.drafts import keeping

    monkeypatch.setattr(keeping, "_goes_on", lambda row, writer, seq: True)
    one, two = form_of(writer, debrief), form_of(writer, debrief)
    save(writer, debrief, one, now="From the phone", seq="1")
    save(writer, debrief, two, now="From the laptop", seq="1")
    assert "From the phone" not in str(Contribution.objects.get().draft)


def test_questions_are_loaded(db):
    assert Question.objects.filter(set="debrief").count() == 6


def count_of(client, address, data):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.post(address, data).status_code in (200, 302)
    return [q["sql"] for q in captured if "SAVEPOINT" not in q["sql"]]


def test_saving_and_sharing_take_few_queries(writer, debrief):
    """PERFORMANCE.md allows twelve for a draft; sharing writes six kinds of row."""
    sent = form_of(writer, debrief)
    save(writer, debrief, sent, now="One", seq="1")
    drafted = count_of(writer, url(debrief, "draft"), sent | {"now": "One two", "seq": "2"})
    assert len(drafted) <= 6, "\n".join(drafted)
    shared = count_of(
        writer,
        url(debrief),
        form_of(writer, debrief) | {"action": "share", "now": "x", "need": "y", "belief": "z", "next-staff": "w"},
    )
    assert len(shared) <= 26, "\n".join(shared)
