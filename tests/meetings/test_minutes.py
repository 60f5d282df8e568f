"""Minutes are what was said without what is private, carry the day, and stand."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from pypdf import PdfReader

from hls.governing.actions import make_promise
from hls.meetings import tasks
from hls.meetings.minutes import on_paper
from issues.models import AgendaItem, Meeting, Paper, Recommendation
from issues.pledges import actions as pledges
from tests.factories import AgencyFactory, MeetingFactory
from tests.meetings.making import day, end


def test_minutes_are_what_was_said_without_what_is_private(client, here, live):
    issue_item = live.items.get(kind="issue")
    talk = live.items.get(kind="changed")
    client.force_login(here.leader)
    client.post(
        reverse("meetings:decide", args=[issue_item.pk]),
        {"version": issue_item.issue.version, "outcome": "not_now", "words": "After the summer"},
    )
    client.post(
        reverse("meetings:talk", args=[talk.pk]),
        {"version": 1, "words": "The hold is normal now", "sealed": "Tom is worn out"},
    )
    end(client, live, also_there="Two people who have been in debt")
    page = client.get(reverse("meetings:minutes", args=[live.pk])).content.decode()
    for said in ("After the summer", "The hold is normal now", "Two people who have been in debt", here.leader.name):
        assert said in page
    assert "Tom is worn out" in page
    paper = on_paper(Meeting.objects.get(pk=live.pk))
    assert "After the summer" in paper
    assert "Tom is worn out" not in paper
    client.force_login(here.steward)
    assert "Tom is worn out" not in client.get(reverse("meetings:minutes", args=[live.pk])).content.decode()


def test_minutes_say_what_was_pledged_and_recommended_there_and_not_before(client, here, live):
    issue = live.items.get(kind="issue").issue
    board = AgencyFactory(place=here.place, name="The board")
    about = {"issue": issue, "team": here.leadership, "by": here.leader}
    early = pledges.recommend(to=board, text="Asked in spring", why="Yours", **about)
    Recommendation.objects.filter(pk=early.pk).update(at=live.started_at - timedelta(days=9))
    pledges.recommend(to=board, text="Buy it without a threshold", why="Yours", answer_by_on=day(9), **about)
    pledges.pledge(agency=board, text="We hold our letters", due_on=day(5), **about)
    client.force_login(here.leader)
    end(client, live)
    page = client.get(reverse("meetings:minutes", args=[live.pk])).content.decode()
    paper = on_paper(Meeting.objects.get(pk=live.pk))
    for said in (
        "Buy it without a threshold",
        "To The board, hoped for by",
        "We hold our letters",
        "Not talked about<",
    ):
        assert said in page
        assert said in paper
    assert "Asked in spring" not in page


def test_minutes_of_a_held_meeting_are_never_rewritten(client, here, live):
    item = live.items.first()
    client.force_login(here.leader)
    client.post(reverse("meetings:talk", args=[item.pk]), {"version": 1, "words": "As it was said"})
    end(client, live)
    with pytest.raises(DatabaseError), transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(words="As someone wished it")
    with pytest.raises(DatabaseError), transaction.atomic():
        Meeting.objects.filter(pk=live.pk).update(minutes={})
    late = client.post(reverse("meetings:talk", args=[item.pk]), {"version": 2, "words": "Later thoughts"})
    assert late.status_code == 422
    client.post(reverse("meetings:correct", args=[live.pk]), {"text": "It was Ann who spoke"})
    page = client.get(reverse("meetings:minutes", args=[live.pk])).content.decode()
    assert "As it was said" in page
    assert "It was Ann who spoke" in page


def test_a_promise_that_changes_later_leaves_the_minutes_as_they_were(client, here, live):
    from hls.governing.actions import answer_promise

    item = live.items.get(kind="issue")
    promise = make_promise(
        cycle=here.cycle, team=here.leadership, text="By spring", due_on=day(9), agenda_item=item, by=here.leader
    )
    client.force_login(here.leader)
    end(client, live)
    answer_promise(
        promise=promise,
        version=1,
        state="changed",
        words="It slipped",
        text="By summer",
        due_on=day(90),
        by=here.leader,
    )
    page = client.get(reverse("meetings:minutes", args=[live.pk])).content.decode()
    assert "By spring" in page
    assert "By summer" not in page


def test_a_worker_draws_the_minutes_and_draws_them_again_after_a_correction(client, here, live):
    client.force_login(here.leader)
    end(client, live)
    paper = Paper.objects.get()
    address = reverse("meetings:minutes_pdf", args=[live.pk])
    assert client.get(address).status_code == 302
    tasks.draw(paper.pk)
    first = client.get(address).content
    assert first.startswith(b"%PDF")
    root = PdfReader(BytesIO(first)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    client.post(reverse("meetings:correct", args=[live.pk]), {"text": "It was Ann"})
    assert client.get(address).status_code == 302
    tasks.draw(paper.pk)
    tasks.draw(paper.pk)
    assert client.get(address).content != first
    paper.refresh_from_db()
    assert (paper.drawn, paper.wanted) == (2, 2)


def test_ending_twice_is_once(client, here, live):
    client.force_login(here.leader)
    end(client, live)
    again = end(client, live)
    assert again["Location"] == live.get_absolute_url()
    late = end(client, live, also_there="Two more")
    assert late.status_code == 409
    assert "Two more" in late.content.decode()
    assert Paper.objects.count() == 1


def test_minutes_carry_the_day_it_was_held_and_not_the_day_it_was_planned(client, here):
    meeting = MeetingFactory(team=here.leadership, by=here.leader, on=day(3))
    client.force_login(here.leader)
    client.post(reverse("meetings:begin", args=[meeting.pk]))
    end(client, meeting)
    meeting.refresh_from_db()
    assert meeting.on == day()
    assert meeting.minutes["on"].endswith(f"{day():%B %Y}")
    MeetingFactory(team=here.leadership, by=here.leader, on=day(3))
