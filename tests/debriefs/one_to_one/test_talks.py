"""One to one: words of two people, sealed, and what they let go to a measure or a count."""

import uuid
from datetime import date

import pytest
import time_machine
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import FieldError
from django.db import connection
from django.urls import reverse

from cycles.models import AuditEntry, Notice, Reading
from debriefs.models import MeasureWords, OneToOne, WelfareNote, WelfareTheme
from debriefs.one_to_one import actions
from debriefs.one_to_one.themes import counted
from hls import sealed
from tests import factories as f

SECRET = "zq-I-cannot-sleep-qz"


@pytest.fixture
def talk(here):
    return actions.open_talk(team=here.core, other=here.op_lead, by=here.worker)


def page(talk, name="talk"):
    return reverse(f"debriefs:{name}", args=[talk.pk])


def raw(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.system(26)
def test_the_words_are_for_the_two_and_for_nobody_else(talk, here, client):
    client.force_login(here.worker)
    client.post(page(talk, "talk_write"), {"words": SECRET, "revision": "0", "act": "save"})
    client.force_login(here.op_lead)
    assert SECRET not in client.get(page(talk)).content.decode(), "a draft is its author's alone"
    client.force_login(here.worker)
    client.post(page(talk, "talk_write"), {"words": SECRET, "revision": "1", "act": "give"})
    client.force_login(here.op_lead)
    assert SECRET in client.get(page(talk)).content.decode()
    for other in (here.colleague, here.recorder, here.leader, here.steward, here.evidence, here.admin):
        client.force_login(other)
        assert client.get(page(talk)).status_code == 404
        assert f"With {here.worker}" not in client.get(reverse("debriefs:talks")).content.decode()


def test_no_row_anywhere_holds_the_words_in_plain(talk, here):
    """Positive control first: the same search finds words that are not sealed."""
    f.IssueFactory(cycle=here.cycle, description=SECRET)
    actions.write(talk=talk, words=SECRET, revision=0, by=here.worker)
    actions.write(talk=talk, words=SECRET + " again", revision=0, by=here.worker)  # a clash keeps both
    found = set()
    for (table,) in raw("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        if raw(f"SELECT 1 FROM \"{table}\" AS t WHERE t::text LIKE '%{SECRET}%' LIMIT 1"):
            found.add(table)
        hexed = SECRET.encode().hex()
        assert not raw(f"SELECT 1 FROM \"{table}\" AS t WHERE t::text LIKE '%{hexed}%' LIMIT 1")
    assert found == {"issues_issue", "issues_sighting"}, "and no table of the talk"
    note = WelfareNote.objects.get()
    assert (note.words, note.other_words) == (SECRET, SECRET + " again")


def test_words_that_arrive_after_the_session_ended_rest_sealed_too(talk, here, client):
    from django.contrib.sessions.models import Session

    answer = client.post(page(talk, "talk_write"), {"words": SECRET, "revision": "0", "act": "save"})
    assert answer.status_code == 302, "to sign in"
    (kept,) = [session.get_decoded() for session in Session.objects.all()]
    assert kept, "control: something is kept for them"
    assert SECRET not in str(kept)
    client.force_login(here.worker)
    assert SECRET in client.get(answer.url.partition("next=")[2].replace("%2F", "/")).content.decode()


def test_nothing_tells_that_they_talk(talk, here):
    actions.give_to_read(talk=talk, words=SECRET, revision=0, by=here.worker)
    assert not Notice.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_dump_and_a_search_are_of_no_use(talk, here):
    from django.core import serializers

    actions.write(talk=talk, words=SECRET, revision=0, by=here.worker)
    assert SECRET not in serializers.serialize("json", WelfareNote.objects.all())
    with pytest.raises(FieldError):
        list(WelfareNote.objects.filter(words__contains="sleep"))


def test_a_new_key_in_front_opens_old_words_and_a_lost_one_opens_none(talk, here, settings):
    actions.write(talk=talk, words=SECRET, revision=0, by=here.worker)
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *old]
    assert WelfareNote.objects.get().words == SECRET
    actions.write(talk=talk, words=SECRET + "2", revision=1, by=here.worker)
    settings.FIELD_KEYS = old
    with pytest.raises(InvalidToken):
        WelfareNote.objects.get()
    settings.FIELD_KEYS = []
    with pytest.raises(Exception, match="FIELD_KEYS"):
        sealed.ring()


