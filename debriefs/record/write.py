"""Writing notes: one page, plain buttons with names, and a draft that saves itself where there is a script."""

import uuid
from contextlib import suppress
from functools import cache

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from cycles.drafts.keeping import chosen, clash_of, had_of, page_of, whole
from cycles.drafts.reading import said_in
from cycles.drafts.views import GONE, words_page
from cycles.lives.models import Case
from cycles.prepared import Given, Prepared, asking, someone
from cycles.refusals import ChangedMeanwhile, Refused
from debriefs.confirm.views import to_its_page
from debriefs.learning.writing import add_speak
from debriefs.record import actions, drafts, permissions
from debriefs.record.models import Contribution, Debrief, Produced
from debriefs.record.notes import BELIEF, Notes, labels_of, name_of, words_of
from debriefs.record.room import room_of
from hls.htmx import htmx_partial
from issues.log.search import similar


def find(request, pk):
    """The debrief, or 404."""
    found = _seen_debrief().rows(**asking(request.user), debrief=pk)
    if not found:
        raise Http404
    return found[0]


@cache  # each draft that saves itself begins with it, so its SQL is put together once
def _seen_debrief():
    debriefs = Debrief.objects.visible_to(someone()).filter(pk=Given("debrief"))
    return Prepared(debriefs.select_related("team", "cycle", "recorder", "place"))


def find_to_write(request, pk):
    debrief = find(request, pk)
    if not permissions.can_write(request.user, debrief):
        raise PermissionDenied(actions.WRITTEN_UP)
    return debrief


@htmx_partial("form")
def write(request, pk):
    debrief = find_to_write(request, pk)
    if debrief.kind == Debrief.Kind.CONFIRMATION:
        return to_its_page(debrief)
    notes = drafts.notes_of(debrief, request.user)
    if notes and notes.shared_at:
        return redirect(debrief)
    if request.method == "POST":
        return Writing(request, debrief, notes).act()
    return page(request, debrief, notes)


def page(request, debrief, contribution, *, data=None, status=200, view=None, **panels):
    notes = view or Notes(debrief, request.user, contribution, data)
    draft = contribution.draft if contribution else {}
    return ours(
        request,
        "debriefs/write.html",
        {
            "debrief": debrief,
            "notes": notes,
            "form": notes.form,
            "bands": notes.bands(**panels),
            "guides": notes.guides,
            "room": room_of(debrief, request.user),
            "wrong": [*(panels.get("replaced") or {}).values(), notes.form],
            "revision": contribution.revision if contribution else 0,
            "writer": (data or {}).get("writer") or uuid.uuid4(),
            "had": had_of(draft),
            "saved_at": contribution.saved_at if contribution else None,
            "made_now": request.GET.get("made", ""),
            "other": clash_of(notes.form, draft),
            "other_at": parse_datetime(draft["other_at"]) if draft.get("other_at") else None,
        },
        status=status,
    )


def ours(request, template, context, status=200):
    """Signed as ours: the page believes no answer without it, as a café's own sign-in page answers 200 to anything."""
    answer = TemplateResponse(request, template, context, status=status)
    answer["X-Kept"] = "1"
    return answer


