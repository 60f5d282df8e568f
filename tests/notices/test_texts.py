"""Texts and mail through GOV.UK Notify: chosen by each person, confirmed, once, and never with anyone's words."""

import re
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cycles.models import Mobile, Notice, Telling
from cycles.notices.choices import ask_mobile, choose, confirm_mobile
from cycles.refusals import Refused
from debriefs.plans.follow import follow_plans
from hls import notify
from hls.mail import drain
from hls.notices import sending
from hls.notices.tasks import look_for_undelivered, send_due
from tests import factories as f
from tests.notices.notify_service import KEY, Notify

NUMBER = "+447700900982"


@pytest.fixture
def service(settings, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.QUIET_HOURS = (time(20), time(7))
    with Notify().running() as running:
        settings.NOTIFY_KEY, settings.NOTIFY_URL = KEY, running.url
        settings.NOTIFY_TEXT_TEMPLATE = "11111111-1111-1111-1111-111111111111"
        yield running


def at(*parts):
    return time_machine.travel(timezone.make_aware(datetime(*parts)), tick=False)


def has_mobile(user, *kinds):
    code = ask_mobile(user=user, number=NUMBER, now=timezone.now())
    confirm_mobile(user=user, code=code, now=timezone.now())
    choose(user=user, version=1, by_text=list(kinds))


def plan_debrief_at(here, *parts):
    """The team's debrief, and its reminders as the planning scan writes them."""
    debrief = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.make_aware(datetime(*parts)))
    follow_plans(now=timezone.now())
    return debrief


def text_row():
    return Notice.objects.get(channel="text")


# ------------------------------------------------------------------ a number of one's own


def test_without_a_key_nobody_is_asked_and_nothing_is_written(here, client):
    client.force_login(here.worker)
    for name in ("mobile", "mobile_confirm", "mobile_remove"):
        assert client.post(reverse(name)).status_code == 404
    page = client.get(reverse("telling")).content.decode()
    assert "by_text" not in page
    assert reverse("mobile") not in page
    with at(2027, 6, 1, 9):
        plan_debrief_at(here, 2027, 6, 1, 10)
    assert not Notice.objects.filter(channel="text").exists()


def test_a_person_gives_confirms_and_chooses(here, client, service):
    client.force_login(here.worker)
    wrong = client.post(reverse("mobile"), {"number": "0191 496 0000"})
    assert wrong.status_code == 422
    assert "Write a UK mobile number" in wrong.content.decode()
    assert 'value="0191 496 0000"' in wrong.content.decode()
    assert client.post(reverse("mobile"), {"number": "07700 900 982"}).status_code == 302
    drain()
    (text,) = service.texts()
    assert text["phone_number"] == NUMBER
    code = re.match(r"(\d{6}) is your code for Cairn\.", text["body"])[1]
    assert "ending 982" in client.get(reverse("mobile")).content.decode()
    assert "by_text" not in client.get(reverse("telling")).content.decode()
    other = "000000" if code != "000000" else "000001"
    bad = client.post(reverse("mobile_confirm"), {"code": other})
    assert bad.status_code == 422
    assert "That is not the code we sent." in bad.content.decode()
    assert client.post(reverse("mobile_confirm"), {"code": f"{code[:3]} {code[3:]}"}).url == reverse("telling")
    page = client.get(reverse("telling")).content.decode()
    assert "by_text" in page
    words = {
        "by_mail": ["digest"],
        "in_letter": ["issues"],
        "by_text": ["hot_debrief"],
        "digest_at": "16:00",
        "version": "1",
    }
    assert client.post(reverse("telling"), words).status_code == 302
    assert Telling.objects.get().by_text == ["hot_debrief"]
    client.post(reverse("mobile_remove"))
    assert not Mobile.objects.exists()
    assert Telling.objects.get().by_text == []


def test_a_code_is_over_after_ten_minutes_and_after_five_guesses(here, service):
    now = timezone.now()
    code = ask_mobile(user=here.worker, number=NUMBER, now=now)
    with pytest.raises(Refused, match="over"):
        confirm_mobile(user=here.worker, code=code, now=now + timedelta(minutes=10))
    for _ in range(5):
        with pytest.raises(Refused, match="not the code"):
            confirm_mobile(user=here.worker, code="x", now=now)
    with pytest.raises(Refused, match="over"):
        confirm_mobile(user=here.worker, code=code, now=now)
    with pytest.raises(Refused, match="over"):
        confirm_mobile(user=here.colleague, code=code, now=now)
    assert not Mobile.objects.that_work().exists()


