"""A place administrator sets up who works here, and can't reach past the place or lock it."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cycles.people import actions
from cycles.people.models import Agency, AuditEntry, Membership, Team
from cycles.refusals import Refused
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat

TODAY = dt.date.today


@pytest.fixture
def boss(client, here):
    client.force_login(here.admin)
    return client


def test_place_page_lists_people_groups_and_agencies(boss, here):
    agency = f.AgencyFactory(place=here.place, name="Housing First")
    page = boss.get(reverse("people:place")).content.decode()
    for name in (here.worker.name, here.core.name, agency.name):
        assert name in page


def test_place_page_query_count(boss, here):
    def one_more():
        team = f.TeamFactory(place=here.place)
        team.agencies.add(f.AgencyFactory(place=here.place))
        f.MembershipFactory(team=team)
        actions.invite(place=here.place, email=f"a{team.pk}@example.org", role="caseworker", team=team, by=here.admin)

    # session and user, rights; agencies, groups and theirs, people and their parts, invitations; is mail held up
    assert_queries_stay_flat(boss, reverse("people:place"), one_more, most=10)


def test_person_page_query_count(boss, here):
    who = f.MembershipFactory(team=here.core).user
    assert_queries_stay_flat(
        boss,
        reverse("people:person", args=[who.pk]),
        lambda: f.MembershipFactory(user=who, team=f.TeamFactory(place=here.place)),
        most=11,
    )


def test_account_page_query_count(client, here):
    client.force_login(here.worker)
    add = lambda: f.MembershipFactory(user=here.worker, team=f.TeamFactory(place=here.place))  # noqa: E731
    assert_queries_stay_flat(client, reverse("people:account"), add, most=5)


@pytest.mark.parametrize("kind", Team.Kind.values)
def test_groups_of_each_kind_can_be_made(boss, here, kind):
    agency = f.AgencyFactory(place=here.place)
    sent = {"name": f"The {kind} group", "kind": kind, "agencies": [agency.pk], "next_meeting_on": "2026-12-01"}
    assert boss.post(reverse("people:team_new"), sent).status_code == 302
    team = Team.objects.get(place=here.place, name=f"The {kind} group")
    assert (team.kind, list(team.agencies.all()), team.slug) == (kind, [agency], f"the-{kind}-group")


def test_agency_of_another_place_is_no_choice(boss, here, elsewhere):
    foreign = f.AgencyFactory(place=elsewhere.place)
    answer = boss.post(reverse("people:team_new"), {"name": "Ours", "kind": "core", "agencies": [foreign.pk]})
    assert answer.status_code == 422
    assert not Team.objects.filter(name="Ours").exists()


def test_same_name_is_refused_kindly_and_the_same_form_twice_is_one(boss, here):
    url = reverse("people:agency_new")
    for _ in range(2):
        assert boss.post(url, {"name": "Riverside", "kind": "health"}).status_code == 302
    assert Agency.objects.filter(place=here.place, name="Riverside").count() == 1
    answer = boss.post(url, {"name": "riverside", "kind": "police"})
    assert answer.status_code == 422
    assert "already used" in answer.content.decode()


def test_stale_edit_is_answered_with_both(boss, here):
    agency = f.AgencyFactory(place=here.place, name="Old name", kind="health")
    url = reverse("people:agency", args=[agency.pk])
    version = boss.get(url).context["form"].now
    assert boss.post(url, {"name": "Theirs", "kind": "health", "version": version}).status_code == 302
    clash = boss.post(url, {"name": "Mine", "kind": "health", "version": version})
    page = clash.content.decode()
    assert clash.status_code == 409
    assert "Theirs" in page
    assert 'value="Mine"' in page
    agency.refresh_from_db()
    assert agency.name == "Theirs"
    again = clash.context["form"].data["version"]
    assert boss.post(url, {"name": "Mine", "kind": "health", "version": again}).status_code == 302


def test_part_is_given_and_ends_on_its_day(boss, here):
    url = reverse("people:membership_new", args=[here.helper.pk])
    sent = {"role": "recorder", "team": here.core.pk, "from_on": TODAY().isoformat()}
    for _ in range(2):
        boss.post(url, sent)
    part = Membership.objects.get(user=here.helper, role="recorder")
    assert part.team == here.core
    end = reverse("people:membership_end", args=[part.pk])
    early = boss.post(end, {"on": (TODAY() - dt.timedelta(days=3)).isoformat()})
    assert early.status_code == 422
    assert "on or after" in early.content.decode()
    later = TODAY() + dt.timedelta(days=3)
    boss.post(end, {"on": later.isoformat()})
    part.refresh_from_db()
    assert part.to_on == later
    assert list(AuditEntry.objects.order_by("pk").values_list("act", "actor_ref", "place_ref", "target_ref")) == [
        ("part given", here.admin.pk, here.place.pk, part.pk),
        ("part ended", here.admin.pk, here.place.pk, part.pk),
    ]


def test_part_needs_a_group_unless_it_serves_the_whole_place(boss, here, elsewhere):
    url = reverse("people:membership_new", args=[here.helper.pk])
    today = TODAY().isoformat()
    assert boss.post(url, {"role": "leader", "team": "", "from_on": today}).status_code == 422
    assert boss.post(url, {"role": "leader", "team": elsewhere.core.pk, "from_on": today}).status_code == 422
    assert boss.post(url, {"role": "steward", "team": here.core.pk, "from_on": today}).status_code == 302
    assert Membership.objects.get(user=here.helper, role="steward").team is None


def test_last_administrator_cannot_be_locked_out(boss, here):
    part = here.admin.memberships.get()
    answer = boss.post(reverse("people:membership_end", args=[part.pk]), {"on": TODAY().isoformat()})
    assert answer.status_code == 422
    assert "only place administrator" in answer.content.decode()
    assert boss.post(reverse("people:deactivate", args=[here.admin.pk])).status_code == 403
    second = f.MembershipFactory(place=here.place, team=None, role="place_admin", to_on=TODAY() + dt.timedelta(days=9))
    answer = boss.post(reverse("people:membership_end", args=[part.pk]), {"on": TODAY().isoformat()})
    assert answer.status_code == 422, "an administrator who leaves next week is no guard"
    second.to_on = None
    second.save()
    assert boss.post(reverse("people:membership_end", args=[part.pk]), {"on": TODAY().isoformat()}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other_at_once(here):
    second = f.MembershipFactory(place=here.place, team=None, role="place_admin")
    first = here.admin.memberships.get()
    start, results = threading.Barrier(2), []

    def end(part, by):
        start.wait()
        try:
            actions.end_membership(membership=part, on=TODAY(), by=by)
            results.append("done")
        except Refused:
            results.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=end, args=(first, second.user)),
        threading.Thread(target=end, args=(second, here.admin)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "refused"]


@pytest.mark.parametrize("name", ["agency", "team", "person", "membership_new", "membership_end"])
def test_administrator_cannot_see_or_change_another_place(boss, here, elsewhere, name):
    theirs = {
        "agency": f.AgencyFactory(place=elsewhere.place),
        "team": elsewhere.core,
        "person": elsewhere.worker,
        "membership_new": elsewhere.worker,
        "membership_end": elsewhere.worker.memberships.get(),
    }[name]
    url = reverse(f"people:{name}", args=[theirs.pk])
    assert boss.get(url).status_code == 404
    assert boss.post(url, {"name": "x", "role": "leader", "on": TODAY().isoformat()}).status_code in (404, 405)


def test_account_shared_with_another_place_is_not_ours_to_close(boss, here, elsewhere):
    f.MembershipFactory(user=here.worker, team=elsewhere.core)
    assert boss.post(reverse("people:deactivate", args=[here.worker.pk])).status_code == 403
    assert "Close this account" not in boss.get(reverse("people:person", args=[here.worker.pk])).content.decode()
    here.worker.refresh_from_db()
    assert here.worker.is_active


def test_switch_opens_ones_own_doors_only(client, here):
    second = f.MembershipFactory(user=here.worker, place=here.place, team=here.leadership, role="leader")
    client.force_login(here.worker)
    page = client.get(reverse("people:account")).content.decode()
    assert "Open as Leader" in page
    assert client.post(reverse("people:switch"), {"membership": second.pk})["Location"] == "/"
    assert client.get("/")["Location"] == reverse("overview")
    for foreign in (here.leader.memberships.get().pk, 0, "", "x", 10**30):
        assert client.post(reverse("people:switch"), {"membership": foreign}).status_code == 404


def test_ended_part_loses_its_door_and_its_rights_at_once(client, here):
    second = f.MembershipFactory(user=here.worker, place=here.place, team=None, role="place_admin")
    client.force_login(here.worker)
    client.post(reverse("people:switch"), {"membership": second.pk})
    assert client.get(reverse("people:place")).status_code == 200
    Membership.objects.filter(pk=second.pk).update(to_on=TODAY())
    assert client.get(reverse("people:place")).status_code == 404
    assert "Caseworker" in client.get(reverse("people:account")).content.decode()


def test_account_form_saves_name_and_theme(client, here):
    client.force_login(here.worker)
    version = client.get("/account/").context["form"].now
    sent = {"short_name": "Cariad", "theme": "dark", "version": version}
    extra = {"email": "new@example.org", "is_active": "", "name": "Other", "sessions_epoch": "9"}
    assert client.post("/account/", sent | extra).status_code == 302
    before = here.worker.email
    here.worker.refresh_from_db()
    assert (here.worker.short_name, here.worker.theme) == ("Cariad", "dark")
    assert (here.worker.email, here.worker.is_active, here.worker.sessions_epoch) == (before, True, 0)
    assert 'data-theme="dark"' in client.get("/account/").content.decode()


def test_own_device_is_said_on_each_device_and_believed_for_one_person(client, here):
    """The office computer is not someone's own because their phone is; nor a colleague's who borrows the phone."""

    def send(device, **said):
        version = device.get("/account/").context["form"].now
        return device.post("/account/", {"short_name": "Cariad", "theme": "", "version": version} | said)

    def owns(device):
        return "js/drafts-send.js" in device.get("/account/").content.decode()

    phone, office = client, Client()
    phone.force_login(here.worker)
    office.force_login(here.worker)
    assert not owns(phone)
    cookie = send(phone, own_device="on").cookies["own-device"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert owns(phone)
    assert phone.get("/account/").context["form"]["own_device"].value() is True
    assert not owns(office)

    kept = phone.cookies["own-device"].value
    office.cookies["own-device"] = kept.replace(str(here.worker.pk), str(here.colleague.pk), 1)
    office.force_login(here.colleague)
    assert not owns(office), "a cookie that was changed counts for nothing"
    office.cookies["own-device"] = kept
    assert not owns(office), "and it is believed for one person only"

    gone = send(phone)
    assert gone["Clear-Site-Data"] == '"storage"'
    assert not owns(phone)
    assert "Clear-Site-Data" not in send(office)
