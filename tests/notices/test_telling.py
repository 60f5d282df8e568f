"""Each person's own hours: no mail in quiet hours, on holiday or while snoozed, one letter a day at their hour."""

import re
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cycles.models import Notice, Telling, User
from cycles.notices.choices import choose, snooze, stop
from cycles.notices.families import BY_KEY, FAMILIES, left_out, wanted_families
from cycles.notices.telling import resting
from cycles.refusals import ChangedMeanwhile
from hls.notices.claiming import claim_digests
from hls.notices.letters import read_stop_token, stop_token
from hls.notices.tasks import send_due
from tests import factories as f
from tests.notices.test_sending import remind, step_notices

Kind = Notice.Kind
EVERY_FAMILY = [family.key for family in FAMILIES]


@pytest.fixture(autouse=True)
def _surroundings(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.QUIET_HOURS = (time(20), time(7))


def london(*parts):
    return timezone.make_aware(datetime(*parts))


def at(*parts):
    return time_machine.travel(london(*parts), tick=False)


def sent():
    return len(mail.outbox)


# ------------------------------------------------------------------ the rule, twice the same


CLOCKS = st.times().map(lambda t: t.replace(second=0, microsecond=0))
DAYS = st.dates(date(2027, 1, 1), date(2027, 12, 31))


@st.composite
def choices(draw):
    made = {"digest_at": draw(CLOCKS)}
    if draw(st.booleans()):
        made |= {"quiet_from": draw(CLOCKS), "quiet_to": draw(CLOCKS)}
    else:
        made |= {"quiet_from": None, "quiet_to": None}
    if draw(st.booleans()):
        first, last = sorted([draw(DAYS), draw(DAYS)])
        made |= {"away_from": first, "away_to": last}
    if draw(st.booleans()):
        made["snoozed_until"] = draw(st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31))).replace(
            tzinfo=timezone.get_current_timezone()
        )
    return made


@hypothesis_settings(max_examples=60, deadline=None)
@given(made=choices(), day=DAYS, clock=CLOCKS)
def test_the_rule_in_sql_is_the_rule_in_python(made, day, clock, django_db_setup, django_db_blocker):
    from django.db import transaction

    now = timezone.make_aware(datetime.combine(day, clock))
    with django_db_blocker.unblock(), transaction.atomic():
        user = f.UserFactory()
        row = Telling.objects.create(user=user, **made)
        rests = User.objects.filter(resting(now, "pk"), pk=user.pk).exists()
        transaction.set_rollback(True)
    assert rests == row.rests(now)


def test_who_chose_nothing_has_the_hours_of_the_place(here):
    for hour, rests in ((19, False), (20, True), (23, True), (3, True), (6, True), (7, False)):
        assert User.objects.filter(resting(london(2027, 6, 1, hour), "pk"), pk=here.worker.pk).exists() is rests


# ------------------------------------------------------------------ what that means for mail


def test_a_hot_debrief_at_night_waits_for_the_morning(here):
    with at(2027, 6, 1, 22):
        hot = f.DebriefFactory(cycle=here.cycle, kind="hot", held=True)
        remind(hot, here.worker, kind="hot_debrief", stale_at=timezone.now() + timedelta(hours=24))
        send_due()
        assert sent() == 0
        assert not Notice.objects.stuck(timezone.now() + timedelta(hours=2)).exists()
    with at(2027, 6, 2, 7, 1):
        send_due()
        assert sent() == 1


def test_quiet_hours_of_ones_own_win(here):
    choose(user=here.worker, version=1, quiet_from=time(12), quiet_to=time(14))
    with at(2027, 6, 1, 22):
        hot = f.DebriefFactory(cycle=here.cycle, kind="hot", held=True)
        remind(hot, here.worker, kind="hot_debrief", stale_at=None)
        send_due()
        assert sent() == 1


