import sys
from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError

from cycles.notices.models import Notice
from hls.leadership import actions, sheets, tasks
from hls.leadership.models import Summary, SummarySchedule
from issues.log.actions import release_quote
from tests.factories.fixtures import make_place
from tests.leadership.conftest import QUOTE, STORY


@pytest.fixture
def quick(monkeypatch):
    """The words of a PDF without drawing one: drawing is proved in test_pdf and in the drill."""
    monkeypatch.setattr(sheets, "pdf_of", lambda html: (b"%PDF-" + html.encode(), 4))


@pytest.fixture
def nudged(monkeypatch):
    rows = []
    monkeypatch.setattr(tasks, "nudge", rows.append)
    return rows


def ask(here, by=None, **more):
    today = timezone.localdate()
    more = {"period_start": today.replace(day=1), "period_end": today, "client_id": uuid4()} | more
    return actions.ask_for_pack(team=here.leadership, by=by or here.leader, **more)


def built(here):
    pack = ask(here)
    tasks.build(pack.pk)
    pack.refresh_from_db()
    assert pack.state == "ready"
    return pack


def test_a_pack_is_built_whole_and_told_of_once(busy, quick):
    pack = built(busy)

    assert (pack.pages, pack.progress, pack.claimed_until, pack.tries) == (4, "", None, 0)
    assert pack.agenda["story"]["text"] == STORY
    assert list(pack.stories.all()) == [busy.story]
    assert list(Notice.objects.filter(kind="summary_ready").values_list("user", "channel")) == [
        (busy.leader.pk, "in_app")
    ]


def test_building_twice_changes_nothing(busy, quick):
    pack = built(busy)

    tasks.build(pack.pk)

    again = Summary.objects.get()
    assert (again.built_at, bytes(again.pdf)) == (pack.built_at, bytes(pack.pdf))
    assert Notice.objects.filter(kind="summary_ready").count() == 1


def test_the_same_form_sent_twice_is_one_pack(here):
    once = uuid4()

    assert ask(here, client_id=once) == ask(here, client_id=once)


def test_a_pack_in_someones_hands_is_left_alone(here):
    pack, now = ask(here), timezone.now()

    assert tasks.claim(Summary.objects.due(now), pack.pk, now).tries == 1
    assert tasks.claim(Summary.objects.due(now), pack.pk, now) is None

    later = now + tasks.LEASE + timedelta(seconds=1)
    assert tasks.claim(Summary.objects.due(later), pack.pk, later).tries == 2


