"""Finds every form that a person can reach, and tries on each what must never work.

Each probe raises AssertionError with what it found. tests/safety/test_probes.py shows, with deliberately bad
views, that each of them can fail.
"""

import contextlib
import datetime as dt
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.core.cache import cache as shared
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve

from tests.helpers.html import forms, parse
from tests.helpers.snapshot import changed, fingerprint, tables
from tests.safety import payloads

SLOWEST = 5  # seconds of the processor, row 19: a busy machine is no fault of a form
HANDLED = {"csrfmiddlewaretoken", "client_id", "version", "next", "writer"}
# What someone was typing when it was refused, for nobody but them.
KEPT_AS_TYPED = {"cycles_formdraft"}
LEADS = ("href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcdoc", "hx-get", "hx-post")


def name_of(url):
    return _name_of(url.split("?")[0])


@cache
def _name_of(path):
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def _read_out(response):
    """A download is read to its end, which is what closes its file."""
    if response.streaming:
        for _ in response.streaming_content:
            pass


def crawl(client, start=("/",), most=1, pages=140):
    """The pages reached by following links, at most `most` of each kind, as (address, tree)."""
    waiting, seen, kinds, found = list(start), set(), Counter(), []
    while waiting and len(found) < pages:
        url = waiting.pop(0)
        name = name_of(url)
        if url in seen or name is None or kinds[name] >= most or name == "account_logout":
            continue
        seen.add(url)
        kinds[name] += 1
        response = client.get(url)
        _read_out(response)
        if response.status_code in (301, 302):
            waiting.insert(0, response["Location"])
            kinds[name] -= 1
            continue
        if response.status_code != 200 or "html" not in response["Content-Type"] or response.streaming:
            continue
        tree = parse(response)
        found.append((url, tree))
        for element in tree.iter("a"):
            href = (element.get("href") or "").split("#")[0]
            if href.startswith("?"):
                href = url.split("?")[0] + href
            if href.startswith("/") and not href.startswith("//"):
                waiting.append(href)
    return found


def key_of(form):
    return name_of(form.action), tuple(n for n in form.names if n != "csrfmiddlewaretoken")


def reachable_forms(client, start=("/",), method="post"):
    """One of each form this person can reach, by the view it leads to and what it asks."""
    return forms_of(crawl(client, start), method)


def forms_of(crawled, method):
    found = {}
    for url, tree in crawled:
        for form in forms(tree, url):
            if form.method != method or name_of(form.action) in (None, "account_logout", "people:sign_out_others"):
                continue
            found.setdefault(key_of(form), form)
    return found


def filled(form, **own):
    """The form as a willing person would send it: every box filled with something that fits."""
    sent = {}
    for control in form.controls:
        options = [o for o in control.options if o != ""]
        if control.kind in ("file", "button"):
            continue
        if control.kind == "hidden":
            value = control.value
        elif control.kind in ("select", "radio"):
            value = (control.value if isinstance(control.value, str) else "".join(control.value[:1])) or (
                options[0] if options else ""
            )
        elif control.kind in ("checkbox", "multiple"):
            value = control.value or options[:1]
        elif control.kind == "date":
            value = control.value or dt.date.today().isoformat()
        elif control.kind == "time":
            value = control.value or "09:00"
        elif control.kind == "number":
            value = control.value or "5"
        elif control.kind == "email":
            value = f"{uuid.uuid4().hex[:8]}@example.org"
        elif control.kind == "password":
            value = "otter wicker basket 4"
        else:
            value = control.value or f"Words {uuid.uuid4().hex[:8]} of a person"
        sent[control.name] = value
    buttons = [c for c in form.controls if c.kind == "button"]
    if buttons:
        sent.setdefault(buttons[0].name, buttons[0].value)
    return sent | own


def send(client, form, data, **extra):
    start = time.thread_time()
    response = client.post(form.action, data, headers={"Referer": "http://testserver" + form.page}, **extra)
    took = time.thread_time() - start
    _read_out(response)
    assert took < SLOWEST, f"{form.action}: {took:.1f} seconds"
    return response


