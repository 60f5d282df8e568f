"""Forms that keep themselves as they are typed: whatever takes longer than a line or two to write."""

import uuid
from itertools import cycle

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.models import FormDraft
from tests import factories as f
from tests.helpers.html import forms
from tests.helpers.queries import assert_queries_stay_flat

NEW = ["start", "cycle", "issue", "card", "statement", "story", "life story", "forum"]
OF_A_LIFE = ["life", "life story", "forum"]
FORMS = ["look", "paper", "questions", "life", *NEW]
WORDS = "We waited for her to speak."


every_form = pytest.mark.parametrize("kept", FORMS, indirect=True)


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def opened(client, kept):
    """What a freshly opened page would send."""
    return next(one for one in forms(client.get(kept.page), kept.page) if kept.box in one.names).data()


def saves(client, kept, sent, words, seq=1):
    """As the script does while someone types; the device does the same, and reads JSON."""
    device = {"Accept": "application/json"}
    return client.post(kept.draft, sent | {kept.box: words, "seq": seq}, headers=device).json()


def shown(client, kept):
    return opened(client, kept)[kept.box][0]


@every_form
def test_what_is_typed_is_there_when_the_page_is_opened_again(worker, kept):
    sent = opened(worker, kept)
    assert saves(worker, kept, sent, WORDS[:9])["state"] == "saved"
    assert saves(worker, kept, sent, WORDS, seq=2)["state"] == "saved", "the answer to the first may have been lost"
    assert shown(worker, kept) == WORDS
    assert kept.count() == 0, "a draft is nobody else’s"
    piece = worker.post(kept.draft, sent | {kept.box: WORDS, "seq": 3}, headers={"HX-Request": "true"})
    assert piece.headers["X-Kept"] == "1"
    assert "Saved " in piece.text


@every_form
def test_without_a_script_a_button_saves_and_leaves(worker, kept):
    answer = worker.post(kept.page, opened(worker, kept) | {kept.box: WORDS, "action": "draft"}, follow=True)
    assert "Only you can see it." in answer.text
    assert (shown(worker, kept), kept.count()) == (WORDS, 0)


@every_form
def test_sent_it_is_no_draft_any_more_and_a_late_copy_brings_nothing_back(worker, kept):
    sent = opened(worker, kept) | {kept.box: WORDS, "action": "share"} | kept.more
    sent.pop("plain", None)  # without a script it would be asked whether it was seen before: it was, just now
    saves(worker, kept, sent, WORDS)
    for _ in range(2):
        assert worker.post(kept.page, sent).status_code == 302
    assert kept.count() == 1
    assert shown(worker, kept) == ""
    assert saves(worker, kept, sent, WORDS, seq=9)["state"] == "shared"
    assert shown(worker, kept) == ""
    assert WORDS not in str(FormDraft.objects.get().draft)


CHOICES = {
    "keep:both": "From the laptop\n\nFrom the phone",
    "keep:this": "From the phone",
    "keep:other": "From the laptop",
}


@pytest.mark.parametrize(
    ("kept", "press"),
    [*zip(FORMS, cycle(CHOICES), strict=False), *(("card", press) for press in CHOICES)],
    indirect=["kept"],
)
def test_two_pages_show_both_versions_until_the_writer_chooses(worker, kept, press):
    one, two = opened(worker, kept), opened(worker, kept)
    saves(worker, kept, one, "From the phone")
    assert saves(worker, kept, two, "From the laptop")["state"] == "clash"
    page = worker.get(kept.page).text
    assert "Two versions of your words" in page
    assert "From the laptop" in page
    for send in (two | {kept.box: "From the laptop"}, opened(worker, kept)):  # neither sends one over the other
        worker.post(kept.page, send | {"action": "share"} | kept.more)
    assert kept.count() == 0
    worker.post(kept.page, opened(worker, kept) | {"action": press})
    assert shown(worker, kept) == CHOICES[press]
    assert "Two versions" not in worker.get(kept.page).text
    worker.post(kept.page, opened(worker, kept) | {"action": "share"} | kept.more)
    assert kept.count() == 1