def test_codes_are_few_an_hour(here, client, service):
    client.force_login(here.worker)
    answers = [client.post(reverse("mobile"), {"number": "07700900982"}).status_code for _ in range(7)]
    assert answers == [302] * 6 + [429]
    drain()


def test_the_number_rests_sealed(here, service):
    has_mobile(here.worker)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cycles_mobile")
        assert "7700900982" not in str([bytes(x) if isinstance(x, memoryview) else x for x in cursor.fetchone()])
    assert Mobile.objects.get().number == NUMBER


# ------------------------------------------------------------------ what is sent to it


def test_a_reminder_goes_by_mail_and_as_one_text_with_no_words_of_anyone(here, client, service, settings):
    with at(2027, 6, 1, 9):
        has_mobile(here.worker, "debrief_soon")
        debrief = plan_debrief_at(here, 2027, 6, 1, 10)
    with at(2027, 6, 1, 9, 31):
        for _ in range(2):
            send_due()
    assert len(mail.outbox) == 4
    (text,) = service.texts()
    assert text["body"] == (
        f"Your team’s debrief is at 10:00am. {settings.SITE_URL}{reverse('debriefs:write', args=[debrief.pk])}"
    )
    assert text["reference"] == notify.reference_of(f"n-{text_row().pk}")
    with at(2027, 6, 1, 9, 40):
        client.force_login(here.worker)
        page = client.get(reverse("notices")).content.decode()
    assert page.count("Your team’s debrief is at 10:00am.") == 1


def test_who_wants_it_as_a_text_only_gets_no_mail(here, service):
    with at(2027, 6, 1, 9):
        has_mobile(here.worker, "debrief_soon")
        choose(user=here.worker, version=2, not_by_mail=["debrief_soon"])
        plan_debrief_at(here, 2027, 6, 1, 10)
    with at(2027, 6, 1, 9, 31):
        send_due()
    assert here.worker.email not in [m.to[0] for m in mail.outbox]
    assert len(service.texts()) == 1


def test_a_plan_that_moves_takes_its_texts_along_and_quiet_hours_hold_them(here, service):
    with at(2027, 6, 1, 12):
        has_mobile(here.worker, "debrief_soon")
        debrief = plan_debrief_at(here, 2027, 6, 1, 20, 45)
        debrief.planned_for += timedelta(minutes=30)
        debrief.save()
        follow_plans(now=timezone.now())
        assert Notice.objects.open().filter(channel="text").count() == 1
    with at(2027, 6, 1, 20, 46):
        send_due()
    assert service.texts() == []


def test_who_unticks_it_or_lost_the_right_gets_no_text(here, service):
    with at(2027, 6, 1, 9):
        has_mobile(here.worker, "debrief_soon")
        plan_debrief_at(here, 2027, 6, 1, 10)
        choose(user=here.worker, version=2, by_text=[])
    with at(2027, 6, 1, 9, 31):
        send_due()
    assert service.texts() == []
    assert text_row().dropped_at


# ------------------------------------------------------------------ faults


@pytest.fixture
def due(here, service):
    """A reminder that is due as a text now, its mail out of the way."""
    with at(2027, 6, 1, 9):
        has_mobile(here.worker, "debrief_soon")
        plan_debrief_at(here, 2027, 6, 1, 10)
        Notice.objects.exclude(channel="text").update(channel="in_app")
    return text_row()


def send_at(*parts):
    with at(*parts):
        send_due()


def test_what_notify_took_before_the_line_was_cut_is_not_sent_again(due, service):
    service.faults = ["cut"]
    send_at(2027, 6, 1, 9, 31)
    assert (len(service.texts()), text_row().sent_at) == (1, None)
    send_at(2027, 6, 1, 9, 33)
    assert (len(service.texts()), text_row().tries) == (1, 2)
    assert text_row().sent_at
    assert service.asked == 1, "it is asked only when there was a try before"


def test_without_asking_first_the_same_cut_sends_twice(due, service, monkeypatch):
    """Positive control: the look-up by reference is what holds."""
    monkeypatch.setattr(notify, "_was_taken", lambda *_: False)
    service.faults = ["cut"]
    send_at(2027, 6, 1, 9, 31)
    send_at(2027, 6, 1, 9, 33)
    assert len(service.texts()) == 2


def test_a_sender_killed_after_the_hand_over_repeats_nothing(due, service, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending.Notes, "taken", killed)
        with pytest.raises(KeyboardInterrupt):
            send_at(2027, 6, 1, 9, 31)
    send_at(2027, 6, 1, 9, 33)
    assert len(service.texts()) == 1
    assert text_row().sent_at


