"""Who may open which address: one row for each URL name, written down beside the room it belongs to.

How to add yours: make `tests/access/table_<room>.py` (found by its name) with

    def build(w):                       # called for `here` and once more for `elsewhere`
        w.issue = IssueFactory(cycle=w.cycle, raised_by=w.worker,
                               description=w.secret("issue text", CORE | {"steward"}))

    ROWS = [
        Row("issues:list", sees=SIGNED_IN),
        Row("issues:issue", lambda w: {"ref": w.issue.ref}, sees=CORE | {"steward"}),
        Row("issues:edit", lambda w: {"ref": w.issue.ref}, sees=CORE, refused={"steward"}, posts=CORE),
        Row("issues:close", lambda w: {"ref": w.issue.ref}, sees=set(), posts=CORE, only_post=True),
    ]

`w` is a place with its people (tests/factories/fixtures.py). `w.secret(what, who)` gives a word that occurs
nowhere else and notes who may ever read it; no page of anybody else may hold it, in any form, and somebody
of `who` must meet it. `sees`: who gets the page; `refused`: who gets 403 because it is in sight but not theirs;
everyone else gets the 404 that an unknown id gets. `posts`: who may send the form (default: `sees` where
`only_post`, else nobody). People of the other place are never in these sets for an address with an id.
"""

import importlib
import pkgutil
import re
import secrets
from dataclasses import dataclass
from types import SimpleNamespace

from django.urls import reverse

import tests.access

PEOPLE = ("worker", "colleague", "recorder", "op_lead", "helper", "leader", "evidence", "steward", "admin")
SIGNED_IN = frozenset(PEOPLE)
CORE = frozenset({"worker", "colleague", "recorder", "op_lead"})
PUBLIC = SIGNED_IN | {"nobody"}


SECRET = re.compile("zq[0-9a-f]{10}qz")


def nothing(w):
    return {}


@dataclass(frozen=True)
class Row:
    name: str
    kwargs: object = nothing
    sees: frozenset = frozenset()
    refused: frozenset = frozenset()
    posts: frozenset | None = None
    only_post: bool = False
    query: str = ""
    token: bool = False  # only a token opens it: 401 for everyone, signed in or not (tests/access/test_api.py)
    crawl: bool = True  # False: opening it changes things on purpose or is an error page; read by its own tests

    @property
    def senders(self):
        if self.posts is not None:
            return frozenset(self.posts)
        return frozenset(self.sees if self.only_post else ())

    @property
    def has_id(self):
        return self.kwargs is not nothing

    def url(self, w):
        return reverse(self.name, kwargs=self.kwargs(w)) + self.query

    def unknown_urls(self, w):
        """The same address with ids that nobody has."""
        kwargs = self.kwargs(w)
        odd = {key: _unknown(value) for key, value in kwargs.items()}
        return [reverse(self.name, kwargs=odd)]

    def __str__(self):
        return self.name


def _unknown(value):
    if isinstance(value, int):
        return 2**31 - 7
    if re.fullmatch(r"[A-Z]+-\d{3}", str(value)):
        return "ZY-998"
    if re.fullmatch(r"[0-9a-f-]{36}", str(value)):
        return "00000000-0000-4000-8000-000000000000"
    return "no-such-thing"


@dataclass
class Secret:
    what: str
    word: str
    who: frozenset
    must_be_met: bool = True


class World(SimpleNamespace):
    """A place of fixtures.make_place with one of everything, and the secrets written into it."""

    def __init__(self, base):
        super().__init__(**vars(base), secrets=[])

    def secret(self, what, who, must_be_met=True):
        """A word found nowhere else, which only `who` (names of people here) may ever read."""
        word = f"zq{secrets.token_hex(5)}qz"
        self.secrets.append(Secret(what, word, frozenset(who), must_be_met))
        return word


def tables():
    """Every `table_<room>` module beside this one."""
    names = sorted(m.name for m in pkgutil.iter_modules(tests.access.__path__) if m.name.startswith("table_"))
    return [importlib.import_module(f"tests.access.{name}") for name in names]


def all_rows():
    return [row for table in tables() for row in table.ROWS]
