from datetime import timedelta

from django import forms
from django.utils import timezone

from cycles.asking import ClientId
from cycles.stack.models import LearningCycle
from debriefs.plans.forms import cycles_of
from debriefs.record.notes import NotesForm
from hls.look.forms import DateInput

LONG_AGO = timedelta(days=366)
OF_THE_SHEET = ("cycle", "on", "client_id")


class PaperForm(NotesForm):
    """The sheet as it lies on the table: the day, who was there, six boxes. Every box may stay empty but one."""

    cycle = forms.ModelChoiceField(LearningCycle.objects.none(), label="Learning Cycle", empty_label=None)
    on = forms.DateField(label="On which day did you meet?", widget=DateInput)
    client_id = ClientId()

    def __init__(self, *args, team, **kwargs):
        super().__init__(*args, cases=(), since=(), **kwargs)
        self.fields["cycle"].queryset = cycles_of(team)
        self.fields["present"].label = "Who was there?"

    def clean_on(self):
        on, today = self.cleaned_data["on"], timezone.localdate()
        if on > today:
            raise forms.ValidationError("Choose today or a day before.")
        if on < today - LONG_AGO:
            raise forms.ValidationError("Choose a day in the last year.")
        return on

    def said(self):
        """What the boxes hold."""
        return {name: value for name, value in self.typed().items() if name not in OF_THE_SHEET}
