"""Pages of two people, and the recorder's tray."""

from functools import wraps

import structlog
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cycles.measures.models import Measure
from cycles.refusals import ChangedMeanwhile, Refused
from debriefs.one_to_one import actions
from debriefs.one_to_one.forms import LeaveForm, MeasureForm, OpenForm, ThemeForm, WordsForm, colleagues
from debriefs.one_to_one.models import MeasureWords, OneToOne, WelfareNote
from debriefs.one_to_one.themes import counted
from debriefs.record.models import Debrief
from hls.look.words import clock
from hls.sealed import LOCKED

SHOWN = 50
ASKED = 4  # questions that a talk offers, those of the debriefs first
log = structlog.get_logger(__name__)


def _talks(user):
    return OneToOne.objects.visible_to(user).select_related("opened_by", "other", "team", "place")


def talks(request):
    """One's own talks, and who to open one with."""
    user = request.user
    people = colleagues(user)
    if request.method == "POST" and not user.rights.teams:
        raise PermissionDenied("One to one is for people who share a team.")
    form = OpenForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        other, team = form.cleaned_data["other"]
        try:
            talk = actions.open_talk(team=team, other=other, by=user, client_id=form.cleaned_data["client_id"])
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            return redirect("debriefs:talk", talk.pk)
    rows = list(_talks(user)[:SHOWN])
    for row in rows:
        row.across = row.across_from(user)
    context = {"talks": rows, "form": form, "people": people}
    return TemplateResponse(request, "debriefs/talks.html", context, status=422 if form.errors else 200)


def _own(request, pk):
    return get_object_or_404(_talks(request.user), pk=pk)


def with_key(view):
    """Where the key of the sealed words is lost: say so, give back what was typed, and change nothing."""

    @wraps(view)
    def opened(request, pk):
        try:
            return view(request, pk)
        except LOCKED as lost:
            log.error("field_key_missing", error=type(lost).__name__)
            context = {
                "typed": request.POST.get("words", ""),
                "again": reverse("debriefs:talk", args=[pk]),
                "away": reverse("debriefs:talk_away", args=[pk]),
            }
            return TemplateResponse(request, "debriefs/talk_locked.html", context, status=503)

    return opened


@require_safe
@with_key
def talk(request, pk):
    return _page(request, _own(request, pk))


def _page(request, row, *, status=200, **forms):
    user = request.user
    notes = {note.author_id: note for note in WelfareNote.objects.visible_to(user).filter(talk=row)}
    mine = notes.pop(user.pk, None)
    asked = Measure.objects.visible_to(user).filter(cycle__team=row.team, audience=Measure.Audience.TEAM)
    measures = asked.filter(retired_on=None).order_by("-asked_in_debriefs", "pk")[:ASKED]
    kept = {"words": mine.words if mine else "", "revision": mine.revision if mine else 0}
    context = {
        "talk": row,
        "across": row.across_from(user),
        "mine": mine,
        "theirs": next(iter(notes.values()), None),
        "form": WordsForm(initial=kept),
        "measure_form": MeasureForm(measures=measures),
        "theme_form": ThemeForm(),
        **forms,
    }
    return TemplateResponse(request, "debriefs/talk.html", context, status=status)


@require_POST
@with_key
def write(request, pk):
    """Keep, give to read, or choose between two versions: one form, named buttons."""
    row = _own(request, pk)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form=form, status=422)
    sent = {"talk": row, "words": form.cleaned_data["words"], "by": request.user}
    act = request.POST.get("act", "")
    try:
        if act == "settle":
            actions.settle(**sent)
        elif act == "give":
            if not sent["words"].strip():
                form.add_error("words", "Write a few words first.")
                return _page(request, row, form=form, status=422)
            actions.give_to_read(revision=form.cleaned_data["revision"], **sent)
            messages.success(request, f"{row.across_from(request.user)} can read it now, and nobody else.")
        else:
            note = actions.write(revision=form.cleaned_data["revision"], **sent)
            return _page(request, row, status=409) if note.other_words else redirect("debriefs:talk", row.pk)
    except ChangedMeanwhile:
        return _page(request, row, status=409)
    return redirect("debriefs:talk", row.pk)


