"""Tokens: shown once, kept as a digest, ending with the person, the part, the day or a click."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.people import actions as people
from cycles.people.models import AuditEntry, Membership
from hls.api import actions, door
from hls.api.models import ApiToken
from tests import factories as f
from tests.api.conftest import Api
from tests.helpers.html import by_id, parse
from tests.helpers.queries import assert_queries_stay_flat
from tests.safety.test_logs import lines  # noqa: F401 - a fixture

MADE = {"name": "Monthly report", "scopes": ["issues:read"], "days": "30"}


def make(client, user, **more):
    client.force_login(user)
    place = user.rights.memberships[0].place_id
    return client.post(reverse("tokens"), MADE | {"place": place} | more)


def shown(page):
    box = by_id(parse(page), "token")
    return box.get("value") if box is not None else ""


def test_a_token_is_shown_once_and_kept_as_a_digest(client, here):
    assert make(client, here.worker)["Location"] == reverse("tokens")
    token = shown(client.get(reverse("tokens")))
    assert token.startswith("cairn_")
    assert shown(client.get(reverse("tokens"))) == "", "the second look shows nothing"
    row = ApiToken.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM hls_apitoken t UNION ALL SELECT session_data FROM django_session")
        assert token not in str(cursor.fetchall())
    assert Api(token).get("/me").json()["name"] == "Monthly report"
    assert (row.user, row.place, row.scopes) == (here.worker, here.place, ["issues:read"])


def test_it_rests_sealed_while_it_waits_to_be_shown(client, here):
    make(client, here.worker)
    kept = client.session["new_token"]
    assert "cairn_" not in kept
    token = shown(client.get(reverse("tokens")))
    assert token not in str(dict(client.session))


def test_two_clicks_make_one_token_that_can_still_be_copied(client, here):
    sent = {"client_id": "6a4b1f2e-0000-4000-8000-00000000abcd"}
    make(client, here.worker, **sent)
    client.post(reverse("tokens"), MADE | {"place": here.place.pk} | sent)
    assert ApiToken.objects.count() == 1
    assert Api(shown(client.get(reverse("tokens")))).get("/me").status_code == 200


def test_its_person_hears_of_it_by_mail_without_words(client, here):
    make(client, here.worker, name="Zqname")
    (letter,) = mail.outbox
    assert letter.to == [here.worker.email]
    assert "Zqname" not in letter.subject + letter.body
    assert "cairn_" not in letter.body


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"days": "9999"}, {"scopes": ["all"]}])
def test_a_token_needs_a_name_a_scope_and_an_end(client, here, wrong):
    assert make(client, here.worker, **wrong).status_code == 422
    assert not ApiToken.objects.exists()


def test_nobody_makes_a_token_for_a_place_they_do_not_belong_to(client, here, elsewhere):
    assert make(client, here.worker, place=elsewhere.place.pk).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_token_without_scope_or_end_cannot_be_stored(here, token_of):
    row = token_of(here.worker).row
    for wrong in ({"scopes": []}, {"expires_at": row.made_at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiToken.objects.filter(pk=row.pk).update(**wrong)


ENDS = {
    "ended": lambda here, row: actions.end_token(token=row, by=here.worker),
    "expired": lambda here, row: ApiToken.objects.update(
        made_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(seconds=1)
    ),
    "account closed": lambda here, row: people.deactivate(person=here.worker, place=here.place, by=here.admin),
    "part ended": lambda here, row: Membership.objects.filter(user=here.worker).update(to_on=timezone.localdate()),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_token_dies_at_once(here, token_of, how):
    made = token_of(here.worker)
    assert Api(made.token).get("/issues").status_code == 200
    ENDS[how](here, made.row)
    answer = Api(made.token).get("/issues")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert AuditEntry.objects.filter(act="token refused", actor_ref=here.worker.pk).count() == 1


def test_the_account_page_ends_ones_own_and_the_administrator_anyones_here(client, here, elsewhere, token_of):
    mine, other = token_of(here.worker), token_of(here.colleague)
    end = lambda row: client.post(reverse("token_end", args=[row.pk]))  # noqa: E731
    client.force_login(here.worker)
    assert end(other.row).status_code == 404
    assert end(mine.row)["Location"] == reverse("tokens")
    client.force_login(elsewhere.admin)
    assert end(other.row).status_code == 404
    client.force_login(here.admin)
    assert other.row.name in client.get(reverse("place_tokens")).content.decode()
    assert end(other.row)["Location"] == reverse("place_tokens")
    assert Api(other.token).get("/me").status_code == 401
    ended = list(ApiToken.objects.order_by("pk").values_list("ended_by", flat=True))
    assert ended == [here.worker.pk, here.admin.pk]


def test_each_step_of_a_token_is_written_down_and_use_only_now_and_then(here, token_of, time_machine):
    began = timezone.now()  # any day: memberships are made on the day the test runs
    time_machine.move_to(began, tick=False)
    made = token_of(here.worker)
    Api(made.token).get("/me")
    for minutes in (5, 11):
        time_machine.move_to(began + timedelta(minutes=minutes), tick=False)
        Api(made.token).get("/me")
    actions.end_token(token=made.row, by=here.worker)
    actions.end_token(token=made.row, by=here.worker)
    acts = AuditEntry.objects.filter(kind="apitoken", target_ref=made.row.pk).order_by("pk")
    assert [e.act for e in acts] == ["token made", "token used", "token used", "token ended"]
    made.row.refresh_from_db()
    assert made.row.last_used_at == timezone.now()


def test_a_person_has_only_so_many(here, token_of, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 2)
    token_of(here.worker), token_of(here.worker)
    with pytest.raises(actions.Refused):
        token_of(here.worker)


def test_no_token_reaches_a_log(here, token_of, lines):  # noqa: F811
    made = token_of(here.worker)
    Api(made.token).get("/me")
    Api("cairn_" + "x" * 43).get("/me")
    assert "request_finished" in lines()
    assert made.token not in lines()
    assert "cairn_" not in lines()


def test_tries_without_a_good_token_are_slowed_down_and_good_ones_are_not(here, api, monkeypatch):
    monkeypatch.setattr(door, "TRIES", 3)
    answers = [Api("cairn_guess").get("/me") for _ in range(5)]
    assert [a.status_code for a in answers] == [401, 401, 401, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert api(here.worker).get("/me").status_code == 200


def test_token_pages_query_counts(client, here, token_of):
    client.force_login(here.worker)
    assert_queries_stay_flat(client, reverse("tokens"), lambda: token_of(here.worker), most=8)
    client.force_login(here.admin)
    assert_queries_stay_flat(
        client, reverse("place_tokens"), lambda: token_of(f.MembershipFactory(team=here.core).user), most=6
    )
