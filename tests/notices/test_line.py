"""Letters pressed once for many, and the note that each was taken, over a real line."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from time_machine import travel

from cycles.models import Notice, User
from hls.notices import drill, letters, sending
from hls.notices.line import Notes
from hls.notices.press import Press, PressedLetter
from tests import factories as f
from tests.notices.test_sending import remind

# ------------------------------------------------------------------ the same letter, made another way

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
ADDRESSES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._+-]{0,20}@[a-z0-9]{1,12}\.example\Z") | st.sampled_from(
    ["o'brien@example.org", "“odd”@example.org", "a b@example.org", "zoë@example.org", "x@münchen.example"]
)


def parts(wire):
    """Everything a reader's mail program sees."""
    whole = message_from_bytes(wire, policy=policy.default)
    heads = {name.lower(): " ".join(str(value).split()) for name, value in whole.items()}
    heads.pop("content-type")
    heads.pop("date")
    return heads, [(part.get_content_type(), part.get_content()) for part in whole.iter_parts()]


@travel("2026-11-21 09:00:00+00:00", tick=False)  # the signed way to stop them holds the second it was signed in
@hypothesis_settings(max_examples=60, deadline=None)
@given(name=WORDS, email=ADDRESSES, words=WORDS)
@example(name="Ann ", email="ann@example.org", words="0")
def test_a_pressed_letter_is_the_letter(name, email, words):
    user = User(pk=7, email=email, short_name=name)
    line = letters.Line(words, "http://testserver/debriefs/1/write/?a=1&b=2")
    subject = letters.subject_of(line)
    pressed = Press([line], subject, "debrief_soon").letter(user, "debrief-soon-1")
    plain = letters.letter(user, [line], key="debrief-soon-1", subject=subject, what="debrief_soon")
    assert (pressed.subject, pressed.to, pressed.extra_headers) == (plain.subject, plain.to, plain.extra_headers)
    assert " ".join(pressed.body.split()) == " ".join(plain.body.split())
    heads, bodies = parts(pressed.message().as_bytes(linesep="\r\n"))
    plain_heads, plain_bodies = parts(plain.message().as_bytes(linesep="\r\n"))
    assert heads == plain_heads
    assert [(kind, " ".join(text.split())) for kind, text in bodies] == [
        (kind, " ".join(text.split())) for kind, text in plain_bodies
    ]


def test_a_name_can_set_nothing_into_the_head_of_a_letter():
    user = User(pk=7, email="a@example.org", short_name="Ann\r\nBcc: all@example.org\r\n\r\n<b>")
    line = letters.Line("A debrief.", "http://testserver/x/")
    pressed = Press([line], "A debrief", "debrief_soon").letter(user, "k")
    heads, bodies = parts(pressed.message().as_bytes())
    assert "bcc" not in heads
    assert "&lt;b&gt;" in bodies[1][1]


# ------------------------------------------------------------------ over a real line


@pytest.fixture
def due(here):
    soon = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(minutes=20))
    people = [here.worker, here.colleague, here.recorder, here.op_lead]
    return [remind(soon, user, key=f"{n}-{user.pk}") for n in range(10) for user in people]


@pytest.fixture
def sink(settings):
    found = drill.Sink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = "127.0.0.1", False, ""
    with found.running():
        settings.EMAIL_PORT = found.port
        yield found


def idents(sink):
    return sorted(ident for ident, _ in sink.taken)


def test_all_of_a_batch_are_handed_over_and_noted(due, sink):
    assert sending.send_batch(timezone.now()) == 40
    assert idents(sink) == sorted(letters.message_id(notice.key) for notice in due)
    assert Notice.objects.filter(sent_at__isnull=False, claimed_until=None).count() == 40
    assert sending.send_batch(timezone.now()) == 0


@pytest.mark.parametrize("count", [4, 40])
def test_queries_of_a_batch_do_not_grow_with_it(due, sink, count):
    Notice.objects.filter(pk__in=[notice.pk for notice in due[count:]]).delete()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        sending.send_batch(timezone.now())
    assert len(sink.taken) == count
    assert len(asked) <= 8, [query["sql"][:80] for query in asked]


