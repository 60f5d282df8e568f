from decimal import Decimal

from django import forms
from django.utils import timezone

from cycles.asking import AskForm, ClientId
from hls.look.forms import DateInput
from issues.log.models import Response

NOT_BELOW = {"min_value": "Nought or more.", "invalid": "A number, like 4 or 4.5."}


class LookForm(AskForm):
    """Every part may be left out; one of them is enough."""

    client_id = ClientId()
    working = forms.ChoiceField(
        label="Is it working?",
        choices=[*Response.Working.choices, ("", "Not sure yet")],
        required=False,
        widget=forms.RadioSelect,
    )
    hours = forms.DecimalField(
        label="Hours it took since the last look, of everyone together",
        required=False,
        min_value=Decimal(0),
        max_digits=8,
        decimal_places=1,
        help_text="A guess is fine. It is the price of not fixing the system, and never a target.",
        error_messages=NOT_BELOW,
    )
    pounds = forms.DecimalField(
        label="Pounds it took since the last look",
        required=False,
        min_value=Decimal(0),
        max_digits=10,
        decimal_places=2,
        error_messages=NOT_BELOW,
    )
    words = forms.CharField(
        label="What have you noticed?", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    on = forms.DateField(label="The day you looked", widget=DateInput, initial=timezone.localdate)
    review_on = forms.DateField(label="Look at it again on", required=False, widget=DateInput)
    # The day that stood there when the page was opened: one left as it was overwrites nobody's.
    day_shown = forms.CharField(required=False, widget=forms.HiddenInput)

    layouts = {"working": "even"}

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("That day has not come yet.")
        return day

    def clean_review_on(self):
        day = self.cleaned_data["review_on"]
        if day and day <= timezone.localdate():
            raise forms.ValidationError("Choose a day that is still to come.")
        return day
