"""A new debrief, one as it is read, and what is done with it afterwards."""

import uuid
from types import SimpleNamespace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cycles.asking import number
from cycles.lives.models import Case
from cycles.people.models import Team
from cycles.questions.models import Question
from cycles.refusals import ChangedMeanwhile, Refused
from debriefs.confirm.views import to_its_page
from debriefs.learning.queries import spoken_in, statements_to_speak_to
from debriefs.plans.forms import cycles_of
from debriefs.record import actions, drafts, permissions
from debriefs.record import hot as hot_talk
from debriefs.record.forms import (
    EditForm,
    FollowUpForm,
    HotForm,
    LaterForm,
    MissedForm,
    NewForm,
)
from debriefs.record.models import Debrief, DebriefAnswer, FollowUp
from debriefs.record.notes import BELIEF, PROMPTS, name_of, questions_for
from debriefs.record.reading import bands_of, follow_ups_of, is_heard, outcomes_of
from debriefs.record.write import find
from debriefs.threads.permissions import can_sort

BECAME = {
    "lesson": "Kept as learning about our time and people.",
    "issue": "It is in the issue log. Your team can see it now.",
}


# ------------------------------------------------------------------ a new one


def team_of(request):
    """Which team it is for: the one asked for, else the one whose front door is open, else the first."""
    teams = list(Team.objects.filter(pk__in=request.user.rights.teams).select_related("place"))
    if not teams:
        raise PermissionDenied("Debriefs are called by people in a team.")
    asked = request.POST.get("team") or request.GET.get("team")
    if asked:
        chosen = next((team for team in teams if str(team.pk) == asked), None)
        return chosen or get_object_or_404(Team.objects.none()), teams
    acting = request.acting.team_id if request.acting else None
    return next((team for team in teams if team.pk == acting), teams[0]), teams


def new(request):
    if request.GET.get("kind") == "hot":
        return redirect("debriefs:hot")
    team, teams = team_of(request)
    if not cycles_of(team).exists():
        return TemplateResponse(request, "debriefs/no_cycle.html", {"team": team, "teams": teams})
    now = timezone.localtime()
    first = {"on": now.date(), "at": now.time().replace(second=0, microsecond=0), "client_id": uuid.uuid4()}
    life = Case.objects.of(request.user).filter(pk=number(request.GET.get("life", "")), cycle__team=team).first()
    form = NewForm(request.POST or None, team=team, user=request.user, initial=first | {"case": life})
    if request.method == "POST" and form.is_valid():
        debrief = actions.plan_debrief(
            team=team,
            cycle=form.cleaned_data["cycle"],
            at=form.planned_for(),
            where=form.cleaned_data["where"],
            case=form.cleaned_data["case"],
            by=request.user,
            client_id=form.cleaned_data["client_id"],
        )
        if debrief.planned_for <= timezone.now():
            return redirect("debriefs:write", pk=debrief.pk)
        messages.success(request, "Planned. Everyone in the team gets a reminder half an hour before.")
        return redirect("debriefs:list")
    context = {"form": form, "team": team, "teams": [t for t in teams if t != team]}
    return TemplateResponse(request, "debriefs/new.html", context, status=422 if form.errors else 200)


def hot(request):
    """Called by anyone of a team, in two taps and some words."""
    team, teams = team_of(request)
    if not cycles_of(team).exists():
        return TemplateResponse(request, "debriefs/no_cycle.html", {"team": team, "teams": teams})
    first = {"client_id": uuid.uuid4(), "cycle": cycles_of(team).first().pk}
    form = HotForm(request.POST or None, team=team, user=request.user, now=timezone.now(), initial=first)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        debrief = actions.call_hot_debrief(
            team=team,
            cycle=sent["cycle"],
            questions=list(Question.objects.filter(key__in=PROMPTS[Debrief.Kind.HOT])),
            words=form.words(),
            at=form.at(),
            asked=sent["asked"],
            case=sent["case"],
            raises=sent["raises"],
            by=request.user,
            client_id=sent["client_id"],
        )
        messages.success(request, f"Called. A message is on its way to everyone in {team}.")
        return redirect(debrief)
    # As a prompt of the notes has it, for the ticks under the one box.
    issue = SimpleNamespace(tags=form.ticks(), question=SimpleNamespace(text=form["issue"].label))
    context = {"form": form, "team": team, "teams": [t for t in teams if t != team], "issue": issue}
    return TemplateResponse(request, "debriefs/hot.html", context, status=422 if form.errors else 200)


