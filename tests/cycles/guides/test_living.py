"""Are we living our guides? Three prompts over each, by example, with no score; kept on its day by the team alone."""

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.guides import actions
from cycles.models import Confirmation, ConfirmationAnswer, Guide, Question, QuestionWording
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


def prompt(name):
    return Question.objects.get(key=f"confirm.{name}")


def guide_of(here, text="Listen first", **about):
    about = about or {"cycle": here.cycle}
    return Guide.objects.create(kind="principle", text=text, by=here.worker, **about)


def page_of(team):
    return reverse("cycles:confirm", args=[team.pk])


@pytest.mark.system(28)
def test_a_team_looks_at_each_guide_in_three_prompts(client, here):
    guides = [guide_of(here), guide_of(here, "Nothing is out of scope", team=here.core)]
    guide_of(here, "An old one", cycle=here.cycle, state="retired", retired_on=timezone.localdate())
    client.force_login(here.worker)
    page = client.get(page_of(here.core)).text
    assert "An old one" not in page
    for guide in guides:
        assert guide.text in page
        assert all(f'name="{name}-{guide.pk}"' in page for name in ("lived", "short", "next"))
    sent = {f"lived-{guides[0].pk}": "We waited for her to speak.", f"next-{guides[1].pk}": "Say yes to the bike."}
    done = client.post(page_of(here.core), sent)
    look = Confirmation.objects.get()
    assert done.url == look.get_absolute_url()
    told = {(a.guide, a.question.key): a.text for a in look.answers.all()}
    assert told == {
        (guides[0], "confirm.lived"): "We waited for her to speak.",
        (guides[1], "confirm.next"): "Say yes to the bike.",
    }
    read = client.get(done.url).text
    assert "We waited for her to speak." in read
    assert prompt("lived").text in read
    assert look.get_absolute_url() in client.get(reverse("cycles:team_guides", args=[here.core.pk])).text


@pytest.mark.system(64)
def test_leaders_reflect_on_their_behaviours_by_example_and_nothing_is_scored(client, here):
    behaviour = Guide.objects.create(
        team=here.leadership, kind="behaviour", text="We go and see before we decide", by=here.leader
    )
    client.force_login(here.leader)
    page = client.get(page_of(here.leadership)).text
    assert "We go and see before we decide" in page
    assert 'type="number"' not in page
    assert 'type="radio"' not in page.split("<main", 1)[1]
    client.post(page_of(here.leadership), {f"short-{behaviour.pk}": "We decided the holds from a table."})
    look = Confirmation.objects.get()
    assert "We decided the holds from a table." in client.get(look.get_absolute_url()).text
    assert [field.name for field in ConfirmationAnswer._meta.fields] == [
        "id",
        "confirmation",
        "guide",
        "question",
        "text",
    ]


def test_what_was_said_last_time_is_beside_the_boxes(client, here):
    guide = guide_of(here)
    actions.confirm_guides(team=here.core, said={(guide, prompt("next")): "Ring before we go."}, by=here.colleague)
    client.force_login(here.worker)
    assert "Ring before we go." in client.get(page_of(here.core)).text


def test_nothing_said_is_kindly_refused(client, here):
    guide_of(here)
    client.force_login(here.worker)
    asked = client.post(page_of(here.core), {"csrfmiddlewaretoken": "x"})
    assert asked.status_code == 422
    assert "Say one thing about one of them." in asked.text
    assert not Confirmation.objects.exists()


def test_a_long_answer_comes_back_whole(client, here):
    guide = guide_of(here)
    client.force_login(here.worker)
    asked = client.post(page_of(here.core), {f"lived-{guide.pk}": "word " * 1200})
    assert asked.status_code == 422
    assert "word " * 100 in asked.text
    assert "up to 4,000 letters" in asked.text


def test_sent_twice_it_is_once(client, here):
    guide = guide_of(here)
    client.force_login(here.worker)
    sent = {f"lived-{guide.pk}": "Once.", "client_id": "0f4c1f0e-8a0e-4a55-9d1e-5a2b6b1d2c77"}
    client.post(page_of(here.core), sent)
    client.post(page_of(here.core), sent)
    assert ConfirmationAnswer.objects.count() == 1


@pytest.mark.system(28)
def test_a_look_is_the_teams_own(client, here):
    guide = guide_of(here)
    look = actions.confirm_guides(team=here.core, said={(guide, prompt("short")): "We rushed."}, by=here.worker)
    for person, page, read in ((here.colleague, 200, 200), (here.steward, 403, 404), (here.leader, 404, 404)):
        client.force_login(person)
        assert client.get(page_of(here.core)).status_code == page
        assert client.get(look.get_absolute_url()).status_code == read
    client.force_login(here.steward)
    assert look.get_absolute_url() not in client.get(reverse("cycles:team_guides", args=[here.core.pk])).text


def test_the_place_may_word_the_prompts_and_old_looks_keep_theirs(client, here):
    guide = guide_of(here)
    look = actions.confirm_guides(team=here.core, said={(guide, prompt("lived")): "At the school."}, by=here.worker)
    QuestionWording.objects.create(
        place=here.place, question=prompt("lived"), text="Where did this show?", by=here.admin
    )
    client.force_login(here.worker)
    assert "Where did this show?" in client.get(page_of(here.core)).text
    assert "Where did this show?" not in client.get(look.get_absolute_url()).text


def test_what_was_said_is_never_changed(here):
    guide = guide_of(here)
    actions.confirm_guides(team=here.core, said={(guide, prompt("lived")): "Said."}, by=here.worker)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ConfirmationAnswer.objects.update(text="Otherwise")


def test_guides_of_a_life_are_not_brought_in(client, here):
    case = f.CaseFactory(team=here.core, worker=here.worker)
    Guide.objects.create(cycle=case.cycle, kind="rule", text="Between us two", by=here.worker)
    client.force_login(here.colleague)
    assert "Between us two" not in client.get(page_of(here.core)).text


def test_confirm_page_query_count(client, here):
    client.force_login(here.worker)

    def one_more():
        guide = guide_of(here)
        actions.confirm_guides(team=here.core, said={(guide, prompt("next")): "Try."}, by=here.worker)

    # who is asking (3), the team, its place, guides, prompts, the last look and what it said
    assert_queries_stay_flat(client, page_of(here.core), one_more, most=9)
