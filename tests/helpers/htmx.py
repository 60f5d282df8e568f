"""After an htmx swap the page on the screen equals a fresh one.

    from tests.helpers.htmx import assert_swap_equals_fresh, htmx_get, htmx_post

    # a list narrowed in place: GET of the same page with other filters
    assert_swap_equals_fresh(client, start=url, swap=htmx_get(client, url, {"level": "2"}), target="results",
                             fresh=url + "?level=2")
    # a form in place: POST, the redirect followed, the answer swapped into #panel
    assert_swap_equals_fresh(client, start=url, act=lambda: htmx_post(client, edit, data), target="panel")

`start` is the page before, read by this helper; `act` (or an answer already in `swap`) is what htmx gets;
`target` is the id that hx-target names (hx-swap="outerHTML"); `fresh` is the page to equal (default `start`).
A response with HX-Redirect or HX-Refresh loads a page anew, so it has nothing to prove here.
"""

from tests.helpers.html import by_id, parse, picture

HTMX = {"HX-Request": "true"}


def htmx_get(client, url, data=None, target=None):
    return client.get(url, data or {}, headers=_headers(target))


def htmx_post(client, url, data=None, target=None):
    """A POST as htmx sends it; redirects are followed with the same header, as a browser does."""
    return client.post(url, data or {}, headers=_headers(target), follow=True)


def _headers(target):
    return HTMX | ({"HX-Target": target} if target else {})


def assert_swap_equals_fresh(client, *, start, target, swap=None, act=None, fresh=None):
    before = parse(client.get(start))
    answer = swap if swap is not None else act()
    assert answer.status_code in (200, 422), f"htmx would not swap a {answer.status_code}"
    text = answer.content.decode()
    assert "<html" not in text, "a whole page came back: is the view decorated with htmx_partial?"
    piece = by_id(parse(f"<body>{text}</body>"), target)
    assert piece is not None, f"the answer holds no #{target}"
    _replace(before, target, piece)
    wanted = parse(client.get(fresh or start))
    assert picture(_main(before)) == picture(_main(wanted))


def _main(tree):
    return by_id(tree, "main")


def _replace(tree, target, piece):
    for parent in tree.iter():
        for at, child in enumerate(parent):
            if child.get("id") == target:
                piece.tail = child.tail
                parent[at] = piece
                return
    raise AssertionError(f"the page holds no #{target}")