class Writing:
    """One press of a button on the notes. What was typed is saved first, whatever the button."""

    def __init__(self, request, debrief, contribution):
        self.request, self.debrief, self.contribution = request, debrief, contribution
        self.data, self.by = request.POST, request.user
        self.words = words_of(self.data)

    def act(self):
        what, _, about = self.data.get("action", "save").partition(":")
        handle = {
            "save": self.save,
            "draft": self.leave,
            "share": self.share,
            "issue": self.add_issue,
            "lesson": self.add_lesson,
            "measure": self.add_measure,
            "speak": self.add_speak,
            "keep": self.keep,
        }.get(what, self.save)
        try:
            return handle(about)
        except ChangedMeanwhile:
            return self.show_both()
        except Refused as refused:  # shared or written up meanwhile, on another page
            messages.warning(self.request, str(refused))
            return redirect(self.debrief)

    def kept(self, words=None):
        """Save; the basis of everything else. A clash shows both versions."""
        notes, clashed = drafts.save_notes(
            debrief=self.debrief,
            words=self.words if words is None else words,
            revision=whole(self.data.get("revision")),
            by=self.by,
            writer=self.data.get("writer", "")[:40],
            seq=whole(self.data.get("seq")),
        )
        if clashed:
            raise Clashed(notes)
        self.contribution = notes
        return notes

    def here(self, extra=""):
        return redirect(reverse("debriefs:write", args=[self.debrief.pk]) + extra)

    def save(self, about):
        try:
            self.kept()
        except Clashed:
            return self.show_both()
        return self.here()

    def leave(self, about):
        try:
            self.kept()
        except Clashed:
            return self.show_both()
        messages.success(self.request, "Saved as a draft. Only you can see it.")
        return redirect("debriefs:list")

    def show_both(self):
        self.contribution = drafts.notes_of(self.debrief, self.by)
        messages.warning(self.request, drafts.CLASH)
        return page(self.request, self.debrief, self.contribution, status=409)

    def problem(self, refused=None, form=None, **panels):
        """The page again, as it was sent, with what to put right beside its box. The draft is kept as well."""
        try:
            self.kept()
        except Clashed:
            return self.show_both()
        view = Notes(self.debrief, self.by, self.contribution, self.data)
        view.form.is_valid()
        if refused:
            view.form.add_error(refused.field if refused.field in view.form.fields else None, str(refused))
        return page(self.request, self.debrief, self.contribution, data=self.data, status=422, view=view, **panels)

    def share(self, about):
        view = Notes(self.debrief, self.by, self.contribution, self.data, shown=False)
        if not view.form.is_valid():
            return self.problem()
        try:
            actions.share_notes(
                debrief=self.debrief,
                words=self.words,
                typed=view.form.typed(),
                questions=view.questions,
                revision=whole(self.data.get("revision")),
                by=self.by,
                writer=self.data.get("writer", "")[:40],
                seq=whole(self.data.get("seq")),
            )
        except ChangedMeanwhile:
            self._keep_both()  # the refused share kept nothing
            return self.show_both()
        except Refused as refused:
            return self.problem(refused)
        messages.success(self.request, f"Shared. {self.debrief.team} can read it now.")
        return redirect(self.debrief)

    # ------------------------------------------------ things made of an answer

    def _question(self, name):
        view = Notes(self.debrief, self.by, self.contribution, self.data)
        question = next((q for q in view.questions if name_of(q) == name and name != BELIEF), None)
        if question is None:
            raise PermissionDenied
        return view, question

    def _without(self, prefix):
        return {name: value for name, value in self.words.items() if not name.startswith(f"{prefix}-")}

    def make_and_stay(self, view, prefix, form, name, make):
        """Save the notes and make the thing in one transaction; what is made leaves its panel."""
        try:
            with transaction.atomic():
                self.kept(self._without(prefix))
                made = make()
        except Clashed:
            self._keep_both()
            return self.show_both()
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.problem(replaced={prefix: form}, is_open=prefix)
        is_listed = isinstance(made, Produced) and made.contribution_id
        return self.here(f"?made={made.pk}#made-{made.pk}" if is_listed else f"#adds-{name}")

    def _keep_both(self):
        with suppress(Clashed):
            self.kept()

    def _is_made(self, prefix):
        """The same press, sent again: it must not be asked whether it has been seen before, for it has, just now.

        Asked after the issues were read, so that a press at the same moment is known by what it made.
        """
        try:
            sent = actions.own_id(uuid.UUID(self.data.get(f"{prefix}-client", "")), self.by)
        except ValueError:
            return False
        return Produced.objects.filter(debrief=self.debrief, client_id=sent).exists()

    def add_issue(self, name):
        view, question = self._question(name)
        prefix = f"{name}-issue"
        text = self.words.get(f"{prefix}-description", "").strip() or self.words.get(name, "").strip()[:4000]
        alike = seen_before(self.by, self.debrief, text)
        if alike and self._is_made(prefix):
            alike = []
        form = view.panel("issue", name, similar=alike, bound=True)
        if not form.is_valid():
            return self.problem(replaced={prefix: form}, is_open=prefix)
        if alike and f"{prefix}-same" not in self.data:
            asked = view.panel("issue", name, similar=alike)
            asked.initial["description"] = text
            self._keep_both()
            return page(
                self.request,
                self.debrief,
                self.contribution,
                data=self.data,
                view=view,
                replaced={prefix: asked},
                is_open=prefix,
            )
        sent = form.cleaned_data
        return self.make_and_stay(
            view,
            prefix,
            form,
            name,
            lambda: actions.raise_from(
                debrief=self.debrief,
                question=question,
                description=text,
                by=self.by,
                same=actions.open_issue_by_ref(self.by, sent.get("same")),
                case=_case(self.by, self.debrief, sent.get("case")),
                client_id=sent.get("client"),
                level=sent["level"],
                owner_tier=sent["owner_tier"],
                countermeasure=sent["countermeasure"],
                system_change=sent["system_change"],
            ),
        )

    def add_lesson(self, name):
        view, question = self._question(name)
        prefix = f"{name}-lesson"
        form = view.panel("lesson", name, bound=True)
        if not form.is_valid():
            return self.problem(replaced={prefix: form}, is_open=prefix)
        sent = form.cleaned_data
        text = sent["text"].strip() or self.words.get(name, "").strip()[:4000]
        return self.make_and_stay(
            view,
            prefix,
            form,
            name,
            lambda: actions.note_lesson(
                debrief=self.debrief,
                question=question,
                text=text,
                direction=sent["direction"],
                by=self.by,
                same=next((row for row in view.noted if row.pk == sent.get("same")), None),
                client_id=sent.get("client"),
            ),
        )

    def add_speak(self, name):
        return add_speak(self, *self._question(name), name)

    def add_measure(self, pk):
        view = Notes(self.debrief, self.by, self.contribution, self.data)
        measure = next((m for m in view.measures if str(m.pk) == pk), None)
        if measure is None:
            raise PermissionDenied
        prefix = f"measure-{measure.pk}"
        form = view.measure_panel(measure, bound=True)
        if not form.is_valid():
            return self.problem(replaced={prefix: form}, is_open=prefix)
        return self.make_and_stay(
            view,
            prefix,
            form,
            "need",
            lambda: actions.answer_measure(
                debrief=self.debrief,
                measure=measure,
                value=form.cleaned_data["value"],
                words=form.cleaned_data["words"],
                by=self.by,
            ),
        )

    # ------------------------------------------------ two versions

    def keep(self, which):
        notes = drafts.notes_of(self.debrief, self.by)
        words = chosen(which, self.words, notes.draft if notes else {})
        revision = whole(self.data.get("revision"))
        drafts.settle(debrief=self.debrief, words=words, revision=revision, by=self.by, **page_of(self.data))
        return self.here()


