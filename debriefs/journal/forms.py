from django import forms

from hls.look.forms import CairnForm, DateInput


class FindForm(CairnForm):
    q = forms.CharField(
        label="Look for words",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
        error_messages={"required": "Write a word to look for."},
    )


class DayForm(CairnForm):
    on = forms.DateField(label="Go back to a day", required=False, widget=DateInput)
