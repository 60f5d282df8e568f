"""The sets of a cycle, an experiment or a team: what was said, and a place to say it now.

The page of a set and of one question over time also show the issues that answers became, so their addresses are
in hls/pages; `set_page` and `history_page` here put them together.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cycles.asking import ask
from cycles.drafts.pages import Kept
from cycles.experiments.models import Experiment
from cycles.lives import actions as lives
from cycles.people.models import Team
from cycles.questions import actions, forms, permissions
from cycles.questions.models import Answer, Question, Remark, Rhythm
from cycles.questions.on_cycle import with_urls
from cycles.questions.reading import Asked, answers_for, asked_in, between, days_of, everyone_says, history
from cycles.questions.seen import overview, tiers_of
from cycles.questions.which import (
    CYCLE,
    EXPERIMENT,
    SETS,
    TEAM,
    TIERS,
    cycle_of,
    fits,
    kind_of,
    place_of,
)
from cycles.stack import permissions as of_cycles
from cycles.stack.models import LearningCycle, Scale
from cycles.stack.views import cycle_to_change
from cycles.stack.words import readers_of
from hls.look.words import day

PAGE = 30


def subject_in_sight(request, kind, pk):
    """The cycle, experiment or team whose answers are asked for. A life's are read by the rules of a life."""
    user = request.user
    if kind == TEAM:
        rights = user.rights
        teams = Team.objects.visible_to(user)
        return get_object_or_404(teams.filter(pk__in=rights.teams) | teams.filter(place__in=rights.stewards), pk=pk)
    if kind == EXPERIMENT:
        found = Experiment.objects.visible_to(user).select_related("cycle__team", "cycle__case__worker")
    else:
        found = LearningCycle.objects.visible_to(user).select_related("team", "case__worker")
    subject = get_object_or_404(found, pk=pk)
    _note_reading(request, cycle_of(subject))
    return subject


def _note_reading(request, cycle):
    """Opening a life's answers is a reading of that life; its people see it."""
    if cycle.scale == Scale.PERSON and request.method != "POST":
        lives.note_read(case=cycle.case, by=request.user)


def to_answer(request, kind, pk):
    subject = subject_in_sight(request, kind, pk)
    if not permissions.can_answer(request.user, subject):
        raise PermissionDenied
    return subject


def about(subject):
    """Where these answers belong, and who reads them."""
    cycle = cycle_of(subject)
    back = cycle.case if cycle is not None and cycle.scale == Scale.PERSON and subject == cycle else subject
    readers = (
        readers_of(cycle)
        if cycle
        else {"readers_kind": "shared", "readers": f"{subject}, and the stewards of the place."}
    )
    # No name of a person in a window’s title or the browser’s history.
    tab = "A person’s page" if cycle is not None and cycle.scale == Scale.PERSON else ""
    return {"back": back.get_absolute_url(), "back_label": str(back), "tab": tab} | readers


def url(name, subject, *args):
    """The address of a page of this room for whatever the answers hang on."""
    return reverse(f"cycles:{kind_of(subject)}_{name}", args=[subject.pk, *args])


def _set_of(name, subject):
    if not fits(name, subject):
        raise Http404
    return SETS[name]


@require_safe
def index(request, kind, pk):
    """Every set that fits here, the one to look at now first."""
    subject = subject_in_sight(request, kind, pk)
    sets = with_urls(subject, overview(subject, timezone.localdate()))
    page = {"subject": subject, "kind": kind, "sets": sets, **about(subject)}
    return TemplateResponse(request, "cycles/questions/index.html", page)


def posted(request):
    """What was sent; a form sent empty was sent all the same."""
    return request.POST if request.method == "POST" else None


def set_page(request, kind, pk, name, beside=lambda subject, rows: None):
    """A set with its newest answers, and boxes for those who may answer.

    `beside` lays what other floors know by the rows: the issue that an answer became.
    """
    subject = subject_in_sight(request, kind, pk)
    shown = _set_of(name, subject)
    form, kept = None, None
    if permissions.can_answer(request.user, subject):
        kept = _kept(request, subject, shown)
        if answer := kept.answer():
            return answer
    elif request.method == "POST":
        raise PermissionDenied
    rows = answers_for(subject, name)
    if kept:
        form = forms.SetForm(posted(request), initial=kept.words, rows=rows, wants_example=shown.wants_example)
    if form is not None and form.is_valid():
        _keep(request, subject, name, form, kept)
        return redirect(request.path)
    mine = tiers_of(request.user) if name == "ground" else set()
    rows.sort(key=lambda row: (row.is_on_card, _tier(row.key, mine)))  # else as they are asked
    _dress(rows, subject, form)
    _with_remarks(rows)
    beside(subject, rows)
    page = {
        "subject": subject,
        "kind": kind,
        "set": shown,
        "rows": [row for row in rows if not row.is_on_card],
        "on_card": [row for row in rows if row.is_on_card],
        "card_url": _card_url(subject) if kind != TEAM else "",
        "form": form,
        "kept": kept and kept.beside(form),
        "has_boxes": any(row.box for row in rows),
        "can_answer_back": permissions.can_answer_back(request.user, subject),
        "days": days_of(subject, name)[:2],
        "rhythm": _rhythm(subject, shown),
        "tiers": mine,
        "set_url": request.path,
        "compare_url": url("questions_between", subject, name),
        "paper_url": url("question_paper", subject, name),
        "index_url": url("questions", subject),
        **about(subject),
    }
    status = 422 if form is not None and form.is_bound else 200
    return TemplateResponse(request, "cycles/questions/set.html", page, status=status)


