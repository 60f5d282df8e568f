"""The keys of sealed words: a new one in front, all words moved to it, and what happens when one is lost."""

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from debriefs.models import OneToOne, WelfareNote
from debriefs.one_to_one import actions
from hls import sealed

SECRET = "zq-I-cannot-sleep-qz"


def new_key():
    return Fernet.generate_key().decode()


@pytest.fixture
def talk(here):
    return actions.open_talk(team=here.core, other=here.op_lead, by=here.worker)


@pytest.fixture
def written(talk, here):
    actions.give_to_read(talk=talk, words=SECRET, revision=0, by=here.worker)
    actions.write(talk=talk, words=SECRET + " of the other", revision=0, by=here.op_lead)
    return talk


def page(talk, name="talk"):
    return reverse(f"debriefs:{name}", args=[talk.pk])


def tokens():
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, other_words FROM debriefs_welfarenote ORDER BY id")
        return [bytes(token) for row in cursor.fetchall() for token in row]


def opens(key, token):
    try:
        return bool(Fernet(key).decrypt(token)) or True
    except InvalidToken:
        return False


def test_the_first_key_seals_and_each_of_the_ring_opens(written, here, settings):
    old, new = settings.FIELD_KEYS[0], new_key()
    settings.FIELD_KEYS = [new, old]
    assert WelfareNote.objects.get(author=here.worker).words == SECRET
    actions.write(talk=written, words="newer", revision=1, by=here.worker)
    mine = tokens()[0]
    assert (opens(new, mine), opens(old, mine)) == (True, False)
    assert opens(old, tokens()[2]), "what nobody wrote again rests as it was"


def test_after_sealing_again_the_old_key_can_go(written, here, settings, capsys):
    old, new = settings.FIELD_KEYS[0], new_key()
    settings.FIELD_KEYS = [new, old]
    for _ in range(2):  # safe to run twice
        call_command("seal_again")
    assert "Sealed under the first key: 2." in capsys.readouterr().out
    assert [opens(old, token) for token in tokens()] == [False] * 4
    settings.FIELD_KEYS = [new]
    notes = {note.author: note.words for note in WelfareNote.objects.select_related("author")}
    assert notes == {here.worker: SECRET, here.op_lead: SECRET + " of the other"}


def test_sealing_again_says_how_many_no_key_opens_and_leaves_them(written, here, settings):
    old = settings.FIELD_KEYS
    actions.take_away(talk=written, by=here.op_lead)
    before = tokens()
    settings.FIELD_KEYS = [new_key()]
    with pytest.raises(CommandError, match="No key here opens 1 of them"):
        call_command("seal_again")
    assert tokens() == before
    settings.FIELD_KEYS = old
    assert WelfareNote.objects.get().words == SECRET


@pytest.mark.parametrize("keys", [None, [], ["not a key"]], ids=["another", "none", "odd"])
def test_a_lost_key_is_said_plainly_loses_nothing_and_gives_the_words_back(written, here, client, settings, keys):
    client.force_login(here.worker)
    old, before = settings.FIELD_KEYS, tokens()
    settings.FIELD_KEYS = [new_key()] if keys is None else keys
    shown = client.get(page(written))
    assert shown.status_code == 503
    assert "These words are locked" in shown.content.decode()
    assert client.get(reverse("debriefs:talks")).status_code == 200, "the list needs no key"
    typed = "What I typed just now."
    for act in ("save", "give", "settle"):
        answer = client.post(page(written, "talk_write"), {"words": typed, "revision": "1", "act": act})
        assert (answer.status_code, typed in answer.content.decode()) == (503, True)
    draft = client.post(page(written, "talk_draft"), {"words": typed, "revision": "1"})
    assert draft.status_code == 200, "so that htmx shows the line"
    assert "Not saved: the key is missing" in draft.content.decode()
    assert 'name="revision" value="1"' in draft.content.decode()
    theme = client.post(page(written, "talk_theme"), {"theme": ""})
    assert theme.status_code == 503
    assert tokens() == before
    settings.FIELD_KEYS = old
    assert SECRET in client.get(page(written)).content.decode()


def test_locked_words_can_still_be_taken_away(written, here, client, settings):
    settings.FIELD_KEYS = [new_key()]
    for person in (here.worker, here.op_lead):
        client.force_login(person)
        assert client.post(page(written, "talk_away")).status_code == 302
    assert not OneToOne.objects.exists()


def test_a_draft_that_is_too_long_is_no_clash_when_it_is_made_shorter(talk, here, client):
    client.force_login(here.worker)
    client.post(page(talk, "talk_draft"), {"words": "one", "revision": "0"})
    long = client.post(page(talk, "talk_draft"), {"words": "word " * 3000, "revision": "1"}).content.decode()
    assert "Not saved: it is too long" in long
    assert 'name="revision" value="1"' in long
    client.post(page(talk, "talk_draft"), {"words": "shorter", "revision": "1"})
    note = WelfareNote.objects.get()
    assert (note.words, note.other_words) == ("shorter", "")


def test_a_ring_that_is_no_ring_says_so(settings):
    settings.FIELD_KEYS = []
    with pytest.raises(sealed.NoKey, match="Set FIELD_KEYS"):
        sealed.ring()
    settings.FIELD_KEYS = ["x"]
    with pytest.raises(sealed.NoKey, match="is no key"):
        sealed.ring()