@pytest.mark.parametrize("kept", ["look"], indirect=True)
def test_a_third_page_between_the_two_and_the_choice_loses_nothing(worker, kept):
    one, two = opened(worker, kept), opened(worker, kept)
    saves(worker, kept, one, "From the phone")
    saves(worker, kept, two, "From the laptop")
    choice = opened(worker, kept) | {"action": "keep:this"}
    saves(worker, kept, one, "From the phone, and on", seq=2)
    worker.post(kept.page, choice)
    page = worker.get(kept.page).text
    assert "From the phone, and on" in page
    assert "From the laptop" in page


@every_form
def test_a_problem_keeps_the_words_as_a_draft_too(worker, kept):
    wrong = {kept.box: "long " * 4000}
    refused = worker.post(kept.page, opened(worker, kept) | wrong | {"action": "share"})
    assert refused.status_code == 422
    assert shown(worker, kept) == wrong[kept.box]


@pytest.mark.parametrize("kept", [one for one in FORMS if one not in OF_A_LIFE], indirect=True)
def test_a_colleague_finds_an_empty_page(worker, here, kept):
    saves(worker, kept, opened(worker, kept), WORDS)
    worker.force_login(here.colleague)
    assert shown(worker, kept) == ""


@pytest.mark.parametrize("kept", OF_A_LIFE, indirect=True)
def test_words_about_a_life_go_when_it_goes_and_are_no_ones_before(worker, here, kept):
    saves(worker, kept, opened(worker, kept), WORDS)
    worker.force_login(here.colleague)
    assert worker.post(kept.draft, {kept.box: "x"}).status_code == 404
    draft = FormDraft.objects.get()
    assert draft.author == here.worker
    draft.cycle.delete()
    assert not FormDraft.objects.exists()


@every_form
def test_today_names_what_was_begun_and_not_what_was_emptied(worker, here, kept):
    sent = opened(worker, kept)
    saves(worker, kept, sent, WORDS)
    link = f'class="strong" href="{kept.page}'
    today = worker.get(reverse("today")).text
    assert link in today
    assert WORDS not in today
    saves(worker, kept, sent, "", seq=2)
    assert link not in worker.get(reverse("today")).text


@pytest.mark.parametrize("kept", ["look"], indirect=True)
def test_a_look_begun_as_a_planned_debrief_is_still_that_one_after_a_crash(worker, here, kept):
    planned = f.DebriefFactory(
        cycle=here.cycle, kind="confirmation", planned_for=timezone.now() + timezone.timedelta(days=3)
    )
    address = f"{kept.page}?debrief={planned.pk}"
    sent = next(one for one in forms(worker.get(address), address) if kept.box in one.names).data()
    saves(worker, kept, sent, WORDS)
    worker.post(kept.page, opened(worker, kept) | {"action": "share"})
    planned.refresh_from_db()
    assert planned.state == "written_up"


@every_form
def test_many_drafts_elsewhere_take_no_query_more(worker, here, kept):
    def add():
        here.worker.form_drafts.create(form=f"x-{FormDraft.objects.count()}", page="/x/", called="x", has_words=True)

    assert_queries_stay_flat(worker, kept.page, add)


@every_form
def test_what_is_sent_without_a_page_of_ours_lies_over_no_draft(worker, kept):
    """Another program, or an old page: what it sends is kept, and what someone was writing stays."""
    saves(worker, kept, opened(worker, kept), WORDS)
    bare = opened(worker, kept) | {kept.box: "Sent from elsewhere", "client_id": str(uuid.uuid4())} | kept.more
    for name in ("revision", "writer", "seq"):
        del bare[name]
    assert worker.post(kept.page, bare).status_code == 302
    assert kept.count() == 1
    assert shown(worker, kept) == WORDS