def test_a_fault_of_the_service_is_tried_later_and_later(due, service):
    service.faults = [500, 503]
    send_at(2027, 6, 1, 9, 31)
    assert (text_row().tries, text_row().sent_at) == (1, None)
    send_at(2027, 6, 1, 9, 31)
    assert text_row().tries == 1, "not before its time"
    send_at(2027, 6, 1, 9, 32)
    send_at(2027, 6, 1, 9, 34)
    assert text_row().sent_at
    assert len(service.texts()) == 1


def test_a_wrong_key_and_too_many_cost_no_try(due, service, settings):
    service.faults = [429]
    send_at(2027, 6, 1, 9, 31)
    assert text_row().tries == 0
    settings.NOTIFY_KEY = KEY[:-4] + "0000"
    send_at(2027, 6, 1, 9, 32)
    assert (text_row().tries, service.texts()) == (0, [])
    settings.NOTIFY_KEY = KEY
    send_at(2027, 6, 1, 9, 33)
    assert len(service.texts()) == 1


def test_what_will_never_do_is_parked_where_an_administrator_sees_it(due, service, here, client, caplog, capfd):
    service.faults = [400]
    send_at(2027, 6, 1, 9, 31)
    assert Notice.objects.parked().get() == due
    with at(2027, 6, 1, 9, 32):
        client.force_login(here.admin)
        page = client.get(reverse("notices_failed")).content.decode()
        assert "As a text message" in page
        assert "Stopped trying" in page
        assert "7700900982" not in page
        assert "Some messages have not gone out." in client.get(reverse("people:place")).content.decode()
    everything = caplog.text + "".join(capfd.readouterr())
    assert "7700900982" not in everything


def test_a_number_that_nothing_reaches_is_called_off_and_both_are_told(due, service, here, client):
    send_at(2027, 6, 1, 9, 31)
    service.says(service.texts()[0]["reference"], "permanent-failure")
    service.taken.append({**service.taken[0], "reference": "of another program"})
    with at(2027, 6, 1, 9, 40):
        for _ in range(2):
            look_for_undelivered()
        assert text_row().came_back_at == timezone.now()
        assert not Mobile.objects.that_work().exists()
        client.force_login(here.worker)
        assert "did not arrive" in client.get(reverse("mobile")).content.decode()
        client.force_login(here.admin)
        page = client.get(reverse("notices_failed")).content.decode()
        assert "Not delivered" in page
        assert here.worker.name in page
        plan_debrief_at(here, 2027, 6, 1, 14)
    assert Notice.objects.filter(channel="text").count() == 1


def test_what_is_too_late_for_a_text_is_left_to_the_mail(here, service):
    from django.db import transaction

    from cycles.notices.actions import tell

    with at(2027, 6, 1, 9):
        has_mobile(here.worker, "hot_debrief")
        hot = f.DebriefFactory(cycle=here.cycle, kind="hot", held=True)
        with transaction.atomic():
            tell(
                users=[here.worker], place=here.place, kind="hot_debrief", subject_ref=hot.pk, key="hot",
                channel="at_once", stale_at=timezone.now() + timedelta(hours=24),
            )  # fmt: skip
    send_at(2027, 6, 1, 10, 1)
    assert (len(mail.outbox), service.texts()) == (1, [])


# ------------------------------------------------------------------ mail through Notify


def test_mail_can_go_through_notify_too(here, service, settings):
    settings.EMAIL_BACKEND = "hls.notify.MailBackend"
    settings.NOTIFY_MAIL_TEMPLATE = "22222222-2222-2222-2222-222222222222"
    settings.SITE_URL = "https://cairn.example.org"
    with at(2027, 6, 1, 9):
        plan_debrief_at(here, 2027, 6, 1, 10)
    service.faults = ["cut", 500]
    for minute in (31, 33, 36):
        send_at(2027, 6, 1, 9, minute)
    letters = service.taken
    assert len(letters) == len({row["reference"] for row in letters}) == 4
    assert {row["email_address"] for row in letters} == {
        user.email for user in (here.worker, here.colleague, here.recorder, here.op_lead)
    }
    assert {row["subject"] for row in letters} == {"Your team’s debrief is at 10:00am"}
    assert all(row["stop"] in row["body"] for row in letters)
    service.says(letters[0]["reference"], "temporary-failure")
    look_for_undelivered()
    assert Notice.objects.get(came_back_at__isnull=False).user.email == letters[0]["email_address"]
