"""The panel beside a prompt of the notes: this speaks against, or for, what we think we learned."""

import uuid

from django import forms

from cycles.statements.models import Evidence, Statement
from hls.look.forms import CairnForm

PROMPTS = ("learn",)  # where the talk turns to learning
MOST = 20  # those that are open again come first
SIDES = [
    (Evidence.Side.AGAINST, "It speaks against it: open it again"),
    (Evidence.Side.FOR, "It speaks for it"),
]


class SpeakAdd(CairnForm):
    """Left empty, the words are the answer itself."""

    statement = forms.ModelChoiceField(
        Statement.objects.none(), label="What do we think we learned?", required=False, empty_label=None
    )
    side = forms.ChoiceField(
        label="What does your answer do to it?", required=False, choices=SIDES, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="What did you see or hear?", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    client = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, statements, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["statement"]
        field.queryset = Statement.objects.filter(pk__in=[row.pk for row in statements])
        field.choices = [(row.pk, _short(row)) for row in statements]
        self.fields["text"].widget.attrs.pop("data-most", None)


def _short(statement):
    text = statement.text if len(statement.text) <= 110 else f"{statement.text[:109].rstrip()}…"
    return f"Open again: {text}" if statement.state == Statement.State.REOPENED else text


def panel(statements, prefix, words, data=None):
    """The panel as it was typed so far, or bound to what was sent."""
    initial = {key.removeprefix(f"{prefix}-"): said for key, said in words.items() if key.startswith(f"{prefix}-")}
    initial = {"client": uuid.uuid4(), "side": Evidence.Side.AGAINST} | initial
    return SpeakAdd(data, initial=initial, prefix=prefix, statements=statements)
