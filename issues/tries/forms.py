from django import forms

from cycles.asking import AskForm, ClientId
from cycles.stack.models import LearningCycle


class TryForm(AskForm):
    """The beginning of a card; the rest is filled in on its own page."""

    client_id = ClientId()
    question = forms.CharField(
        label="What do you want to find out?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Begin with “What happens if…”.",
        error_messages={"required": "Say what you want to find out. One line is fine."},
    )
    title = forms.CharField(
        label="A short name for it", max_length=160, error_messages={"required": "Give it a short name."}
    )
    actions = forms.CharField(
        label="What will you try?",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One small thing is enough to begin with.",
    )
    cycle = forms.ModelChoiceField(LearningCycle.objects.none(), label="In which Learning Cycle?", empty_label=None)

    def __init__(self, *args, cycles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = cycles