@pytest.mark.parametrize("kept", ["cycle", "issue", "story"], indirect=True)
def test_a_page_without_a_script_that_is_put_right_is_no_second_version(worker, kept):
    sent = opened(worker, kept) | {"action": "share"} | kept.more
    assert worker.post(kept.page, sent | {kept.box: ""}).status_code == 422
    assert worker.post(kept.page, sent | {kept.box: WORDS}).status_code == 302
    assert kept.count() == 1


def test_an_issue_that_names_a_life_is_a_draft_about_that_life(worker, here):
    life = f.LearningCycleFactory(team=here.core, scale="person")
    case = f.CaseFactory(cycle=life, team=here.core, worker=here.worker)
    sent = {"description": WORDS, "case": case.pk, "revision": "0", "writer": "w", "seq": "1"}
    worker.post(reverse("issues:new_draft"), sent)
    assert FormDraft.objects.get().cycle == life
    life.delete()
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize("kept", ["card"], indirect=True)
def test_who_may_not_write_it_keeps_no_draft_of_it(client, elsewhere, kept):
    client.force_login(elsewhere.worker)
    assert client.post(kept.draft, {kept.box: WORDS, "revision": "0"}).status_code == 404
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize("kept", ["issue"], indirect=True)
def test_two_different_ones_are_sent_one_after_the_other(worker, kept):
    """Two tabs in which two things were written, and no signal: they are no versions of one."""
    one, two = opened(worker, kept), opened(worker, kept)
    saves(worker, kept, one, "The van is late")
    saves(worker, kept, two, "The letter frightens people")
    assert "They are two: put the other aside" in worker.get(kept.page).text
    worker.post(kept.page, opened(worker, kept) | {"action": "keep:apart"})
    assert shown(worker, kept) == "The van is late"
    draft = FormDraft.objects.get()
    read = worker.get(reverse("cycles:own_words", args=[draft.pk])).text
    assert "The van is late" in read
    assert "The letter frightens people" in read
    first = opened(worker, kept) | {"action": "share"}
    first.pop("plain", None)
    sent = worker.post(kept.page, first, follow=True)
    assert "What you put aside is in the form now, as a draft." in sent.text
    assert shown(worker, kept) == "The letter frightens people"
    assert kept.page in worker.get("/today/").text, "it waits on Today as any draft does"
    second = opened(worker, kept) | {"action": "share"}
    second.pop("plain", None)
    for _ in range(2):
        worker.post(kept.page, second)
    worker.post(kept.page, first)
    assert kept.count() == 2
    assert shown(worker, kept) == ""


@pytest.mark.parametrize("kept", ["issue"], indirect=True)
def test_what_was_put_aside_is_found_though_the_form_is_emptied(worker, kept):
    one, two = opened(worker, kept), opened(worker, kept)
    saves(worker, kept, one, "The van is late")
    saves(worker, kept, two, "The letter frightens people")
    worker.post(kept.page, opened(worker, kept) | {"action": "keep:apart"})
    page = opened(worker, kept)
    assert saves(worker, kept, page, "")["state"] == "saved"
    assert saves(worker, kept, page, "Another thing", seq=2)["state"] == "saved"
    assert saves(worker, kept, page, "", seq=3)["state"] == "saved"
    draft = FormDraft.objects.get()
    assert reverse("cycles:own_words", args=[draft.pk]) in worker.get("/today/").text
    assert "The letter frightens people" in worker.get(reverse("cycles:own_words", args=[draft.pk])).text


@pytest.mark.parametrize("kept", ["look", "card", "issue"], indirect=True)
def test_only_two_of_a_kind_are_put_aside(worker, here, kept):
    """Never where a form is one thing, nor where the two are about different lives: each goes with its own."""
    life = f.CaseFactory(team=here.core, worker=here.worker)
    one, two = opened(worker, kept), opened(worker, kept) | {"case": life.pk}
    saves(worker, kept, one, "From the phone")
    saves(worker, kept, two, "From the laptop")
    page = worker.get(kept.page).text
    assert "put the other aside" not in page
    worker.post(kept.page, opened(worker, kept) | {"action": "keep:apart"})
    page = worker.get(kept.page).text
    assert "From the phone" in page
    assert "From the laptop" in page
