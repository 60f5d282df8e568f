"""A pattern's own page, making one, adding to one, and taking an issue out of it."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from cycles.asking import ask
from cycles.people.models import Team
from cycles.refusals import Refused
from hls.htmx import htmx_partial
from issues.between.on_issue import between
from issues.log import path
from issues.log.actions import escalate
from issues.log.models import Issue, IssueMove, IssueStep, Sighting
from issues.log.paging import page_of
from issues.log.permissions import can_answer, can_change, can_decide, can_withdraw
from issues.log.search import similar
from issues.log.seen import COUNTS, Seen, seen_counts
from issues.log.views.asking import SAVED, find_issue, insist, place_of, run
from issues.log.views.page import better_words
from issues.patterns import actions, permissions
from issues.patterns.forms import PatternForm, TakeOutForm, UnderneathForm
from issues.patterns.models import Gathering, Pattern
from issues.receipts.line import marks_html, receipt
from issues.talk.on_issue import on_issue as talk_on_issue

PAGE = 20
ALIKE_MOST = 8
COUNTED_MOST = 300  # issues of one pattern whose evidence is put together
STEPS_MOST = 300
ORDER = ("raised_on", "id")


# ---------------------------------------------------------------- its page


@htmx_partial("talk")
@require_safe
def pattern_page(request, ref):
    pattern = find_issue(request, ref, "cycle", "team", "held_by", "owner_agency", with_seen=True)
    if not pattern.is_pattern:
        return redirect(pattern)
    user = request.user
    rows = _under(user, pattern)
    page = page_of(_told(rows), ORDER, request.GET, PAGE)
    steps = list(
        IssueStep.objects.filter(issue=pattern)
        .select_related("team", "move__from_team", "move__to_team")
        .order_by("at", "pk")[:STEPS_MOST]
    )
    offer = next((s.move for s in reversed(steps) if s.move and s.move.state == IssueMove.State.OFFERED), None)
    if offer:
        offer.issue = pattern
    changes = can_change(user, pattern)
    context = {
        "issue": pattern,
        "underneath": Pattern.objects.filter(issue=pattern).values_list("underneath", flat=True).first() or "",
        "items": _items(user, page.rows, changes),
        "older": f"?after={page.older}" if page.older else "",
        "newer": f"?before={page.newer}" if page.newer else "",
        "seen": _evidence(rows),
        "some_hidden": _some_hidden(rows, pattern),
        "new": pattern.responses.filter(kind="system_change").select_related("owner").first(),
        "path": path.stays(pattern, steps),
        "receipt": marks_html(receipt(pattern, steps)),
        "history_count": len(steps),
        "readers": pattern.readers,
        "offer": offer,
        "can_change": changes,
        "can_answer": offer is not None and can_answer(user, offer),
        "can_decide": offer is None and pattern.is_open and can_decide(user, pattern.held_by),
        "can_withdraw": offer is not None and can_withdraw(user, offer),
        "better": better_words(pattern),
        **between(user, pattern, offer),
        **talk_on_issue(user, pattern, path.talk(steps)),
    }
    return TemplateResponse(request, "issues/patterns/pattern.html", context)


def _under(user, pattern):
    """What lies under it, as far as this reader may see."""
    links = Gathering.objects.filter(pattern=pattern).current().values("issue")
    return Issue.objects.visible_in(user, pattern.place).filter(pk__in=links)


def _told(rows):
    rows = rows.select_related("team", "held_by").prefetch_related("responses__owner")
    return rows.defer("search")


def _items(user, issues, may_take_out):
    counts = seen_counts(issue.pk for issue in issues)
    return [
        {
            "issue": issue,
            "seen": counts.get(issue.pk, Seen()),
            "now": next((r for r in issue.responses.all() if r.kind == "countermeasure"), None),
            "can_take_out": may_take_out or can_change(user, issue),
        }
        for issue in issues
    ]


def _evidence(rows):
    """How much all of it was seen. People are only counted where no part of it is too small to be told."""
    ids = list(rows.values_list("pk", flat=True)[:COUNTED_MOST])
    parts = seen_counts(ids)
    whole = Seen.of(Sighting.objects.filter(issue__in=ids).order_by().aggregate(**COUNTS).values())
    if any(0 < part.lives < 5 for part in parts.values()):
        whole = Seen(whole.times, whole.debriefs, 0, whole.teams, whole.outside_debriefs)
    return whole


def _some_hidden(rows, pattern):
    return Gathering.objects.filter(pattern=pattern).current().exclude(issue__in=rows.values("pk")).exists()


# ---------------------------------------------------------------- gathering


@require_http_methods(["GET", "HEAD", "POST"])
def new_pattern(request):
    """Reached from triage with ticked issues, or from one issue: others like it are shown to tick as well."""
    can_be = permissions.issues_to_gather(request.user)
    patterns = permissions.patterns_to_add_to(request.user).order_by("-updated_at", "-pk")[:50]
    groups = Team.objects.filter(place=place_of(request)).that_can_act()
    if request.method != "POST":
        ticked = _numbers(request.GET.getlist("issue"))
        form = _form(can_be, patterns, groups)
        return _new_page(request, form, can_be, ticked)
    form = _form(can_be, patterns, groups, request.POST)
    made = []
    status = run(form, lambda: made.append(_gather(form.cleaned_data, request.user)))
    if status != SAVED:
        return _new_page(request, form, can_be, _numbers(request.POST.getlist("issue")), status)
    messages.success(request, "Gathered. Each keeps its own page, and those who raised them read what is underneath.")
    return redirect(made[0])


def _form(issues, patterns, groups, data=None):
    choices = Issue.objects.filter(pk__in=[pattern.pk for pattern in patterns.defer("search")])
    rows = issues.select_related("cycle", "team", "place").defer("search")
    return PatternForm(data, issues=rows, patterns=choices, groups=groups)


@transaction.atomic
def _gather(said, by):
    """Under a pattern, and that before a group where one was chosen: both or neither."""
    issues, pattern = list(said["issue"]), said["pattern"]
    if pattern:
        pattern = actions.gather(pattern=pattern, issues=issues, by=by, why=said["underneath"])
    else:
        pattern = actions.make_pattern(
            issues=issues,
            description=said["description"],
            underneath=said["underneath"],
            by=by,
            client_id=said["client_id"],
        )
    if said["then"]:
        _raise_to(said["then"], pattern, said, by)
    return pattern


def _raise_to(group, pattern, said, by):
    try:
        escalate(issue=pattern, to_team=group, why=said["underneath"], asks=said["then_asks"], by=by)
    except Refused as no:
        raise type(no)(str(no), "then") from no


def _new_page(request, form, can_be, ticked, status=200):
    chosen = list(can_be.filter(pk__in=ticked).select_related("team").defer("search").order_by("raised_on", "pk"))
    others = _alike(request, can_be, chosen)
    counts = seen_counts([issue.pk for issue in [*chosen, *others]])
    told = [
        {"issue": issue, "ticked": issue in chosen, "seen": counts.get(issue.pk, Seen())} for issue in chosen + others
    ]
    context = {"form": form, "items": told, "chosen": len(chosen)}
    return TemplateResponse(request, "issues/patterns/new.html", context, status=status)


def _alike(request, can_be, chosen):
    """Others like the first of the ticked ones, which this person may gather too."""
    if not chosen:
        return []
    found = similar(request.user, chosen[0].description, place=place_of(request), most=ALIKE_MOST, but=chosen[0])
    wanted = [issue.pk for issue in found if issue not in chosen]
    there = can_be.filter(pk__in=wanted).select_related("team").defer("search").in_bulk()
    return [there[pk] for pk in wanted if pk in there]


def _numbers(said):
    return [int(pk) for pk in said if pk.isascii() and pk.isdigit() and len(pk) < 18][:50]


# ---------------------------------------------------------------- in other words


def underneath(request, ref):
    """What is thought to be underneath may change as more is gathered."""
    issue = find_issue(request, ref, "team", "held_by")
    if not issue.is_pattern:
        raise Http404
    insist(can_change(request.user, issue))
    row = Pattern.objects.get(issue=issue)
    return ask(
        request,
        UnderneathForm.of(row, request.POST or None),
        lambda said: actions.say_what_is_underneath(pattern=issue, by=request.user, **said) and issue,
        title=f"What is underneath {issue.ref}",
        lede=issue.description,
        button="Save",
        said="Kept. What you thought before stands in the full history, for the team.",
        back=issue.get_absolute_url(),
        back_label=issue.ref,
        readers="everyone who can see this pattern.",
    )


# ---------------------------------------------------------------- taking out


def take_out(request, ref, issue_ref):
    """Nothing is lost: it is as it was before it was gathered."""
    pattern = find_issue(request, ref, "team", "held_by")
    issue = find_issue(request, issue_ref, "team", "held_by")
    link = Gathering.objects.filter(pattern=pattern, issue=issue).last()
    if not pattern.is_pattern or link is None:
        raise Http404
    insist(permissions.can_take_out(request.user, pattern, issue))
    return ask(
        request,
        TakeOutForm(request.POST or None),
        lambda said: actions.take_out(pattern=pattern, issue=issue, by=request.user, **said),
        title=f"Take {issue.ref} out of the pattern",
        lede=issue.description,
        button="Take it out and tell them",
        said=f"Taken out. {issue.ref} is as it was before.",
        back=pattern.get_absolute_url(),
        back_label=pattern.ref,
        readers="everyone who can see the issue, and those who raised it.",
    )
