"""What two people say in a one to one, against every role and every way out: pages, searches, exports, feeds, notices,
the pack for leaders, history, the cache and a dump of the whole database as text. Each way has its positive control:
the same look finds the words of an ordinary note.
"""

import base64
import json
import re
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from cycles.models import AuditEntry, Notice, Question
from debriefs.models import Contribution, DebriefAnswer, WelfareNote
from debriefs.one_to_one.actions import write
from hls.leadership import packs, sheets
from hls.leadership.models import Summary
from tests.access.rows import PEOPLE
from tests.access.test_table import EVERYONE, ROWS, body, expected
from tests.helpers.snapshot import changed, fingerprint

pytestmark = pytest.mark.system(26)
PAIR = {("here", "worker"), ("here", "op_lead")}
# Whoever looks for the first word must not find the second.
SOUGHT, KEPT = "zqwelfareheadqz", "zqwelfaretailqz"
PLAIN_SOUGHT, PLAIN = "zqplainheadqz", "zqplaintailqz"
TALK = {"debriefs_onetoone", "debriefs_welfarenote", "debriefs_welfaretheme", "debriefs_measurewords"}


@pytest.fixture
def said(here):
    """Words of two, given to read and in drafts; and, for the controls, an ordinary note with words of its own."""
    for by in (here.worker, here.op_lead):
        for started in (WelfareNote.objects.get(talk=here.talk, author=by).revision, 0):  # the second one clashes
            write(talk=here.talk, words=f"{SOUGHT} I cannot sleep {KEPT}", revision=started, by=by)
    WelfareNote.objects.update(shared_at=timezone.now())
    note = Contribution.objects.create(debrief=here.done, author=here.worker, shared_at=timezone.now())
    question = Question.objects.get(key="debrief.now")
    text = f"{PLAIN_SOUGHT} the letters came {PLAIN}"
    DebriefAnswer.objects.create(debrief=here.done, contribution=note, question=question, text=text)


def page(here, name="talk"):
    return reverse(f"debriefs:{name}", args=[here.talk.pk])


def test_the_two_in_it_read_it(clients, here, said):
    for who in PAIR:
        assert KEPT in body(clients[who].get(page(here)))


class Seen:
    """What a walk through the product met."""

    def __init__(self):
        self.welfare, self.plain, self.searches, self.walked = set(), set(), set(), set()

    def read(self, text, name, who):
        if KEPT in text:
            self.welfare.add((name, who))
        if PLAIN in text:
            self.plain.add((name, who))


ROLES = ("recorder", "steward", "leader", "evidence", "admin", "helper")


def readers(row):
    """Of a page about one thing, one of the two and one who is not; of one that gathers things, each role.

    What else everyone reads there is the crawl of the table's, which knows words of two as well (test_table).
    """
    if row.name.startswith("debriefs:talk"):
        return EVERYONE
    others = [("here", who) for who in (*ROLES, "colleague") if expected(row, "here", who) == "open"]
    if row.has_id:
        others = others[:1]
    elif "worker" in row.sees:
        others += [("here", "worker"), ("elsewhere", "worker"), ("elsewhere", "steward")]
    return [*others, ("here", "op_lead")]


def walk(clients, here):
    """Every page that a link opens."""
    seen = Seen()
    rows = [row for row in ROWS if not row.only_post and (row.crawl or row.name == "debriefs:feed")]
    for row in rows:
        url = row.url(here)
        for who in readers(row):
            text = body(clients[who].get(url))
            seen.read(text, row.name, who)
            seen.searches |= {(method, urljoin(url, to).partition("?")[0]) for method, to in boxes(text)}
        seen.walked.add(row.name)
    return seen


def boxes(text):
    """(method, address) of each form that looks for words, those of its buttons too."""
    for tag, inside in re.findall(r"(<form[^>]*>)(.*?)</form>", text, re.S):
        if 'role="search"' in tag or 'name="q"' in inside:
            method = (re.search(r'method="(\w+)"', tag) or ["", "get"])[1]
            addresses = re.findall(r'(?<![\w-])(?:form)?action="([^"]*)"', tag + inside)
            yield from ((method, address) for address in addresses or [""])


def test_no_page_search_feed_or_export_shows_it_to_anyone_but_the_two(clients, here, said):
    seen = walk(clients, here)
    assert {(name, who) for name, who in seen.welfare if who not in PAIR} == set()
    assert {name for name, _ in seen.welfare} == {"debriefs:talk"}, "for the two, too, it stands on one page alone"
    assert ("debriefs:debrief", ("here", "recorder")) in seen.plain, "control: the same walk met an ordinary note"
    ways_out = {"issues:export_csv", "issues:export_xlsx", "summary_pdf", "debriefs:feed", "notices", "people:place"}
    assert ways_out <= seen.walked, "control: these were opened"
    found = looked_for(seen.searches, clients)
    assert {one for one in found if one[0] == KEPT} == set()
    assert (PLAIN, "recorder", reverse("debriefs:search")) in found, "control: an ordinary note is found"
    assert (PLAIN, "recorder", reverse("debriefs:found")) in found
    assert {to for _, to in seen.searches} >= {
        reverse(name) for name in ("debriefs:search", "debriefs:found", "debriefs:thread", "issues:list")
    }, "control: these boxes were found"


