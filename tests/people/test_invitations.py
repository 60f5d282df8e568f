"""The only way in: one mail, one link, one use, seven days."""

import re

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from cycles.people import actions
from cycles.people.models import AuditEntry, Invitation, Membership, Place, User
from tests.helpers.snapshot import changed, fingerprint

NEW = "otter wicker basket 4"


@pytest.fixture
def boss(client, here):
    client.force_login(here.admin)
    return client


def ask_in(boss, here, email="new@example.org", **more):
    return boss.post(reverse("people:invite"), {"email": email, "role": "caseworker", "team": here.core.pk} | more)


def link(letter, settings):
    return re.search(rf"{re.escape(settings.SITE_URL)}(/invitation/\S+)", letter.body)[1]


def join(path, **more):
    return Client().post(path, {"name": "Nia Newcomer", "short_name": "Nia", "password": NEW} | more)


def test_invitation_is_mailed_once_and_its_token_is_not_kept(boss, here, settings):
    for _ in range(3):
        assert ask_in(boss, here).status_code == 302
    (letter,) = mail.outbox
    assert letter.to == ["new@example.org"]
    token = link(letter, settings).split("/")[2]
    assert Invitation.objects.count() == 1
    assert token not in str(Invitation.objects.values().get())
    assert AuditEntry.objects.filter(act="invited").count() == 1


def test_newcomer_joins_with_a_name_and_a_password(boss, here, settings):
    ask_in(boss, here)
    path = link(mail.outbox[0], settings)
    assert "Come in" in Client().get(path).content.decode()
    assert join(path)["Location"] == "/"
    user = User.objects.get(email="new@example.org")
    assert (user.name, user.short_name, user.check_password(NEW)) == ("Nia Newcomer", "Nia", True)
    assert [(m.role, m.team) for m in user.memberships.all()] == [("caseworker", here.core)]
    assert set(AuditEntry.objects.filter(actor_ref=user.pk).values_list("act", flat=True)) == {
        "invitation accepted",
        "part given",
        "sign in",
    }


def test_link_works_once(boss, here, settings):
    ask_in(boss, here)
    path = link(mail.outbox[0], settings)
    join(path)
    again = join(path, name="Someone Else")
    assert again.status_code == 404
    assert "has ended" in again.content.decode()
    assert User.objects.filter(email="new@example.org").count() == 1


def test_weak_password_is_asked_again_and_the_name_kept(boss, here, settings):
    ask_in(boss, here)
    answer = join(link(mail.outbox[0], settings), password="short")
    assert answer.status_code == 422
    assert 'value="Nia Newcomer"' in answer.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


def test_opening_the_link_changes_nothing(boss, here, settings):
    ask_in(boss, here)
    path = link(mail.outbox[0], settings)
    before = fingerprint()
    for visitor in (Client(), boss):
        visitor.get(path)
        visitor.head(path)
    assert changed(before, fingerprint()) == []


def test_link_ends_after_seven_days_or_when_taken_back(boss, here, settings):
    with time_machine.travel("2026-11-01 10:00:00+00:00", tick=False) as clock:
        invitation, token = actions.invite(
            place=here.place, email="a@example.org", role="caseworker", team=here.core, by=here.admin
        )
        path = reverse("people:invitation", args=[token])
        clock.shift(7 * 24 * 3600 - 1)
        assert Client().get(path).status_code == 200
        clock.shift(1)
        assert Client().get(path).status_code == 404
    invitation, token = actions.invite(
        place=here.place, email="b@example.org", role="caseworker", team=here.core, by=here.admin
    )
    boss.post(reverse("people:withdraw", args=[invitation.pk]))
    assert join(reverse("people:invitation", args=[token])).status_code == 404


def test_new_link_ends_the_old_one(boss, here, settings):
    ask_in(boss, here)
    old = link(mail.outbox[0], settings)
    boss.post(reverse("people:invite_again", args=[Invitation.objects.get().pk]))
    assert len(mail.outbox) == 2
    assert Client().get(old).status_code == 404
    assert Client().get(link(mail.outbox[1], settings)).status_code == 200


def test_person_with_an_account_takes_up_a_second_part(boss, here, elsewhere, settings):
    ask_in(boss, here, email=elsewhere.worker.email.upper())
    path = link(mail.outbox[0], settings)
    page = Client().get(path).content.decode()
    assert f"/account/login/?next={path}" in page
    assert join(path).status_code == 200, "an account is never made or overtaken by the link alone"
    assert not Membership.objects.filter(user=elsewhere.worker, place=here.place).exists()
    theirs = Client()
    theirs.force_login(elsewhere.worker)
    assert theirs.post(path)["Location"] == reverse("people:account")
    assert Membership.objects.filter(user=elsewhere.worker, place=here.place, team=here.core).count() == 1


def test_someone_else_signed_in_cannot_take_it_up(boss, here, settings):
    ask_in(boss, here)
    path = link(mail.outbox[0], settings)
    other = Client()
    other.force_login(here.colleague)
    assert other.post(path).status_code == 403
    assert Invitation.objects.get().accepted_at is None


def test_invitations_are_counted(boss, here):
    answers = [ask_in(boss, here, email=f"p{n}@example.org").status_code for n in range(32)]
    assert answers[:30] == [302] * 30
    assert answers[30:] == [429, 429]
    assert len(mail.outbox) == 30


def test_mail_server_that_refuses_holds_up_nobody(boss, here, monkeypatch):
    from django.core.mail import EmailMessage

    def refuse(self):
        raise OSError("connection refused by new@example.org")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    monkeypatch.setattr("hls.mail.PAUSES", (0, 0))
    assert ask_in(boss, here).status_code == 302
    assert Invitation.objects.count() == 1


def test_create_place_prints_the_first_administrators_link(db, settings, capsys):
    call_command("create_place", "Riverbank", admin="first@example.org", mail=True)
    path = re.search(rf"{re.escape(settings.SITE_URL)}(/invitation/\S+)", capsys.readouterr().out)[1]
    assert join(path)["Location"] == "/"
    place = Place.objects.get(name="Riverbank")
    assert Membership.objects.get(place=place, role="place_admin").user.email == "first@example.org"


@pytest.mark.parametrize(("name", "admin"), [("Riverbank", "nonsense"), ("!!!", "a@example.org")])
def test_create_place_refuses_what_makes_no_sense(db, name, admin):
    with pytest.raises(CommandError):
        call_command("create_place", name, admin=admin)
    assert not Place.objects.exists()
