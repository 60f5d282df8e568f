"""A lesson on its way: beside, up and down, to several cycles; answered, embedded, undone; and never a life."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.lessons import actions
from cycles.models import CycleLink, Lesson, Notice, Offer
from cycles.refusals import Refused
from debriefs.record.actions import note_lesson as note_in_debrief
from debriefs.record.lessons import people_behind, see_lesson_too
from hls.notices.letters import give_rights, lines_for
from issues.models import Issue
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


def url(name, row):
    return reverse(f"cycles:{name}", args=[row.pk])


def join(here, **about):
    other = f.LearningCycleFactory(team=here.working, **about)
    CycleLink.objects.create(source=here.cycle, target=other, direction="vertical", by=here.worker)
    return other


@pytest.fixture
def joined(here):
    return join(here, scale="place", title="Homes")


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def offer_form(lesson, to, **more):
    return {"to": to.pk, "text": lesson.text, "why": "You see them too"} | more


@pytest.mark.system(53)
@pytest.mark.system(12)
def test_a_lesson_is_offered_answered_and_embedded_on_a_date(client, here, joined):
    lesson = f.LessonFactory(cycle=here.cycle, text="Ring first", by=here.worker)
    client.force_login(here.worker)
    client.post(url("lesson_offer", lesson), offer_form(lesson, joined))
    offer = Offer.objects.get()
    client.force_login(here.helper)
    assert "Ring first" in client.get(url("lesson_queue", joined)).text
    assert "You see them too" in client.get(reverse("cycles:offers")).text
    client.post(url("offer_reply", offer), {"takes_up": "yes", "reply": "From January"})
    client.post(url("offer_embed", offer), {"on": timezone.localdate(), "words": "We ring before we write"})
    lesson.refresh_from_db()
    offer.refresh_from_db()
    assert (lesson.state, lesson.direction, lesson.embedded_on) == ("embedded", "vertical", timezone.localdate())
    assert (offer.reply, offer.replied_by, offer.embedded_words) == (
        "From January",
        here.helper,
        "We ring before we write",
    )
    client.force_login(here.worker)
    page = client.get(lesson.get_absolute_url()).text
    for words in ("From January", "Normal there since", "We ring before we write"):
        assert words in page
    assert [m.what for m in lesson.moves.all()] == ["offered", "taken_up", "embedded"]
    assert {m.by for m in lesson.moves.all()} == {here.worker, here.helper}


@pytest.mark.system(53)
@pytest.mark.parametrize(("scale", "way"), [("organisation", "horizontal"), ("place", "vertical"), ("team", "down")])
def test_a_lesson_goes_beside_up_or_down(here, scale, way):
    lesson = f.LessonFactory(cycle=here.cycle)
    to = join(here, scale=scale)
    offer = actions.offer_lesson(lesson=lesson, to=to, text="x", why="", by=here.worker)
    assert offer.direction == way


@pytest.mark.system(12)
def test_one_lesson_is_offered_to_several_cycles_and_each_answers_for_itself(here):
    lesson = f.LessonFactory(cycle=here.cycle, by=here.worker)
    some = [join(here, scale="place"), join(here), join(here, scale="team")]
    offers = [actions.offer_lesson(lesson=lesson, to=to, text="x", why="", by=here.worker) for to in some]
    actions.reply_to_offer(offer=offers[0], takes_up=False, reply="We tried", by=here.helper)
    lesson.refresh_from_db()
    assert lesson.state == "offered"
    actions.reply_to_offer(offer=offers[1], takes_up=True, reply="", by=here.helper)
    lesson.refresh_from_db()
    assert lesson.state == "taken_up"
    assert list(lesson.offers.order_by("pk").values_list("state", flat=True)) == ["declined", "taken_up", "waiting"]


def test_a_cycle_is_offered_a_lesson_once(worker, here, joined):
    lesson = f.LessonFactory(cycle=here.cycle)
    sent = offer_form(lesson, joined, client_id="0d5c6c1e-7f0e-4f57-9d34-2b6c2f3a1f57")
    for _ in range(2):
        worker.post(url("lesson_offer", lesson), sent)
    again = worker.post(url("lesson_offer", lesson), offer_form(lesson, joined))
    assert again.status_code == 422
    assert Offer.objects.count() == 1
    with pytest.raises(Refused):
        actions.offer_lesson(lesson=lesson, to=joined, text="x", why="", by=here.worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        f.OfferFactory(lesson=lesson, to=joined)


def test_a_lesson_goes_only_to_a_joined_cycle(worker, here):
    stranger = f.LearningCycleFactory(team=here.core)
    lesson = f.LessonFactory(cycle=here.cycle)
    assert worker.post(url("lesson_offer", lesson), offer_form(lesson, stranger)).status_code == 422
    with pytest.raises(Refused):
        actions.offer_lesson(lesson=lesson, to=stranger, text="x", why="", by=here.worker)


@pytest.mark.system(12)
def test_declining_needs_a_reason(client, here, joined):
    offer = f.OfferFactory(lesson=f.LessonFactory(cycle=here.cycle), to=joined)
    client.force_login(here.helper)
    response = client.post(url("offer_reply", offer), {"takes_up": "no", "reply": ""})
    assert response.status_code == 422
    assert "Say why not." in response.text
    assert client.post(url("offer_reply", offer), {"takes_up": "no", "reply": "We tried"}).status_code == 302
    offer.refresh_from_db()
    assert (offer.state, offer.reply, offer.lesson.state) == ("declined", "We tried", "declined")
    client.force_login(here.worker)
    assert "We tried" in client.get(offer.lesson.get_absolute_url()).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "declined"},
        {"state": "embedded"},
        {"embedded_words": "x"},
        {"reply": "x"},
    ],
)
def test_the_database_refuses_what_does_not_agree(here, joined, wrong):
    offer = f.OfferFactory(lesson=f.LessonFactory(cycle=here.cycle), to=joined)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(**wrong)


@pytest.mark.system(12)
def test_its_own_cycle_makes_it_normal_too(worker, here):
    lesson = f.LessonFactory(cycle=here.cycle)
    worker.post(url("lesson_embed", lesson), {"on": timezone.localdate(), "words": "We ring first"})
    lesson.refresh_from_db()
    own = lesson.offers.get()
    assert (lesson.state, own.to, own.direction, own.embedded_words) == (
        "embedded",
        here.cycle,
        "own",
        "We ring first",
    )
    with pytest.raises(Refused):
        actions.embed_here(lesson=lesson, on=timezone.localdate(), words="x", by=here.worker)
    assert worker.get(own.get_absolute_url()).status_code == 200
    actions.lapse(offer=own, why="It wore off", by=here.worker)
    lesson.refresh_from_db()
    assert (lesson.state, lesson.embedded_on) == ("noticed", None)


def test_a_day_to_come_or_no_words_is_not_a_new_normal(worker, here):
    lesson = f.LessonFactory(cycle=here.cycle)
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    for sent in ({"on": tomorrow, "words": "x"}, {"on": timezone.localdate(), "words": " "}):
        assert worker.post(url("lesson_embed", lesson), sent).status_code == 422
    assert not Offer.objects.exists()


def test_each_answer_is_undone_by_a_further_move(client, here, joined):
    offer = f.OfferFactory(lesson=f.LessonFactory(cycle=here.cycle), to=joined)
    client.force_login(here.helper)
    client.post(url("offer_reply", offer), {"takes_up": "no", "reply": "We tried"})
    client.post(url("offer_again", offer), {"why": "Someone new asked"})
    offer.refresh_from_db()
    assert (offer.state, offer.reply, offer.replied_by) == ("waiting", "", None)
    client.post(url("offer_reply", offer), {"takes_up": "yes", "reply": "Now yes"})
    client.post(url("offer_embed", offer), {"on": timezone.localdate(), "words": "We ring"})
    client.post(url("offer_lapse", offer), {"why": "It wore off"})
    offer.refresh_from_db()
    assert (offer.state, offer.embedded_on, offer.reply) == ("taken_up", None, "Now yes")
    steps = ["declined", "reconsidered", "taken_up", "embedded", "lapsed"]
    assert [m.what for m in offer.moves.all()] == steps
    page = client.get(offer.get_absolute_url()).text
    assert all(words in page for words in ("We tried", "Someone new asked", "It wore off"))


def test_an_offer_is_taken_back_until_it_is_answered(client, here, joined):
    lesson = f.LessonFactory(cycle=here.cycle)
    offer = f.OfferFactory(lesson=lesson, to=joined)
    client.force_login(here.worker)
    client.post(url("offer_take_back", offer))
    lesson.refresh_from_db()
    assert lesson.state == "noticed"
    client.force_login(here.helper)
    assert client.get(offer.get_absolute_url()).status_code == 404
    again = f.OfferFactory(lesson=lesson, to=joined, taken_up=True)
    client.force_login(here.worker)
    answer = client.post(url("offer_take_back", again), follow=True)
    assert "It is taken up already." in answer.text
    again.refresh_from_db()
    assert again.state == "taken_up"


def test_what_was_taken_up_goes_on_as_their_own_lesson_once(client, here, joined):
    offer = f.OfferFactory(lesson=f.LessonFactory(cycle=here.cycle, pillar="human"), to=joined, taken_up=True)
    client.force_login(here.helper)
    for _ in range(2):
        answer = client.post(url("offer_own", offer))
    own = Lesson.objects.get(came_by=offer)
    assert answer["Location"] == own.get_absolute_url()
    assert (own.cycle, own.text, own.pillar, own.level) == (joined, offer.text, "human", "place")
    waiting = f.OfferFactory(lesson=f.LessonFactory(cycle=here.cycle), to=joined)
    assert "Take it up first." in client.post(url("offer_own", waiting), follow=True).text


# ------------------------------------------------------------------ never a life


@pytest.fixture
def life(here):
    return f.CaseFactory(team=here.core, worker=here.worker, alias="Marigold")


def test_a_lesson_is_noted_on_a_life_by_those_alongside(worker, here, life):
    assert worker.post(url("person_lesson_new", life), {"text": "She laughed", "pillar": ""}).status_code == 302
    lesson = Lesson.objects.get()
    assert (lesson.cycle, lesson.level) == (life.cycle, "person")
    assert "She laughed" in worker.get(life.get_absolute_url()).text


def test_a_lesson_from_a_life_passes_only_its_words_to_its_own_team(client, here, life, joined):
    lesson = f.LessonFactory(cycle=life.cycle, text="Marigold opens the post if I sit with her", by=here.worker)
    client.force_login(here.worker)
    for wrong in (lesson.text, "I sat with marigold."):
        answer = client.post(url("lesson_offer", lesson), offer_form(lesson, here.cycle, text=wrong))
        assert answer.status_code == 422
        assert "Take their name out." in answer.text
    assert client.post(url("lesson_offer", lesson), offer_form(lesson, joined)).status_code == 422
    words = "People open the post if someone sits with them"
    assert client.post(url("lesson_offer", lesson), offer_form(lesson, here.cycle, text=words)).status_code == 302
    offer = Offer.objects.get()
    for reader in (here.colleague, here.steward):
        client.force_login(reader)
        page = client.get(offer.get_absolute_url()).text
        assert words in page
        assert "Marigold" not in page
        assert lesson.get_absolute_url() not in page
        assert client.get(lesson.get_absolute_url()).status_code == 404
    client.force_login(here.helper)
    assert client.get(offer.get_absolute_url()).status_code == 404
    assert not Lesson.objects.visible_to(here.colleague).filter(pk=lesson.pk).exists()


# ------------------------------------------------------------------ its answer returns


@pytest.fixture
def fed(here):
    """A lesson that came of a debrief, in which the colleague was; and another debrief that saw it too."""
    debrief = f.DebriefFactory(cycle=here.cycle, held=True)
    debrief.present.set([here.worker, here.colleague])
    lesson = note_in_debrief(
        debrief=debrief, question=None, text="Ring first", direction="vertical", by=here.worker
    ).lesson
    second = f.DebriefFactory(cycle=here.cycle, held=True)
    second.present.set([here.recorder])
    return lesson, debrief, second


@pytest.mark.system(12)
def test_the_answer_returns_to_everyone_whose_debrief_fed_it(client, here, joined, fed):
    lesson, _, second = fed
    client.force_login(here.recorder)
    assert client.post(url("lesson_seen", lesson), {"debrief": second.pk}).status_code == 302
    assert set(people_behind([lesson.pk])) == {here.worker, here.colleague, here.recorder}
    offer = actions.offer_lesson(lesson=lesson, to=joined, text="Ring first", why="", by=here.worker)
    client.force_login(here.helper)
    client.post(url("offer_reply", offer), {"takes_up": "yes", "reply": "From January"})
    told = Notice.objects.filter(kind="lesson_answered")
    assert {notice.user for notice in told} == {here.worker, here.colleague, here.recorder}
    for reader in (here.colleague, here.recorder):
        client.force_login(reader)
        page = client.get(reverse("today")).text
        assert "Ring first" in page
        assert "took it up. From January" in page
    client.force_login(here.op_lead)
    assert "From January" not in client.get(reverse("today")).text


def test_the_answer_comes_back_along_the_whole_line(client, here, joined, fed):
    """The lesson grew into another cycle's own; what becomes of that one comes back as well."""
    lesson = fed[0]
    offer = actions.offer_lesson(lesson=lesson, to=joined, text="Ring first", why="", by=here.worker)
    actions.reply_to_offer(offer=offer, takes_up=True, reply="", by=here.helper)
    own = actions.make_own(offer=offer, by=here.helper)
    client.force_login(here.helper)
    client.post(url("lesson_embed", own), {"on": timezone.localdate(), "words": "Everyone rings"})
    told = Notice.objects.filter(kind="lesson_answered", subject_ref=own.pk)
    assert {notice.user for notice in told} == {here.worker, here.colleague}
    client.force_login(here.colleague)
    page = client.get(reverse("today")).text
    assert "New normal in" in page
    assert "Everyone rings" in page


