"""Governing a cycle: its page, one review being written or read, and what lies beside each question (mock-up 14)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from cycles.asking import ask, number
from cycles.questions.due import is_boundary, waiting, with_rounds
from cycles.questions.models import Question
from cycles.questions.reading import asked_in
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.stack.models import LearningCycle
from hls.governing import actions, permissions
from hls.governing.evidence import beside, choices_for
from hls.governing.facts import facts_for
from hls.governing.forms import BOUNDARY, BesideForm, ReviewForm
from hls.governing.models import Account, Review, ReviewEvidence, Voice, governed_by
from hls.governing.promised import promises_of
from hls.look.words import day

PAGE = 30
SHOWN = 12
VOICES = 40


def cycle_governed(request, pk):
    return get_object_or_404(governed_by(request.user).select_related("team", "place", "steward"), pk=pk)


def part_of(request, pk):
    """A cycle in whose governing this person takes part."""
    cycle = cycle_governed(request, pk)
    if not permissions.can_take_part(request.user, cycle):
        raise PermissionDenied("A cycle is governed by its team, its stewards and leaders.")
    return cycle


def about_governing(cycle):
    return {
        "back": reverse("cycles:reviews", args=[cycle.pk]),
        "back_label": f"Governing {cycle}",
        "readers_kind": "shared",
        "readers": f"{cycle.team}, teams of the cycles joined to this one, the stewards, leaders and evidence team of "
        "the place.",
    }


@require_safe
def governing_list(request):
    """The cycles whose governing one may read, each with its last review: by title, so that nothing is ranked."""
    cycles = governed_by(request.user).going().select_related("team").order_by("title", "pk")
    start = number(request.GET.get("from", ""))
    found = list(cycles[start : start + PAGE + 1])
    last = {}
    for review in Review.objects.finished().filter(cycle__in=found[:PAGE]).order_by("held_on"):
        last[review.cycle_id] = review
    page = {
        "rows": [{"cycle": cycle, "last": last.get(cycle.pk)} for cycle in found[:PAGE]],
        "older": f"?from={start + PAGE}" if len(found) > PAGE else "",
        "newer": f"?from={max(0, start - PAGE)}" if start else "",
    }
    return TemplateResponse(request, "governing/list.html", page)


@require_safe
def reviews(request, pk):
    """One cycle: the next review, promises, accounts, voices, and every review so far."""
    cycle = cycle_governed(request, pk)
    takes_part = permissions.can_take_part(request.user, cycle)
    finished = list(Review.objects.finished().filter(cycle=cycle)[:SHOWN])
    voices = list(Voice.objects.filter(cycle=cycle)[:VOICES])
    page = {
        "cycle": cycle,
        "opens_cycle": LearningCycle.objects.visible_to(request.user).filter(pk=cycle.pk).exists(),
        "takes_part": takes_part,
        "draft": Review.objects.drafts().filter(cycle=cycle).first() if takes_part else None,
        "finished": finished,
        "last": finished[0] if finished else None,
        "waits": _waits(cycle),
        "promises": promises_of(request.user, cycle),
        "accounts": Account.objects.filter(cycle=cycle)[:SHOWN],
        "left_out": [voice for voice in voices if voice.kind == Voice.Kind.LEFT_OUT],
        "checking": [voice for voice in voices if voice.kind == Voice.Kind.CHECKING],
        **about_governing(cycle),
    }
    return TemplateResponse(request, "governing/cycle.html", page)


def _waits(cycle):
    """Whether the governing questions have come round, and whether who is in and out is among them."""
    rounds = with_rounds(LearningCycle.objects.filter(pk=cycle.pk)).first()
    for each in waiting(rounds, timezone.localdate()) if rounds else []:
        if each.name == actions.SET:
            return {"last_on": each.last_on, "boundary": is_boundary(each)}
    return None


@require_POST
def review_start(request, pk):
    cycle = part_of(request, pk)
    try:
        review = actions.start_review(cycle=cycle, by=request.user)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("cycles:reviews", cycle.pk)
    return redirect(review)


# ------------------------------------------------------------------ one review


def _review(request, pk, on):
    cycle = cycle_governed(request, pk)
    try:
        held_on = parse_date(on)
    except ValueError:
        held_on = None
    found = Review.objects.filter(cycle=cycle, held_on=held_on) if held_on else Review.objects.none()
    review = get_object_or_404(found.select_related("finished_by", "by"))
    review.cycle = cycle
    if not permissions.can_read(request.user, review):
        raise Http404
    return review


def review(request, pk, on):
    """A draft is a form for those who take part; a finished one is a page for all who read of the cycle."""
    shown = _review(request, pk, on)
    if shown.state == Review.State.FINISHED:
        return _read(request, shown)
    questions = [row.question for row in asked_in(shown.cycle.place, actions.SET)]
    if request.method != "POST":
        return _write(request, shown, ReviewForm.of(shown, questions))
    return _sent(request, shown, ReviewForm.of(shown, questions, request.POST))


def _sent(request, shown, form):
    """Keep as a draft, finish, or go on to lay something beside a question; the words are kept first."""
    what, _, about = request.POST.get("action", "draft").partition(":")
    if what == "auto":
        return _saved_by_itself(request, shown, form)
    if not form.is_valid():
        return _write(request, shown, form, 422)
    act = actions.finish_review if what == "finish" else actions.save_review
    try:
        kept = act(review=shown, version=form.cleaned_data["version"], by=request.user, **form.words())
    except ChangedMeanwhile as changed:
        theirs = list(form.beside(changed.current))
        form.refuse(changed)
        return _write(request, shown, form, 409, theirs)
    except Refused as refused:
        form.refuse(refused)
        return _write(request, shown, form, 422)
    if what == "beside" and number(about):
        return redirect("cycles:review_beside", kept.cycle_id, kept.held_on.isoformat(), number(about))
    messages.success(request, "Finished. It stands as you said it." if what == "finish" else "Kept as a draft.")
    return redirect(kept)


def _saved_by_itself(request, shown, form):
    """What the page sends as someone types. It says how it stands, and never that it is saved when it is not."""
    told = {"review": shown, "version": number(request.POST.get("version", "")), "state": "failed"}
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            kept = actions.save_review(review=shown, version=version, by=request.user, **form.words())
            told |= {"version": kept.version, "state": "saved", "saved_at": kept.updated_at}
        except ChangedMeanwhile:
            told["state"] = "clash"
        except Refused:
            told["state"] = "failed"
    return TemplateResponse(request, "governing/state.html", {"saved_at": None} | told)


def _write(request, shown, form, status=200, theirs=()):
    last = Review.objects.finished().filter(cycle=shown.cycle).first()
    laid, _ = beside(shown, request.user)
    facts = facts_for(request.user, shown.cycle, last)
    boxes = [
        each | {"facts": facts.get(each["question"].key, []), "laid": laid.get(each["question"].pk, [])}
        for each in form.boxes()
    ]
    page = {
        "review": shown,
        "cycle": shown.cycle,
        "form": form,
        "boxes": boxes,
        "beside": list(theirs),
        "version": form["version"].value(),
        "state": "saved",
        "saved_at": shown.updated_at if shown.version > 1 else None,
        "last": last,
        "last_promises": last.promises.select_related("team").prefetch_related("steps") if last else [],
        "managing": [row.words for row in asked_in(shown.cycle.place, "managing")][:5],
        **about_governing(shown.cycle),
    }
    page["readers"] = f"a draft, by those who take part. A finished review: {page['readers']}"
    return TemplateResponse(request, "governing/write.html", page, status=status)


def _read(request, shown):
    laid, hidden = beside(shown, request.user)
    answers = list(shown.answers.select_related("question").order_by("question__order", "pk"))
    answered = {answer.question_id for answer in answers}
    others = Question.objects.filter(pk__in=(laid.keys() | hidden.keys()) - answered).worded(shown.cycle.place)
    asked = [(a.question, a.asked, a) for a in answers] + [(q, q.asked, None) for q in others]
    rows = [
        {
            "asked": words,
            "answer": answer,
            "is_boundary": question.key == BOUNDARY,
            "laid": laid.get(question.pk, []),
            "hidden": hidden.get(question.pk, 0),
        }
        for question, words, answer in asked
    ]
    around = Review.objects.finished().filter(cycle=shown.cycle)
    page = {
        "review": shown,
        "cycle": shown.cycle,
        "rows": rows,
        "before": around.filter(held_on__lt=shown.held_on).first(),
        "after": around.filter(held_on__gt=shown.held_on).last(),
        "promises": shown.promises.select_related("team").prefetch_related("steps"),
        "accounts": shown.accounts.all(),
        "takes_part": permissions.can_take_part(request.user, shown.cycle),
        **about_governing(shown.cycle),
    }
    return TemplateResponse(request, "governing/read.html", page)


# ------------------------------------------------------------------ what lies beside a question


def review_beside(request, pk, on, question):
    """Choose what to lay beside a question, from what one can see."""
    shown = _review(request, pk, on)
    if not permissions.can_take_part(request.user, shown.cycle) or shown.state == Review.State.FINISHED:
        raise PermissionDenied("What lies beside the questions of a finished review stands.")
    asked = get_object_or_404(
        Question.objects.in_set(actions.SET, shown.cycle.place).worded(shown.cycle.place), pk=question
    )
    laid, _ = beside(shown, request.user)
    here = laid.get(asked.pk, [])
    taken = {}
    for one in here:
        taken.setdefault(one.kind, []).append(one.pk)
    form = BesideForm(request.POST or None, choices=choices_for(request.user, shown.cycle, asked, taken))
    return ask(
        request,
        form,
        lambda said: actions.lay_beside(review=shown, question=asked, things=form.chosen(), by=request.user),
        template="governing/beside.html",
        title=asked.asked,
        button="Lay it beside",
        said="It lies beside the question now.",
        here=here,
        **about_governing(shown.cycle)
        | {
            "back": shown.get_absolute_url(),
            "back_label": f"Review of {day(shown.held_on)}",
            "readers": "whoever may open the thing itself. The review opens nothing that was closed.",
        },
    )


@require_POST
def review_away(request, pk):
    evidence = get_object_or_404(
        ReviewEvidence.objects.filter(review__cycle__in=governed_by(request.user)).select_related("review__cycle"),
        pk=pk,
    )
    if not permissions.can_read(request.user, evidence.review):
        raise Http404
    if not permissions.can_take_part(request.user, evidence.review.cycle):
        raise PermissionDenied
    try:
        actions.take_away(evidence=evidence)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(evidence.review)
    return redirect("cycles:review_beside", *_address(evidence))


def _address(evidence):
    return evidence.review.cycle_id, evidence.review.held_on.isoformat(), evidence.question_id
