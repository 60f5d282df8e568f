"""`{% url %}` remembers what it found, and finds what Django's own finds; so does the way from an address to its view."""

import re

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.urls import NoReverseMatch, Resolver404, URLResolver, path, re_path, reverse, set_script_prefix
from django.urls.resolvers import RoutePattern

from hls.addresses import ByShape
from hls.urls import of_the_house


def render(source, **context):
    return Template(source).render(Context(context))


def test_an_address_is_djangos_however_often_it_is_asked():
    for ref in ("A-001", "B-002", "A-001"):
        assert render("{% url 'issues:issue' ref %}", ref=ref) == reverse("issues:issue", args=[ref])
    for pk in (7, "7", 8):
        assert render("{% url 'debriefs:debrief' pk %}", pk=pk) == reverse("debriefs:debrief", args=[pk])
    assert render("{% url 'cycles:cycle' pk=3 %}") == reverse("cycles:cycle", args=[3])


def test_an_address_can_be_kept_under_a_name():
    assert render("{% url 'today' as there %}-{{ there }}") == f"-{reverse('today')}"
    assert render("{% url 'no_such_page' as there %}-{{ there }}") == "-"


@pytest.mark.parametrize("source", ["{% url 'no_such_page' %}", "{% url 'debriefs:debrief' 'x' %}"])
def test_an_address_that_is_none_is_an_error_each_time(source):
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            render(source)


def test_an_address_is_no_way_in_for_markup():
    assert render("{% autoescape on %}{% url 'cycles:place_question' said %}{% endautoescape %}", said="a'b") == (
        reverse("cycles:place_question", args=["a'b"]).replace("'", "&#x27;")
    )


def test_an_address_follows_where_the_product_is_mounted():
    before = render("{% url 'today' %}")
    set_script_prefix("/cairn/")
    try:
        assert render("{% url 'today' %}") == f"/cairn{before}"
    finally:
        set_script_prefix("/")


VALUES = {
    "int": ("7", "0"),
    "slug": ("A-014", "new", "import"),
    "str": ("x.y", "new"),
    "uuid": ("6f7b9c1e-5d0c-4b0a-9d4e-0a2b4c6d8e0f",),
    "path": ("a/b",),
}
VALUE = re.compile(r"<(?:(\w+):)?\w+>")
ODD = (
    "",
    "/",
    "nope/",
    "today",
    "issues",
    "issues//",
    "//issues/",
    "account/password/reset/key/abc-d/e-f/",
    "issues/A-014",
)


def plain(patterns):
    return URLResolver(RoutePattern("", is_endpoint=False), patterns)


def routes(patterns, before=""):
    for pattern in patterns:
        whole = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, whole)
        else:
            yield whole


def addresses(route):
    """Some that a route may stand for, and near misses of each."""
    found = VALUE.search(route)
    if found and "(?P" not in route:
        for value in VALUES[found[1] or "str"]:
            yield from addresses(route[: found.start()] + value + route[found.end() :])
    else:
        yield from (route, route + "x/", route.removesuffix("/"), route.replace("7", "x"))


def found_by(resolver, address):
    try:
        match = resolver.resolve(address)
    except Resolver404:
        return None
    return match.func, match.args, match.kwargs, match.view_name, match.route, match.captured_kwargs, match.extra_kwargs


def test_each_address_leads_where_trying_all_in_turn_leads():
    by_shape, in_turn = ByShape(of_the_house), plain(of_the_house)
    asked = {*ODD, *(address for route in routes(of_the_house) for address in addresses(route))}
    assert len(asked) > 1000
    assert [one for one in asked if found_by(by_shape, one) != found_by(in_turn, one)] == []


def test_an_address_of_any_length_or_beginning_is_found():
    def view(request, **said):
        return HttpResponse()

    def leaf(route, name):
        return path(route, view, name=name)

    patterns = [
        leaf("files/new/", "new"),
        path("files/<path:under>/", ([leaf("", "under")], None, None)),
        leaf("<slug:room>/<int:pk>/", "room"),
        re_path(r"^old/(?P<rest>.+)/$", view, name="old"),
        path("rooms/<int:pk>/", ([re_path(r"^any/.*$", view, name="any"), leaf("one/", "one")], None, None)),
    ]
    asked = (
        "files/new/",
        "files/a/b/c/",
        "files/a/b/edit/",
        "hall/3/",
        "old/a/b/",
        "rooms/3/any/of/them",
        "rooms/3/one/",
    )
    names = [found_by(ByShape(patterns), address)[3] for address in asked]
    assert names == ["new", "under", "under", "room", "old", "any", "one"]
    assert [found_by(ByShape(patterns), one) for one in (*asked, "files/", "rooms/3/", "x/y/z/")] == [
        found_by(plain(patterns), one) for one in (*asked, "files/", "rooms/3/", "x/y/z/")
    ]
