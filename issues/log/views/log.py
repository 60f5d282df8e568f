"""The issue log: the sources' columns, filtered, searched and paged."""

from urllib.parse import urlencode

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cycles.stack.models import LearningCycle
from hls.htmx import htmx_partial
from hls.limits import limited
from issues.log import filters
from issues.log.paging import page_of
from issues.log.permissions import may_raise
from issues.log.rows import rows_html
from issues.log.search import SHOWN_MOST, closest
from issues.log.seen import seen_counts
from issues.log.views.asking import place_of

PAGE = 25
COUNTED_MOST = 1000
CYCLES_MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
@limited("search", 240, 60)
def issue_list(request):
    """One form asks for everything. It is posted, so that words searched for are never in an address;
    without such words the answer is a redirect to an address that can be shared."""
    if request.method != "POST":
        return _log_page(request, request.GET)
    asked = filters.Asked.of(request.POST)
    if asked.q:
        return _log_page(request, request.POST)
    query = urlencode(asked.as_query())
    return redirect(reverse("issues:list") + (f"?{query}" if query else ""))


@htmx_partial("log")
def _log_page(request, query):
    place = place_of(request)
    log = filters.log_of(request.user, query if request.method == "POST" else _without_words(query), place=place)
    asked = log.asked
    columns = log.queryset.select_related("held_by").prefetch_related("responses").defer("search", "closed_words")
    if asked.q:
        page_rows, pager = list(_ranked(columns, asked)), None
    else:
        pager = page_of(columns, filters.ORDER_BY[asked.order], query, PAGE, log.heads)
        page_rows = pager.rows
    counts = seen_counts(issue.pk for issue in page_rows)
    said = asked.as_query()
    context = {
        "asked": asked,
        "rows": rows_html(page_rows, counts),
        "count": _count_words(log, len(page_rows), pager),
        "older": _address(said, after=pager.older) if pager and pager.older else "",
        "newer": _address(said, before=pager.newer) if pager and pager.newer else "",
        "views": [(key, words, _address({"view": key} if key else {})) for key, words in filters.VIEWS.items()],
        "levels": filters.LEVEL_OPTIONS,
        "statuses": filters.STATUS_OPTIONS,
        "owners": filters.OWNER_OPTIONS,
        "orders": filters.ORDERS.items(),
        "cycles": _cycles(request, place),
        "can_raise": may_raise(request.user),
        "export_query": urlencode(said),
        "everything": reverse("issues:list"),
    }
    response = TemplateResponse(request, "issues/list.html", context)
    if not asked.q:
        response["HX-Push-Url"] = request.get_full_path()
    return response


def _without_words(query):
    """Words in an address are not searched for: they would stay in histories and logs."""
    return {name: value for name, value in query.items() if name != "q"}


def _ranked(rows, asked):
    best = closest(rows, asked.q)
    return best.select_related("held_by").prefetch_related("responses").defer("search", "closed_words")


def _count_words(log, shown, pager):
    """“10 of 41 issues, newest change first”, never counting on past a thousand."""
    asked = log.asked
    if asked.q:
        found = f"The {shown} closest" if shown >= SHOWN_MOST else _issues(shown)
        return f"{found} with those words, closest first"
    only_page = not (pager.older or pager.newer)
    total = shown if only_page else _count(log)
    if only_page:
        counted = _issues(total)
    elif total > COUNTED_MOST:
        counted = f"{shown} of more than {COUNTED_MOST:,} issues"
    else:
        counted = f"{shown} of {total} issues"
    return f"{counted}, {filters.ORDER_WORDS[asked.order]}" if total else counted


def _count(log):
    """How many there are, or one more than we say."""
    most = COUNTED_MOST + 1
    if not log.heads:
        return log.queryset.order_by()[:most].count()
    pks = [rows.order_by().values("issue_id")[:most] for rows in log.heads]
    return min(most, pks[0].union(*pks[1:]).count() if pks[1:] else pks[0].count())


def _issues(n):
    return {0: "No issues", 1: "1 issue"}.get(n, f"{n} issues")


def _address(said, **more):
    query = urlencode(said | more)
    return reverse("issues:list") + (f"?{query}" if query else "")


def _cycles(request, place):
    """The cycles one may narrow to; lives are no such choice."""
    cycles = LearningCycle.objects.visible_to(request.user).shared()
    if place:
        cycles = cycles.filter(place=place)
    return list(cycles.values_list("pk", "title")[:CYCLES_MOST])