# What an answer may never be


def assert_harmless(response, where):
    assert response.status_code < 500, f"{where}: {response.status_code}"
    body = _body(response)
    for sign in ("Traceback (most recent call last)", "DJANGO_SETTINGS_MODULE", "psycopg", "django.core.exceptions"):
        assert sign not in body, f"{where}: shows {sign}"
    assert "zqx" not in response.cookies
    assert not [n for n, v in response.headers.items() if "\n" in v or n.lower() == "zqx"]
    if "html" in response.headers.get("Content-Type", "") and "zqx" in body:
        for element in parse(body).iter():
            if isinstance(element.tag, str):
                _assert_inert(element, where)


def _body(response):
    return "" if response.streaming else response.content.decode(errors="replace")


def _assert_inert(element, where):
    assert "zqx" not in element.tag, f"{where}: <{element.tag}>"
    assert element.get("id") != "zqx", f"{where}: an element made of what was typed"
    if element.tag in ("script", "style", "iframe", "object", "embed"):
        assert "zqx" not in "".join(element.itertext()), f"{where}: <{element.tag}> holds what was typed"
    for name, value in element.attrib.items():
        assert not name.startswith("on"), f"{where}: {name}={value[:40]}"
        assert "zqx" not in name, f"{where}: attribute {name}"
        if name.replace("data-", "") in LEADS and "zqx" in value:
            assert _is_ours(value.lstrip()), f"{where}: {name}={value}"


def _is_ours(address):
    """A path or a query of this site."""
    return address.startswith(("/", "?", "#")) and not address.startswith("//")


def assert_words_kept(form, sent, response, where):
    """After a mistake every box still holds what was typed."""
    kept = {}
    for one in forms(response, form.action):
        for control in one.controls:
            kept.setdefault(control.name, []).append(control.value)
    for control in form.controls:
        if not control.is_words or control.kind == "password":
            continue
        typed = sent.get(control.name, "")
        if not typed.strip() or "\x00" in typed or control.name in HANDLED:
            continue
        back = [_even(v) for v in kept.get(control.name, []) if isinstance(v, str)]
        assert _even(typed) in back, f"{where}: {control.name} lost what was typed: {typed[:50]!r}, has {back!r:.80}"


def _even(text):
    """As the HTML standard sends it back: new lines are one kind, the odd control sign is replaced."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(c for c in text if c in "\n\t" or (c >= " " and c not in "\ufffe\uffff"))


# The probes


def fuzz(client, form):
    """Every box of words meets each round of nasty text, one at a time, so that what is valid is also saved.

    Which text of a round it is goes on from box to box and from form to form: all of them are tried many times.
    """
    where = name_of(form.action)
    free = [c for c in form.controls if c.is_words and c.name not in HANDLED]
    typed = [c for c in form.controls if c.kind in ("date", "time", "number") and c.name not in HANDLED]
    fixed = [c for c in form.controls if c.kind in ("hidden", "select", "radio") and c.name not in HANDLED]
    rounds = [(free, words) for words in payloads.ROUNDS] if free else []
    rounds += [(boxes, words) for boxes in (typed, fixed) if boxes for words in payloads.ODD]
    tried = 0
    for boxes, words in rounds:
        sent = filled(form) | {control.name: next(words) for control in boxes}
        shared.clear()
        with transaction.atomic():
            response = send(client, form, sent)
            tried += 1
            assert_harmless(response, where)
            shows_errors = 'aria-invalid="true"' in _body(response) or 'class="error-summary' in _body(response)
            if response.status_code == 200 and shows_errors:
                raise AssertionError(f"{where}: a form with mistakes answered 200, not 422")
            if response.status_code == 422:
                assert_words_kept(form, sent, response, where)
            elif response.status_code in (302, 303):
                target = response["Location"]
                assert _is_ours(target), f"{where}: leads to {target}"
                if name_of(target):
                    assert_harmless(client.get(target), f"{where} then {target}")
            transaction.set_rollback(True)
    return tried


def fuzz_query(client, form):
    """Every box of a search meets every class of nasty text."""
    where = name_of(form.action)
    names = [c.name for c in form.controls if c.kind not in ("button", "file")]
    for words in (*payloads.ROUNDS, *payloads.ODD):
        sent = {name: next(words)[:1500] for name in names}
        start = time.thread_time()
        response = client.get(form.action, sent)
        assert time.thread_time() - start < SLOWEST, where
        assert_harmless(response, f"{where}?{list(sent)}")


def strict_client(user):
    """One that forgives a missing token as little as a browser does."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(user)
    return client