def test_on_holiday_nothing_comes_and_afterwards_one_letter(here):
    choose(user=here.worker, version=1, away_from=date(2027, 6, 1), away_to=date(2027, 6, 3))
    for day in (1, 2, 3, 4):
        step_notices(here, here.worker, 2, london(2027, 6, day, 10))
        with at(2027, 6, day, 16, 5):
            soon = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(minutes=20))
            remind(soon, here.worker)
            send_due()
            assert sent() == (0 if day < 4 else 2)
    assert "3 reminders" not in mail.outbox[0].body
    letter = next(m for m in mail.outbox if "to read in Cairn" in m.subject)
    assert letter.body.count("Something moved") >= 1
    assert not Notice.objects.open().exists()


def test_the_letter_comes_at_ones_own_hour_and_once_a_day_even_when_that_changes(here):
    step_notices(here, here.worker, 1, london(2027, 6, 1, 8))
    choose(user=here.worker, version=1, digest_at=time(11, 30))
    with at(2027, 6, 1, 11, 29):
        send_due()
        assert sent() == 0
    with at(2027, 6, 1, 11, 31):
        send_due()
        assert sent() == 1
    choose(user=here.worker, version=2, digest_at=time(15))
    step_notices(here, here.worker, 1, london(2027, 6, 1, 12))
    with at(2027, 6, 1, 15, 1):
        send_due()
        assert sent() == 1
    with at(2027, 6, 2, 15, 1):
        send_due()
        assert sent() == 2


def test_a_letter_missed_in_an_outage_comes_at_the_next_days_hour_with_the_stale_folded_into_one_line(here):
    step_notices(here, here.worker, 1, london(2027, 6, 1, 10))
    with at(2027, 6, 1, 12):
        for minutes in (10, 20, 30):
            soon = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(minutes=minutes))
            remind(soon, here.worker)
    with at(2027, 6, 2, 8):
        send_due()
        assert sent() == 0
    with at(2027, 6, 2, 16, 1):
        send_due()
    (letter,) = mail.outbox
    assert letter.body.count("3 reminders came too late to send.") == 1
    assert letter.subject == "2 things to read in Cairn"


def test_snoozing_holds_all_mail_and_ends_by_itself_or_by_hand(here, client):
    with at(2027, 6, 1, 9):
        client.force_login(here.worker)
        client.post(reverse("notices_snooze"), {"for": "2h"})
        hot = f.DebriefFactory(cycle=here.cycle, kind="hot", held=True)
        remind(hot, here.worker, kind="hot_debrief", stale_at=None)
        send_due()
        assert sent() == 0
        assert "No mail until 1 June, 11:00am." in client.get(reverse("notices")).content.decode()
        assert client.post(reverse("notices_snooze"), {"for": "ever"}).status_code == 404
    with at(2027, 6, 1, 11, 1):
        send_due()
        assert sent() == 1
    with at(2027, 6, 1, 12):
        snooze(user=here.worker, until=london(2027, 6, 9, 9))
        client.logout()
        client.force_login(here.worker)
        assert client.post(reverse("notices_snooze"), {"for": ""}).url == reverse("notices")
        remind(hot, here.worker, kind="hot_debrief", stale_at=None, key="again")
        send_due()
        assert sent() == 2


def test_a_kind_that_is_not_wanted_by_mail_stays_in_the_app(here, client):
    choose(user=here.worker, version=1, not_by_mail=["debrief_soon"])
    with at(2027, 6, 1, 10):
        soon = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(minutes=20))
        notice = remind(soon, here.worker)
        remind(soon, here.colleague)
        send_due()
        notice.refresh_from_db()
        assert (notice.channel, notice.sent_at, notice.dropped_at) == ("in_app", None, None)
        assert [m.to for m in mail.outbox] == [[here.colleague.email]]
        client.force_login(here.worker)
        page = client.get(reverse("notices")).content.decode()
        assert "Your team’s debrief is at 10:20am." in page


# ------------------------------------------------------------------ stopping from the mail


