"""The bare boxes of a form, put together here: what Django's templates for them give, without the templates.

A form has dozens of them, each option of a select is two templates of its own, and together they took longer than the
rest of the page (docs/bench.md). tests/look/test_forms.py holds each of them against Django's own.
"""

from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData


def _text(value):
    """As `|stringformat:"s"` writes it: only what is marked as safe goes in as it is."""
    return value if isinstance(value, SafeData) else escape(str(value))


def _words(value):
    """As a template writes a value."""
    return conditional_escape(value if isinstance(value, str | Promise) else localize(value))


def attrs(of):
    said = [(_words(name), value) for name, value in of.items() if value is not False]
    return "".join(f" {name}" if value is True else f' {name}="{_text(value)}"' for name, value in said)


def box(widget):
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return f'<input type="{_words(widget["type"])}" name="{_words(widget["name"])}"{value}{attrs(widget["attrs"])}>'


def textarea(widget):
    value = _words(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_words(widget["name"])}"{attrs(widget["attrs"])}>\n{value}</textarea>'


def select(widget):
    groups = "".join(_group(name, options) for name, options, _ in widget["optgroups"])
    return f'<select name="{_words(widget["name"])}"{attrs(widget["attrs"])}>{groups}\n</select>'


def _group(name, options):
    inside = "".join(_option(option) for option in options)
    return f'\n  <optgroup label="{_words(name)}">{inside}\n  </optgroup>' if name else inside


def _option(option):
    value, label = _text(option["value"]), _words(option["label"])
    return f'\n  <option value="{value}"{attrs(option["attrs"])}>{label}</option>'


_BOXES = ("checkbox", "date", "email", "hidden", "input", "number", "password", "search", "tel", "text", "time", "url")
WRITTEN = {f"django/forms/widgets/{name}.html": box for name in _BOXES} | {
    "django/forms/widgets/select.html": select,
    "django/forms/widgets/textarea.html": textarea,
}
