from django import forms

from hls.look.forms import CairnForm
from issues.log.models import Better


class BetterForm(CairnForm):
    answer = forms.ChoiceField(
        label="Is it better in the work?",
        choices=Better.Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one."},
    )
    words = forms.CharField(
        label="What is still in the way?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="If the answer is no, the issue opens again with these words.",
    )
