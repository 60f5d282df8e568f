"""Forms that look like ours without each page saying so again.

The renderer is set on our own base classes and not in settings, so the admin keeps its own look.
"""

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import loader

from hls.look.widgets import WRITTEN

REQUIRED = "Fill this in. A few words is fine."
CHOOSE = "Choose one."
# Said instead of the framework's own words, by their codes, wherever a form has no words of its own.
KIND_WORDS = {
    "invalid_choice": "That is not one of the choices now. Choose again.",
    "invalid_pk_value": "That is not one of the choices now. Choose again.",
    "invalid_list": "Choose again.",
    "max_length": "Make this shorter: up to %(limit_value)d letters. You have %(show_value)d.",
    "min_length": "Make this longer: at least %(limit_value)d letters.",
    "max_value": "That is too much: up to %(limit_value)s.",
    "min_value": "That is too little: %(limit_value)s or more.",
    "max_digits": "That number is too long.",
    "max_whole_digits": "That number is too big.",
    "max_decimal_places": "Use no more than %(max)s figures after the point.",
    "null_characters_not_allowed": "Something in here is not a letter. Type it again.",
}
KIND_INVALID = {
    forms.EmailField: "Write an e-mail address, such as name@example.org.",
    forms.DateField: "Give a day, such as 26/11/2026.",
    forms.TimeField: "Give a time, such as 16:30.",
    forms.DateTimeField: "Give a day and a time.",
    forms.FloatField: "Give a number, in figures.",
    forms.DecimalField: "Give a number, in figures.",
    forms.IntegerField: "Give a whole number, in figures.",
}


class CairnRenderer(DjangoTemplates):
    """Our templates for forms and fields; the bare widgets without any, where there are dozens of them."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"

    def render(self, template_name, context, request=None):
        write = WRITTEN.get(template_name)
        return write(context["widget"]) if write else super().render(template_name, context, request)

    def get_template(self, template_name):
        if template_name.startswith("django/"):
            return super().get_template(template_name)
        return loader.get_template(template_name)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")  # the only form a browser's date box reads


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class KindBoundField(forms.BoundField):
    def get_context(self):
        return field_context(self)


class KindMixin:
    """Kind words for an empty box, boxes big enough for a thought, and no checks by the browser."""

    default_renderer: Any = CairnRenderer()
    bound_field_class: Any = KindBoundField
    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        for field in self.base_fields.values():  # each form gets copies of these: once is enough for all of them
            if not hasattr(field, "is_kind"):
                _be_kind(field)
        super().__init__(*args, **kwargs)


class CairnForm(KindMixin, forms.Form):
    pass


class CairnModelForm(KindMixin, forms.ModelForm):
    pass


def _be_kind(field):
    field.is_kind = True
    _reword_required(field)
    _reword_the_rest(field)
    if type(field.widget) is forms.DateInput:
        field.widget = DateInput(field.widget.attrs)
    elif type(field.widget) is forms.TimeInput:
        field.widget = TimeInput(field.widget.attrs)
    elif isinstance(field.widget, forms.Textarea):
        _let_people_type(field)


def _reword_required(field):
    if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
        chooses = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
        field.error_messages["required"] = CHOOSE if chooses else REQUIRED


def _reword_the_rest(field):
    """Words that a form chose itself stay: those differ from what the field's class brings."""
    words = dict(KIND_WORDS)
    words |= next(({"invalid": said} for kind, said in KIND_INVALID.items() if isinstance(field, kind)), {})
    stock = {}
    for kind in reversed(type(field).__mro__):
        stock |= getattr(kind, "default_error_messages", {})
    for code, said in words.items():
        if field.error_messages.get(code) == stock.get(code):
            field.error_messages[code] = said


def _let_people_type(field):
    """A browser cuts a long paste at `maxlength` without a word; we keep the text and say so instead."""
    field.widget.attrs.pop("cols", None)
    if field.widget.attrs.get("rows") == "10":  # Django's own, too tall for a phone; the box grows anyway
        field.widget.attrs["rows"] = "3"
    limit = field.widget.attrs.pop("maxlength", None)
    if limit:
        field.widget.attrs["data-most"] = limit


CHOICE_WIDGETS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def field_context(bound, *, label="", hint="", layout="", short=False, optional=False, rows=0):
    """What parts/field.html needs, worked out here so that the template stays readable."""
    widget = bound.field.widget
    if hint:
        bound.help_text = hint
    attrs = {"placeholder": False}  # a label that goes away when you type is no label
    if rows:
        attrs["rows"] = rows
    if short:
        attrs["class"] = f"{widget.attrs.get('class', '')} short".strip()
    if isinstance(widget, CHOICE_WIDGETS):
        kind = "choices"
    elif isinstance(widget, forms.CheckboxInput):
        kind = "tick"
    elif widget.is_hidden:
        kind = "hidden"
    else:
        kind = "box"
    return {
        "field": bound,
        "label": label or bound.label,
        "kind": kind,
        "layout": layout,
        "optional": optional,
        "control": "" if kind == "choices" else bound.as_widget(attrs=attrs),
        "most": widget.attrs.get("data-most", ""),
    }
