"""Words that can't be shared any more stay their author's: to read, to copy, to delete, and for nobody else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cycles.drafts.models import FormDraft
from cycles.models import Membership
from debriefs.models import Contribution
from tests import factories as f

MINE = "zq the neighbour brought soup qz"


@pytest.fixture
def soon(here):
    return f.DebriefFactory(
        cycle=here.cycle, planned_for=timezone.now() + timezone.timedelta(hours=3), where="zqplaceqz"
    )


@pytest.fixture
def notes(soon, here):
    words = {"now": MINE, "now-issue-description": "No lift", "present": [str(here.worker.pk)], "recorder": "1"}
    return Contribution.objects.create(
        debrief=soon, author=here.worker, saved_at=timezone.now(), revision=1, draft={"words": words}
    )


def leave(here, person=None):
    Membership.objects.filter(user=person or here.worker).update(
        to_on=timezone.localdate() - timezone.timedelta(days=1)
    )


def own_page(notes):
    return reverse("debriefs:own_words", args=[notes.pk])


def test_notes_of_a_team_one_has_left_are_on_today_and_open(client, here, notes, soon):
    leave(here)
    client.force_login(here.worker)
    for page in ("today", "debriefs:list"):
        told = client.get(reverse(page)).text
        assert own_page(notes) in told
        assert reverse("debriefs:write", args=[soon.pk]) not in told
    assert client.get(reverse("debriefs:write", args=[soon.pk])).status_code == 404
    page = client.get(own_page(notes))
    assert page.status_code == 200
    assert MINE in page.text
    assert "No lift" in page.text
    assert "no longer in the team" in page.text


def test_of_the_debrief_itself_nothing_is_told_once_one_has_left(client, here, notes, soon):
    leave(here)
    client.force_login(here.worker)
    told = client.get(own_page(notes)).text + client.get(reverse("today")).text
    for secret in (soon.where, str(here.core), here.colleague.name, here.cycle.title):
        assert secret not in told


def test_who_has_left_can_not_share_them_from_there(client, here, notes, soon):
    leave(here)
    client.force_login(here.worker)
    for name in ("write", "draft", "discard"):
        sent = {"action": "share", "now": MINE, "revision": "1"}
        assert client.post(reverse(f"debriefs:{name}", args=[soon.pk]), sent).status_code == 404
    assert not soon.answers.exists()
    assert MINE in client.get(own_page(notes)).text


def test_notes_that_a_write_up_overtook_are_not_lost(client, here, notes, soon):
    now = timezone.now()
    type(soon).objects.filter(pk=soon.pk).update(
        state="written_up", held_on=now.date(), written_up_at=now, written_up_by=here.recorder
    )
    client.force_login(here.worker)
    assert own_page(notes) in client.get(reverse("today")).text
    page = client.get(own_page(notes)).text
    assert MINE in page
    assert "written up before you shared" in page


def test_both_versions_are_there(client, here, notes):
    notes.draft["other"] = {"now": "Written on the other phone"}
    notes.save()
    leave(here)
    client.force_login(here.worker)
    page = client.get(own_page(notes)).text
    assert MINE in page
    assert "Written on the other phone" in page


def test_nobody_else_reads_them_and_shared_ones_are_not_there(client, here, notes):
    for person in (here.colleague, here.recorder, here.steward, here.admin):
        client.force_login(person)
        assert client.get(own_page(notes)).status_code == 404
        assert client.post(own_page(notes)).status_code == 404
    Contribution.objects.update(shared_at=timezone.now())
    client.force_login(here.worker)
    assert client.get(own_page(notes)).status_code == 404


def test_deleting_asks_nothing_of_the_team(client, here, notes):
    leave(here)
    client.force_login(here.worker)
    assert client.post(own_page(notes), follow=True).status_code == 200
    notes.refresh_from_db()
    assert notes.draft == {}
    assert notes.deleted_at
    assert own_page(notes) not in client.get(reverse("today")).text


def test_without_a_word_in_it_there_is_nothing_to_tell(client, here, notes):
    notes.draft = {"words": {"present": [str(here.worker.pk)], "recorder": "1", "now": " "}}
    notes.save()
    leave(here)
    client.force_login(here.worker)
    assert own_page(notes) not in client.get(reverse("today")).text


def test_one_that_is_open_leads_on(client, here, notes, soon):
    client.force_login(here.worker)
    assert reverse("debriefs:write", args=[soon.pk]) in client.get(reverse("today")).text
    assert f'href="{reverse("debriefs:write", args=[soon.pk])}">Go on writing' in client.get(own_page(notes)).text


# ------------------------------------------------------------------ other forms


@pytest.fixture
def look(here):
    return FormDraft.objects.create(
        author=here.worker,
        team=here.core,
        form=f"confirm-{here.core.pk}",
        page=reverse("cycles:confirm", args=[here.core.pk]),
        called="Are we living our guides?",
        draft={"words": {"example-3": MINE, "client_id": "x"}},
        has_words=True,
        revision=1,
        saved_at=timezone.now(),
    )


def test_a_form_of_a_team_one_has_left_is_read_and_not_opened(client, here, look):
    own = reverse("cycles:own_words", args=[look.pk])
    client.force_login(here.worker)
    assert f'href="{look.page}"' in client.get(reverse("today")).text
    leave(here)
    today = client.get(reverse("today")).text
    assert f'href="{look.page}"' not in today
    assert f'href="{own}"' in today
    page = client.get(own).text
    assert MINE in page
    assert "Go on writing" not in page
    client.post(own)
    assert client.get(own).status_code == 404
    assert f'href="{own}"' not in client.get(reverse("today")).text


def test_a_form_of_a_cycle_out_of_sight_is_read_and_not_opened(client, here, elsewhere, look):
    client.force_login(here.worker)
    FormDraft.objects.update(team=None, cycle=elsewhere.cycle)
    assert f'href="{look.page}"' not in client.get(reverse("today")).text
    FormDraft.objects.update(cycle=here.cycle)
    assert f'href="{look.page}"' in client.get(reverse("today")).text


def test_nobody_else_opens_it(client, here, look):
    client.force_login(here.colleague)
    assert client.get(reverse("cycles:own_words", args=[look.pk])).status_code == 404
    assert client.post(reverse("cycles:own_words", args=[look.pk])).status_code == 404


# ------------------------------------------------------------------ what a device still holds


def rescue(client, **more):
    sent = {"rescued_from": "/debriefs/7/draft/", "now": MINE, "revision": "0", "writer": "w", "seq": "1"}
    return client.post(reverse("cycles:keep_rescued"), sent | more)


def test_words_of_a_device_with_nowhere_to_go_come_to_their_author_once(client, here):
    client.force_login(here.worker)
    assert rescue(client).headers["X-Kept"] == "1"
    rescue(client)
    (row,) = FormDraft.objects.all()
    assert (row.author, row.page, row.team, row.cycle) == (here.worker, "", None, None)
    own = reverse("cycles:own_words", args=[row.pk])
    assert own in client.get(reverse("today")).text
    assert client.get(own).text.count(MINE) == 1
    client.force_login(here.colleague)
    assert client.get(own).status_code == 404


def test_other_words_of_the_same_form_lie_beside_the_first(client, here):
    client.force_login(here.worker)
    rescue(client)
    rescue(client, now="And later, on the other phone", writer="v")
    page = client.get(reverse("cycles:own_words", args=[FormDraft.objects.get().pk])).text
    assert MINE in page
    assert "And later, on the other phone" in page


def test_nothing_is_kept_of_a_form_without_words(client, here):
    client.force_login(here.worker)
    rescue(client, now="  ")
    assert not FormDraft.objects.exists()
