from django import forms
from django.utils import timezone

from cycles.people.models import User
from cycles.stack.models import LearningCycle
from debriefs.plans.models import DebriefPlan
from debriefs.record.notes import people_of
from hls.look.forms import CairnForm, DateInput, TimeInput

DAYS = [(0, "Mon"), (1, "Tue"), (2, "Wed"), (3, "Thu"), (4, "Fri"), (5, "Sat"), (6, "Sun")]


def cycles_of(team):
    """What a team's debriefs may be about: its own cycles that are going, lives left out."""
    return LearningCycle.objects.filter(team=team).shared().going().order_by("status", "title", "pk")


class PlanForm(CairnForm):
    cycle = forms.ModelChoiceField(LearningCycle.objects.none(), label="Learning Cycle", empty_label=None)
    cadence = forms.ChoiceField(label="How often?", choices=DebriefPlan.Cadence.choices, widget=forms.RadioSelect)
    days = forms.TypedMultipleChoiceField(
        label="On which days?",
        help_text="Only for “on chosen days”.",
        required=False,
        coerce=int,
        choices=DAYS,
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = forms.DateField(label="From which day?", widget=DateInput)
    time = forms.TimeField(
        label="At what time?", widget=TimeInput, error_messages={"invalid": "Write a time, like 09:30."}
    )
    minutes = forms.IntegerField(label="How long, in minutes?", min_value=5, max_value=480)
    where = forms.CharField(label="Where?", max_length=120, required=False)
    remind_before = forms.IntegerField(
        label="Remind people how many minutes before?",
        min_value=5,
        max_value=1440,
        help_text="From 5 minutes to a day.",
    )
    recorder = forms.ChoiceField(
        label="Recorder",
        required=False,
        help_text="Who writes the talk up. It can change each time.",
    )

    def __init__(self, *args, team, **kwargs):
        super().__init__(*args, **kwargs)
        self.team = team
        self.fields["cycle"].queryset = cycles_of(team)
        self.people = people_of(team, timezone.localdate())
        self.fields["recorder"].choices = [("", "No one yet"), *((str(pk), label) for pk, label, _ in self.people)]

    def clean_recorder(self):
        chosen = self.cleaned_data["recorder"]
        return User.objects.get(pk=chosen) if chosen else None

    def clean(self):
        sent = super().clean()
        if sent.get("cadence") == DebriefPlan.Cadence.CHOSEN and not sent.get("days"):
            self.add_error("days", "Choose at least one day.")
        if sent.get("cadence") != DebriefPlan.Cadence.CHOSEN:
            sent["days"] = []
        return sent