# ------------------------------------------------------------------ reading it, and after


def debrief(request, pk):
    row = find(request, pk)
    if row.confirmation_id:
        return to_its_page(row)
    return page(request, row)


def page(request, row, *, later=None, missed=None, status=200):
    user = request.user
    mine = drafts.notes_of(row, user)
    return TemplateResponse(
        request,
        "debriefs/debrief.html",
        {
            "debrief": row,
            "bands": bands_of(row, user),
            "follow_ups": follow_ups_of(row, user),
            "came_of_it": outcomes_of(row, user),
            "spoken": spoken_in(row, user),
            "can_speak": is_heard(row) and statements_to_speak_to(row).exists(),
            "additions": row.additions.visible_to(user).select_related("by"),
            "present": list(row.present.order_by("short_name", "pk")),
            "mine": mine,
            "can_write": permissions.can_write(user, row) and not (mine and mine.shared_at),
            "can_put_right": permissions.can_write(user, row)
            and ((mine and mine.shared_at) or permissions.is_recorder(user, row)),
            "can_write_up": permissions.can_write_up(user, row),
            "can_add": permissions.can_add_later(user, row),
            "can_say_why": permissions.can_say_why_missed(user, row),
            "can_sort": can_sort(user, row, mine),
            **_hot(user, row),
            "later": later or LaterForm(initial={"client_id": uuid.uuid4()}),
            "missed_form": missed or MissedForm(initial={"words": row.missed_because}),
        },
        status=status,
    )


def _hot(user, row):
    """Of a hot debrief: who is needed, whether it still waits for someone, and whether it may be said to have been."""
    if row.kind != Debrief.Kind.HOT:
        return {"is_open": False, "may_settle": False, "needed": []}
    is_open = hot_talk.waits(row, timezone.now())
    may_settle = user.rights.in_team(row.team_id) and (is_open or row.state == Debrief.State.PLANNED)
    return {"is_open": is_open, "may_settle": may_settle, "needed": list(row.needed.order_by("short_name", "pk"))}


@require_POST
def hot_answer(request, pk):
    """I can talk; we have talked; nobody can in time."""
    row = find(request, pk)
    try:
        if request.POST.get("how") == "plan":
            hot_talk.plan_instead(debrief=row)
            words = "It is planned now, with the words it was called with."
        else:
            hot_talk.join(debrief=row, by=request.user)
            words = "You are in it. Add your notes when you have talked."
            if request.user.pk == row.called_by_id:
                words = "Kept: you have talked. Its recorder sorts what was said."
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, words)
    return redirect(row)


def edit(request, pk):
    """Put it right: each answer that is yours, or all of them for the recorder. The old words are kept."""
    row = find(request, pk)
    if not permissions.can_write(request.user, row):
        raise PermissionDenied(actions.WRITTEN_UP)
    form = EditForm(request.POST or None, **_editable(request.user, row))
    theirs, status = [], 200
    if request.method == "POST" and form.is_valid():
        try:
            _put_right(request.user, row, form)
        except ChangedMeanwhile as changed:
            form.add_error(None, str(changed))
            theirs, status = _changed(form), 409
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Put right. The old words are kept.")
            return redirect(row)
    status = 422 if form.errors and status == 200 else status
    context = {"debrief": row, "form": form, "theirs": theirs, "boxes": _boxes(form, theirs)}
    return TemplateResponse(request, "debriefs/edit.html", context, status=status)


