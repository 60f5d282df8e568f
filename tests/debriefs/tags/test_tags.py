"""“This principle helped”, “this rule blocked”: ticked while writing or afterwards, counted by debrief alone."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.guides.actions import decide_guide
from cycles.models import CycleLink, Guide
from debriefs.models import Contribution, DebriefAnswer, GuideTag
from debriefs.record import actions
from tests import factories as f
from tests.helpers.html import forms
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def pull(here):
    return Guide.objects.create(cycle=here.cycle, kind="principle", text="Pull rather than refer", by=here.worker)


@pytest.fixture
def sign(here):
    return Guide.objects.create(cycle=here.cycle, kind="rule", text="Two signatures", by=here.worker)


@pytest.fixture
def debrief(here):
    return f.DebriefFactory(cycle=here.cycle)


@pytest.fixture
def writer(client, here):
    client.force_login(here.worker)
    return client


def write_url(debrief):
    return reverse("debriefs:write", args=[debrief.pk])


def send(client, debrief, action, **words):
    page = client.get(write_url(debrief))
    form = next(one for one in forms(page, write_url(debrief)) if "writer" in one.names)
    return client.post(write_url(debrief), form.data() | words | {"action": action})


def tags():
    return list(GuideTag.objects.order_by("how").values_list("guide__text", "how", "answer__text"))


def said(debrief, by, text="We sat with her.", name="now"):
    """One shared answer of one author."""
    from cycles.models import Question

    notes, _ = Contribution.objects.get_or_create(debrief=debrief, author=by, shared_at=timezone.now())
    question = Question.objects.get(key=f"debrief.{name}")
    return DebriefAnswer.objects.create(debrief=debrief, contribution=notes, question=question, text=text)


@pytest.mark.system(19)
def test_an_answer_is_tagged_as_it_is_written(writer, debrief, pull, sign):
    ticks = {"now": "We went ourselves.", "now-helped": [str(pull.pk)], "now-blocked": [str(sign.pk)]}
    assert send(writer, debrief, "share", **ticks).status_code == 302
    assert tags() == [
        ("Two signatures", "blocked", "We went ourselves."),
        ("Pull rather than refer", "helped", "We went ourselves."),
    ]
    page = writer.get(debrief.get_absolute_url()).text
    assert page.index("We went ourselves.") < page.index("Got in the way")
    told = writer.get(pull.get_absolute_url()).text
    assert "Helped in 1 debrief" in told
    assert "We went ourselves." in told
    assert "Blocked in 1 debrief" in writer.get(sign.get_absolute_url()).text


def test_a_draft_keeps_the_ticks_and_counts_nothing(writer, debrief, pull, sign):
    send(writer, debrief, "draft", now="Half said", **{"now-helped": [str(pull.pk), str(sign.pk)]})
    assert Contribution.objects.get().draft["words"]["now-helped"] == [str(pull.pk), str(sign.pk)]
    page = writer.get(write_url(debrief))
    form = next(one for one in forms(page, write_url(debrief)) if "writer" in one.names)
    assert sorted(form.data()["now-helped"]) == sorted([str(pull.pk), str(sign.pk)])
    assert not GuideTag.objects.exists()
    assert "Helped in" not in writer.get(pull.get_absolute_url()).text


def test_a_tick_taken_out_of_a_draft_is_gone(writer, debrief, pull):
    send(writer, debrief, "draft", now="Half said", **{"now-helped": [str(pull.pk)]})
    page = writer.get(write_url(debrief))
    data = next(one for one in forms(page, write_url(debrief)) if "writer" in one.names).data()
    del data["now-helped"]
    writer.post(write_url(debrief), data | {"action": "share"})
    assert not GuideTag.objects.exists()


def test_what_the_page_saves_by_itself_keeps_ticks_too(writer, debrief, pull):
    page = writer.get(write_url(debrief))
    data = next(one for one in forms(page, write_url(debrief)) if "writer" in one.names).data()
    data |= {"now": "Typed", "now-helped": [str(pull.pk)], "seq": "1"}
    writer.post(reverse("debriefs:draft", args=[debrief.pk]), data)
    assert Contribution.objects.get().draft["words"]["now-helped"] == [str(pull.pk)]


def test_two_versions_with_different_ticks_keep_both(writer, debrief, pull, sign):
    page = writer.get(write_url(debrief))
    data = next(one for one in forms(page, write_url(debrief)) if "writer" in one.names).data()
    data |= {"action": "save", "now": "Same"}
    writer.post(write_url(debrief), data | {"now-helped": [str(pull.pk)]})
    clash = writer.post(write_url(debrief), data | {"now-helped": [str(sign.pk)], "writer": "another"})
    assert clash.status_code == 409
    page = writer.get(write_url(debrief))
    data = next(one for one in forms(page, write_url(debrief)) if "writer" in one.names).data()
    writer.post(write_url(debrief), data | {"action": "keep:both"})
    kept = Contribution.objects.get().draft["words"]["now-helped"]
    assert sorted(kept) == sorted([str(pull.pk), str(sign.pk)])


def test_a_tick_needs_a_few_words(writer, debrief, pull):
    asked = send(writer, debrief, "share", need="Time.", **{"now-helped": [str(pull.pk)]})
    assert asked.status_code == 422
    assert "Say a few words about how." in asked.text
    assert not GuideTag.objects.exists()


def test_belief_is_never_tagged(writer, debrief, pull):
    page = writer.get(write_url(debrief)).text
    assert f'name="now-helped" value="{pull.pk}"' in page
    assert "belief-helped" not in page


def test_a_guide_retired_while_the_notes_lay_is_not_lost(writer, debrief, pull, here):
    send(writer, debrief, "draft", now="Half said", **{"now-helped": [str(pull.pk)]})
    decide_guide(guide=pull, state="retired", words="Done.", by=here.colleague)
    assert send(writer, debrief, "share").status_code == 302
    assert tags() == [("Pull rather than refer", "helped", "Half said")]


def test_guides_of_other_cycles_and_places_cannot_be_ticked(writer, debrief, elsewhere, here, pull):
    foreign = Guide.objects.create(cycle=elsewhere.cycle, kind="rule", text="Theirs", by=elsewhere.worker)
    other = Guide.objects.create(
        cycle=f.LearningCycleFactory(team=here.core), kind="rule", text="Another’s", by=here.worker
    )
    for guide in (foreign, other):
        answer = send(writer, debrief, "share", now="x", **{"now-helped": [str(guide.pk)]})
        assert answer.status_code == 422
    assert not GuideTag.objects.exists()


# ------------------------------------------------------------------ afterwards


@pytest.mark.system(19)
def test_an_answer_is_tagged_afterwards_by_its_author_or_the_recorder(client, here, debrief, pull, sign):
    answer = said(debrief, here.worker)
    debrief.recorder = here.recorder
    debrief.save()
    url = reverse("debriefs:tag", args=[answer.pk])
    client.force_login(here.colleague)
    assert client.post(url, {"helped": [pull.pk]}).status_code == 403
    client.force_login(here.worker)
    client.post(url, {"helped": [pull.pk]})
    client.post(url, {"helped": [pull.pk]})
    client.force_login(here.recorder)
    client.post(url, {"blocked": [sign.pk]})
    assert [(guide, how) for guide, how, _ in tags()] == [
        ("Two signatures", "blocked"),
        ("Pull rather than refer", "helped"),
    ]


def test_a_wrong_tag_comes_off_until_it_is_written_up(writer, here, debrief, pull, sign):
    answer = said(debrief, here.worker)
    wrong = GuideTag.objects.create(answer=answer, guide=sign, how="helped")
    off = reverse("debriefs:take_off", args=[wrong.pk])
    writer.post(off)
    assert not GuideTag.objects.exists()
    stands = GuideTag.objects.create(answer=answer, guide=sign, how="blocked")
    debrief.state, debrief.held_on = "held", timezone.localdate()
    debrief.save()
    actions.write_up(debrief=debrief, by=here.recorder)
    writer.post(reverse("debriefs:take_off", args=[stands.pk]))
    assert GuideTag.objects.filter(pk=stands.pk).exists()
    page = writer.get(reverse("debriefs:tag", args=[answer.pk])).text
    assert "Take it off" not in page
    writer.post(reverse("debriefs:tag", args=[answer.pk]), {"helped": [pull.pk]})
    assert GuideTag.objects.count() == 2


def test_nothing_ticked_is_kindly_refused(writer, here, debrief, pull):
    answer = said(debrief, here.worker)
    asked = writer.post(reverse("debriefs:tag", args=[answer.pk]), {"csrfmiddlewaretoken": "x"})
    assert asked.status_code == 422
    assert "Tick one first." in asked.text


def test_one_tag_is_one_row(here, debrief, pull):
    answer = said(debrief, here.worker)
    GuideTag.objects.create(answer=answer, guide=pull, how="helped")
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        GuideTag.objects.create(answer=answer, guide=pull, how="helped")


# ------------------------------------------------------------------ counted, never by person


def test_a_debrief_counts_once_however_many_said_it(writer, here, debrief, pull):
    for by in (here.worker, here.colleague, here.recorder):
        GuideTag.objects.create(answer=said(debrief, by), guide=pull, how="helped")
    assert "Helped in 1 debrief<" in writer.get(pull.get_absolute_url()).text
    again = f.DebriefFactory(cycle=here.cycle)
    GuideTag.objects.create(answer=said(again, here.worker), guide=pull, how="helped")
    assert "Helped in 2 debriefs<" in writer.get(pull.get_absolute_url()).text


def test_a_tag_knows_no_person():
    assert {field.name for field in GuideTag._meta.fields} == {"id", "answer", "guide", "how", "at"}


@pytest.mark.system(19)
def test_others_read_the_count_and_never_the_words_or_who(client, here, debrief, pull):
    GuideTag.objects.create(answer=said(debrief, here.worker, "She cried at the desk."), guide=pull, how="blocked")
    CycleLink.objects.create(
        source=here.cycle, target=f.LearningCycleFactory(team=here.working), direction="horizontal", by=here.worker
    )
    for person in (here.helper, here.steward):
        client.force_login(person)
        page = client.get(pull.get_absolute_url()).text
        assert "Blocked in 1 debrief" in page
        assert "She cried at the desk." not in page
        assert "What was said is read by the team" in page
    client.force_login(here.colleague)
    page = client.get(pull.get_absolute_url()).text
    assert "She cried at the desk." in page
    assert here.worker.short_name not in page.split("In debriefs", 1)[1].split("Its history", 1)[0]


def test_guide_page_query_count(writer, here, pull):
    def one_more():
        debrief = f.DebriefFactory(cycle=here.cycle)
        GuideTag.objects.create(answer=said(debrief, here.worker), guide=pull, how="helped")

    # who is asking (3), the guide, the counts, the words behind them, its steps
    assert_queries_stay_flat(writer, pull.get_absolute_url(), one_more, most=7)