def _tier(key, mine):
    """One's own tier of `ground` first, then what everyone is asked, then the other tiers."""
    return 0 if key in mine else 2 if mine and key in TIERS else 1


@transaction.atomic
def _keep(request, subject, name, form, kept):
    told = form.cleaned_data
    actions.answer_set(
        subject=subject, name=name, said=form.said(), by=request.user, on=told["on"], client_id=told["client_id"]
    )
    kept.done(told["client_id"])
    messages.success(request, "Kept. What was said before stays too.")


@require_POST
def set_draft(request, kind, pk, name):
    """What the page sends by itself as someone types."""
    subject = to_answer(request, kind, pk)
    return _kept(request, subject, _set_of(name, subject)).typed()


def _kept(request, subject, shown):
    return Kept(
        request,
        f"{kind_of(subject)}-{subject.pk}-{shown.name}",
        called=shown.title,
        url=url("question_draft", subject, shown.name),
        page=url("question_set", subject, shown.name),
        back=about(subject)["back"],
        cycle=cycle_of(subject),
    )


def _dress(rows, subject, form):
    """Give each row its boxes and the addresses that belong to it."""
    for row in rows:
        row.history_url = url("question_history", subject, row.key) if row.has_earlier else ""
        row.card_url = _card_url(subject) if row.is_on_card else ""
        if form is not None and row.key in form.asked:
            row.box = {part: form.box_of(row, part) for part in forms.PARTS}


def _card_url(subject):
    name = "purpose" if kind_of(subject) == CYCLE else "experiment_edit"
    return reverse(f"cycles:{name}", args=[subject.pk])


def _with_remarks(rows):
    """What was said back to the answers shown, in one query."""
    by_answer = {row.answer.pk: row for row in rows if row.answer}
    for remark in Remark.objects.filter(answer__in=by_answer).select_related("by"):
        by_answer[remark.answer_id].remarks.append(remark)


def _rhythm(subject, shown):
    if kind_of(subject) != CYCLE or shown.every == Rhythm.Every.NEVER:
        return None
    own = Rhythm.objects.filter(cycle=subject, set=shown.name).first()
    return Rhythm.Every(own.every if own else shown.every).label


def history_page(request, kind, pk, key, beside=lambda subject, rows: None):
    """One question over time: every answer with its day, the words it was asked in, and what was said back."""
    subject = subject_in_sight(request, kind, pk)
    place = place_of(subject)
    question = get_object_or_404(Question.objects.of(place).worded(place), key=key)
    shown = _set_of(_set_name(question), subject)
    answers = history(subject, question)
    if before := _answer_before(request):
        answers = answers.filter(on__lte=before.on).exclude(on=before.on, pk__gte=before.pk)
    found = list(answers[: PAGE + 1])
    rows = [Asked(question, answer) for answer in found[:PAGE]]
    _with_remarks(rows)
    beside(subject, rows)
    page = {
        "subject": subject,
        "question": question,
        "set": shown,
        "rows": rows,
        "older": f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        "can_answer": permissions.can_answer(request.user, subject),
        "can_answer_back": permissions.can_answer_back(request.user, subject),
        "set_url": url("question_set", subject, shown.name),
        **about(subject),
    }
    return TemplateResponse(request, "cycles/questions/history.html", page)


def _set_name(question):
    """A set holds its parts: `behaviours` is asked as a whole."""
    return question.set.partition(".")[0]


def _answer_before(request):
    said = request.GET.get("before", "")
    pk = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
    return Answer.objects.visible_to(request.user).filter(pk=pk).first() if pk else None


@require_safe
def behaviours(request):
    """The nine ways of working in the words of each team and cycle: side by side, by name, and without a score."""
    rows = everyone_says(request.user, "behaviours", request.acting and request.acting.place_id)
    return TemplateResponse(request, "cycles/questions/behaviours.html", {"rows": rows, "set": SETS["behaviours"]})


