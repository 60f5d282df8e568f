"""The steward's queue: issues that are not yet with anyone who can act."""

from functools import cache, lru_cache
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from cycles.asking import number
from cycles.lessons.pillars import neglected_words
from cycles.people.models import Team
from cycles.prepared import Given, GivenSet, Prepared
from cycles.questions.due import in_care_of
from cycles.refusals import Refused
from hls.addresses import address
from issues.groups.beside import COUNTED_MOST, next_meeting, of_place, waits_html
from issues.groups.forms import GiveForm, ReplyForm
from issues.groups.rows import rows_html
from issues.log import actions
from issues.log.filters import LEVEL_OPTIONS, LEVELS, NONE
from issues.log.models import Issue, IssueMove, Level, OwnerTier
from issues.log.paging import first_of, given_mark, page_by
from issues.log.seen import seen_of
from issues.log.views.asking import SAVED, place_of, run
from issues.patterns.alike import alike
from issues.patterns.models import Gathering
from issues.receipts.actions import received

PAGE = 20
STUCK_MOST = 10  # of what is stuck now, before the first page; a link leads to all of it
TABS = {"": "No home yet", "waiting": "Waiting for an answer", "back": "Handed back"}
ORDER = ("held_since", "id")
KEPT = ("description", "underneath", "then", "then_asks")  # what is written beside the form that gives
COLUMNS = (
    "id", "number", "description", "level", "owner_tier", "held_since", "is_demo", "is_pattern", "team__name", "seen",
)  # fmt: skip
MOVES = ("issue_id", "state", "at", "answer", "to_team__name", "to_team__next_meeting_on")


@require_http_methods(["GET", "HEAD", "POST"])
def triage(request):
    place = _steward_place(request)
    if request.method != "POST":
        return _page(request, place)
    replies = request.POST.get("action") == "reply"
    form = _form(ReplyForm if replies else GiveForm, place, request.POST)
    act = _reply if replies else _give
    status = run(form, lambda: act(form.cleaned_data, request.user))
    if status != SAVED:
        # What was written for the other buttons stays in its boxes, but nobody has asked for it yet.
        give = _form(GiveForm, place, initial=request.POST.dict()) if replies else form
        return _page(request, place, give, status, form if replies else None)
    count = len(form.cleaned_data["issue"])
    if replies:
        messages.success(
            request, "Sent to those who raised it." if count == 1 else f"Sent to those who raised all {count}."
        )
    else:
        messages.success(request, "Done. Those who raised it read why." if count == 1 else f"Done for all {count}.")
    return redirect(request.get_full_path())


def _steward_place(request):
    """The place one is steward of; whoever is steward nowhere has no such page to find."""
    place = place_of(request)
    if place and place.pk in request.user.rights.stewards:
        return place
    mine = [m.place for m in request.user.rights.memberships if m.place_id in request.user.rights.stewards]
    if not mine:
        raise PermissionDenied("Triage is for the stewards of a place.")
    return mine[0]


def _form(kind, place, data=None, **said):
    groups = Team.objects.filter(place=place).that_can_act()
    return kind(data, issues=Issue.objects.filter(place=place).open().defer("search"), groups=groups, **said)


def _blank(kind, **said):
    return kind(issues=Issue.objects.none(), groups=Team.objects.none(), **said)


@transaction.atomic
def _reply(said, by):
    for issue in sorted(said["issue"], key=lambda issue: issue.pk):
        received(issue=issue, by=by, words=said["reply"])


@transaction.atomic
def _give(said, by):
    """All of them or none: a rule that says no to one names it."""
    for issue in said["issue"]:
        level = said["level"] if said["level"] is not None else issue.level
        owner = said["owner_tier"] or issue.owner_tier
        try:
            if said["to_team"]:
                actions.escalate(
                    issue=issue,
                    to_team=said["to_team"],
                    why=said["why"],
                    asks=said["asks"],
                    by=by,
                    level=level,
                    owner_tier=said["owner_tier"],
                )
            else:
                actions.set_level(issue=issue, level=level, owner_tier=owner, why=said["why"], by=by)
        except Refused as no:
            raise type(no)(f"{issue.ref}: {no}", no.field) from no


def queue(place, tab="", level=""):
    """The rows of one tab, those that came longest ago first."""
    offered = IssueMove.objects.filter(issue=OuterRef("pk"), state=IssueMove.State.OFFERED)
    rows = Issue.objects.filter(place=place).open()
    if tab == "waiting":
        rows = rows.filter(Exists(offered))
    else:
        rows = rows.filter(held_by__kind=Team.Kind.CORE).exclude(owner_tier=OwnerTier.TEAM).filter(~Exists(offered))
        rows = rows.filter(~Exists(Gathering.objects.filter(issue=OuterRef("pk")).current()))  # its pattern waits here
        if tab == "back":
            back = IssueMove.objects.filter(issue=OuterRef("pk"), state=IssueMove.State.HANDED_BACK)
            rows = rows.filter(Exists(back))
    if level == NONE:
        rows = rows.filter(level=None)
    elif level:
        rows = rows.filter(level=LEVELS[level])
    return rows.order_by(*ORDER)


@lru_cache(100)
def _first(tab, level, way, marks, most):
    """The first few of a tab, beyond a mark where there is one; the SQL of each is put together once."""
    rows = first_of(queue(Given("place"), tab, level), (), way, given_mark(way, marks), most)
    return Prepared(_told(rows))


