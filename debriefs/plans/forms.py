from datetime import timedelta

from django import forms
from django.utils import timezone

from cycles.people.models import User
from cycles.stack.models import LearningCycle
from debriefs.plans.models import DebriefPlan
from debriefs.record.notes import people_of
from hls.look.forms import CairnForm, DateInput, TimeInput
from hls.look.words import day as in_words

LATER = [("", "No change"), *DebriefPlan.Cadence.choices]
SIX_WEEKS = timedelta(weeks=6)
DAYS = [(0, "Mon"), (1, "Tue"), (2, "Wed"), (3, "Thu"), (4, "Fri"), (5, "Sat"), (6, "Sun")]


def cycles_of(team):
    """What a team's debriefs may be about: its own cycles that are going, lives left out."""
    return LearningCycle.objects.filter(team=team).shared().going().order_by("status", "title", "pk")


class PlanForm(CairnForm):
    cycle = forms.ModelChoiceField(LearningCycle.objects.none(), label="Learning Cycle", empty_label=None)
    kind = forms.ChoiceField(
        label="What kind of talk?", required=False, choices=DebriefPlan.Kind.choices, widget=forms.RadioSelect
    )
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
    then = forms.ChoiceField(label="Later, meet", required=False, choices=LATER)
    then_from = forms.DateField(label="Later from which day?", required=False, widget=DateInput)
    at_last = forms.ChoiceField(label="And after that, meet", required=False, choices=LATER)
    at_last_from = forms.DateField(label="After that from which day?", required=False, widget=DateInput)
    holidays = forms.ChoiceField(
        label="Whose bank holidays do you skip?", required=False, choices=DebriefPlan.Holidays.choices
    )
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
    rota = forms.MultipleChoiceField(
        label="Or who takes turns to record?",
        help_text="Each debrief goes to the next person ticked. Anyone can swap a turn later.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, team, **kwargs):
        super().__init__(*args, **kwargs)
        self.team = team
        weeks = in_words(timezone.localdate() + SIX_WEEKS)
        self.fields["then_from"].help_text = f"Six weeks from today is {weeks}."
        self.fields["cycle"].queryset = cycles_of(team)
        self.people = people_of(team, timezone.localdate())
        names = [(str(pk), label) for pk, label, _ in self.people]
        self.fields["recorder"].choices = [("", "No one yet"), *names]
        self.fields["rota"].choices = names

    def clean_recorder(self):
        chosen = self.cleaned_data["recorder"]
        return User.objects.get(pk=chosen) if chosen else None

    def clean_rota(self):
        users = User.objects.in_bulk(int(pk) for pk in self.cleaned_data["rota"])
        return [users[int(pk)] for pk, _ in self.fields["rota"].choices if int(pk) in users]

    def clean(self):
        sent = super().clean()
        sent["kind"] = sent.get("kind") or self.initial.get("kind") or DebriefPlan.Kind.REGULAR
        sent["phases"] = self._phases(sent)
        cadences = {sent.get("cadence"), *(cadence for _, cadence in sent["phases"])}
        if DebriefPlan.Cadence.CHOSEN in cadences and not sent.get("days"):
            self.add_error("days", "Choose at least one day.")
        if DebriefPlan.Cadence.CHOSEN not in cadences:
            sent["days"] = []
        return sent

    def _phases(self, sent):
        """The later rhythms as (first day, cadence), each after the one before."""
        phases, before = [], sent.get("starts_on")
        for name in ("then", "at_last"):
            cadence, day = sent.pop(name, ""), sent.pop(f"{name}_from", None)
            if cadence and not day and f"{name}_from" not in self.errors:
                self.add_error(f"{name}_from", "Say from which day.")
            elif day and not cadence:
                self.add_error(name, "Say how often from then on.")
            elif day and before and day <= before:
                self.add_error(f"{name}_from", "Choose a day after the one before it.")
            elif cadence and day:
                phases.append((day, cadence))
                before = day
        return phases


class DayOffForm(CairnForm):
    day = forms.DateField(label="Skip a day", widget=DateInput)

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError("Choose today or a day to come.")
        return day


class PauseForm(CairnForm):
    until = forms.DateField(label="Go on again by itself on", required=False, widget=DateInput)

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day and day <= timezone.localdate():
            raise forms.ValidationError("Choose a day to come, or leave it empty.")
        return day
