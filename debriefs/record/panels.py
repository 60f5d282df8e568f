"""The small forms under an answer: what can be made of it without typing it again."""

from django import forms
from django.utils.html import format_html
from django.utils.text import Truncator

from cycles.lessons.models import Lesson
from hls.look.forms import CairnForm
from issues.log.models import Level, OwnerTier

EASE = [(1, "Very hard"), (2, "Hard"), (3, "In between"), (4, "Easy"), (5, "Very easy")]
LEVEL_HINTS = {Level.IND: "this person, this time", Level.SYS: "how we work here", Level.MACRO: "bigger than us"}


class QuietForm(CairnForm):
    """On a phone a limit is said when it is passed, not beside every box."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for one in self.fields.values():
            one.widget.attrs.pop("data-most", None)


class IssueAdd(QuietForm):
    """Raise an issue from an answer. Left empty, the description is the answer itself."""

    description = forms.CharField(
        label="What is getting in the way?", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    same = forms.ChoiceField(label="Have we seen it before?", required=False, widget=forms.RadioSelect)
    level = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            *((level.value, format_html("{} <small>{}</small>", level.label, LEVEL_HINTS[level])) for level in Level),
            ("", "Not sure yet"),
        ],
        widget=forms.RadioSelect,
    )
    owner_tier = forms.ChoiceField(
        label="Who owns the next step?",
        required=False,
        choices=[*OwnerTier.choices, ("", "Not sure yet")],
        widget=forms.RadioSelect,
    )
    case = forms.ChoiceField(label="Whose life is this about?", required=False)
    countermeasure = forms.CharField(
        label="Countermeasure (now)",
        help_text="What gets round it today?",
        max_length=4000,
        required=False,
    )
    system_change = forms.CharField(
        label="System change (new normal)",
        help_text="What would fix it for good?",
        max_length=4000,
        required=False,
    )
    client = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, similar=(), cases=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["same"].choices = [
            *((i.ref, f"Yes, {i.ref}: “{i.description}”") for i in similar),
            ("", "No, this is new"),
        ]
        self.fields["case"].choices = [("", "No one person"), *((str(c.pk), c.alias) for c in cases)]
        if not cases:
            del self.fields["case"]
        if not similar:
            del self.fields["same"]


class LessonAdd(QuietForm):
    """Note a lesson from an answer. Left empty, the lesson is the answer itself."""

    text = forms.CharField(
        label="What did we learn?", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    direction = forms.ChoiceField(
        label="Who else should hear it?", required=False, choices=Lesson.Hear.choices, widget=forms.RadioSelect
    )
    same = forms.TypedChoiceField(label="Have we noted it before?", required=False, coerce=int, empty_value=None)
    client = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, noted=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["same"].choices = [
            ("", "No, this is new"),
            *((row.pk, Truncator(row.text).chars(90)) for row in noted),
        ]
        if not noted:
            del self.fields["same"]


class MeasureAdd(CairnForm):
    value = forms.TypedChoiceField(
        coerce=int, choices=EASE, widget=forms.RadioSelect, error_messages={"required": "Choose the nearest."}
    )
    words = forms.CharField(label="What helped? What got in the way?", max_length=2000, required=False)

    def __init__(self, *args, measure, **kwargs):
        super().__init__(*args, **kwargs)
        self.measure = measure
        self.fields["value"].label = measure.question
        if measure.low_words and measure.high_words:
            ends = {1: measure.low_words, 5: measure.high_words}
            self.fields["value"].choices = [(n, ends.get(n, str(n))) for n, _ in EASE]
