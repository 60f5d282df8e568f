"""Hot debriefs, reading, putting right, writing up, the list and the search."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.models import Notice, Question
from debriefs.models import Addition, AnswerVersion, Contribution, Debrief, DebriefAnswer, FollowUp
from debriefs.record import queries
from issues.log.actions import set_response
from issues.models import Issue
from tests import factories as f
from tests.helpers.html import by_id, forms, parse, text_of
from tests.helpers.htmx import htmx_post
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def writer(client, here):
    client.force_login(here.worker)
    return client


def share(debrief, author, text="Here.", key="debrief.now"):
    """One author's notes, as the product keeps them."""
    notes, _ = Contribution.objects.get_or_create(
        debrief=debrief, author=author, defaults={"shared_at": timezone.now(), "saved_at": timezone.now()}
    )
    return DebriefAnswer.objects.create(
        debrief=debrief, contribution=notes, question=Question.objects.get(key=key), text=text
    )


@pytest.fixture
def held(here):
    return f.DebriefFactory(cycle=here.cycle, held=True, recorder=here.recorder)


def hot_form(client):
    page = client.get(reverse("debriefs:hot"))
    return next(one for one in forms(page, reverse("debriefs:hot")) if "issue" in one.names).data()


@pytest.mark.system(25)
def test_anyone_calls_a_hot_debrief_and_the_team_is_told_now(writer, here):
    sent = hot_form(writer) | {"issue": "Agents rang Joe.", "need": "Someone to stop it."}
    first = writer.post(reverse("debriefs:hot"), sent)
    again = writer.post(reverse("debriefs:hot"), sent)
    debrief = Debrief.objects.get()
    assert first.url == again.url == debrief.get_absolute_url()
    assert (debrief.kind, debrief.state, debrief.called_by) == ("hot", "held", here.worker)
    told = Notice.objects.filter(kind="hot_debrief", channel="at_once", subject_ref=debrief.pk)
    assert {n.user for n in told} == {here.colleague, here.recorder, here.op_lead}
    page = writer.get(first.url).content.decode()
    assert "Agents rang Joe." in page
    assert "Someone to stop it." in page