def test_each_letter_says_how_to_stop_it_in_one_tap(here, client):
    with at(2027, 6, 1, 10):
        soon = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(minutes=20))
        remind(soon, here.worker)
        send_due()
        (letter,) = mail.outbox
        link = letter.extra_headers["List-Unsubscribe"].strip("<>")
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert link in letter.body
        assert link in letter.alternatives[0][0]
        path = link.removeprefix("http://testserver")
        assert client.get(path).status_code == 200
        assert not Telling.objects.exists(), "opening the link changes nothing"
        strict = type(client)(enforce_csrf_checks=True)
        for _ in range(2):
            assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Telling.objects.get(user=here.worker).not_by_mail == ["debrief_soon"]


def test_a_made_up_or_old_link_stops_nothing(here, client):
    with at(2027, 6, 1, 10):
        token = stop_token(here.worker, "digest")
        assert read_stop_token(token) == (here.worker.pk, "digest")
    with at(2028, 6, 1, 10):
        assert read_stop_token(token) is None
    for wrong in ("x", "é", token[:-3] + "abc", "A" * 60):
        assert client.post(reverse("notices_stop", args=[wrong])).status_code == 404
    assert client.post(reverse("notices_stop", args=[stop_token(here.worker, "invitation")])).status_code == 404
    assert not Telling.objects.exists()


def test_the_token_never_reaches_a_log(here):
    from hls.logs import without_tokens

    address = reverse("notices_stop", args=[stop_token(here.worker, "digest")])
    assert without_tokens(f"GET {address}") == "GET /notices/stop/…/"


def test_no_day_letter_for_who_stopped_it(here):
    stop(user_id=here.worker.pk, kinds=["digest"])
    step_notices(here, here.worker, 1, london(2027, 6, 1, 8))
    with at(2027, 6, 1, 16, 1):
        send_due()
    assert sent() == 0


# ------------------------------------------------------------------ families of what the day's letter tells


def test_every_kind_that_may_wait_for_the_letter_is_in_one_family():
    elsewhere = {Kind.DEBRIEF_SOON, Kind.HOT_DEBRIEF, Kind.INVITATION}  # at once, and the way in
    of_families = [kind for family in FAMILIES for kind in family.kinds]
    assert len(of_families) == len(set(of_families))
    assert set(of_families) == set(Kind) - elsewhere


def of_a_meeting(here):
    """The worker's group is to meet, and an issue of theirs moved."""
    with at(2027, 6, 1, 9):
        f.MeetingFactory(team=here.core, by=here.colleague, on=date(2027, 6, 6))
        step_notices(here, here.worker, 1, timezone.now())


def letter_to(person):
    (letter,) = [letter for letter in mail.outbox if letter.to == [person.email]]
    return letter


def test_a_family_is_left_out_of_the_letter_and_stands_in_cairn(here, client):
    choose(user=here.worker, version=1, not_by_mail=left_out(["meetings"]))
    of_a_meeting(here)
    with at(2027, 6, 1, 16, 1):
        send_due()
        letter = letter_to(here.worker)
        assert letter.subject == "One thing to read in Cairn"
        assert "meets on" not in letter.body
        client.force_login(here.worker)
        assert "meets on 6 June" in client.get(reverse("notices")).content.decode()


def test_the_letter_has_a_link_for_each_family_in_it(here, client, settings):
    of_a_meeting(here)
    with at(2027, 6, 1, 16, 1):
        send_due()
        letter = letter_to(here.worker)
        found = dict(re.findall(rf"^(.+)\n{settings.SITE_URL}(/notices/stop/\S+)$", letter.body, re.MULTILINE))
        assert set(found) == {BY_KEY["meetings"].words, BY_KEY["issues"].words}
        assert all(link in letter.alternatives[0][0] for link in found.values())
        link = found[BY_KEY["meetings"].words]
        assert "my groups meet, or a meeting moves" in client.get(link).content.decode()
        assert not Telling.objects.exists(), "opening the link changes nothing"
        for _ in range(2):
            assert client.post(link).status_code == 200
    row = Telling.objects.get(user=here.worker)
    assert row.not_by_mail == ["meeting_called", "meeting_moved", "agenda_sent"]
    assert "digest" not in row.not_by_mail
    assert "meetings" not in wanted_families(row.not_by_mail)


