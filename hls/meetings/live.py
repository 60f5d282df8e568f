"""The meeting itself: one thing at a time on a shared screen, and what comes of it written as it is said."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from cycles.asking import ask
from cycles.people import audit
from cycles.people.models import User
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.stack.models import LearningCycle
from hls.governing.actions import make_promise
from hls.governing.models import governed_by
from hls.leadership.actions import SaidAlready, note_discussed
from hls.leadership.models import Summary
from hls.limits import ANY, limited
from hls.meetings import forms, minutes
from hls.meetings.onscreen import about, decided_here
from hls.meetings.tasks import nudge
from hls.meetings.views import about_meeting, find_item, find_meeting, own_meeting, readers
from issues.forum_cases import actions as of_cases
from issues.groups.actions import decide
from issues.groups.models import Decision
from issues.log.models import Issue
from issues.meetings import actions, permissions
from issues.meetings.models import AgendaItem, ItemKind, Meeting, Paper

Outcome = AgendaItem.Outcome
NOT_OURS = (
    "Only those who see a case write about it. If consent was taken back, nobody does. You can take it off the agenda, "
    "or go on to the next thing."
)
OF_A_CASE = (
    "members who sit in this meeting, for as long as consent stands. No steward. The minutes say only that a case was "
    "talked about or put off."
)


@require_POST
def begin(request, pk):
    shown = own_meeting(request, pk)
    try:
        actions.begin(meeting=shown, by=request.user)
    except Refused as no:
        messages.warning(request, str(no))
        return redirect(shown)
    item = shown.items.filter(outcome=Outcome.OPEN).first() or shown.items.first()
    return redirect(item or shown)


@require_safe
def live(request, pk, item):
    """One item, in big type. Next and back are links, and the arrow keys press them."""
    shown = find_meeting(request, pk)
    items = list(shown.items.all())
    at = next((at for at, row in enumerate(items) if row.pk == item), None)
    if at is None:
        raise Http404
    row = items[at]
    row.meeting = shown
    runs = permissions.can_run(request.user, shown.team)
    is_live = shown.state == Meeting.State.LIVE
    found = about(row, request.user)
    if "on_case" in found:
        of_cases.note_read(found["on_case"], request.user)
    page = {
        "meeting": shown,
        "group": shown.team,
        "item": row,
        "items": items,
        "number": at + 1,
        "back_one": items[at - 1] if at else None,
        "next_one": items[at + 1] if at + 1 < len(items) else None,
        "acts": runs and is_live,
        "can_decide": _can_decide(row, found),
        "said": row.words if row.kind != ItemKind.CASE or "on_case" in found else "",
        "decisions": decided_here(row),
        "promises": row.promises.select_related("team").order_by("pk"),
        "sealed": row.note if permissions.sits_in(request.user, shown) else "",
        "readers": readers(shown.team),
        **found,
    }
    return TemplateResponse(request, "meetings/live.html", page)


def _can_decide(item, found):
    if item.kind == ItemKind.CASE:
        return False
    return not item.issue_id or ("on_issue" in found and found["on_issue"].issue.is_open)


def _open_item(request, pk):
    item = find_item(request, pk)
    if item.kind == ItemKind.CASE:
        case = about(item, request.user).get("on_case")
        if case is None or not case.has_consent:
            raise PermissionDenied(NOT_OURS)
    return item


def _act(request, item, form, act, **page):
    who = {"readers": f"{readers(item.meeting.team)} It stands in the minutes."}
    if item.kind == ItemKind.CASE:
        who = {"readers_kind": "private", "readers": OF_A_CASE}
    return ask(
        request,
        form,
        act,
        template="meetings/act.html",
        item=item,
        meeting=item.meeting,
        tab=page.get("title", ""),
        back=item.get_absolute_url(),
        back_label=f"Back to the screen, item {item.position}",
        **who | page,
    )


def decide_item(request, pk):
    item = _open_item(request, pk)
    if item.kind == ItemKind.CASE:
        raise PermissionDenied("What you do together for a person stands in the plan.")
    if item.issue_id:
        return _decide_issue(request, item)
    form = forms.SettledForm.of(
        item, request.POST or None, label="What did you decide, and why?", missing="Say what you decided."
    )
    return _act(
        request,
        item,
        form,
        lambda said: actions.settle(item=item, outcome=Outcome.DECIDED, by=request.user, **said),
        title="We decide",
        button="Keep the decision",
        said="Kept.",
    )


def _decide_issue(request, item):
    issues = Issue.objects.visible_to(request.user).select_related("place", "held_by", "team").defer("search")
    issue = get_object_or_404(issues, pk=item.issue_id)
    return _act(
        request,
        item,
        forms.DecideForm(request.POST or None, initial={"version": issue.version}),
        lambda said: _decided(item, issue, said, request.user),
        title=f"We decide on {issue.ref}",
        button="Record and tell them",
        said="Recorded. Those who raised it read your words on their Today page.",
        readers="everyone who can see the issue, and those who raised it. It stands in the minutes.",
    )


def _decided(item, issue, said, by):
    """The group's decision is the one act; the item only notes that it was made here."""
    actions.insist_live(item.meeting)
    try:
        decide(issue=issue, team=item.meeting.team, by=by, **said)
    except ChangedMeanwhile as changed:
        now = Issue.objects.only("version").get(pk=issue.pk)
        last = Decision.objects.filter(issue=issue).order_by("-at", "-pk").first() or Decision(issue=issue)
        last.version = now.version
        raise ChangedMeanwhile(str(changed), last) from changed
    return actions.settle(item=item, outcome=Outcome.DECIDED, words=item.words, by=by)