def test_two_pages_lose_nothing(talk, here, client):
    client.force_login(here.worker)
    first = client.post(page(talk, "talk_draft"), {"words": "one", "revision": "0"}).content.decode()
    assert 'name="revision" value="1"' in first
    clash = client.post(page(talk, "talk_draft"), {"words": "two", "revision": "0"}).content.decode()
    assert "Also changed on another page" in clash
    both = client.post(page(talk, "talk_write"), {"words": "two", "revision": "0", "act": "give"})
    assert both.status_code == 409
    text = both.content.decode()
    assert "one" in text
    assert "two" in text
    assert not WelfareNote.objects.get().shared_at, "nothing is given while it is not settled"
    client.post(page(talk, "talk_write"), {"words": "one and two", "revision": "1", "act": "settle"})
    note = WelfareNote.objects.get()
    assert (note.words, note.other_words) == ("one and two", "")


def test_a_double_click_opens_one_talk_and_nobody_takes_over_anothers(here, client):
    client.force_login(here.worker)
    ident = str(uuid.uuid4())
    for _ in range(2):
        answer = client.post(reverse("debriefs:talks"), {"other": here.op_lead.pk, "client_id": ident})
        assert answer.url == reverse("debriefs:talk", args=[ident])
    assert OneToOne.objects.count() == 1
    client.force_login(here.colleague)
    stolen = client.post(reverse("debriefs:talks"), {"other": here.recorder.pk, "client_id": ident})
    assert stolen.status_code == 422
    outside = client.post(reverse("debriefs:talks"), {"other": here.leader.pk})
    assert outside.status_code == 422, "only with someone of a team of theirs"


def test_taking_words_away_takes_them_from_both(talk, here, client):
    actions.give_to_read(talk=talk, words=SECRET, revision=0, by=here.worker)
    client.force_login(here.op_lead)
    client.post(page(talk, "talk_away"))
    assert WelfareNote.objects.count() == 1, "only one's own"
    client.force_login(here.worker)
    assert client.get(page(talk, "talk_away")).status_code == 200
    client.post(page(talk, "talk_away"))
    assert not WelfareNote.objects.exists()
    assert not OneToOne.objects.exists()


def test_empty_words_are_not_given_and_long_ones_are_kept_on_the_page(talk, here, client):
    client.force_login(here.worker)
    empty = client.post(page(talk, "talk_write"), {"words": " ", "revision": "0", "act": "give"})
    assert empty.status_code == 422
    assert "Write a few words first." in empty.content.decode()
    long = "word " * 3000
    answer = client.post(page(talk, "talk_write"), {"words": long, "revision": "0", "act": "give"})
    assert answer.status_code == 422
    assert long.strip() in answer.content.decode()


# ------------------------------------------------------------------ what goes to the measures


@pytest.fixture
def measure(here):
    return f.MeasureFactory(cycle=here.cycle, question="How easy was it to do right by the person?")


def test_measure_words_reach_the_recorder_without_a_name_and_nothing_flows_by_itself(talk, here, measure, client):
    client.force_login(here.worker)
    sent = {f"m{measure.pk}": "Hard: three forms.", "client_id": str(uuid.uuid4())}
    for _ in range(2):
        client.post(page(talk, "talk_measures"), sent)
    row = MeasureWords.objects.get()
    assert {field.name for field in MeasureWords._meta.get_fields()}.isdisjoint({"talk", "author", "by", "said_by"})
    assert not Reading.objects.exists()
    client.force_login(here.recorder)
    tray = client.get(reverse("debriefs:tray")).content.decode()
    assert "Hard: three forms." in tray
    assert str(here.worker) not in tray.partition("<main")[2]
    for _ in range(2):
        client.post(reverse("debriefs:tray_take_up", args=[row.pk]))
    reading = Reading.objects.get()
    assert (reading.words, reading.by, reading.source) == ("Hard: three forms.", here.recorder, "One-to-one debrief")
    assert "Hard: three forms." not in client.get(reverse("debriefs:tray")).content.decode()