def test_a_letter_that_may_have_been_taken_loses_nothing_by_a_choice_made_after_it(here):
    of_a_meeting(here)
    with at(2027, 6, 1, 16, 1):
        assert here.worker in {notice.user for notice in claim_digests(timezone.now()).notices}  # and its sender died
    choose(user=here.worker, version=1, not_by_mail=left_out(["meetings"]))
    with at(2027, 6, 1, 16, 5):
        send_due()
    assert letter_to(here.worker).subject == "2 things to read in Cairn"


def test_each_family_has_a_tick_of_its_own(here, client):
    client.force_login(here.worker)
    page = client.get(reverse("telling")).content.decode()
    assert page.count('name="in_letter"') == len(FAMILIES)
    assert len(re.findall(r'name="in_letter" value="\w+"[^>]* checked', page)) == len(FAMILIES)
    kept = [key for key in EVERY_FAMILY if key not in ("cases", "promises")]
    words = {
        "by_mail": ["debrief_soon", "hot_debrief", "digest"],
        "in_letter": kept,
        "digest_at": "16:00",
        "version": "1",
    }
    assert client.post(reverse("telling"), words).status_code == 302
    row = Telling.objects.get(user=here.worker)
    assert row.not_by_mail == left_out(["promises", "cases"])
    page = client.get(reverse("telling")).content.decode()
    assert set(re.findall(r'name="in_letter" value="(\w+)"[^>]* checked', page)) == set(kept)
    stale = client.post(reverse("telling"), words | {"in_letter": EVERY_FAMILY})
    assert stale.status_code == 409
    assert "Left out of the letter: Promises of my groups, Cases before a forum." in stale.content.decode()
    assert set(re.findall(r'name="in_letter" value="(\w+)"[^>]* checked', stale.content.decode())) == set(EVERY_FAMILY)


# ------------------------------------------------------------------ the pages


def test_the_form_keeps_what_is_wrong_beside_its_reason(here, client):
    client.force_login(here.worker)
    words = {
        "by_mail": ["debrief_soon"], "in_letter": EVERY_FAMILY, "digest_at": "21:30", "quiet_from": "20:00", "quiet_to": "07:00",
        "away_from": "2027-06-05", "away_to": "2027-06-01", "version": "1",
    }  # fmt: skip
    answer = client.post(reverse("telling"), words)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "That is in your quiet hours." in page
    assert "Choose the first day or one after it." in page
    assert 'value="21:30"' in page
    half = client.post(reverse("telling"), words | {"quiet_to": "", "away_to": ""}).content.decode()
    assert "Say both times, or leave both empty." in half
    assert "Say both days, or leave both empty." in half
    good = words | {"digest_at": "15:00", "away_to": "2027-06-06"}
    assert client.post(reverse("telling"), good).status_code == 302
    row = Telling.objects.get(user=here.worker)
    assert (row.digest_at, row.not_by_mail) == (time(15), ["hot_debrief", "digest"])
    stale = client.post(reverse("telling"), good | {"digest_at": "14:00"})
    assert stale.status_code == 409
    assert "What is saved now" in stale.content.decode()
    with pytest.raises(ChangedMeanwhile):
        choose(user=here.worker, version=1, digest_at=time(9))


def test_messages_are_ones_own_and_can_be_marked_read(here, client, django_assert_max_num_queries):
    step_notices(here, here.worker, 40, timezone.now() - timedelta(hours=1))
    client.force_login(here.colleague)
    assert "Something moved" not in client.get(reverse("notices")).content.decode()
    client.force_login(here.worker)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("notices"))
    assert page.content.decode().count("Something moved") == 30
    older = client.get(reverse("notices") + page.context["older"]).content.decode()
    assert older.count("Something moved") == 10
    for odd in ("x", "20270101T000000000000-", "-5", "9" * 400):
        assert client.get(reverse("notices"), {"before": odd}).status_code == 200
    client.post(reverse("notices_seen"))
    assert not Notice.objects.filter(user=here.worker, seen_at=None).exists()