def promise_item(request, pk):
    item = _open_item(request, pk)
    if item.kind == ItemKind.CASE:
        raise PermissionDenied("What a member does for a person is a pledge on their case.")
    cycle = item.issue.cycle if item.issue_id else None
    cycles = None if cycle else _cycles_of(item.meeting, request.user)
    form = forms.PromiseForm(request.POST or None, meeting=item.meeting, cycles=cycles)
    return _act(
        request,
        item,
        form,
        lambda said: _promised(item, cycle, said, request.user),
        title="We promise",
        lede="What, who and by when. It comes back on the agenda when its day has come.",
        button="Keep the promise",
        said="Kept, with its day.",
    )


def _cycles_of(meeting, user):
    """What this person governs, and the cycles whose issues came before the group."""
    before = LearningCycle.objects.filter(issues__access__team=meeting.team_id)
    here = LearningCycle.objects.filter(place=meeting.place_id).shared().going()
    own = governed_by(user).values("pk")
    return (here.filter(pk__in=own) | here.filter(pk__in=before.values("pk"))).order_by("title", "pk")


def _promised(item, cycle, said, by):
    actions.insist_live(item.meeting)
    make_promise(cycle=cycle or said.pop("cycle"), agenda_item=item, by=by, **said)
    if not item.is_settled:
        actions.settle(item=item, outcome=Outcome.TALKED, words=item.words, by=by)


def defer_item(request, pk):
    item = _open_item(request, pk)
    form = forms.SettledForm.of(
        item,
        request.POST or None,
        label="Why is it put off?",
        missing="Say why it is put off. It comes back on the next agenda.",
        hint="It comes back on the next agenda by itself.",
    )
    return _act(
        request,
        item,
        form,
        lambda said: actions.settle(item=item, outcome=Outcome.DEFERRED, by=request.user, **said),
        title="Put it off",
        button="Put it off",
        said="Put off. It comes back on the next agenda.",
    )


def talk_item(request, pk):
    """What was said. About a person only a sealed note can be kept here: the plan holds the rest."""
    item = _open_item(request, pk)
    seated = permissions.sits_in(request.user, item.meeting)
    if item.kind == ItemKind.CASE:
        began = {"version": item.version, "sealed": item.note if seated else ""}
        form = forms.CaseTalkForm(request.POST or None, initial=began)
    else:
        form = forms.TalkForm.of(
            item,
            request.POST or None,
            label="What was said?",
            hint="It stands in the minutes. Leave out people’s names and what someone told you in private.",
        )
        form.initial["sealed"] = item.note if seated else ""
    if not seated:
        del form.fields["sealed"]
    return _act(
        request,
        item,
        form,
        lambda said: _talked(item, said, request.user),
        title="We talked about it",
        button="Keep it",
        said="Kept.",
    )