def assert_csrf_enforced(strict, form):
    """No token, a wrong one, or another site's page: refused."""
    data = filled(form)
    data.pop("csrfmiddlewaretoken", None)
    for extra, headers in (
        ({}, {}),
        ({"csrfmiddlewaretoken": "x" * 64}, {}),
        ({}, {"HX-Request": "true", "X-CSRFToken": "y" * 64}),
        ({}, {"Origin": "https://evil.example"}),
    ):
        response = strict.post(form.action, data | extra, headers=headers)
        assert response.status_code == 403, f"{name_of(form.action)}: {response.status_code} without a token"


def assert_get_is_safe(client, form):
    data = filled(form)
    data.pop("csrfmiddlewaretoken", None)
    response = client.get(form.action, data)
    assert response.status_code < 500


def assert_changes_nothing(probe, *attempts, leave_out=()):
    """Each attempt is (client, form, ...). Looks at the database once for all; who changed it is found one by one."""
    told, before = [], fingerprint(leave_out=leave_out)
    with transaction.atomic():
        for attempt in attempts:
            try:
                probe(*attempt)
            except AssertionError as problem:
                told.append(str(problem).split("\n")[0])
        all_touched = changed(before, fingerprint(leave_out=leave_out))
        transaction.set_rollback(True)
    if all_touched:
        for attempt in attempts:
            with transaction.atomic():
                with contextlib.suppress(AssertionError):
                    probe(*attempt)
                touched = changed(before, fingerprint(leave_out=leave_out))
                transaction.set_rollback(True)
            if touched:
                told.append(f"{probe.__name__} of {name_of(attempt[1].action)} changed {touched} {attempt[2:]}"[:400])
        told = told or [f"together they changed {all_touched}, and none of them alone"]
    assert not told, sorted(set(told))


def offered(form):
    """{name: every value that its boxes and buttons can send}"""
    found = {}
    for control in form.controls:
        values = control.value if isinstance(control.value, list) else [control.value]
        found.setdefault(control.name, set()).update(v for v in (*control.options, *values) if v)
    return found


def foreign_choices(form, foreign):
    """The form with each choice and hidden value replaced by one that the same form offers in another place."""
    mine, theirs = offered(form), offered(foreign)
    for control in form.controls:
        if control.kind not in ("select", "radio", "checkbox", "multiple", "hidden", "button"):
            continue
        if control.name in HANDLED or control.name not in theirs:
            continue
        for option in sorted(theirs[control.name] - mine[control.name])[:2]:
            value = [option] if control.kind in ("checkbox", "multiple") else option
            yield control.name, filled(form) | {control.name: value}


def assert_foreign_choices_refused(client, form, name, sent):
    shared.clear()
    with transaction.atomic():  # what fails is not to spoil the rest
        response = send(client, form, sent)
    assert response.status_code < 500, f"{name_of(form.action)}: {name} of another place"


def assert_extra_fields_ignored(client, form, stranger):
    """Fields that the form does not ask for change no right, no place and no author."""
    extra = {
        name: value for name in payloads.EXTRA_NAMES if name not in form.names for value in [_extra(name, stranger)]
    }
    before = _belongings(stranger)
    if after := _differs_after(client, form, filled(form) | extra, stranger, before):
        # The form may do that by itself: it ends a right, or asks someone in.
        without = _differs_after(client, form, filled(form), stranger, before)
        differ = [name for name in {**after, **without} if after.get(name) != without.get(name)]
        assert differ == [], f"{name_of(form.action)}: extra fields moved {differ}"