def _editable(user, row):
    answers = (
        DebriefAnswer.objects.visible_to(user)
        .filter(debrief=row)
        .select_related("question", "contribution__author", "debrief")
        .annotate(version=Count("versions"))
        .order_by("question__order", "pk")
    )
    allowed = [answer for answer in answers if permissions.can_put_right(user, answer)]
    mine = drafts.notes_of(row, user)
    if not mine or not mine.shared_at:
        return {"answers": allowed, "missing": []}
    said = {answer.question_id for answer in allowed if answer.contribution_id == mine.pk}
    missing = [q for q in questions_for(row) if q.pk not in said and name_of(q) != BELIEF]
    return {"answers": allowed, "missing": missing}


@transaction.atomic
def _put_right(user, row, form):
    sent = form.cleaned_data
    for answer in form.answers:
        text, version = sent[f"answer-{answer.pk}"], sent[f"version-{answer.pk}"]
        if text != answer.text or version != answer.version:
            actions.put_right(answer=answer, text=text, version=version, by=user)
    for question in form.missing:
        if text := sent[f"more-{question.pk}"]:
            actions.add_answer(debrief=row, question=question, text=text, by=user)


def _changed(form):
    """Answers whose words changed since the writer's page was made; their page now holds the new version."""
    changed = [a for a in form.answers if form.cleaned_data.get(f"version-{a.pk}") != a.version]
    form.data = form.data.copy()
    for answer in changed:
        form.data[f"version-{answer.pk}"] = str(answer.version)
    return changed


def _boxes(form, theirs):
    texts = {answer.pk: answer.text for answer in theirs}
    return [
        {
            "answer": answer,
            "box": form[f"answer-{answer.pk}"],
            "version": form[f"version-{answer.pk}"],
            "theirs": texts.get(answer.pk, ""),
        }
        for answer in form.answers
    ] + [{"answer": None, "box": form[f"more-{q.pk}"], "version": "", "theirs": ""} for q in form.missing]


@require_POST
def written_up(request, pk):
    row = find(request, pk)
    if row.state != Debrief.State.WRITTEN_UP and not permissions.can_write_up(request.user, row):
        raise PermissionDenied("Its recorder marks it as written up, once someone has shared notes.")
    try:
        actions.write_up(debrief=row, by=request.user)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "Written up. From now on, additions carry their date.")
    return redirect(row)


@require_POST
def add(request, pk):
    row = find(request, pk)
    if not permissions.can_add_later(request.user, row):
        raise PermissionDenied("It is not written up yet, so its words can be put right instead.")
    form = LaterForm(request.POST)
    if not form.is_valid():
        return page(request, row, later=form, status=422)
    actions.add_later(
        debrief=row, text=form.cleaned_data["text"], client_id=form.cleaned_data["client_id"], by=request.user
    )
    messages.success(request, "Added, with today’s date.")
    return redirect(row)


@require_POST
def missed(request, pk):
    row = find(request, pk)
    if not permissions.can_say_why_missed(request.user, row):
        raise PermissionDenied("Only a debrief that did not happen is asked about.")
    form = MissedForm(request.POST)
    becomes = request.POST.get("becomes", "")
    if form.is_valid():
        try:
            words = form.cleaned_data["words"]
            becomes = becomes if becomes in BECAME else ""
            actions.say_why_missed(debrief=row, words=words, becomes=becomes, by=request.user)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, BECAME.get(becomes, "Thank you. It helps us plan better."))
            return redirect(row)
    return page(request, row, missed=form, status=422)


@require_POST
def follow_up(request, pk):
    row = get_object_or_404(FollowUp.objects.visible_to(request.user).select_related("debrief"), pk=pk)
    if not permissions.can_answer_follow_up(request.user, row):
        raise PermissionDenied
    form = FollowUpForm(request.POST)
    if form.is_valid():
        actions.answer_follow_up(follow_up=row, state=form.cleaned_data["state"], by=request.user)
    else:
        messages.warning(request, "Choose done, not yet or no need.")
    if request.POST.get("from") == "list" or not request.user.rights.in_team(row.debrief.team_id):
        if form.is_valid():
            still = form.cleaned_data["state"] == FollowUp.State.TO_DO
            messages.success(request, "It waits again." if still else "Kept. You find it under “Answered”.")
        return redirect("debriefs:follow_ups")
    return redirect(f"{row.debrief.get_absolute_url()}#next")