def _talked(item, said, by):
    said.setdefault("words", item.words)
    outcome = item.outcome if item.outcome == Outcome.DECIDED else Outcome.TALKED
    row = actions.settle(item=item, outcome=outcome, by=by, **said)
    if row.kind == ItemKind.SUMMARY and row.words:
        summary = Summary.objects.visible_to(by).filter(pk=row.subject_ref, team=item.meeting.team_id).first()
        if summary and summary.state == Summary.State.READY and summary.discussed_on is None:
            _discussed(summary, row.words)
    return row


def _discussed(summary, words):
    """Talking it through closes a summary; someone who wrote first keeps the word."""
    try:
        note_discussed(summary=summary, words=words)
    except SaidAlready:
        return


# ------------------------------------------------------------------ afterwards


def end(request, pk):
    """Who was there; then it is over, and the minutes stand."""
    shown = own_meeting(request, pk)
    if shown.state == Meeting.State.HELD and request.method != "POST":
        return redirect("meetings:minutes", shown.pk)
    people = User.objects.filter(pk__in=shown.seats.values("user")).order_by("name", "pk")
    began = {"version": shown.version, "was_there": [person.pk for person in people]}
    return ask(
        request,
        forms.EndForm(request.POST or None, people=people, initial=began),
        lambda said: _ended(shown, said, request.user),
        template="meetings/end.html",
        title="End the meeting",
        lede="The minutes are what you wrote as you went. From now on nobody rewrites them; corrections are added.",
        button="End it and keep the minutes",
        said="Held. The minutes stand.",
        meeting=shown,
        open_items=shown.items.filter(outcome=Outcome.OPEN),
        **about_meeting(shown),
    )


def _ended(shown, said, by):
    row = actions.end(meeting=shown, by=by, minutes_of=minutes.minutes_of, **said)
    _draw_later(row)
    return row


def _draw_later(meeting):
    paper = Paper.objects.filter(meeting=meeting).first()
    if paper and not paper.is_ready:
        nudge(paper.pk)


def _held(request, pk):
    shown = find_meeting(request, pk)
    if shown.state != Meeting.State.HELD:
        raise Http404
    return shown


@require_safe
def minutes_page(request, pk):
    shown = _held(request, pk)
    paper = Paper.objects.filter(meeting=shown).defer("pdf").first()
    page = {
        "meeting": shown,
        "group": shown.team,
        "facts": shown.minutes,
        "corrections": minutes.corrections(shown),
        "paper": paper if paper and paper.is_ready else None,
        "runs": permissions.can_run(request.user, shown.team),
        "sealed": _sealed(request.user, shown),
        "readers": readers(shown.team),
    }
    return TemplateResponse(request, "meetings/minutes.html", page)


def _sealed(user, meeting):
    """Notes kept out of the minutes, for members who sat in it; of a case only while its consent stands."""
    if not permissions.sits_in(user, meeting):
        return []
    notes = []
    for item in meeting.items.filter(sealed__isnull=False):
        item.meeting = meeting
        if item.kind != ItemKind.CASE or about(item, user).get("on_case"):
            notes.append(
                {"title": minutes.PRIVATE_TITLE if item.kind == ItemKind.CASE else item.title, "text": item.note}
            )
    return notes


def correct(request, pk):
    shown = own_meeting(request, pk)
    if shown.state != Meeting.State.HELD:
        raise Http404
    return ask(
        request,
        forms.CorrectionForm(request.POST or None),
        lambda said: _corrected(shown, said, request.user),
        title="Put something right in the minutes",
        button="Add the correction",
        said="Added beside the minutes.",
        **about_meeting(shown) | {"back": reverse("meetings:minutes", args=[shown.pk]), "back_label": "The minutes"},
    )


def _corrected(shown, said, by):
    actions.correct(meeting=shown, by=by, **said)
    _draw_later(shown)


@require_GET
@limited("export", 20, 60, methods=ANY)
def minutes_pdf(request, pk):
    shown = _held(request, pk)
    paper = Paper.objects.filter(meeting=shown).first()
    if paper is None or not paper.is_ready:
        messages.warning(request, "The PDF is being made. Try again in a minute.")
        return redirect("meetings:minutes", shown.pk)
    audit.note("export", by=request.user, place=shown.place, on=shown)
    name = f"minutes-{shown.team.slug}-{shown.on.isoformat()}.pdf"
    return HttpResponse(
        bytes(paper.pdf),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