def test_seeing_it_too_is_once_for_each_debrief_one_was_in(here, fed):
    lesson, _first, second = fed
    for _ in range(2):
        see_lesson_too(lesson=lesson, debrief=second, by=here.recorder)
    assert lesson.produced.count() == 2
    third = f.DebriefFactory(cycle=here.cycle, held=True)
    with pytest.raises(Refused):
        see_lesson_too(lesson=lesson, debrief=third, by=here.recorder)


def test_the_form_offers_only_debriefs_one_was_in(client, here, fed):
    lesson, first, second = fed
    f.DebriefFactory(cycle=here.cycle, held=True)
    client.force_login(here.recorder)
    page = client.get(url("lesson_seen", lesson))
    assert list(page.context["form"].fields["debrief"].queryset) == [second]
    assert client.post(url("lesson_seen", lesson), {"debrief": first.pk}).status_code == 422


def test_mails_say_that_something_waits_or_came_back_and_no_words(here, joined, fed):
    lesson = fed[0]
    offer = actions.offer_lesson(lesson=lesson, to=joined, text="Ring first", why="", by=here.worker)
    asked = list(Notice.objects.filter(kind="lesson_offered"))
    assert {notice.user for notice in asked} == {here.helper}
    give_rights(asked, timezone.localdate())
    (line,) = lines_for(asked).values()
    assert "Ring first" not in line.words
    assert offer.get_absolute_url() in line.url
    actions.reply_to_offer(offer=offer, takes_up=True, reply="", by=here.helper, hearers=people_behind([lesson.pk]))
    answered = list(Notice.objects.filter(kind="lesson_answered"))
    give_rights([*asked, *answered], timezone.localdate())
    assert {n.user for n in answered if n.pk in lines_for(answered)} == {here.worker, here.colleague}
    assert lines_for(asked) == {}