def test_a_hot_debrief_needs_its_one_issue_and_shows_the_duty_line(writer, here):
    answer = writer.post(reverse("debriefs:hot"), hot_form(writer) | {"need": "Kept."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say what can’t wait." in page
    assert "Kept.</textarea>" in page
    assert here.place.duty_line in page
    assert not Debrief.objects.exists()


def test_strangers_cannot_be_called_in(writer, here, elsewhere):
    for outsider in (elsewhere.worker, here.steward):
        answer = writer.post(reverse("debriefs:hot"), hot_form(writer) | {"issue": "x", "asked": [str(outsider.pk)]})
        assert answer.status_code == 422
    assert not Notice.objects.exists()


def test_a_hot_debrief_can_go_in_the_issue_log_at_once(writer, here):
    writer.post(reverse("debriefs:hot"), hot_form(writer) | {"issue": "Holds end unseen.", "raises": "on"})
    issue = Issue.objects.get()
    assert issue.description == "Holds end unseen."
    assert [a.text for a in queries.said_about(issue, here.worker)] == ["Holds end unseen."]


def test_a_debrief_started_now_leads_to_its_notes(writer, here):
    words = {
        "cycle": here.cycle.pk,
        "on": timezone.localdate().isoformat(),
        "at": "00:00",
        "client_id": str(uuid.uuid4()),
    }
    for _ in range(2):
        answer = writer.post(reverse("debriefs:new"), words)
    debrief = Debrief.objects.get()
    assert answer.url == reverse("debriefs:write", args=[debrief.pk])
    wrong = writer.post(reverse("debriefs:new"), words | {"on": "1999-01-01", "at": "soon"})
    assert wrong.status_code == 422


# ------------------------------------------------------------------ put it right, write it up


def edit_form(client, debrief):
    url = reverse("debriefs:edit", args=[debrief.pk])
    return url, next(one for one in forms(client.get(url), url) if any("answer" in n for n in one.names)).data()


def test_putting_right_keeps_the_old_words(writer, here, held):
    answer = share(held, here.worker, "Eleven people.")
    url, sent = edit_form(writer, held)
    writer.post(url, sent | {f"answer-{answer.pk}": "Twelve people."})
    answer.refresh_from_db()
    assert answer.text == "Twelve people."
    assert AnswerVersion.objects.get().text == "Eleven people."


def test_two_who_put_right_at_once_both_keep_their_words(client, here, held):
    answer = share(held, here.worker, "Eleven.")
    client.force_login(here.worker)
    url, mine = edit_form(client, held)
    client.force_login(here.recorder)
    client.post(url, mine | {f"answer-{answer.pk}": "The recorder’s words."})
    client.force_login(here.worker)
    clash = client.post(url, mine | {f"answer-{answer.pk}": "The writer’s words."})
    assert clash.status_code == 409
    page = clash.content.decode()
    assert "The recorder’s words." in page
    assert "The writer’s words." in page
    again = next(one for one in forms(clash, url) if f"answer-{answer.pk}" in one.names).data()
    assert client.post(url, again).status_code == 302
    answer.refresh_from_db()
    assert answer.text == "The writer’s words."


def test_what_was_left_out_is_added_and_nobody_elses_words_are_touched(writer, here, held):
    share(held, here.worker, "Mine.")
    theirs = share(held, here.colleague, "Theirs.")
    url, sent = edit_form(writer, held)
    assert f"answer-{theirs.pk}" not in sent
    need = Question.objects.get(key="debrief.need")
    writer.post(url, sent | {f"more-{need.pk}": "A phone.", f"answer-{theirs.pk}": "Changed!"})
    assert DebriefAnswer.objects.get(question=need).text == "A phone."
    theirs.refresh_from_db()
    assert theirs.text == "Theirs."


@pytest.mark.system(27)
def test_the_recorder_writes_it_up_and_then_only_dated_additions_follow(client, here, held):
    share(held, here.worker)
    url = reverse("debriefs:written_up", args=[held.pk])
    client.force_login(here.worker)
    assert client.post(url).status_code == 403
    client.force_login(here.recorder)
    assert held in queries.debriefs_to_write_up(here.recorder)
    for _ in range(2):
        assert client.post(url).status_code == 302
    held.refresh_from_db()
    assert (held.state, held.written_up_by) == ("written_up", here.recorder)
    assert not queries.debriefs_to_write_up(here.recorder).exists()
    client.force_login(here.worker)
    for name in ("edit", "write"):
        assert client.get(reverse(f"debriefs:{name}", args=[held.pk])).status_code == 403
    later = {"text": "It was two people.", "client_id": str(uuid.uuid4())}
    for _ in range(2):
        client.post(reverse("debriefs:add", args=[held.pk]), later)
    assert Addition.objects.get().text == "It was two people."
    assert "It was two people." in client.get(held.get_absolute_url()).content.decode()
    empty = client.post(reverse("debriefs:add", args=[held.pk]), later | {"text": " "})
    assert empty.status_code == 422


def test_a_debrief_nobody_shared_in_cannot_be_written_up(client, here):
    planned = f.DebriefFactory(cycle=here.cycle, recorder=here.recorder)
    client.force_login(here.recorder)
    assert client.post(reverse("debriefs:written_up", args=[planned.pk])).status_code == 403


def test_a_follow_up_is_done_not_yet_or_not_needed(writer, here, held):
    asked = FollowUp.objects.create(debrief=held, audience="staff", text="Ring")
    url = reverse("debriefs:follow_up", args=[asked.pk])
    for state, by in (("done", here.worker), ("to_do", None), ("no_need", here.worker)):
        writer.post(url, {"state": state})
        asked.refresh_from_db()
        assert (asked.state, asked.answered_by) == (state, by)
    writer.post(url, {"state": "forever"})
    asked.refresh_from_db()
    assert asked.state == "no_need"


def test_what_changed_since_is_shown_beside_the_words(writer, here, held):
    Debrief.objects.filter(pk=held.pk).update(held_on=timezone.localdate() - timedelta(days=3))
    url = reverse("debriefs:write", args=[held.pk])
    sent = next(one for one in forms(writer.get(url), url) if "writer" in one.names).data()
    writer.post(url, sent | {"action": "issue:now", "now": "Holds end unseen."})
    issue = Issue.objects.get()
    set_response(
        issue=issue, kind="system_change", text="Holds last until we end them.", state="in_place", by=here.colleague
    )
    page = writer.get(held.get_absolute_url()).content.decode()
    assert "Since this debrief" in page
    assert "Holds last until we end them." in page


# ------------------------------------------------------------------ the list, the search


def test_search_finds_words_within_the_team_only(client, here, elsewhere):
    share(f.DebriefFactory(cycle=here.cycle, held=True), here.worker, "The bailiffs rang on Tuesday.")
    url = reverse("debriefs:search")
    client.force_login(here.colleague)
    assert "bailiffs rang" in client.post(url, {"q": "bailiff"}).content.decode()
    for outsider in (elsewhere.worker, here.helper, here.steward, here.admin):
        client.force_login(outsider)
        assert "rang on Tuesday" not in client.post(url, {"q": "bailiff"}).content.decode()
    client.force_login(here.colleague)
    assert client.post(url, {"q": ""}).status_code == 422
    assert client.get(url + "?q=bailiff").status_code == 405


def test_the_list_goes_on_from_where_a_page_stopped(writer, here):
    made = [
        f.DebriefFactory(cycle=here.cycle, held=True, planned_for=timezone.now() - timedelta(hours=n // 2, minutes=1))
        for n in range(45)
    ]
    seen, url = [], reverse("debriefs:list")
    while url:
        response = writer.get(url)
        seen += [int(pk) for pk in re.findall(r'href="/debriefs/(\d+)/"', response.context_data["past"])]
        url = response.context_data["older"]
    assert sorted(seen) == sorted(one.pk for one in made)
    assert writer.get(reverse("debriefs:list") + "?before=nonsense~x").status_code == 200


def test_list_query_count(writer, here):
    def add():
        debrief = f.DebriefFactory(cycle=here.cycle, held=True, recorder=here.recorder)
        share(debrief, here.colleague)
        coming = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(days=1))
        Contribution.objects.create(debrief=coming, author=here.worker, saved_at=timezone.now())

    # session, user, rights; coming, drafts, to write up, missed, past
    assert_queries_stay_flat(writer, reverse("debriefs:list"), add, most=9)


def test_debrief_query_count(writer, here, held):
    url = held.get_absolute_url()
    authors = iter([here.worker, here.colleague, here.op_lead])

    def add():
        author = next(authors)
        share(held, author)
        FollowUp.objects.create(debrief=held, audience="staff", text="Ring")
        held.present.add(author)

    assert_queries_stay_flat(writer, url, add, most=18)


def test_write_query_count(writer, here):
    debrief = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(hours=1))
    Contribution.objects.create(debrief=debrief, author=here.worker, saved_at=timezone.now())
    earlier = f.DebriefFactory(cycle=here.cycle, held=True, planned_for=timezone.now() - timedelta(days=1))

    def add():
        FollowUp.objects.create(debrief=earlier, audience="staff", text="Ring")
        f.MeasureFactory(cycle=here.cycle, asked_in_debriefs=True)
        f.CaseFactory(team=here.core, worker=here.worker)

    # with what lies on the table: the lives it is about, the debrief before, decisions since, what leaders answered
    assert_queries_stay_flat(writer, reverse("debriefs:write", args=[debrief.pk]), add, most=20)


def test_what_is_added_in_place_equals_a_fresh_page(writer, here):
    debrief = f.DebriefFactory(cycle=here.cycle)
    url = reverse("debriefs:write", args=[debrief.pk])
    sent = next(one for one in forms(writer.get(url), url) if "writer" in one.names).data()
    answer = htmx_post(writer, url, sent | {"action": "issue:now", "now": "Letters first."})
    assert "<html" not in answer.content.decode()
    fresh = writer.get(url)
    for ident in ("adds-now", "save-state"):
        swapped, whole = by_id(parse(answer), ident), by_id(parse(fresh), ident)
        assert text_of(swapped) == text_of(whole)
    assert Issue.objects.get().ref in text_of(by_id(parse(answer), "adds-now"))


# ------------------------------------------------------------------ signed out while writing


def test_words_sent_after_the_session_ended_are_there_after_signing_in(client, here):
    """Row 35, by plain forms: send, sign in, and the words are there to send again."""
    import time_machine

    from tests.factories import PASSWORD

    debrief = f.DebriefFactory(cycle=here.cycle)
    url = reverse("debriefs:write", args=[debrief.pk])
    client.force_login(here.worker)
    sent = next(one for one in forms(client.get(url), url) if "writer" in one.names).data()
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        led = client.post(
            url, sent | {"action": "share", "now": "Typed before it ended."}, headers={"sec-fetch-site": "same-origin"}
        )
        assert reverse("account_login") in led.url
        back = client.post(led.url, {"login": here.worker.email, "password": PASSWORD}, follow=True)
        assert "Typed before it ended." in back.content.decode()
        again = next(one for one in forms(back, url) if "now" in one.names)
        assert again.action.endswith(url)
        client.post(url, again.data() | {"action": "share"})
    assert DebriefAnswer.objects.get().text == "Typed before it ended."