@require_POST
def draft(request, pk):
    """As it is typed: answers with the state line alone."""
    row = _own(request, pk)
    form = WordsForm(request.POST)
    note, why = None, "it is too long"
    if form.is_valid():
        sent = {"words": form.cleaned_data["words"], "revision": form.cleaned_data["revision"]}
        try:
            note = actions.write(talk=row, by=request.user, **sent)
        except LOCKED as lost:
            log.error("field_key_missing", error=type(lost).__name__)
            why = "the key is missing. Press Save to read more"
    # What was refused leaves the page where it began, so that a shorter text is no clash.
    began = request.POST.get("revision", "")
    context = {
        "note": note,
        "why": why,
        "words": f"Saved {clock(timezone.now())}",
        "revision": began if began.isdecimal() and len(began) < 10 else "0",
    }
    return TemplateResponse(request, "debriefs/talk_saved.html", context)


def take_away(request, pk):
    row = _own(request, pk)
    if request.method == "POST":
        actions.take_away(talk=row, by=request.user)
        messages.success(request, "Your words are gone.")
        return redirect("debriefs:talks")
    return TemplateResponse(request, "debriefs/talk_away.html", {"talk": row})


@require_POST
@with_key
def measure_words(request, pk):
    """What one lets go to the measures goes to the recorder's tray, and nowhere by itself."""
    row = _own(request, pk)
    measures = Measure.objects.visible_to(request.user).filter(cycle__team=row.team, retired_on=None)
    asked = {name.removeprefix("m") for name in request.POST if name.startswith("m")}
    wanted = [measure for measure in measures if str(measure.pk) in asked]
    form = MeasureForm(request.POST, measures=wanted)
    if not form.is_valid():
        return _page(request, row, measure_form=form, status=422)
    for measure, words, sent_id in form.answers():
        actions.answer_measure(talk=row, measure=measure, words=words, sent_id=sent_id)
    messages.success(request, "The recorder has it now, without your name or this talk.")
    return redirect("debriefs:talk", row.pk)


@require_POST
@with_key
def theme(request, pk):
    row = _own(request, pk)
    form = ThemeForm(request.POST)
    if not form.is_valid():
        return _page(request, row, theme_form=form, status=422)
    actions.let_theme_count(place=row.place, theme=form.cleaned_data["theme"], sent_id=form.cleaned_data["client_id"])
    messages.success(request, "Counted, with nothing that leads to you.")
    return redirect("debriefs:talk", row.pk)


@require_safe
def themes(request):
    """What people let be counted in their place, in words of number that point to nobody."""
    if request.acting is None:
        raise PermissionDenied
    quarters = counted(request.acting.place_id, timezone.localdate())
    return TemplateResponse(request, "debriefs/themes.html", {"quarters": quarters})


# ---------------------------------------------------------------- the recorder's tray


@require_safe
def tray(request):
    """What waits for a recorder: talks to write up and words for measures."""
    user = request.user
    if not user.rights.has("recorder"):
        raise PermissionDenied("The tray is the recorder’s.")
    teams = user.rights.roles["recorder"]
    answers = MeasureWords.objects.visible_to(user).waiting().select_related("measure", "team")
    held = Debrief.objects.visible_to(user).filter(team__in=teams, state=Debrief.State.HELD)
    context = {"answers": answers[:SHOWN], "debriefs": held.select_related("team")[:SHOWN], "form": LeaveForm()}
    return TemplateResponse(request, "debriefs/tray.html", context)


def _answer(request, pk):
    return get_object_or_404(MeasureWords.objects.visible_to(request.user).select_related("measure", "team"), pk=pk)


@require_POST
def take_up(request, pk):
    actions.take_up(answer=_answer(request, pk), by=request.user)
    messages.success(request, "It is a reading now, in the words that were given.")
    return redirect("debriefs:tray")


def leave(request, pk):
    answer = _answer(request, pk)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.leave(answer=answer, because=form.cleaned_data["because"], by=request.user)
        messages.success(request, "Left out, with your reason beside it.")
        return redirect("debriefs:tray")
    context = {"answer": answer, "form": form}
    return TemplateResponse(request, "debriefs/leave.html", context, status=422 if form.errors else 200)
