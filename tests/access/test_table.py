"""The table of who may open what, held against the product: every address, every person, page and piece."""

import os

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from django_htmx.middleware import HtmxDetails

from tests.access.rows import PEOPLE, PUBLIC, SECRET, all_rows, tables
from tests.helpers.html import steady
from tests.helpers.snapshot import changed, fingerprint

OK = (200, 302, 303)
pytestmark = pytest.mark.usefixtures("known_people")
HTMX = {"HX-Request": "true"}
ROWS = all_rows()
READ = [row for row in ROWS if not row.only_post and row.crawl]
# Of the other place four: one who does the work, one who decides, one who sees across it, one who looks after it.
STRANGERS = ("worker", "leader", "steward", "admin")
EVERYONE = [("here", name) for name in (*PEOPLE, "nobody", "deactivated")] + [("elsewhere", name) for name in STRANGERS]
FEW = [("here", "worker"), ("here", "nobody"), ("elsewhere", "worker")]
# `FUZZ=whole` asks everyone for every page and every piece of one, also where the answer can hardly be another, and
# tries 200 numbers at each address that takes one (docs/drills.md).
WHOLE = os.environ.get("FUZZ") == "whole"
GUESSES = 200 if WHOLE else 1


def names(patterns=None, space=""):
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}" if pattern.name else f"unnamed: {pattern.pattern}"


def test_every_address_is_in_the_table():
    listed = {row.name for row in ROWS}
    routed = set(names())
    assert sorted(routed - listed) == [], "add a Row for each in tests/access/table_<room>.py"
    assert sorted(listed - routed) == [], "these rows name no address"


def test_a_missing_address_would_be_noticed():
    """Positive control: a route that no table lists shows up as missing."""
    extra = [*get_resolver().url_patterns, path("quietly-added/", lambda r: None, name="quietly_added")]
    assert set(names(extra)) - {row.name for row in ROWS} >= {"quietly_added"}


def to_sign_in(response):
    """A redirect for a page; for a piece of one, htmx is told to go there."""
    to = response.headers.get("HX-Redirect" if response.status_code == 401 else "Location", "")
    return response.status_code in (302, 401) and to.startswith(reverse(settings.LOGIN_URL) + "?next=")


def expected(row, where, who):
    """open, refused (403), hidden (404), sign in, or a token."""
    if row.token:
        return "bring a token"
    if who in row.sees and (where == "here" or not row.has_id or "nobody" in row.sees):
        return "open"
    if who == "deactivated":
        who = "nobody"
        if who in row.sees:
            return "open"
    if who == "nobody":
        return "sign in"
    if who in row.refused and (where == "here" or not row.has_id):
        return "refused"
    return "hidden"


def asks_for_token(response):
    return response.status_code == 401 and response.headers.get("WWW-Authenticate", "").startswith("Bearer")


def answer(response):
    if to_sign_in(response):
        return "sign in"
    if asks_for_token(response):
        return "bring a token"
    return {403: "refused", 404: "hidden"}.get(response.status_code) or (
        "open" if response.status_code in OK else f"status {response.status_code}"
    )


class Met:
    """What the crawl below has read so far: which secrets, where, and by whom they were not to be."""

    words = set()
    places = set()
    leaks = set()
    pieces = set()
    cells = rows = 0

    @classmethod
    def note(cls, text, worlds, where, who, name):
        cls.cells += 1
        met = set(SECRET.findall(text))
        for home, world in zip(("here", "elsewhere"), worlds, strict=True):
            for secret in world.secrets if met else ():
                if secret.word in met:
                    cls.words.add(secret.what)
                    cls.places.add((secret.what, name))
                    if where != home or who not in secret.who:
                        cls.leaks.add(f"{secret.what} of {home} read by {who} of {where} at {name}")


@pytest.fixture
def asked_for_htmx(monkeypatch):
    """Grows whenever the product looks whether htmx asks."""
    looks, real = [], HtmxDetails.__bool__
    monkeypatch.setattr(HtmxDetails, "__bool__", lambda self: looks.append(self) or real(self))
    return looks


@pytest.mark.parametrize("row", READ, ids=str)
def test_reading_follows_the_table(row, clients, worlds, asked_for_htmx):
    """Everyone asks for the page, and for the piece whoever might be told something else than there."""
    url = row.url(worlds[0])
    wanted = {one: expected(row, *one) for one in askers(row)}
    told, looks, foreign = {}, False, {}
    for one in wanted:
        before = len(asked_for_htmx)
        response = clients[one].get(url)
        told[one], text = answer(response), body(response)
        Met.note(text, worlds, *one, row.name)
        if wanted[one] != "sign in":
            looks |= len(asked_for_htmx) > before or "HX-Request" in response.headers.get("Vary", "")
        if one[0] == "elsewhere" and one[1] in row.sees:
            foreign[one] = response
    assert told == wanted
    assert foreign_beside_unknown(row, foreign, clients, worlds) == []
    Met.pieces |= {row.name} if looks else set()
    Met.rows += 1
    pieces = {}
    for one in asking_for_a_piece(wanted, looks):
        response = clients[one].get(url, headers=HTMX)
        pieces[one] = answer(response)
        Met.note(body(response), worlds, *one, f"a piece of {row.name}")
    assert pieces == {one: wanted[one] for one in pieces}
    assert Met.leaks == set()