LEFT = "You are no longer in the team that held this debrief, so these notes can’t be shared."
WRITTEN_UP_SINCE = "This debrief was written up before you shared these notes, so they can’t join it."


class Clashed(Exception):
    """The row now holds both versions."""


def seen_before(user, debrief, text):
    return list(similar(user, text, place=debrief.place, most=3)) if text.strip() else []


def _case(user, debrief, pk):
    """Only a life that the author is alongside."""
    return Case.objects.of(user).filter(cycle__team=debrief.team_id, pk=whole(pk)).first()


def own_words(request, pk):
    """Notes that were never shared, for their author alone: also after they left the team, or it was written up.

    Of the debrief itself it tells only what its author may still see. Deleting is all that can be done here.
    """
    mine = Contribution.objects.drafts_of(request.user).with_open(request.user).exclude(saved_at=None)
    notes = get_object_or_404(mine.select_related("debrief__team"), pk=pk)
    if request.method == "POST":
        with suppress(Refused):  # shared a moment ago, on another page
            drafts.delete_notes(debrief=notes.debrief, by=request.user)
        messages.success(request, f"{GONE} What you raised from it stays.")
        return redirect("today")
    return words_page(
        request,
        title=f"My notes for the {notes.debrief.team} debrief" if notes.is_mine else "Notes for a debrief",
        why=WRITTEN_UP_SINCE if notes.is_mine else LEFT,
        said=said_in(notes.draft, labels_of(notes.debrief)),
        saved_at=notes.saved_at,
        action=reverse("debriefs:own_words", args=[notes.pk]),
        go_on=reverse("debriefs:write", args=[notes.debrief_id]) if notes.is_open else "",
        keeps="Issues and learning you added from them stay.",
    )


def discard(request, pk):
    """Throw a draft away, after asking."""
    debrief = find_to_write(request, pk)
    if request.method == "POST":
        try:
            drafts.delete_notes(debrief=debrief, by=request.user)
        except Refused as refused:
            messages.warning(request, str(refused))
            return redirect(debrief)
        messages.success(request, "Your draft is gone. What you raised from it stays.")
        return redirect("debriefs:list")
    return TemplateResponse(request, "debriefs/discard.html", {"debrief": debrief})
