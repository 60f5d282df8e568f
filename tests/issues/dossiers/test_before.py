"""How a dossier read before: kept with each change, shown to those who may change it, and a story taken back is gone."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from issues.models import Dossier, DossierVersion
from tests.helpers.queries import assert_queries_stay_flat
from tests.issues.dossiers.conftest import ASKS, write

OTHER = "Let people choose the day"


def at(macro, name="dossier_before"):
    return reverse(f"issues:{name}", args=[macro.issue.ref])


def page(client, macro, name="dossier_before"):
    return client.get(at(macro, name)).content.decode()


def test_each_change_keeps_how_it_read(client, macro, dossier):
    client.force_login(macro.worker)
    assert at(macro) not in page(client, macro, "dossier"), "nothing to show yet"
    assert "It has not been changed yet" in page(client, macro)
    made_at = dossier.updated_at
    sent = {"asks": OTHER, "rule": "", "rule_source": "", "cost": "", "version": "1", "stories": []}
    assert client.post(at(macro, "dossier_edit"), sent).status_code == 302
    before = DossierVersion.objects.get()
    assert (before.asks, before.number, before.by, before.at) == (ASKS, 1, macro.worker, made_at)
    assert before.stories == [macro.story.pk]
    assert at(macro) in page(client, macro, "dossier")
    told = page(client, macro)
    for words in (ASKS, "Regulation 7, paragraph 2", "A morning each week", macro.story.title):
        assert words in told
    assert OTHER not in told, "what counts is on its own page"


def test_saved_as_it_was_nothing_is_kept(macro, dossier):
    write(macro, version=1)
    assert not DossierVersion.objects.exists()


def test_a_late_save_keeps_nothing(client, macro, dossier):
    write(macro, asks=OTHER, version=1)
    client.force_login(macro.worker)
    late = client.post(at(macro, "dossier_edit"), {"asks": "A third thing", "version": "1"})
    assert late.status_code == 409
    assert DossierVersion.objects.count() == 1


def test_a_story_taken_back_is_gone_from_what_was_before_too(client, macro, dossier):
    write(macro, asks=OTHER, version=1)
    type(macro.story).objects.filter(pk=macro.story.pk).update(withdrawn_on=timezone.localdate())
    client.force_login(macro.worker)
    told = page(client, macro)
    assert macro.story.title not in told
    assert "one or more that may not be told any more" in told


def test_only_those_who_may_change_it_read_it(client, macro, dossier, elsewhere):
    """A leader who was asked reads the dossier as it stands: a name taken out stays out."""
    write(macro, asks=OTHER, version=1)
    for user, status in (
        (macro.steward, 200), (macro.colleague, 200), (macro.leader, 403), (macro.helper, 404), (elsewhere.steward, 404)
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(at(macro)).status_code == status
    client.force_login(macro.leader)
    assert at(macro) not in page(client, macro, "dossier")


def test_nothing_of_it_goes_outside(macro, dossier):
    from issues.dossiers.facts import facts_of

    write(macro, asks=OTHER, version=1)
    assert ASKS not in str(facts_of(Dossier.objects.get()))


def test_it_is_never_changed_and_goes_with_its_dossier(macro, dossier):
    write(macro, asks=OTHER, version=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        DossierVersion.objects.update(asks="Another")
    dossier.delete()
    assert not DossierVersion.objects.exists()


def test_earlier_wordings_come_page_by_page(client, macro, dossier, monkeypatch):
    monkeypatch.setattr("issues.dossiers.views.VERSIONS_SHOWN", 2)
    for number in range(1, 5):
        write(macro, asks=f"Ask number {number + 1}", version=number)
    client.force_login(macro.worker)
    first, second = page(client, macro), client.get(at(macro) + "?from=2").content.decode()
    assert "Ask number 4" in first
    assert ASKS not in first
    assert "?from=2" in first
    assert ASKS in second
    assert client.get(at(macro) + "?from=x").status_code == 200


def test_earlier_wordings_query_count(client, macro, dossier):
    client.force_login(macro.worker)

    def add():
        version = Dossier.objects.get().version
        write(macro, asks=f"Ask {version}", version=version)

    assert_queries_stay_flat(client, at(macro), add)