def _differs_after(client, form, sent, stranger, before):
    shared.clear()
    with transaction.atomic():
        response = send(client, form, sent)
        after = _belongings(stranger)
        transaction.set_rollback(True)
    assert response.status_code < 500
    return {name: after[name] for name in after if after[name] != before[name]}


def _extra(name, stranger):
    if name in ("place", "place_id"):
        return stranger.place.pk
    if "team" in name or name in ("held_by", "held_by_id"):
        return stranger.core.pk
    if name in ("user", "user_id", "by", "by_id", "worker", "owner") or name.endswith(
        ("_by", "_by_id", "author", "author_id", "worker_id")
    ):
        return stranger.worker.pk
    if name == "cycle_id":
        return stranger.cycle.pk
    return {"role": "place_admin", "roles": "place_admin", "email": "taken@evil.example"}.get(name, "1")


@cache
def _kept_for():
    """(what is counted, table, column, whom the column leads to) of every key to a person, a place or a team."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, a.attname, confrelid::regclass::text FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE contype = 'f' AND confrelid::regclass::text IN ('cycles_user', 'cycles_place', 'cycles_team')"
        )
        return tuple((f"{table}.{column}", table, column, to) for table, column, to in cursor.fetchall())


def _belongings(stranger):
    """How many rows, in each table, belong to another place or name its people; and who may do what.

    Asked hundreds of times: PostgreSQL plans the hundred small counts once.
    """
    name = f"belongings_{stranger.place.pk}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f"PREPARE {name} AS {' UNION ALL '.join(_counts(stranger))}")
        cursor.execute(f"EXECUTE {name}")
        return dict(cursor.fetchall())


def _counts(stranger):
    ids = {
        "cycles_user": [u.pk for u in (stranger.worker, stranger.steward, stranger.admin)],
        "cycles_place": [stranger.place.pk],
        "cycles_team": [stranger.core.pk],
    }
    for what, table, column, to in _kept_for():
        if table != "django_session":
            yield f"""SELECT '{what}', count(*) FROM {table} WHERE "{column}" = ANY(ARRAY{ids[to]})"""
    yield "SELECT 'active users', count(*) FROM cycles_user WHERE is_active"
    yield "SELECT 'epochs', sum(sessions_epoch) FROM cycles_user"
    yield "SELECT 'taken e-mails', count(*) FROM cycles_user WHERE email LIKE '%evil%'"
    yield "SELECT 'administrators', count(*) FROM cycles_membership WHERE role = 'place_admin'"


def rows_by_table():
    parts = [f"SELECT '{t}', count(*) FROM \"{t}\"" for t in tables()]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def growth(before, after):
    return {t: after[t] - before[t] for t in after if after[t] != before[t]}


def forms_on(client, urls):
    """The POST forms of these pages alone, without following links."""
    found = {}
    for url in urls:
        response = client.get(url)
        _read_out(response)
        if response.status_code == 200 and not response.streaming and "html" in response["Content-Type"]:
            for form in forms(response, url):
                if form.method == "post" and name_of(form.action) not in (None, "account_logout"):
                    found.setdefault(key_of(form), form)
    return found


class Tabs(ThreadPoolExecutor):
    """Tabs that stay open from form to form, each with its own connection to the database."""

    def __init__(self, number=4):
        super().__init__(number)
        self.number, self.start = number, threading.Barrier(number, timeout=60)

    def at_once(self, act):
        """What each tab got for doing `act`, all at one moment."""

        def one(_):
            self.start.wait()
            return act()

        return list(self.map(one, range(self.number)))

    def __exit__(self, *exc):
        self.at_once(lambda: connection.close())
        return super().__exit__(*exc)


def assert_sent_at_once_counts_once(client, form, tabs):
    """The same form from several tabs at one moment, and once more later, adds what one alone adds.

    Returns how many rows that was; needs a test with real transactions.
    """
    data = filled(form)
    before = rows_by_table()
    with transaction.atomic():
        send(client, form, data)
        alone = growth(before, rows_by_table())
        transaction.set_rollback(True)
    if not alone:
        return 0

    def one_tab():
        tab = Client(raise_request_exception=False)
        tab.cookies.update(client.cookies)
        return tab.post(form.action, data).status_code

    statuses = tabs.at_once(one_tab)
    statuses.append(client.post(form.action, data).status_code)
    where = name_of(form.action)
    assert max(statuses) < 500, f"{where}: {statuses}"
    together = growth(before, rows_by_table())
    assert together == alone, (
        f"{where}: one alone adds {alone}, {tabs.number} at once and one later {together} ({statuses})"
    )
    return sum(alone.values())


def assert_second_editor_is_told(client, form):
    """Two people open the form and change the same thing; the second to save gets 409, and both texts.

    A button alone holds nothing that could be lost: pressed twice, it says the same.
    """
    if all(control.kind in ("hidden", "button") for control in form.controls):
        return
    where, first, second = name_of(form.action), *_two_changes(form)
    with transaction.atomic():
        # One thing changed is how people edit; a form that has never been saved may want its boxes filled first.
        for data in (form.data(), filled(form)):
            saved = send(client, form, data | first)
            if saved.status_code != 422:
                break
        again = forms_on(client, [form.page]).get(key_of(form))
        late = send(client, form, data | second)
        transaction.set_rollback(True)
    assert saved.status_code in (302, 303), f"{where}: could not be filled ({saved.status_code})"
    if again is not None:
        moved = again.data().get("version") != form.data().get("version")
        assert moved, f"{where}: saved a change and kept the version"
    assert late.status_code == 409, f"{where}: the second editor got {late.status_code}, not 409"
    for text in (*first.values(), *second.values()):
        if str(text).startswith("Words of the"):
            assert text in _body(late), f"{where}: {text!r} is not on the page of the second editor"


def _two_changes(form):
    """What two people change about one thing: its words, or else what was chosen."""
    for control in form.controls:
        if control.kind in ("textarea", "text") and control.name not in HANDLED:
            return ({control.name: f"Words of the {n} editor {uuid.uuid4().hex[:6]}"} for n in ("first", "second"))
    for control in form.controls:
        now = control.value if isinstance(control.value, str) else "".join(control.value[:1])
        others = [o for o in control.options if o not in ("", now)]
        if control.kind in ("select", "radio") and others:
            return {control.name: others[0]}, {control.name: others[-1] if len(others) > 1 else now}
    for control in form.controls:
        if control.kind in ("checkbox", "multiple"):
            return {control.name: []}, {control.name: control.options[:1]}
    for control in form.controls:
        if control.kind == "date":
            return ({control.name: str(dt.date.today() + dt.timedelta(days=n))} for n in (8, 9))
    raise AssertionError(f"{name_of(form.action)}: has a version and nothing to change")


def assert_words_survive_sign_out(user, password, form):
    """The session has ended when the form is sent: after signing in again the words are there."""
    boxes = [c.name for c in form.controls if c.kind in ("textarea", "text", "search")]
    if not boxes:
        return False
    where, words = name_of(form.action), f"Words {uuid.uuid4().hex} to keep"
    client = Client()
    client.force_login(user)
    session = client.session
    session["started_at"] = session["seen_at"] = "2020-01-01T00:00:00+00:00"
    session.save()
    shared.clear()
    answer = client.post(form.action, filled(form) | {boxes[0]: words})
    assert answer.status_code == 302, f"{where}: {answer.status_code} after the session had ended"
    page = client.post(answer["Location"], {"login": user.email, "password": password}, follow=True)
    back = [f for f in forms(page, "/") if f.action == form.action]
    assert back, f"{where}: the form did not come back"
    assert back[0].data().get(boxes[0]) == [words], f"{where}: the words did not come back"
    return True
