"""Writing: the pages' own forms and actions, so that a program can do what its person can, and is told no in one voice."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db import transaction
from ninja import Path
from ninja.responses import Status

from cycles.people.models import Team
from cycles.refusals import ChangedMeanwhile
from hls.api import asks, door, shapes
from hls.api.etags import is_same
from hls.api.reading import issue_in_sight, issues, one_issue
from issues.log import actions, permissions
from issues.log.forms import CloseForm, EscalateForm, LevelForm, RaiseForm, ReopenForm, ResponseForm
from issues.log.models import Issue, Response

LEVELS = {word: str(int(level)) for level, word in shapes.LEVEL_WORDS.items()}
CHANGED = {200: shapes.IssueOut}


def _checked(form, names=door.NAMES):
    """The form's own words about what is wrong, under the API's names of its fields."""
    if not form.is_valid():
        errors = [(name, message) for name, found in form.errors.items() for message in found]
        raise door.Wrong([("" if name == "__all__" else names.get(name, name), words) for name, words in errors])
    return form


def _to_change(request, ref):
    issue = issue_in_sight(request, ref)
    if not permissions.can_change(request.user, issue):
        raise PermissionDenied("Its team, the group that holds it and the stewards change it.")
    return issue


def _answer(request, ref):
    return one_issue(request, issue_in_sight(request, ref))


def as_read(kind=None):
    """Runs a change only on what was read: by its tag in If-Match, or by the version in the body, or both.

    The issue is locked from here on, so that nothing comes between the look and the change. `kind`: the version is that
    of this response; else it is the issue's own.
    """

    def wrap(view):
        @wraps(view)
        @transaction.atomic
        def wrapped(request, ref, asked):
            issue = _to_change(request, ref)
            tags = request.headers.get("If-Match")
            if tags is None and asked.version is None:
                raise door.NothingRead
            if tags is not None:
                _insist_on(tags, request, issue, asked, kind)
            return view(request, ref, asked)

        return wrapped

    return wrap


def _insist_on(tags, request, issue, asked, kind):
    Issue.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=issue.pk)
    now = _answer(request, issue.ref)
    version = (now[kind] or {"version": 0})["version"] if kind else now["version"]
    if not is_same(tags, request.etag):
        raise door.Stale(_sent(asked), now, version)
    if asked.version is None:
        asked.version = version


def _sent(asked):
    """What was sent, for the 409 that gives it back."""
    return asked.model_dump(mode="json", exclude={"version"})


@issues.post(
    "/issues", auth=door.WRITE_ISSUES, response={200: shapes.IssueOut, 201: shapes.IssueOut}, url_name="issues",
    summary="Raise an issue",
)  # fmt: skip
def raise_issue(request, asked: asks.IssueSent):
    """Sent twice with one `client_id` it is one issue: 201 the first time, 200 and the same after that."""
    user = request.user
    if not permissions.may_raise(user):
        raise PermissionDenied("Issues are raised by people in a team, and by stewards.")
    if before := Issue.objects.filter(client_id=asked.client_id, raised_by=user, place=request.token.place).first():
        return Status(200, _answer(request, before.ref))
    data = asked.model_dump(exclude={"level", "owner"}) | {"cycle": str(asked.cycle)}
    form = _checked(RaiseForm(data | _level_and_owner(asked), user=user))
    issue = actions.raise_issue(by=user, **form.about())
    return Status(201, _answer(request, issue.ref))


def _level_and_owner(asked):
    return {"level": LEVELS.get(asked.level, ""), "owner_tier": asked.owner or ""}


@issues.post(
    "/issues/{ref}/level", auth=door.WRITE_ISSUES, response=CHANGED, url_name="issue_level",
    summary="Say its level and who owns the next step, with a reason",
)  # fmt: skip
@as_read()
def set_level(request, ref: Path[str], asked: asks.LevelSent):
    issue = _to_change(request, ref)
    data = _level_and_owner(asked) | {"owner_agency": asked.owner_agency or "", "why": asked.why}
    form = _checked(LevelForm(data | {"version": str(asked.version)}, issue=issue))
    try:
        actions.set_level(issue=issue, by=request.user, **form.cleaned_data)
    except ChangedMeanwhile as no:
        raise _clash(request, ref, asked, ("level", "owner", "owner_agency")) from no
    return _answer(request, ref)


def _clash(request, ref, asked, names):
    now = _answer(request, ref)
    theirs = {name: now[name] for name in names}
    return door.Clash(_sent(asked), theirs, now["version"])


@issues.put(
    "/issues/{ref}/countermeasure", auth=door.WRITE_ISSUES, response=CHANGED, url_name="issue_countermeasure",
    summary="Say what gets round it now",
)  # fmt: skip
@as_read("countermeasure")
def set_countermeasure(request, ref: Path[str], asked: asks.CountermeasureSent):
    return _respond(request, ref, asked, Response.Kind.COUNTERMEASURE)


@issues.put(
    "/issues/{ref}/system-change", auth=door.WRITE_ISSUES, response=CHANGED, url_name="issue_system_change",
    summary="Say what will be normal from now on",
)  # fmt: skip
@as_read("system_change")
def set_system_change(request, ref: Path[str], asked: asks.SystemChangeSent):
    return _respond(request, ref, asked, Response.Kind.SYSTEM_CHANGE)


def _respond(request, ref, asked, kind):
    """What was not sent stays as it is."""
    issue = _to_change(request, ref)
    current = issue.responses.filter(kind=kind).select_related("owner").first()
    form = ResponseForm(kind=kind, issue=issue)
    before = {name: _value(getattr(current, name, None)) for name in form.fields if current and name != "version"}
    data = before | {name: _value(value) for name, value in asked.model_dump(exclude_none=True).items()}
    if asked.owner_group is not None:
        data["owner"] = _group(request, issue, asked.owner_group)
    form = _checked(ResponseForm(data, kind=kind, issue=issue), {"owner": "owner_group"})
    about = {"version": form.cleaned_data["version"], **form.about()}
    try:
        actions.set_response(issue=issue, kind=kind, by=request.user, **about)
    except ChangedMeanwhile as no:
        theirs = shapes.response_out(issue.responses.select_related("owner").get(kind=kind))
        raise door.Clash(_sent(asked), theirs, theirs["version"]) from no
    return _answer(request, ref)


def _group(request, issue, slug):
    """The key that a form knows a group by; one that no form offers where there is no such group."""
    found = Team.objects.visible_to(request.user).filter(place=issue.place_id, slug=slug).first()
    return found.pk if found else "-" if slug else ""


def _value(value):
    return "" if value is None else getattr(value, "pk", value)


@issues.post(
    "/issues/{ref}/escalate", auth=door.WRITE_ISSUES, response=CHANGED, url_name="issue_escalate",
    summary="Raise it to a group that can act",
)  # fmt: skip
@as_read()
def escalate(request, ref: Path[str], asked: asks.OfferSent):
    """It stays where it is, with its countermeasure, until that group answers."""
    issue = _to_change(request, ref)
    data = {"to_team": _group(request, issue, asked.to_group), "why": asked.why, "asks": asked.asks}
    data["level"] = LEVELS.get(asked.level, "") if asked.level else issue.level or ""
    form = _checked(EscalateForm(data, groups=actions.groups_that_can_act(issue)))
    _fresh(request, issue, asked, lambda row: actions.escalate(issue=row, by=request.user, **form.cleaned_data))
    return _answer(request, ref)


@issues.post(
    "/issues/{ref}/close", auth=door.WRITE_ISSUES, response=CHANGED, url_name="issue_close", summary="Close it"
)
@as_read()
def close(request, ref: Path[str], asked: asks.CloseSent):
    issue = _to_change(request, ref)
    form = _checked(CloseForm(asked.model_dump(include={"how", "words", "countermeasure"}), issue=issue))
    act = lambda row: actions.close_issue(issue=row, by=request.user, **form.cleaned_data)  # noqa: E731
    _fresh(request, issue, asked, act, is_done=lambda row: not row.is_open)
    return _answer(request, ref)


@issues.post(
    "/issues/{ref}/reopen", auth=door.WRITE_ISSUES, response=CHANGED, url_name="issue_reopen", summary="Open it again"
)
@as_read()
def reopen(request, ref: Path[str], asked: asks.ReopenSent):
    issue = _to_change(request, ref)
    form = _checked(ReopenForm({"why": asked.why}))
    act = lambda row: actions.reopen_issue(issue=row, by=request.user, **form.cleaned_data)  # noqa: E731
    _fresh(request, issue, asked, act, is_done=lambda row: row.is_open)
    return _answer(request, ref)


@transaction.atomic
def _fresh(request, issue, asked, act, is_done=lambda row: False):
    """Act on the version that was read, and on no other. What is done already answers for itself: sent twice, once."""
    row = Issue.objects.select_for_update(of=("self",)).select_related("place").get(pk=issue.pk)
    if not is_done(row) and row.version != asked.version:
        names = ("status", "level", "owner", "held_by", "closed_how", "closed_words")
        raise _clash(request, issue.ref, asked, names)
    act(row)
