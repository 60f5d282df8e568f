"""Reading: the rooms' own querysets, each through `visible_to`. Lives are never here, by any way."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router

from cycles.experiments.models import Experiment
from cycles.people.models import Team
from cycles.stack.models import LearningCycle, Scale
from debriefs.record.models import Addition, Debrief, DebriefAnswer, FollowUp
from hls.api import asks, door, shapes
from hls.api.etags import etag_of
from issues.groups.models import Decision
from issues.log.filters import ORDER_BY, log_of
from issues.log.models import Issue, IssueStep
from issues.log.paging import is_mark, page_of
from issues.log.search import closest, newest

cycles, debriefs, groups, issues, me = (
    Router(tags=[name]) for name in ("cycles", "debriefs", "groups", "issues", "me")
)
NEWEST = ("-updated_at", "-id")
DECISIONS_MOST, STEPS_MOST = 50, 300


def address(request):
    """Makes the address of a row's own page whole."""
    return lambda row: request.build_absolute_uri(row.get_absolute_url())


def paged(request, rows, order, asked, heads=()):
    if unknown := sorted(set(request.GET) - set(asked.__class__.model_fields)):
        raise door.Wrong([(name, "There is no filter of this name.") for name in unknown])
    if asked.cursor and not is_mark(asked.cursor, order):
        raise door.Wrong([("cursor", "This is not the `next` of a page in this order.")])
    return page_of(rows, order, {"after": asked.cursor or None}, asked.limit, heads)


def out(page, rows):
    return {"items": rows, "next": page.older or None}


@me.get("/me", auth=door.ANY_TOKEN, response=shapes.Me, url_name="me", summary="What this token may do")
def who_am_i(request):
    token = request.token
    return {"name": token.name, "place": token.place.name, "scopes": token.scopes, "expires_at": token.expires_at}


# ------------------------------------------------------------ issues


def whole(rows):
    return rows.select_related("place", "team", "held_by", "owner_agency", "cycle").prefetch_related("responses__owner")


def issue_in_sight(request, ref):
    """The issue behind a ref like A-014, or 404."""
    number = Issue.number_from_ref(ref)
    if number is None or number > 2**31 - 1:
        raise Http404
    rows = whole(Issue.objects.visible_in(request.user, request.token.place)).defer("search")
    return get_object_or_404(rows, number=number)


def one_issue(request, issue):
    """What is told of one issue; its tag goes along in the answer's head (door.without_session)."""
    told = shapes.issues_out([issue], request.user, address(request))[0]
    request.etag = etag_of(told)
    return told


def _query(asked):
    said = asked.model_dump(exclude_none=True, include={"view", "level", "status", "owner", "cycle", "order"})
    flags = {name: "yes" for name in ("barrier", "leverage") if getattr(asked, name, False)}
    return {name: str(value) for name, value in said.items()} | flags


@issues.get("/issues", auth=door.READ_ISSUES, response=shapes.IssuePage, url_name="issues", summary="The log, filtered")
def list_issues(request, asked: Query[asks.IssuesAsked]):
    log = log_of(request.user, _query(asked), place=request.token.place)
    rows, heads = log.queryset, log.heads
    if asked.changed_since:
        rows = rows.filter(updated_at__gte=asked.changed_since)
        heads = [head.filter(updated_at__gte=asked.changed_since) for head in heads]
    page = paged(request, whole(rows).defer("search"), ORDER_BY[log.asked.order], asked, heads)
    return out(page, shapes.issues_out(page.rows, request.user, address(request)))


@issues.post(
    "/issues/search", auth=door.SEARCH_ISSUES, response=shapes.IssuePage, url_name="issue_search",
    summary="Search the log by words",
)  # fmt: skip
def search_issues(request, asked: asks.SearchAsked):
    """The closest first, 50 at most."""
    log = log_of(request.user, _query(asked) | {"q": asked.words}, place=request.token.place)
    keys = closest(newest(log.queryset, log.asked.q, log.heads))
    found = sorted(whole(Issue.objects.filter(pk__in=keys)).defer("search"), key=lambda issue: keys.index(issue.pk))
    return {"items": shapes.issues_out(found, request.user, address(request)), "next": None}


@issues.get("/issues/{ref}", auth=door.READ_ISSUES, response=shapes.IssueOut, url_name="issue", summary="One issue")
def get_issue(request, ref: Path[str]):
    return one_issue(request, issue_in_sight(request, ref))


@issues.get(
    "/issues/{ref}/path", auth=door.READ_ISSUES, response=shapes.PathOut, url_name="issue_path",
    summary="Where it has been, and what was said on the way",
)  # fmt: skip
def issue_path(request, ref: Path[str]):
    """Oldest first; of a path longer than 300 steps the newest 300."""
    issue = issue_in_sight(request, ref)
    steps = IssueStep.objects.filter(issue=issue).select_related("team", "move__from_team", "move__to_team")
    newest = list(steps.order_by("-at", "-pk")[:STEPS_MOST])
    return {"issue": issue.ref, "steps": shapes.steps_out(issue, newest[::-1], request.user)}