@lru_cache(100)
def _first_of_both(tab, way, marks, most):
    """Those, without what is stuck now, and the first of what is; in no order."""
    all_of_it = queue(Given("place"), tab)
    rest = first_of(all_of_it.exclude(level=Level.IND), (), way, given_mark(way, marks), most)
    stuck = all_of_it.filter(level=Level.IND)[: STUCK_MOST + 1]
    return Prepared(_told(rest).union(_told(stuck), all=True))


def _told(rows):
    return rows.annotate(seen=seen_of("pk")).values_list(*COLUMNS, named=True)


def _read(place, tab, level, query):
    """A page, what is stuck now that stands before the first one, and whether there is more of that."""
    if level or tab == "waiting":
        return _plain(place, tab, level, query), [], False
    stuck = []

    def first(way, mark, most):
        marks = {f"mark{at}": value for at, value in enumerate(mark or ())}
        found = _first_of_both(tab, tuple(way), len(marks), most).rows(place=place.pk, **marks)
        found.sort(key=lambda row: (row.held_since, row.id), reverse=way[0].startswith("-"))
        stuck[:] = [row for row in found if row.level == Level.IND]
        return [row for row in found if row.level != Level.IND]

    if query.keys() & {"after", "before"}:
        page = page_by(first, ORDER, query, PAGE)
    else:  # what is stuck takes room on it, so that a page stays as long as a page
        rest = first(ORDER, None, PAGE + 1)
        room = max(PAGE // 2, PAGE - len(stuck[:STUCK_MOST]), 1)
        page = page_by(lambda *_: rest[: room + 1], ORDER, {}, room)
    stuck.sort(key=lambda row: (row.held_since, row.id))
    shown = [] if page.newer else stuck[:STUCK_MOST]
    return page, shown, len(stuck) > len(shown)


def _plain(place, tab, level, query):
    def first(way, mark, most):
        marks = {f"mark{at}": value for at, value in enumerate(mark or ())}
        return _first(tab, level, tuple(way), len(marks), most).rows(place=place.pk, **marks)

    return page_by(first, ORDER, query, PAGE)


def _page(request, place, form=None, status=200, reply=None):
    """The queue. A page that is only looked at needs no forms: its boxes are the same each time."""
    tab = request.GET.get("tab", "") if request.GET.get("tab") in TABS else ""
    level = request.GET.get("level", "") if request.GET.get("level") in LEVELS else ""
    pager, stuck, has_more_stuck = _read(place, tab, level, request.GET)
    shown = stuck + pager.rows
    groups, (count, *waits) = of_place(place.pk, queue, tab, level)
    if form:
        form.offer(groups)
        reply = reply or _blank(ReplyForm, initial=request.POST.dict())
    ticked = None if tab == "waiting" else set(request.POST.getlist("issue"))
    written = request.POST.get
    context = {
        "neglected": neglected_words(request.user),
        "form": form,
        "reply": reply,
        "boxes": None if form else _boxes(),
        "reply_box": None if form else _reply_box(),
        "groups": groups,
        "gather": {name: written(name, "") for name in KEPT},  # typed words stay
        "gives": form is not None,  # what went wrong is there, so it stands open
        "both": form is not None and any(written(name) for name in KEPT),
        "then": [(str(key), f"Raise it to {name}") for key, name in groups],
        "rows": rows_html(shown, _last_moves(shown), alike(shown), ticked) if shown else "",
        "tab": tab,
        "level": level,
        "tabs": tuple((key, words, address_of(key, level)) for key, words in TABS.items()),
        "levels": LEVEL_OPTIONS,
        "stuck": address_of(tab, "ind") if has_more_stuck else "",
        "older": address_of(tab, level, after=pager.older) if pager.older else "",
        "newer": address_of(tab, level, before=pager.newer) if pager.newer else "",
        "count": _count_words(count),
        "waits": waits_html(waits),
        "next": next_meeting(request.user, place, _moved(request.GET)),
        "in_care": in_care_of(request.user, timezone.localdate()),
    }
    return TemplateResponse(request, "issues/triage.html", context, status=status)


def _moved(query):
    """The item of the agenda that was moved a moment ago, by its key."""
    return number(query.get("moved", ""))


def _count_words(n):
    if n > COUNTED_MOST:
        return f"More than {COUNTED_MOST} issues"
    return {0: "No issues", 1: "1 issue"}.get(n, f"{n} issues")


def _last_moves(issues):
    """The latest offer of each, answered or not."""
    return {move.issue_id: move for move in _moves().rows(issues=[issue.id for issue in issues])}


@cache
def _moves():
    offers = IssueMove.objects.filter(issue__in=GivenSet("issues")).exclude(state=IssueMove.State.DONE)
    return Prepared(offers.order_by("at", "pk").values_list(*MOVES, named=True))


def address_of(tab="", level="", **more):
    """Where a part of the queue is found."""
    query = urlencode({name: value for name, value in {"tab": tab, "level": level, **more}.items() if value})
    return address("issues:triage") + (f"?{query}" if query else "")


@cache
def _boxes():
    """The boxes for what is given, as they stand before anybody has written: the same on every page."""
    return mark_safe(render_to_string("issues/give.html", {"form": _blank(GiveForm)}))


@cache
def _reply_box():
    return _blank(ReplyForm)["reply"].as_field_group()
