"""“Send the agenda”: each member is told once that it is there, and again only when it has changed."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cycles.models import Notice
from cycles.notices.choices import stop
from cycles.refusals import Refused
from hls.notices import sending
from issues.meetings import actions
from issues.meetings.sending import send_agenda
from tests.factories import MeetingFactory, MembershipFactory
from tests.factories.fixtures import make_place
from tests.issues.log.test_races import at_once
from tests.meetings.test_telling import (  # noqa: F401 - the day, the letter's hour and who is in the group
    EVENING,
    NOW,
    _surroundings,
    day,
    letters,
    meeting,
    move,
    second,
)


def sent():
    return Notice.objects.filter(kind="agenda_sent")


def add(meeting, title="The van"):  # noqa: F811
    return actions.add_topic(meeting=meeting, by=meeting.by, title=title, length=10)


@pytest.fixture
def leader(client, here, second, meeting):  # noqa: F811
    add(meeting, "Ann Brook is ill and cannot pay")
    client.force_login(here.leader)
    return client


def press(client, meeting, **more):  # noqa: F811
    return client.post(reverse("meetings:send", args=[meeting.pk]), more, follow=True).content.decode()


@pytest.mark.system(48)
def test_members_are_told_of_the_day_and_where_to_read_it(leader, here, second, meeting):  # noqa: F811
    agenda = leader.get(meeting.get_absolute_url()).content.decode()
    assert "Send the agenda" in agenda
    assert "Sent to the members." in press(leader, meeting)
    assert [notice.user for notice in sent()] == [second], "whoever sends it knows; stewards read along"
    mail = letters()
    assert set(mail) == {second.email}
    assert f"The agenda of {here.leadership} for 8 March at 10:00am is there to read." in mail[second.email]
    assert meeting.get_absolute_url() in mail[second.email]
    assert mail[second.email].count(here.leadership.name) == 1, "that it was called is said with it"
    for words in ("Ann", "pay", "The van", "Town hall"):
        assert words not in mail[second.email], "what people typed stays in Cairn"
    leader.force_login(second)
    today = leader.get(reverse("today")).content.decode()
    assert "The agenda of your group for 8 March is there." in today
    assert meeting.get_absolute_url() in today


def test_pressed_twice_it_tells_nobody_twice(leader, here, meeting):  # noqa: F811
    press(leader, meeting)
    assert "It was sent, and has not changed since." in press(leader, meeting)
    assert sent().count() == 1
    page = leader.get(meeting.get_absolute_url()).content.decode()
    assert "Sent 1 March, 9:00am" in page
    assert "Send the agenda" not in page
    assert "Send it again" not in page


def test_what_has_changed_is_sent_again(leader, here, second, meeting):  # noqa: F811
    press(leader, meeting)
    letters()
    item = add(meeting)
    page = leader.get(meeting.get_absolute_url()).content.decode()
    assert "Send it again, it has changed" in page
    assert "Sent 1 March, 9:00am" in page
    press(leader, meeting)
    assert sent().count() == 2
    assert set(letters(EVENING + timedelta(days=1))) == {second.email}
    actions.move_item(item=item, way="up", by=here.leader)
    assert "Send it again" in leader.get(meeting.get_absolute_url()).content.decode()
    actions.move_item(item=item, way="down", by=here.leader)  # it is as it was sent
    assert "Send it again" not in leader.get(meeting.get_absolute_url()).content.decode()


def test_sent_again_before_the_letter_it_is_one_line(leader, second, meeting):  # noqa: F811
    for title in ("The van", "The bus"):
        add(meeting, title)
        press(leader, meeting)
    assert letters()[second.email].count("The agenda of") == 1


def test_a_meeting_moved_after_it_was_sent_tells_the_new_day_alone(leader, here, second, meeting):  # noqa: F811
    press(leader, meeting)
    move(meeting, here.leader, on=day(9))
    mail = letters()[second.email]
    assert "has changed: now 10 March" in mail
    assert "The agenda of" not in mail


def test_two_members_at_once_tell_each_other_member_once(transactional_db):
    here = make_place()
    other, third = (MembershipFactory(place=here.place, team=here.leadership, role="leader").user for _ in range(2))
    coming = MeetingFactory(team=here.leadership, by=here.leader, on=timezone.localdate() + timedelta(days=7))
    add(coming)
    Notice.objects.all().delete()
    answers = at_once(*[lambda by=by: send_agenda(meeting=coming, by=by) for by in (here.leader, other)])
    assert sorted(answers) == [False, True]
    told = list(sent().values_list("user", flat=True))
    assert third.pk in told
    assert len(told) == len(set(told)) == 2


@pytest.mark.parametrize("state", ["empty", "begun", "over", "off"])
def test_what_no_one_can_prepare_for_is_not_sent(here, second, state):  # noqa: F811
    on = day(-1) if state == "over" else day(7)
    coming = MeetingFactory(team=here.leadership, by=here.leader, on=on)
    coming.items.all().delete()
    if state != "empty":
        add(coming)
    if state == "begun":
        actions.begin(meeting=coming, by=here.leader)
    if state == "off":
        actions.call_off(meeting=coming, why="No", by=here.leader)
    with pytest.raises(Refused):
        send_agenda(meeting=coming, by=here.leader)
    assert not sent().exists()


def test_who_wants_no_letter_of_meetings_gets_none_of_their_agendas(leader, second, meeting):  # noqa: F811
    stop(user_id=second.pk, kinds=["meeting_called", "meeting_moved", "agenda_sent"])
    press(leader, meeting)
    with time_machine.travel(EVENING, tick=False):
        sending.keep_in_app(timezone.now())
    assert not letters()


def test_beside_triage_it_is_sent_by_those_who_run_it(leader, here, second, meeting):  # noqa: F811
    MembershipFactory(place=here.place, team=here.leadership, user=here.leader, role="steward")
    triage = reverse("issues:triage")
    address = reverse("meetings:send", args=[meeting.pk])
    assert f'formaction="{address}">Send the agenda' in leader.get(triage).content.decode()
    page = leader.post(address, {"from": "triage", "tab": "", "level": ""}, follow=True)
    assert page.redirect_chain[-1][0].startswith(triage)
    assert "Sent 1 March, 9:00am" in page.content.decode()
    assert "Send the agenda" not in page.content.decode()
    leader.force_login(here.steward)  # who reads along
    assert "Sent 1 March" not in leader.get(triage).content.decode()
    assert address not in leader.get(triage).content.decode()
    assert leader.post(address).status_code == 403
