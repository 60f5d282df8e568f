"""The table of who may open what, held against the product: every address, every person, page and piece."""

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from tests.access.rows import PEOPLE, PUBLIC, SECRET, all_rows, tables
from tests.helpers.html import steady
from tests.helpers.snapshot import changed, fingerprint

OK = (200, 302, 303)
HTMX = {"HX-Request": "true"}
ROWS = all_rows()
# Of the other place four: one who does the work, one who decides, one who sees across it, one who looks after it.
STRANGERS = ("worker", "leader", "steward", "admin")
EVERYONE = [("here", name) for name in (*PEOPLE, "nobody", "deactivated")] + [("elsewhere", name) for name in STRANGERS]
# A view that never asks for htmx was tried as a page by everyone; the rest is the middleware's.
FEW = [("here", "worker"), ("here", "nobody"), ("elsewhere", "worker")]


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
    """What the crawl below has read so far: which secrets, and by whom they were not to be."""

    words = set()
    leaks = set()

    @classmethod
    def note(cls, text, worlds, where, who, name):
        met = set(SECRET.findall(text))
        for home, world in zip(("here", "elsewhere"), worlds, strict=True):
            for secret in world.secrets if met else ():
                if secret.word in met:
                    cls.words.add(secret.what)
                    if where != home or who not in secret.who:
                        cls.leaks.add(f"{secret.what} of {home} read by {who} of {where} at {name}")


@pytest.mark.parametrize("row", [r for r in ROWS if not r.only_post and r.crawl], ids=str)
@pytest.mark.parametrize("htmx", [False, True], ids=["page", "piece"])
def test_reading_follows_the_table(row, htmx, clients, worlds):
    url = row.url(worlds[0])
    told = {}
    asking = EVERYONE if not htmx or looks_at_htmx(row, url, clients) else FEW
    for where, who in asking:
        response = clients[where, who].get(url, headers=HTMX if htmx else {})
        told[f"{where} {who}"] = answer(response)
        Met.note(body(response), worlds, where, who, row.name)
    assert told == {f"{where} {who}": expected(row, where, who) for where, who in asking}
    assert Met.leaks == set()


def looks_at_htmx(row, url, clients):
    """Whether the view answers htmx in its own way; one that does says so, or caches would mix the two up."""
    for where, who in EVERYONE:
        if expected(row, where, who) == "open":
            response = clients[where, who].get(url, headers=HTMX)
            body(response)  # read to its end, which closes a file
            return "HX-Request" in response.headers.get("Vary", "")
    return True


def test_a_link_never_does_what_only_a_form_may(clients, here):
    rows = [row for row in ROWS if row.only_post]
    before = fingerprint()
    assert [cell for row in rows for cell in followed(row, clients, here)] == []
    if touched := changed(before, fingerprint()):
        assert culprits(rows, lambda row: followed(row, clients, here)) == [], touched


def followed(row, clients, here):
    """The cells of a row where a link to it was answered with more than a refusal or a way elsewhere."""
    answers = {f"{where} {who}": clients[where, who].get(row.url(here)) for where, who in EVERYONE}
    return [
        f"{row.name} by {who}: {response.status_code}"
        for who, response in answers.items()
        if response.status_code not in (405, 404, 403, 302) and not (to_sign_in(response) or asks_for_token(response))
    ]


@pytest.mark.parametrize("row", [r for r in ROWS if r.has_id and PUBLIC - r.sees], ids=str)
def test_foreign_and_unknown_ids_look_the_same(row, clients, here, elsewhere):
    """Someone who may open their own gets, byte for byte, the same page for another's id and for no one's."""
    method = "post" if row.only_post else "get"
    who = sorted((row.senders if row.only_post else row.sees) & set(PEOPLE))
    if not who:
        pytest.skip("nobody signed in opens it")
    client = clients["here", who[0]]
    foreign = getattr(client, method)(row.url(elsewhere))
    assert foreign.status_code == 404
    for url in row.unknown_urls(here):
        unknown = getattr(client, method)(url)
        assert unknown.status_code == 404
        assert steady(unknown.content.decode()) == steady(foreign.content.decode())


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.__name__.rpartition("_")[2])
def test_strangers_posts_are_refused_before_anything_else(table, clients, here):
    """Refused whatever the form holds: never a 422, which would mean it was read, and nothing changes."""
    before = fingerprint()
    told = [cell for row in table.ROWS for cell in taken(row, clients, here)]
    assert told == []
    if touched := changed(before, fingerprint()):
        assert culprits(table.ROWS, lambda row: taken(row, clients, here)) == [], touched


def taken(row, clients, here):
    """The cells of a row where a stranger's post was not turned away at the door."""
    url = row.url(here)
    told = []
    for where, who in EVERYONE:
        if who in row.senders and (where == "here" or not row.has_id or "nobody" in row.senders):
            continue
        if who == "deactivated" and "nobody" in row.senders:
            continue
        reads_only = not row.senders and expected(row, where, who) == "open"
        for headers in ({}, HTMX) if (where, who) in FEW else ({},):
            response = clients[where, who].post(url, {"client_id": "", "text": "x"}, headers=headers)
            turned_away = to_sign_in(response) or (row.token and asks_for_token(response))
            fine = response.status_code in (403, 404, 405) or turned_away
            if not (fine or (reads_only and response.status_code in OK)):
                told.append(f"{row.name} by {who} of {where}: {response.status_code}")
    return told


def culprits(rows, act):
    """Which of these rows change something, tried one by one."""
    found = []
    for row in rows:
        before = fingerprint()
        act(row)
        found += [f"{row.name} changed {touched}" for touched in changed(before, fingerprint())]
    return found


def test_every_secret_was_met_by_someone(worlds):
    """Positive control for the crawl above: words that nobody ever read would prove nothing by their silence."""
    if not Met.words:
        pytest.skip("the crawl did not run")
    assert [s.what for s in worlds[0].secrets if s.must_be_met and s.what not in Met.words] == []


def test_a_leak_would_be_noticed(worlds):
    secret = worlds[0].secrets[0]
    kept = set(Met.leaks)
    Met.note(f"<p>{secret.word}</p>", worlds, "elsewhere", "worker", "a bad view")
    assert Met.leaks - kept == {f"{secret.what} of here read by worker of elsewhere at a bad view"}
    Met.leaks = kept


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