def test_who_dies_after_a_letter_was_taken_leaves_only_that_one_unnoted(due, sink, monkeypatch):
    whole, seen = Notes.taken, []

    def dies(notes, ids):
        seen.append(ids)
        if len(seen) == 5:
            raise KeyboardInterrupt
        whole(notes, ids)

    monkeypatch.setattr(Notes, "taken", dies)
    with pytest.raises(KeyboardInterrupt):
        sending.send_batch(timezone.now())
    assert len(sink.taken) == 5
    assert Notice.objects.filter(sent_at__isnull=False).count() == 4
    Notice.objects.filter(sent_at=None).update(claimed_until=None)
    monkeypatch.setattr(Notes, "taken", whole)
    while sending.send_batch(timezone.now()):
        pass
    assert len(sink.taken) == 41
    assert list(sink.repeats().values()) == [1]


def test_a_note_is_certain_before_the_next_words_go_out(due, sink, monkeypatch):
    """The database has said yes to the note of one letter before the next one's words are handed over."""
    order = []
    certain, taken = Notes.certain, Notes.taken
    monkeypatch.setattr(Notes, "taken", lambda notes, ids: (taken(notes, ids), order.append("written")))

    def settled(notes):
        if notes.on_its_way is not None:
            order.append("certain")
        certain(notes)

    monkeypatch.setattr(Notes, "certain", settled)
    handle = drill.Sink.handle_DATA

    async def data(sink, *args):
        order.append("words")
        return await handle(sink, *args)

    monkeypatch.setattr(drill.Sink, "handle_DATA", data)
    sending.send_batch(timezone.now())
    assert order == ["words", "written", "certain"] * 40


def test_a_note_that_the_database_refuses_is_an_error_and_no_silence(due, sink, monkeypatch):
    from django.db import DatabaseError

    monkeypatch.setattr("hls.notices.line.TAKEN", b"UPDATE cycles_notice SET nothing_such = $1 WHERE id = ANY($2)")
    with pytest.raises(DatabaseError):
        sending.send_batch(timezone.now())
    assert len(sink.taken) == 1
    connection.needs_rollback = False


class Choosy(drill.Sink):
    """Says no to some readers as real servers do: for good, for now, or by closing the line."""

    answers = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if said := self.answers.get(address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 fine"


def test_what_a_server_says_of_one_reader_holds_for_that_one_only(due, sink, here):
    Notice.objects.exclude(key__startswith="0-").delete()
    choosy = Choosy()
    choosy.answers = {here.worker.email: "550 no such reader", here.colleague.email: "451 greylisted"}
    with choosy.running():
        from django.conf import settings

        settings.EMAIL_PORT = choosy.port
        sending.send_batch(timezone.now())
    rows = {notice.user: notice for notice in Notice.objects.all()}
    assert rows[here.worker].tries == Notice.MOST_TRIES
    assert (rows[here.colleague].tries, rows[here.colleague].sent_at) == (1, None)
    assert rows[here.recorder].sent_at
    assert rows[here.op_lead].sent_at
    assert len(choosy.taken) == 2


def test_only_simple_addresses_are_set_in():
    press = Press([letters.Line("A debrief.", "http://testserver/x/")], "A debrief", "debrief_soon")
    assert isinstance(press.letter(User(pk=1, email="a@example.org", short_name="A"), "k"), PressedLetter)
    assert not isinstance(press.letter(User(pk=1, email="zoë@example.org", short_name="A"), "k"), PressedLetter)


def test_a_name_that_looks_like_a_gap_is_only_a_name():
    from hls.notices import press

    name = f"{press.NAME}{press.HTML_NAME}{press.STOP}<b>"
    made = Press([letters.Line("A debrief.", "http://testserver/x/")], "A debrief", "debrief_soon").letter(
        User(pk=1, email="a@example.org", short_name=name), "k"
    )
    _, bodies = parts(made.message().as_bytes())
    assert f"Hello {name}," in bodies[0][1]
    assert "<b>" not in bodies[1][1]
