"""One way to ask: a form on a page of its own, the act it leads to, and where to go next."""

import uuid

from django import forms
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from cycles.refusals import ChangedMeanwhile, Refused
from hls.look.forms import CairnForm, CairnModelForm

BOXES = (forms.TextInput, forms.Textarea)  # number and date boxes are text inputs too


class ClientId(forms.UUIDField):
    """Made with the form, so that sending it twice makes one row. A missing or odd one is simply made anew."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, initial=uuid.uuid4, **kwargs)

    def clean(self, value):
        try:
            return super().clean(value) or uuid.uuid4()
        except forms.ValidationError:
            return uuid.uuid4()


class Version(forms.IntegerField):
    """The version the writer saw. An odd one counts as old, so nothing is overwritten unseen."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def clean(self, value):
        try:
            return super().clean(value) or 0
        except forms.ValidationError:
            return 0


class AskMixin:
    layouts = {}  # how the choices of a field lie: "", "down" or "even"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.required and isinstance(field.widget, forms.RadioSelect):
                field.choices = [choice for choice in field.choices if choice[0] != ""]  # no dashes to choose

    def rows(self):
        """Each visible field with how it is shown."""
        for bound in self.visible_fields():
            widget = bound.field.widget
            yield {
                "bound": bound,
                "layout": self.layouts.get(bound.name, ""),
                "optional": not bound.field.required and isinstance(widget, BOXES),
                "short": isinstance(widget, (forms.DateInput, forms.NumberInput)),
            }

    def refuse(self, refused):
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))
        if isinstance(refused, ChangedMeanwhile) and "version" in self.fields:
            # The next press is made knowing what the other one wrote.
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = refused.current.version

    def beside(self, current):
        """What stands now, beside what was typed, where the two differ."""
        for bound in self.visible_fields():
            if not hasattr(current, bound.name):
                continue
            theirs = _as_words(current, bound.name)
            if theirs != _as_words(current, bound.name, bound.value()):
                yield {"label": bound.label, "theirs": theirs}


class AskForm(AskMixin, CairnForm):
    pass


class AskModelForm(AskMixin, CairnModelForm):
    """Takes labels, limits and choices from a model; saving is for the room's actions."""

    @classmethod
    def of(cls, row, data=None, **kwargs):
        """The form over a row that exists, with the version that the reader now sees."""
        initial = {name: getattr(row, name) for name in cls._meta.fields}
        if "version" in cls.base_fields:
            initial["version"] = row.version
        return cls(data, initial=initial, **kwargs)


def _as_words(row, name, *typed):
    """A field's value as a person reads it: of the row, or as typed."""
    value = typed[0] if typed else getattr(row, name)
    field = row._meta.get_field(name)
    if field.is_relation:
        return str(getattr(value, "pk", value) or "") if typed else str(getattr(row, field.attname) or "")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value or ""))
    return str(value if value is not None else "").replace("\r\n", "\n").strip()


def ask(request, form, act, *, title, back, button="Save", said="", template="cycles/ask.html", kept=None, **page):
    """Show a form, or do what it asks and go on: to the row that `act` returns, or back.

    422 for a form that needs more; 409 when someone else saved first. `kept` is its draft (cycles/drafts/pages.py),
    for a form that takes longer than a minute to write: it goes in the same step that keeps what was sent.
    """
    if kept and (answer := kept.answer()):
        return answer
    status, beside = 200, []
    if request.method == "POST":
        if form.is_valid():
            try:
                with transaction.atomic():
                    made = act(form.cleaned_data)
                    if kept:
                        kept.done(form.cleaned_data["client_id"])
            except Refused as refused:
                form.refuse(refused)
                if isinstance(refused, ChangedMeanwhile):
                    status, beside = 409, list(form.beside(refused.current))
            else:
                if said:
                    messages.success(request, said)
                return redirect(made if hasattr(made, "get_absolute_url") else back)
        status = 409 if status == 409 else 422
    page = {"lede": "", "back_label": "Back", "readers": "", "readers_kind": "shared", "note": "", "tab": ""} | page
    page |= {"form": form, "title": title, "back": back, "button": button, "beside": beside}
    page |= {"kept": kept and kept.beside(form)}
    return TemplateResponse(request, template, page, status=status)


def number(said):
    """A number from an address, or 0 where it is none."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
