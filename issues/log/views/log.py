"""The issue log: the sources' columns, filtered, searched and paged."""

from functools import cache
from urllib.parse import urlencode

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from hls.addresses import address
from hls.htmx import htmx_partial
from hls.limits import limited
from issues.log import filters
from issues.log.permissions import may_raise
from issues.log.reading import Reading
from issues.log.rows import rows_html
from issues.log.search import SHOWN_MOST
from issues.log.views.asking import place_of
from issues.saved.chips import chips, choices_of

PAGE = 25
COUNTED_MOST = 1000
STUCK = ("waiting", "no-countermeasure", "no-owner", "review")


@require_http_methods(["GET", "HEAD", "POST"])
@limited("search", 240, 60)
def issue_list(request):
    """One form asks for everything. It is posted, so that words searched for are never in an address;
    without such words the answer is a redirect to an address that can be shared."""
    if request.method != "POST":
        return log_page(request, _without_words(request.GET))
    asked = filters.Asked.of(request.POST)
    if asked.q:
        return log_page(request, request.POST)
    query = urlencode(asked.as_query())
    return redirect(address("issues:list") + (f"?{query}" if query else ""))


@htmx_partial("log")
def log_page(request, query, saved=None):
    """`saved`: the view that was opened by its own address, which then stays the address of its pages."""
    place = saved.place if saved else place_of(request)
    asked = filters.Asked.of(query)
    reading = Reading(request.user, asked, place, beside=choices_of(request.user, place))
    pager = reading.closest(SHOWN_MOST if "more" in query else PAGE) if asked.q else reading.page(query, PAGE)
    said = asked.as_query()
    choices = reading.beside
    own = chips(choices.views, asked, saved)
    pages = {} if saved else said
    context = {
        "saved": saved,
        "is_own": bool(saved and saved.by_id == request.user.pk),
        "asked": asked,
        "rows": rows_html(pager.rows),
        "count": _count_words(reading, pager),
        "has_more": pager.has_more,
        "older": _address(pages, saved, after=pager.older) if pager.older else "",
        "newer": _address(pages, saved, before=pager.newer) if pager.newer else "",
        "is_piece": request.htmx and not request.htmx.history_restore_request,
        "views": _views(asked.view),
        "view": None if any(is_open for *_, is_open in own) else asked.view,
        "chips": own,
        "levels": filters.LEVEL_OPTIONS,
        "statuses": filters.STATUS_OPTIONS,
        "owners": filters.OWNER_OPTIONS,
        "orders": filters.ORDER_OPTIONS,
        "cycles": choices.cycles,
        "can_raise": may_raise(request.user),
        "export_query": urlencode(said),
        "everything": _address({}),
    }
    response = TemplateResponse(request, "issues/list.html", context)
    if not asked.q and not saved:
        response["HX-Push-Url"] = request.get_full_path()
    return response


def _without_words(query):
    """Words in an address are not searched for: they would stay in histories and logs."""
    return {name: value for name, value in query.items() if name != "q"}


def _count_words(reading, pager):
    """“10 of 41 issues, newest change first”, never counting on past a thousand."""
    asked, shown = reading.asked, len(pager.rows)
    if asked.q:
        found = f"The {shown} closest" if pager.has_more or shown >= SHOWN_MOST else _issues(shown)
        return f"{found} with those words, closest first"
    only_page = not (pager.older or pager.newer)
    total = shown if only_page else reading.count(COUNTED_MOST + 1)
    if only_page:
        counted = _issues(total)
    elif total > COUNTED_MOST:
        counted = f"{shown} of more than {COUNTED_MOST:,} issues"
    else:
        counted = f"{shown} of {total} issues"
    return f"{counted}, {filters.ORDER_WORDS[asked.order]}" if total else counted


def _issues(n):
    return {0: "No issues", 1: "1 issue"}.get(n, f"{n} issues")


@cache
def _views(view):
    """The common ones; those of what is stuck have a page of their own, and the one that is open stands here too."""
    common = {key: words for key, words in filters.VIEWS.items() if key not in STUCK}
    if view in STUCK:
        common = {"": common[""], view: filters.VIEWS[view]} | common
    return tuple((key, words, _address({"view": key} if key else {})) for key, words in common.items())


def _address(said, saved=None, **more):
    query = urlencode(said | more)
    return (saved.get_absolute_url() if saved else address("issues:list")) + (f"?{query}" if query else "")