@pytest.mark.parametrize("who", ["worker", "leader"])
def test_numbers_that_strangers_guess_open_nothing(clients, worlds, who):
    """The numbers beside one that is there: of another place nothing is read, and what is not there is not an error."""
    one, odd = ("elsewhere", who), []
    for row in READ:
        kwargs = row.kwargs(worlds[0])
        numbers = [key for key, value in kwargs.items() if isinstance(value, int)]
        for step in range(-GUESSES // 2, GUESSES // 2) if len(numbers) == 1 else ():
            near = kwargs | {numbers[0]: abs(kwargs[numbers[0]] + step)}
            response = clients[one].get(reverse(row.name, kwargs=near) + row.query)
            Met.note(body(response), worlds, *one, f"{row.name} by guessing")
            odd += [f"{row.name}: {response.status_code}"] if response.status_code >= 500 else []
    assert odd == []
    assert Met.leaks == set()


def askers(row):
    """Everyone whose answer could be another.

    A colleague is of the same team and role as the worker, who wrote it all, and wrote no more of it than the recorder.
    Of the other place come those who may at home: the others are turned away there already, and nobody may do more in a
    place that is not theirs.
    """
    found = list(EVERYONE)
    if WHOLE or not row.has_id or "nobody" in row.sees:
        return found
    if len({expected(row, "here", who) for who in ("worker", "colleague", "recorder")}) == 1:
        found.remove(("here", "colleague"))
    strangers = [who for who in STRANGERS if who in row.sees] or STRANGERS[:1]
    return [one for one in found if one[0] == "here" or one[1] in strangers]


def foreign_beside_unknown(row, foreign, clients, worlds):
    """Complaints where someone who may open their own can tell another's id from no one's, byte for byte."""
    if not row.has_id or not PUBLIC - row.sees:
        return []
    who = sorted((row.senders if row.only_post else row.sees) & set(PEOPLE))
    if not foreign and not who:
        return []
    one = next(iter(foreign), None) or ("here", who[0])
    act = getattr(clients[one], "post" if row.only_post else "get")
    answers = [foreign.get(one) or act(row.url(worlds[1])), *(act(url) for url in row.unknown_urls(worlds[0]))]
    told = [f"{row.name} by {one}: {response.status_code}" for response in answers if response.status_code != 404]
    if len({steady(response.content.decode()) for response in answers}) != 1:
        told.append(f"{row.name} by {one}: not the same page")
    return told


def test_foreign_and_unknown_ids_look_the_same_to_whoever_sends(clients, worlds):
    rows = [row for row in ROWS if row.only_post]
    assert [told for row in rows for told in foreign_beside_unknown(row, {}, clients, worlds)] == []


def asking_for_a_piece(wanted, looks):
    """Where the view looks for htmx, whoever may open it and one of each kind that may not; else two who may not."""
    if WHOLE:
        return list(wanted)
    turned_away = {(one[0], wanted[one]): one for one in reversed(wanted) if wanted[one] != "open"}
    if not looks:
        return [one for one in turned_away.values() if one in FEW[1:]]
    return [one for one in wanted if wanted[one] == "open" or one in turned_away.values()]


def test_views_that_answer_with_a_piece_were_found():
    """Positive control: the crawl above knew them by their looking, or by what they tell caches."""
    if not Met.words:
        pytest.skip("the crawl did not run")
    assert {"issues:list", "issues:issue", "debriefs:belief"} <= Met.pieces
    assert len(Met.pieces) < 40, "each of these is asked for twice by everyone"


def test_the_crawl_was_wide():
    """Positive control: that many times someone asked for a page or a piece (row 1 of the assurance table: 5,000)."""
    if Met.rows < len(READ):
        pytest.skip("the crawl did not run whole")
    assert Met.cells >= (10_000 if WHOLE else 5_000), Met.cells


def turned_away_unseen(response):
    """Refused by what stands before the view and never asks who it is: sign-in, a token, or the method."""
    return response.status_code == 405 or to_sign_in(response) or asks_for_token(response)


def told_everyone(row, act):
    """What each person is told. Nobody else needs to ask where the first few were turned away unseen."""
    may = [one for one in EVERYONE if one[0] == "here" and one[1] in (row.senders or row.sees)]
    few = dict.fromkeys([*may[:1], *may[-1:], *FEW])
    told = {one: act(one) for one in few}
    if WHOLE or not all(turned_away_unseen(response) for response in told.values()):
        told |= {one: act(one) for one in EVERYONE if one not in told}
    return told


def test_a_link_never_does_what_only_a_form_may(clients, here):
    assert_nothing_comes_of(lambda row: followed(row, clients, here), [row for row in ROWS if row.only_post])


def followed(row, clients, here):
    """The cells of a row where a link to it was answered with more than a refusal or a way elsewhere."""
    url = row.url(here)
    return [
        f"{row.name} by {who} of {where}: {response.status_code}"
        for (where, who), response in told_everyone(row, lambda one: clients[one].get(url)).items()
        if response.status_code not in (405, 404, 403, 302) and not turned_away_unseen(response)
    ]


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.__name__.rpartition("_")[2])
def test_strangers_posts_are_refused_before_anything_else(table, clients, here):
    """Refused whatever the form holds: never a 422, which would mean it was read, and nothing changes."""
    assert_nothing_comes_of(lambda row: taken(row, clients, here), table.ROWS)


