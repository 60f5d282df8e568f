"""Addresses that are remembered, and finding the view of one without trying all the others first.

Django tries one pattern after another, and the house has several hundred: up to half a millisecond a request. What an
address begins with and how many parts it has rules nearly all of them out, so only those of its own shape are tried,
in their own order.
"""

from functools import cache, cached_property, lru_cache

from django.urls import URLResolver, get_script_prefix, get_urlconf, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter
from django.urls.resolvers import RoutePattern

OF_ONE_PART = (IntConverter, SlugConverter, StringConverter, UUIDConverter)
ANY = ("*", None)
KEPT_MOST = 4096


def address(name, *args):
    """`reverse`, with what it found remembered: a page asks for a dozen addresses, and they stay as they are."""
    return _address(name, args, get_urlconf(), get_script_prefix())


@lru_cache(KEPT_MOST)
def _address(name, args, urlconf, prefix):
    return reverse(name, urlconf, args)


class ByShape(URLResolver):
    """As `path("", include(patterns))`: what it finds is the same."""

    def __init__(self, patterns):
        super().__init__(RoutePattern("", is_endpoint=False), patterns)

    def resolve(self, path):
        path = str(path)
        begins, parts = path.partition("/")[0], path.count("/")
        known = [shape for shape in ((begins, parts), (begins, None)) if shape in self._known]
        return self._of(known[0] if known else ANY).resolve(path)

    @cached_property
    def _known(self):
        return frozenset().union(*(_shapes(pattern) for pattern in self.url_patterns))

    @cached_property
    def _of(self):
        return cache(lambda shape: _narrowed(self, shape))


@cache
def _shapes(pattern, before=""):
    """The shapes of address it can hold: how they begin and how many parts they have, None where that can be any."""
    whole, is_plain = before + str(pattern.pattern), _is_plain(pattern.pattern)
    begins, has_more, _ = (whole if is_plain else before).partition("/")
    if "<" in begins:
        return frozenset([ANY])
    if not is_plain:
        return frozenset([(begins, None) if has_more else ANY])
    if isinstance(pattern, URLResolver):
        return frozenset().union(*(_shapes(inner, whole) for inner in pattern.url_patterns))
    return frozenset([(begins, whole.count("/"))])


def _is_plain(route):
    """Whether each value in it is one part of the address."""
    return isinstance(route, RoutePattern) and all(type(one) in OF_ONE_PART for one in route.converters.values())


def _narrowed(pattern, shape, before=""):
    """The pattern with only those in it that can hold this shape."""
    whole = before + str(pattern.pattern)
    if not isinstance(pattern, URLResolver) or not _is_plain(pattern.pattern) or "<" in whole.partition("/")[0]:
        return pattern
    fit = {ANY, shape, (shape[0], None)}
    inner = [_narrowed(one, shape, whole) for one in pattern.url_patterns if fit & _shapes(one, whole)]
    return URLResolver(pattern.pattern, inner, pattern.default_kwargs, pattern.app_name, pattern.namespace)
