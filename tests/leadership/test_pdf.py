"""The paper itself: tagged, true to every letter, and made without fetching anything from anywhere."""

import re
import unicodedata
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from threading import Thread

import pytest
from django.utils import timezone
from pypdf import PdfReader

from hls.leadership import packs, sheets
from hls.leadership.models import Summary
from tests import factories as f
from tests.leadership.conftest import ASKS, QUOTE, STORY, became_normal, raised_to_leaders

pytest.importorskip("weasyprint", exc_type=OSError, reason="no Pango on this machine: apt-get install libpango-1.0-0")


def paper(here):
    today = timezone.localdate()
    pack = Summary(place=here.place, team=here.leadership, period_start=today, period_end=today)
    return sheets.pdf_of(sheets.on_paper(packs.collect(pack, today)))


def reader(pdf):
    return PdfReader(BytesIO(pdf))


def words(pdf):
    """All text of a PDF with its spaces evened out."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader(pdf).pages))


def test_pdf_is_tagged_and_says_its_language_and_title(busy):
    pdf, pages = paper(busy)
    root = reader(pdf).trailer["/Root"]

    assert pages == len(reader(pdf).pages) == 4
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader(pdf).metadata.title.startswith(f"What we are learning: {busy.place.name}")
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def tags(pdf):
    """Every structure tag in the document, and the alternative texts of its figures."""
    found, alternatives = set(), []

    def walk(node):
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif hasattr(node, "get"):
            if kind := node.get("/S"):
                found.add(str(kind))
                if str(kind) == "/Figure":
                    alternatives.append(str(node.get("/Alt", "")))
            if "/K" in node:
                walk(node["/K"])

    walk(reader(pdf).trailer["/Root"]["/StructTreeRoot"])
    return found, alternatives


def test_pdf_has_headings_tables_and_described_drawings(busy):
    found, alternatives = tags(paper(busy)[0])

    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/LI", "/Figure"} <= found
    assert any("How long open issues have waited" in text and "oldest" in text for text in alternatives)
    assert any("How easy was it to do right by the person?" in text for text in alternatives)


def test_pdf_holds_the_story_the_ask_and_the_decision(busy):
    text = words(paper(busy)[0])

    assert STORY in text
    assert QUOTE in text
    assert ASKS in text
    assert "Yes, at once." in text
    assert "People are asked before a letter goes out" in text
    assert "5 or more people" in text


def test_pdf_shows_what_was_typed(here):
    typed = [
        "5 < 6 & 7",
        "Mae’r ŵyl ŷd yn Nhŷ Gŵyr",
        "“It’s £40”, she said – again…",
        "naïve façade Đorđe Łódź",
        "😀 ☂ ❤",
    ]
    text = unicodedata.normalize("NFC", words_of_a_pack(here, typed))

    assert [one for one in typed if unicodedata.normalize("NFC", one) not in text] == []


def test_pdf_shows_words_that_run_from_right_to_left(here):
    """Every letter is there; a reader of text may give them in the order they are seen."""
    typed = ["שלום", "مرحبا"]
    text = unicodedata.normalize("NFKC", words_of_a_pack(here, typed))

    assert [one for one in typed if one not in text and one[::-1] not in text] == []


def words_of_a_pack(here, typed):
    for one in typed:
        raised_to_leaders(here, description=one, quote="", asks="Look")
    return words(paper(here)[0])


def test_pdf_of_an_empty_place_says_so(here):
    pdf, pages = paper(here)

    assert "Nothing waits for a decision today." in words(pdf)
    assert pages <= 4


def test_pdf_of_a_busy_place_keeps_to_a_few_pages(here):
    """The longest words that fit a form, in everything: shortened on paper, whole on the issue's page."""
    long = "When one rule says yes another says no and nobody may decide between them. " * 20
    for _ in range(8):
        raised_to_leaders(here, description=long, asks=long[:1000], quote=long[:990], countermeasure=long)
    for _ in range(3):
        became_normal(here, text=long, quote=long[:990])
    f.StoryFactory(cycle=here.cycle, shared=True, body=long * 3)

    assert paper(here)[1] <= 6


# ------------------------------------------------------------------ nothing is fetched


@pytest.fixture
def canary():
    """A web server that notes whoever comes by."""
    hits = []

    class Bird(BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Bird)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    thread.join()
    server.server_close()


def payloads(canary, secret_file):
    return [
        f'<img src="{canary}/img">',
        f'<link rel="stylesheet" href="{canary}/css">',
        f'<style>@import url("{canary}/import"); body {{ background: url({canary}/bg) }}</style>',
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{canary}/svg" width="9" height="9"/>'
        f'<use href="{canary}/use#a"/></svg>',
        f'<object data="{canary}/object"></object><embed src="{canary}/embed"><iframe src="{canary}/frame"></iframe>',
        f'<link rel="attachment" href="file://{secret_file}"><a rel="attachment" href="file://{secret_file}">x</a>',
        f'<img src="file://{secret_file}"><link rel="stylesheet" href="file://{secret_file}">',
        '<img src="https://bundled.invalid/../hls/settings.py"><link rel="stylesheet" href="https://bundled.invalid//etc/passwd">',
    ]


def test_typed_payloads_fetch_nothing_and_the_pdf_is_made(here, canary, tmp_path):
    address, hits = canary
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    every = " ".join(payloads(address, secret))
    f.StoryFactory(cycle=here.cycle, shared=True, title="A title", body=every)
    raised_to_leaders(here, description=every, asks=every[:1000], quote=every[:1000], countermeasure=every)
    became_normal(here, text=every, quote=every[:1000])
    here.leadership.name = "<img src=x>"
    here.leadership.save()

    pdf, pages = paper(here)

    assert hits == []
    assert pages
    assert b"TOPSECRET" not in pdf
    assert "/EmbeddedFiles" not in (reader(pdf).trailer["/Root"].get("/Names") or {})
    assert "<img src=" in words(pdf)


def test_even_raw_markup_fetches_nothing(canary, tmp_path):
    """If escaping ever failed, the fetcher still stands in the way."""
    address, hits = canary
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    html = "<!doctype html><html lang=en><title>t</title><body><p>Still made" + "".join(payloads(address, secret))

    pdf, _ = sheets.pdf_of(html)

    assert hits == []
    assert "Still made" in words(pdf)
    assert [name for name, files in reader(pdf).attachments.items() if any(b"TOPSECRET" in one for one in files)] == []


def test_the_same_markup_would_be_fetched_without_our_fetcher(canary):
    """Positive control."""
    from weasyprint import HTML

    address, hits = canary
    HTML(string=f'<p>x<img src="{address}/img">').write_pdf()

    assert hits == ["/img"]


@pytest.mark.parametrize(
    "path", ["../hls/settings.py", "css/../../.env", "/etc/passwd", "js/shell.js", "css/none.css", ""]
)
def test_only_bundled_styles_fonts_and_pictures_are_known(path):
    assert sheets.bundled(path) is None


def test_bundled_styles_are_known():
    assert sheets.bundled("css/print.css")[1] == "text/css"