def test_nobody_is_told_of_a_lesson_they_may_no_longer_read(here, life):
    lesson = f.LessonFactory(cycle=life.cycle, by=here.worker)
    offer = actions.offer_lesson(lesson=lesson, to=here.cycle, text="x", why="", by=here.worker)
    actions.reply_to_offer(offer=offer, takes_up=True, reply="", by=here.op_lead, hearers=[here.colleague])
    told = list(Notice.objects.filter(kind="lesson_answered"))
    give_rights(told, timezone.localdate())
    assert {n.user for n in told} == {here.worker, here.colleague}
    assert {n.user for n in told if n.pk in lines_for(told)} == {here.worker}


# ------------------------------------------------------------------ queue, issue, queries


def test_today_and_the_cycle_say_quietly_that_a_lesson_waits(client, here, joined):
    offer = f.OfferFactory(lesson=f.LessonFactory(cycle=here.cycle), to=joined)
    client.force_login(here.helper)
    assert "A lesson waits for your answer." in client.get(reverse("today")).text
    assert "A lesson waits here for an answer." in client.get(joined.get_absolute_url()).text
    joined.steward = here.steward
    joined.save()
    client.force_login(here.steward)
    assert "A lesson waits for your answer." in client.get(reverse("today")).text
    client.force_login(here.worker)
    assert "waits for your answer" not in client.get(reverse("today")).text
    assert "waits here" not in client.get(joined.get_absolute_url()).text
    actions.reply_to_offer(offer=offer, takes_up=True, reply="", by=here.helper)
    client.force_login(here.helper)
    assert "waits for your answer" not in client.get(reverse("today")).text


