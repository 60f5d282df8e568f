"""Pressing the panel's button on the page of notes: the notes are kept, then the word is put where it belongs."""

from django.core.exceptions import PermissionDenied

from cycles.statements.models import Evidence
from debriefs.learning import actions
from debriefs.learning.boxes import panel


def add_speak(writing, view, question, name):
    if not view.statements:
        raise PermissionDenied
    prefix = f"{name}-speak"
    form = panel(view.statements, prefix, writing.words, writing.data)
    if form.is_valid() and not form.cleaned_data["statement"]:
        form.add_error("statement", "Choose what it speaks to.")
    if not form.is_valid():
        return writing.problem(replaced={prefix: form}, is_open=prefix)
    sent = form.cleaned_data
    return writing.make_and_stay(
        view,
        prefix,
        form,
        name,
        lambda: actions.speak_to(
            debrief=writing.debrief,
            statement=sent["statement"],
            side=sent["side"] or Evidence.Side.AGAINST,
            text=sent["text"].strip() or writing.words.get(name, "").strip()[:4000],
            notes=writing.contribution,
            question=question,
            by=writing.by,
            client_id=sent.get("client"),
        ),
    )