@require_safe
def compare(request, kind, pk, name):
    """Two days side by side: what stood on each."""
    subject = subject_in_sight(request, kind, pk)
    shown = _set_of(name, subject)
    days = days_of(subject, name)
    form = forms.TwoDaysForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    now = asked.get("now") or (days[0] if days else timezone.localdate())
    then = asked.get("then") or (days[1] if len(days) > 1 else now)
    then, now = sorted([then, now])
    page = {
        "subject": subject,
        "set": shown,
        "days": days,
        "can_choose": len(days) > 1,
        "then": then,
        "now": now,
        "rows": between(subject, name, then, now) if days else [],
        "set_url": url("question_set", subject, name),
        **about(subject),
    }
    return TemplateResponse(request, "cycles/questions/between.html", page)


@require_safe
def paper(request, kind, pk, name):
    """The questions of a set on a sheet, for whoever would rather write by hand. It says nothing about anyone."""
    subject = to_answer(request, kind, pk)
    shown = _set_of(name, subject)
    rows = [row for row in answers_for(subject, name) if row.question.is_asked and not row.is_on_card]
    page = {"set": shown, "rows": rows, "set_url": url("question_set", subject, name), **about(subject)}
    return TemplateResponse(request, "cycles/questions/paper.html", page)


def rhythm(request, pk, name):
    cycle = cycle_to_change(request, pk)
    shown = _set_of(name, cycle)
    if shown.every == Rhythm.Every.NEVER:
        raise Http404
    now = Rhythm.objects.filter(cycle=cycle, set=name).first()
    return ask(
        request,
        forms.RhythmForm(request.POST or None, initial={"every": now.every if now else shown.every}),
        lambda said: actions.set_rhythm(cycle=cycle, name=name, by=request.user, **said) and None,
        title=f"{shown.title}: how often?",
        lede="It only decides when these questions come up on the steward’s page. Nothing is ever late.",
        said="Kept.",
        **about(cycle) | {"back": url("question_set", cycle, name), "back_label": shown.title},
    )


def answer_back(request, pk):
    """Anyone who looks at the picture may say what they see another way, or what someone else says."""
    answer = get_object_or_404(
        Answer.objects.visible_to(request.user).select_related(
            "cycle__team", "cycle__case__worker", "experiment__cycle__team", "experiment__cycle__case__worker", "team"
        ),
        pk=pk,
    )
    if not permissions.can_answer_back(request.user, answer.subject):
        raise PermissionDenied
    if cycle := cycle_of(answer.subject):
        _note_reading(request, cycle)
    question = Question.objects.get(pk=answer.question_id)
    name = _set_name(question)
    return ask(
        request,
        forms.RemarkForm(request.POST or None),
        lambda said: actions.answer_back(answer=answer, by=request.user, **said) and None,
        title="Answer back",
        lede=answer.asked,
        note=f"On {day(answer.on)} this was said: “{answer}”",
        button="Add it",
        said="It stands beside the answer now.",
        **about(answer.subject) | {"back": url("question_set", answer.subject, name), "back_label": SETS[name].title},
    )


def start(request):
    """From the first questions to a draft cycle, in one go."""
    user = request.user
    if not of_cycles.can_open_any(user):
        raise PermissionDenied
    place = request.acting.place_id if request.acting else next(iter(user.rights.places))
    kept = _kept_start(request)
    if answer := kept.answer():
        return answer
    rows = asked_in(place, "start")
    form = forms.StartForm(posted(request), initial=kept.words, rows=rows, user=user)
    if request.method == "POST" and form.is_valid():
        return redirect(_started(form, kept))
    for row in rows:
        row.box = {part: form.box_of(row, part) for part in forms.PARTS}
    page = {"form": form, "rows": rows, "set": SETS["start"], "kind": CYCLE, "kept": kept.beside(form)}
    return TemplateResponse(request, "cycles/questions/start.html", page, status=422 if form.is_bound else 200)


@transaction.atomic
def _started(form, kept):
    told = form.cleaned_data
    cycle = actions.start_cycle(
        by=kept.by,
        said=form.said(),
        on=timezone.localdate(),
        **{name: told[name] for name in ("team", "title", "purpose", "scale", "client_id")},
    )
    kept.done(told["client_id"])
    return cycle


@require_POST
def start_draft(request):
    """What the page sends by itself as someone types."""
    if not of_cycles.can_open_any(request.user):
        raise PermissionDenied
    return _kept_start(request).typed()


def _kept_start(request):
    return Kept(
        request,
        "cycle-start",
        called="Start from questions",
        url=reverse("cycles:start_draft"),
        page=reverse("cycles:start"),
        back=reverse("cycles:list"),
    )