@pytest.mark.system(11)
def test_a_pattern_becomes_an_issue_in_one_step_and_each_keeps_the_other(worker, here):
    lesson = f.LessonFactory(cycle=here.cycle, kind="pattern", text="Where people live is in every debt")
    page = worker.get(url("lesson_issue", lesson))
    assert page.context["form"]["description"].value() == lesson.text
    sent = {"description": lesson.text, "client_id": "0d5c6c1e-7f0e-4f57-9d34-2b6c2f3a1f58"}
    for _ in range(2):
        answer = worker.post(url("lesson_issue", lesson), sent)
    issue = Issue.objects.get()
    assert answer["Location"] == issue.get_absolute_url()
    assert (list(issue.lessons.all()), issue.cycle) == ([lesson], here.cycle)
    assert issue.ref in worker.get(lesson.get_absolute_url()).text


@pytest.mark.system(11)
def test_a_pattern_from_a_debrief_becomes_a_lesson_that_others_hear(client, here, joined, fed):
    lesson = fed[0]
    actions.edit_lesson(lesson=lesson, version=1, kind="pattern", by=here.worker)
    client.force_login(here.worker)
    client.post(url("lesson_offer", lesson), offer_form(lesson, joined))
    assert lesson.offers.get().to == joined


def test_offer_pages_query_counts(client, here, joined):
    client.force_login(here.helper)

    def add():
        f.OfferFactory(lesson=f.LessonFactory(cycle=here.cycle), to=joined)
        f.OfferFactory(lesson=f.LessonFactory(cycle=here.cycle), to=joined, taken_up=True)

    # who is asking (3), what waits
    assert_queries_stay_flat(client, reverse("cycles:offers"), add, most=5)
    # and the cycle, what was answered
    assert_queries_stay_flat(client, url("lesson_queue", joined), add, most=7)


def test_lesson_page_query_count(worker, here):
    lesson = f.LessonFactory(cycle=here.cycle, by=here.worker)

    def add():
        offer = actions.offer_lesson(lesson=lesson, to=join(here), text="x", why="", by=here.worker)
        actions.reply_to_offer(offer=offer, takes_up=True, reply="y", by=here.helper)
        debrief = f.DebriefFactory(cycle=here.cycle, held=True)
        debrief.present.add(here.worker)
        see_lesson_too(lesson=lesson, debrief=debrief, by=here.worker)
        f.IssueFactory(cycle=here.cycle, raised_by=here.worker).lessons.add(lesson)

    assert_queries_stay_flat(worker, lesson.get_absolute_url(), add, most=16)