# ------------------------------------------------------------ cycles and experiments


def cycles_in_sight(request):
    seen = LearningCycle.objects.shared_with(request.user).filter(place=request.token.place)
    return seen.select_related("team")


@cycles.get(
    "/cycles", auth=door.READ_CYCLES, response=shapes.CyclePage, url_name="cycles", summary="Cycles, but no lives"
)
def list_cycles(request, asked: Query[asks.Paged]):
    page = paged(request, cycles_in_sight(request), NEWEST, asked)
    return out(page, [shapes.cycle_out(cycle, address(request)) for cycle in page.rows])


@cycles.get("/cycles/{int:pk}", auth=door.READ_CYCLES, response=shapes.CycleOut, url_name="cycle", summary="One cycle")
def get_cycle(request, pk: int):
    return shapes.cycle_out(get_object_or_404(cycles_in_sight(request), pk=pk), address(request))


def experiments_in_sight(request):
    return Experiment.objects.filter(cycle__in=cycles_in_sight(request).values("pk"))


@cycles.get(
    "/experiments", auth=door.READ_CYCLES, response=shapes.ExperimentPage, url_name="experiments",
    summary="Experiments of those cycles",
)  # fmt: skip
def list_experiments(request, asked: Query[asks.OfCycleAsked]):
    rows = experiments_in_sight(request)
    page = paged(request, rows.filter(cycle=asked.cycle) if asked.cycle else rows, NEWEST, asked)
    return out(page, [shapes.experiment_out(experiment, address(request)) for experiment in page.rows])


@cycles.get(
    "/experiments/{int:pk}", auth=door.READ_CYCLES, response=shapes.ExperimentOut, url_name="experiment",
    summary="One experiment",
)  # fmt: skip
def get_experiment(request, pk: int):
    return shapes.experiment_out(get_object_or_404(experiments_in_sight(request), pk=pk), address(request))


# ------------------------------------------------------------ debriefs


def debriefs_in_sight(request):
    """Those of one's own teams that were held; none about a single life."""
    seen = Debrief.objects.visible_to(request.user).filter(place=request.token.place)
    held = seen.filter(state__in=[Debrief.State.HELD, Debrief.State.WRITTEN_UP])
    return held.exclude(cycle__scale=Scale.PERSON).select_related("team")


@debriefs.get(
    "/debriefs", auth=door.READ_DEBRIEFS, response=shapes.DebriefPage, url_name="debriefs",
    summary="Debriefs that your teams held, newest first",
)  # fmt: skip
def list_debriefs(request, asked: Query[asks.OfCycleAsked]):
    rows = debriefs_in_sight(request)
    page = paged(request, rows.filter(cycle=asked.cycle) if asked.cycle else rows, ("-planned_for", "-id"), asked)
    return out(page, [shapes.debrief_out(debrief, address(request)) for debrief in page.rows])


@debriefs.get(
    "/debriefs/{int:pk}", auth=door.READ_DEBRIEFS, response=shapes.WholeDebrief, url_name="debrief",
    summary="What was shared in one debrief",
)  # fmt: skip
def get_debrief(request, pk: int):
    debrief, user = get_object_or_404(debriefs_in_sight(request), pk=pk), request.user
    shared = {"contribution__shared_at__isnull": False, "contribution__deleted_at": None}
    answers = DebriefAnswer.objects.visible_to(user).filter(debrief=debrief, **shared).select_related("question")
    asked_for = FollowUp.objects.visible_to(user).filter(debrief=debrief)
    later = Addition.objects.visible_to(user).filter(debrief=debrief)
    return shapes.debrief_out(debrief, address(request)) | {
        "answers": [{"question": answer.question.text, "words": answer.text} for answer in answers],
        "added_later": list(later.values_list("text", flat=True)),
        "follow_ups": list(asked_for.values("audience", "text", "state", "due_on")),
    }


# ------------------------------------------------------------ groups


def groups_in_sight(request):
    return Team.objects.visible_to(request.user).filter(place=request.token.place)


@groups.get("/groups", auth=door.READ_GROUPS, response=shapes.GroupPage, url_name="groups", summary="Teams and groups")
def list_groups(request, asked: Query[asks.Paged]):
    page = paged(request, groups_in_sight(request), ("id",), asked)
    return out(page, [shapes.group_out(team) for team in page.rows])


@groups.get(
    "/groups/{slug}", auth=door.READ_GROUPS, response=shapes.WholeGroup, url_name="group",
    summary="One group, and what it decided",
)  # fmt: skip
def get_group(request, slug: Path[str]):
    team = get_object_or_404(groups_in_sight(request), slug=_printable(slug))
    decided = Decision.objects.visible_to(request.user).filter(team=team).select_related("issue")
    return shapes.group_out(team) | {"decisions": [shapes.decision_out(one) for one in decided[:DECISIONS_MOST]]}


def _printable(slug):
    if "\x00" in slug:
        raise Http404
    return slug