def test_the_recorder_may_leave_words_out_with_a_reason(talk, here, measure, client):
    actions.answer_measure(talk=talk, measure=measure, words="Names a neighbour.", sent_id=uuid.uuid4())
    row = MeasureWords.objects.get()
    client.force_login(here.recorder)
    assert client.post(reverse("debriefs:tray_leave", args=[row.pk]), {"because": ""}).status_code == 422
    client.post(reverse("debriefs:tray_leave", args=[row.pk]), {"because": "It points at someone."})
    row.refresh_from_db()
    assert row.left_because == "It points at someone."
    client.post(reverse("debriefs:tray_take_up", args=[row.pk]))
    assert not Reading.objects.exists()


def test_the_tray_is_the_recorders_and_another_teams_words_are_not_in_it(talk, here, elsewhere, measure, client):
    actions.answer_measure(talk=talk, measure=measure, words="Ours.", sent_id=uuid.uuid4())
    client.force_login(here.worker)
    assert client.get(reverse("debriefs:tray")).status_code == 403
    client.force_login(elsewhere.recorder)
    assert "Ours." not in client.get(reverse("debriefs:tray")).content.decode()
    assert client.post(reverse("debriefs:tray_take_up", args=[MeasureWords.objects.get().pk])).status_code == 404


def test_measure_form_keeps_what_was_typed(talk, here, measure, client):
    client.force_login(here.worker)
    nothing = client.post(page(talk, "talk_measures"), {f"m{measure.pk}": ""})
    assert nothing.status_code == 422
    assert "Write a few words to one of the questions." in nothing.content.decode()


def test_the_tray_asks_the_same_few_queries_however_much_waits(
    talk, here, measure, client, django_assert_max_num_queries
):
    client.force_login(here.recorder)
    for count in (1, 9):
        for _ in range(count):
            actions.answer_measure(talk=talk, measure=measure, words="Words.", sent_id=uuid.uuid4())
            f.DebriefFactory(cycle=here.cycle, held=True)
        with django_assert_max_num_queries(8):
            client.get(reverse("debriefs:tray"))


# ------------------------------------------------------------------ one word, counted


def count(here, theme, times, month):
    for _ in range(times):
        with time_machine.travel(month, tick=False):
            actions.let_theme_count(place=here.place, theme=theme, sent_id=uuid.uuid4())


def test_a_theme_leads_to_nobody_and_is_named_from_five_in_a_quarter_that_is_over(here):
    assert {field.name for field in WelfareTheme._meta.get_fields()} == {"id", "place", "theme", "month", "sent_id"}
    count(here, "workload", 3, "2027-01-12")
    count(here, "workload", 2, "2027-03-30")
    count(here, "safety", 4, "2027-02-01")
    count(here, "home", 9, "2027-04-02")
    said = counted(here.place, date(2027, 5, 20))
    assert [(q["from"], [(t["label"], t["count"]) for t in q["themes"]]) for q in said] == [
        (date(2027, 1, 1), [("How much there is to do", 5)])
    ]


def test_pressing_twice_counts_once_and_other_places_are_not_in_it(here, elsewhere, talk, client):
    client.force_login(here.worker)
    sent = {"theme": "rules", "client_id": str(uuid.uuid4())}
    for _ in range(2):
        assert client.post(page(talk, "talk_theme"), sent).status_code == 302
    assert WelfareTheme.objects.count() == 1
    count(elsewhere, "good", 6, "2027-01-12")
    assert counted(here.place, date(2027, 5, 20)) == []
    assert client.get(reverse("debriefs:themes")).status_code == 200
    assert client.post(page(talk, "talk_theme"), {"theme": "rank"}).status_code == 422