def strangers(row):
    """Whoever must not send it: of this place each who may not, of the other those who may at home (see `askers`)."""
    here = [who for who in PEOPLE if who not in row.senders]
    if "worker" in here and not WHOLE:
        here.remove("colleague")
    found = [("here", who) for who in here]
    if "nobody" not in row.senders:
        found.append(("here", "nobody"))
        if row.has_id:
            found += [("elsewhere", who) for who in STRANGERS if WHOLE or who in row.senders] or FEW[-1:]
    return found


def taken(row, clients, here):
    """The cells of a row where a stranger's post was not turned away at the door."""
    url = row.url(here)

    def post(one, headers=None):
        return clients[one].post(url, {"client_id": "", "text": "x"}, headers=headers or {})

    if row.senders:
        told = {one: post(one) for one in strangers(row)}
        foreign = [one for one in told if one[0] == "elsewhere"][:1]
        by_htmx = {one: post(one, HTMX) for one in told if one[1] == "nobody" or one in foreign}
    else:
        told = told_everyone(row, post)
        by_htmx = {one: post(one, HTMX) for one in FEW}
    return [
        f"{row.name} by {who} of {where}: {response.status_code}"
        for (where, who), response in [*told.items(), *by_htmx.items()]
        if not refused(row, where, who, response)
    ]


def refused(row, where, who, response):
    if not row.senders and expected(row, where, who) == "open" and response.status_code in OK:
        return True  # a page to read, which does not look how it was asked for
    return response.status_code in (403, 404) or turned_away_unseen(response)


def assert_nothing_comes_of(act, rows):
    """No complaint and no change, looked for once; which row it was is tried one by one, each on what was there."""
    told, touched = tried(lambda: [cell for row in rows for cell in act(row)])
    assert told == []
    assert touched == [], [(row.name, change) for row in rows if (change := tried(lambda row=row: act(row))[1])]


def tried(act):
    """What `act` tells and which tables it changes; undone, for doing the same twice may change nothing more."""
    before = fingerprint()
    with transaction.atomic():
        told = act()
        touched = changed(before, fingerprint())
        transaction.set_rollback(True)
    return told, touched


def test_every_secret_was_met_by_someone(worlds):
    """Positive control for the crawl above: words that nobody ever read would prove nothing by their silence."""
    if not Met.words:
        pytest.skip("the crawl did not run")
    assert [s.what for s in worlds[0].secrets if s.must_be_met and s.what not in Met.words] == []


@pytest.mark.system(26)
def test_words_of_two_were_met_on_one_page_alone():
    """Not even the two are shown them anywhere else (see test_welfare)."""
    if not Met.words:
        pytest.skip("the crawl did not run")
    met = {name.removeprefix("a piece of ") for what, name in Met.places if what in ("words of two", "a draft to one")}
    assert met == {"debriefs:talk"}


def test_a_leak_would_be_noticed(worlds):
    secret = worlds[0].secrets[0]
    kept, places = set(Met.leaks), set(Met.places)
    Met.note(f"<p>{secret.word}</p>", worlds, "elsewhere", "worker", "a bad view")
    assert Met.leaks - kept == {f"{secret.what} of here read by worker of elsewhere at a bad view"}
    Met.leaks, Met.places = kept, places


def body(response):
    """All that was sent: the page, a stream, and the words inside a spreadsheet or a PDF."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    head = " ".join(response.headers.values())
    if "spreadsheetml" in kind:
        return head + _inside_zip(content)
    if "pdf" in kind:
        return head + _inside_pdf(content)
    return head + content.decode(errors="replace")


def _inside_zip(content):
    from io import BytesIO
    from zipfile import ZipFile

    with ZipFile(BytesIO(content)) as archive:
        return " ".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def _inside_pdf(content):
    from io import BytesIO

    from pypdf import PdfReader

    return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