def looked_for(searches, clients):
    """Every box that looks for words, filled in by the two and each role: where the words beside came out."""
    found = set()
    everyone = [("here", who) for who in ("worker", "op_lead", *ROLES)] + [("elsewhere", "worker")]
    for method, to in sorted(searches):
        for who in everyone:
            for first, beside in ((SOUGHT, KEPT), (PLAIN_SOUGHT, PLAIN)):
                sent = {"q": first, "alias": first, "team": "", "text": first}
                if beside in body(getattr(clients[who], method)(to, sent)):
                    found.add((beside, who[1], to))
    return found


def test_the_feed_and_the_pack_hold_none_of_it(clients, here, said):
    feed = clients["here", "nobody"].get(reverse("debriefs:feed", args=[here.feed_token])).text
    assert len(Calendar.from_ical(feed).walk("VEVENT")) > 0, "control: it has debriefs"
    assert KEPT not in feed
    assert "one to one" not in feed.lower()
    agenda = packs.collect(here.pack, timezone.localdate())
    paper = sheets.on_paper(agenda)
    assert any(secret.word in paper for secret in here.secrets), "control: it holds what others were told"
    assert KEPT not in json.dumps(agenda, default=str) + paper


def forms_of(words):
    """The words as they would look in a dump: as text, in hexadecimal, and in base 64 wherever they begin."""
    raw = words.encode()
    in_64 = [base64.b64encode(b"x" * at + raw)[4 if at else 0 : -4].decode() for at in range(3)]
    return [words, raw.hex(), *in_64]


def dumped():
    """The whole database as text, table by table, as a plain backup holds it."""
    raw = connection.connection
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        tables = cursor.fetchall()
    for schema, table in tables:
        with raw.cursor() as cursor, cursor.copy(f'COPY "{schema}"."{table}" TO STDOUT') as rows:
            yield table, b"".join(bytes(piece) for piece in rows).decode()


def holders(words):
    return {table for table, text in dumped() if any(form in text for form in forms_of(words))}


def test_a_dump_of_the_whole_database_holds_none_of_it(here, said):
    assert holders(PLAIN) == {"debriefs_debriefanswer"}, "control: the same look finds an ordinary note"
    assert holders(KEPT) == set()
    Summary.objects.filter(pk=here.pack.pk).update(pdf=f"some {KEPT}".encode())
    assert holders(KEPT) == {Summary._meta.db_table}, "control: words in bytes are found as well"


def test_no_history_is_kept_of_it(here):
    """Nothing in the database writes down what changes in these tables, and no model of history follows them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgrelid::regclass::text = ANY(%s)",
            [sorted(TALK | {"cycles_case"})],
        )
        triggers = cursor.fetchall()
    assert any(table == "cycles_case" and "insert" in name for table, name in triggers), "control: a life is tracked"
    assert {table for table, name in triggers if "welfare_theme_stays" not in name} <= {"cycles_case"}
    tracked = {model.pgh_tracked_model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}
    assert len(tracked) > 3, "control"
    assert {model._meta.db_table for model in tracked} & TALK == set()


def test_a_whole_talk_changes_nothing_but_its_own_tables(clients, here, said):
    """From the first word to taking it away: no notice, audit entry, count or other row comes of it."""
    worker, lead = clients["here", "worker"], clients["here", "op_lead"]
    before, told = fingerprint(), (Notice.objects.count(), AuditEntry.objects.count())
    opened = worker.post(reverse("debriefs:talks"), {"other": here.op_lead.pk}).url
    worker.post(opened + "draft/", {"words": KEPT, "revision": "0"})
    worker.post(opened + "write/", {"words": KEPT + " and more", "revision": "1", "act": "give"})
    assert KEPT in body(lead.get(opened)), "control: it was given"
    lead.post(opened + "write/", {"words": "I hear you", "revision": "0", "act": "give"})
    lead.post(opened + "theme/", {"theme": "workload"})
    lead.post(opened + "measures/", {f"m{here.for_tray.measure_id}": "Three forms"})
    after = fingerprint()
    assert set(changed(before, after)) == TALK
    for client in (worker, lead):
        client.post(opened + "away/")
    left = set(changed(before, fingerprint()))
    assert left == {"debriefs_welfaretheme", "debriefs_measurewords"}, "what was let go stays, the talk is gone"
    assert (Notice.objects.count(), AuditEntry.objects.count()) == told
    fresh = client.get(reverse("debriefs:talks")).content.decode()
    assert opened not in fresh


def test_the_cache_holds_none_of_it(clients, here, said):
    for who in PAIR:
        clients[who].get(page(here))
    cache.set("zq-control", PLAIN, 60)
    redis = cache._cache.get_client()
    kept = b" ".join(redis.dump(key) or b"" for key in redis.scan_iter("*"))
    assert PLAIN.encode() in kept, "control"
    assert KEPT.encode() not in kept


def test_pages_of_a_talk_are_kept_by_no_browser_and_there_is_no_admin_site(clients, here, said):
    answer = clients["here", "worker"].get(page(here))
    assert "no-store" in answer.headers["Cache-Control"]
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert {who for who in PEOPLE if clients["here", who].get(page(here)).status_code == 200} == {"worker", "op_lead"}