def overtake(pack):
    """Another worker takes the pack up and finishes it."""
    Summary.objects.filter(pk=pack.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    tasks.build(pack.pk)


def test_a_slow_worker_that_was_overtaken_writes_nothing(busy, quick, monkeypatch):
    pack, now = ask(busy), timezone.now()
    slow = tasks.claim(Summary.objects.due(now), pack.pk, now)
    overtake(pack)
    by_the_other = Summary.objects.get()

    tasks.attempt(slow, tasks.build_new)

    assert Summary.objects.get().built_at == by_the_other.built_at
    assert Notice.objects.filter(kind="summary_ready").count() == 1


def test_overtaken_at_the_very_end_writes_nothing(busy, quick):
    pack, now = ask(busy), timezone.now()
    slow = tasks.claim(Summary.objects.due(now), pack.pk, now)
    overtake(pack)

    with pytest.raises(tasks.Overtaken):
        tasks.finish(slow, {"not": "this"}, b"%PDF-late", 1)

    assert Summary.objects.get().agenda["place"] == busy.place.name


def test_a_right_that_went_builds_nothing(busy, quick):
    pack = ask(busy)
    busy.leader.memberships.update(to_on=timezone.localdate())

    tasks.build(pack.pk)

    pack.refresh_from_db()
    assert (pack.state, pack.pdf, pack.agenda, pack.progress) == ("failed", None, {}, tasks.NO_RIGHT)
    assert not Notice.objects.filter(kind="summary_ready").exists()


def test_a_right_that_goes_while_it_is_built_leaves_nothing(busy, monkeypatch):
    pack = ask(busy)

    def meanwhile(html):
        busy.leader.is_active = False
        busy.leader.save()
        return b"%PDF-", 4

    monkeypatch.setattr(sheets, "pdf_of", meanwhile)

    tasks.build(pack.pk)

    pack.refresh_from_db()
    assert (pack.state, pack.pdf, pack.agenda) == ("failed", None, {})


def test_a_failure_half_way_leaves_nothing_and_is_tried_again(busy, quick, monkeypatch):
    pack = ask(busy)
    tell = tasks.tell_readers
    monkeypatch.setattr(tasks, "tell_readers", lambda row: 1 / 0)

    tasks.build(pack.pk)

    pack.refresh_from_db()
    assert (pack.state, pack.pdf, pack.agenda, pack.stories.count()) == ("asked", None, {}, 0)
    assert pack.progress == "That did not work. Trying again soon."

    monkeypatch.setattr(tasks, "tell_readers", tell)
    with time_machine.travel(timezone.now() + tasks.WAIT_AFTER_FAILURE + timedelta(seconds=1)):
        tasks.build(pack.pk)
    assert Summary.objects.get().state == "ready"


def test_a_pack_that_never_works_says_so(busy, monkeypatch):
    pack = ask(busy)
    monkeypatch.setattr(sheets, "pdf_of", lambda html: 1 / 0)

    for turn in range(tasks.MOST_TRIES):
        with time_machine.travel(timezone.now() + turn * timedelta(minutes=5)):
            tasks.build(pack.pk)

    pack.refresh_from_db()
    assert (pack.state, pack.tries, pack.progress) == ("failed", tasks.MOST_TRIES, tasks.NOT_BUILT)
    assert list(Summary.objects.due(timezone.now() + timedelta(days=1))) == []


def test_one_failing_pack_does_not_hold_up_another(busy, quick, monkeypatch):
    poison, sound = ask(busy), ask(busy)
    collect = tasks.packs.collect
    monkeypatch.setattr(tasks.packs, "collect", lambda s, today: 1 / 0 if s.pk == poison.pk else collect(s, today))

    for pack in (poison, sound):
        tasks.build(pack.pk)

    sound.refresh_from_db()
    assert sound.state == "ready"


class NoPango:
    """What importing WeasyPrint does on a machine without Pango."""

    def find_spec(self, name, path=None, target=None):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")


def test_without_pango_only_the_pdf_is_refused(busy, client, monkeypatch):
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    pack = built(busy)
    client.force_login(busy.leader)

    page = client.get(f"/summaries/{pack.pk}/").content.decode()

    assert STORY in page
    assert "this machine lacks the Pango library" in page
    assert client.get(f"/summaries/{pack.pk}.pdf").status_code == 302


def test_a_pdf_that_could_not_be_made_is_made_later(busy, monkeypatch, nudged):
    def refuse(html):
        raise sheets.NoPdf

    monkeypatch.setattr(sheets, "pdf_of", refuse)
    pack = built(busy)
    tasks.build_due()
    assert nudged == [pack.pk]

    monkeypatch.setattr(sheets, "pdf_of", lambda html: (b"%PDF-", 4))
    tasks.build(pack.pk)

    pack.refresh_from_db()
    assert (pack.pages, pack.built_at is not None) == (4, True)
    assert Notice.objects.filter(kind="summary_ready").count() == 1


# ------------------------------------------------------------------ taken back


def test_a_withdrawn_story_is_gone_at_once_and_from_the_pdf(busy, client, quick, nudged):
    pack = built(busy)
    busy.story.withdrawn_on = timezone.localdate()
    busy.story.save()
    client.force_login(busy.leader)

    assert STORY not in client.get(f"/summaries/{pack.pk}/").content.decode()
    assert client.get(f"/summaries/{pack.pk}.pdf").status_code == 302

    tasks.build_due()
    assert nudged == [pack.pk]
    tasks.build(pack.pk)

    pack.refresh_from_db()
    assert STORY not in str(pack.agenda)
    assert STORY.encode() not in bytes(pack.pdf)
    assert client.get(f"/summaries/{pack.pk}.pdf").status_code == 200
    assert (pack.stories.count(), pack.agenda["flow"]["raised"] > 0) == (0, True)


@pytest.mark.parametrize("how", ["narrowed", "erased", "unsaid"])
def test_a_voice_taken_back_in_any_way_leaves_every_pack(busy, quick, how):
    words = QUOTE if how == "unsaid" else STORY
    pack = built(busy)
    assert words in str(pack.agenda)

    if how == "narrowed":
        busy.story.reach = "team"
        busy.story.save()
    elif how == "erased":
        busy.story.delete()
    else:
        release_quote(sighting=busy.asked.sightings.order_by("pk").first(), quote="", by=busy.worker)
    tasks.build(pack.pk)

    pack.refresh_from_db()
    assert words not in str(pack.agenda)
    assert words.encode() not in bytes(pack.pdf)


def test_nothing_taken_back_makes_no_new_pdf(busy, quick, nudged):
    pack = built(busy)

    tasks.build_due()
    tasks.build(pack.pk)

    assert nudged == []
    assert bytes(Summary.objects.get().pdf) == bytes(pack.pdf)


# ------------------------------------------------------------------ by itself


def schedule(here, day=1, **more):
    return SummarySchedule.objects.create(
        place=here.place, team=here.leadership, day_of_month=day, by=here.steward, **more
    )


@pytest.mark.parametrize(
    ("moment", "packs"),
    [
        ("2027-03-31 22:59+00:00", 1),  # 23:59 in London, the last day of March: March's own pack of February
        ("2027-03-31 23:01+00:00", 1),  # 00:01 in London on 1 April: the pack of March
        ("2027-01-01 00:30+00:00", 1),  # across the turn of the year
    ],
)
def test_a_months_pack_is_made_once_in_london_time(here, nudged, moment, packs):
    schedule(here)
    with time_machine.travel(moment, tick=False):
        tasks.build_due()
        tasks.build_due()

        assert Summary.objects.count() == packs
        pack = Summary.objects.get()
        last = timezone.localdate().replace(day=1) - timedelta(days=1)
    assert (pack.period_start, pack.period_end, pack.asked_by) == (last.replace(day=1), last, None)


def test_london_midnight_decides_which_month(here, nudged):
    schedule(here)
    with time_machine.travel("2027-03-31 23:01+00:00", tick=False):
        tasks.build_due()

    assert Summary.objects.get().period_end == date(2027, 3, 31)


def test_before_its_day_no_pack_is_made(here, nudged):
    schedule(here, day=20)
    with time_machine.travel("2027-03-19 12:00+00:00"):
        tasks.build_due()
        assert Summary.objects.count() == 0
    with time_machine.travel("2027-03-22 12:00+00:00"):  # the day itself was missed: the machine was off
        tasks.build_due()
        assert Summary.objects.count() == 1


def test_a_paused_schedule_makes_nothing(here, nudged):
    schedule(here, is_active=False)
    tasks.build_due()

    assert Summary.objects.count() == 0


def test_a_months_pack_is_told_to_the_whole_group(busy, quick, nudged):
    schedule(busy)
    tasks.build_due()
    tasks.build(Summary.objects.get().pk)

    assert list(Notice.objects.filter(kind="summary_ready").values_list("user", "channel")) == [
        (busy.leader.pk, "digest")
    ]


# ------------------------------------------------------------------ the queue away


def test_asking_works_while_the_queue_is_away(here, client, monkeypatch, django_capture_on_commit_callbacks):
    def away(*args, **kwargs):
        raise OperationalError("the broker is away")

    monkeypatch.setattr(tasks.build, "apply_async", away)
    today = timezone.localdate()
    client.force_login(here.leader)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            "/summaries/",
            {"team": here.leadership.pk, "period_start": today, "period_end": today, "client_id": uuid4()},
        )

    pack = Summary.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/summaries/{pack.pk}/")
    assert "Being built" in client.get(response["Location"]).content.decode()

    waiting = []
    monkeypatch.setattr(tasks.build, "apply_async", lambda args, **kwargs: waiting.append(args[0]))
    tasks.build_due()
    assert waiting == [pack.pk]


# ------------------------------------------------------------------ many workers


def race(act, workers=6):
    """The answers of several workers who all start at the same moment, each on its own connection."""
    start, answers = Barrier(workers), []

    def run():
        start.wait()
        try:
            answers.append(act())
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_gets_the_pack():
    pack, now = ask(make_place()), timezone.now()

    got = race(lambda: tasks.claim(Summary.objects.due(now), pack.pk, now))

    assert len([one for one in got if one]) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_condition_many_would_get_it():
    """Positive control: looking first and writing afterwards lets several through."""
    pack, now = ask(make_place()), timezone.now()
    looked = Barrier(6)

    def careless():
        free = Summary.objects.due(now).filter(pk=pack.pk).exists()
        looked.wait()
        return free and Summary.objects.filter(pk=pack.pk).update(claimed_until=now + tasks.LEASE)

    assert sum(bool(one) for one in race(careless)) > 1
