from django import forms
from django.utils import timezone

from cycles.people.models import Team
from hls.leadership.models import Summary, SummarySchedule
from hls.look.forms import CairnForm, CairnModelForm, DateInput

LONGEST = 366  # days: more than a year is not one talk


class AskForm(CairnForm):
    """Which group, and which days. The defaults are what most people want."""

    team = forms.ModelChoiceField(
        Team.objects.none(),
        label="For which group?",
        empty_label=None,
        error_messages={"required": "Choose a group.", "invalid_choice": "Choose one of the groups in the list."},
    )
    period_start = forms.DateField(
        label="From", widget=DateInput, error_messages={"required": "Say from which day.", "invalid": "Write a date."}
    )
    period_end = forms.DateField(
        label="Until", widget=DateInput, error_messages={"required": "Say until which day.", "invalid": "Write a date."}
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, teams, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams

    def clean_period_end(self):
        end = self.cleaned_data["period_end"]
        if end > timezone.localdate():
            raise forms.ValidationError("Choose today or a day before it.")
        return end

    def clean(self):
        start, end = self.cleaned_data.get("period_start"), self.cleaned_data.get("period_end")
        if start and end and start > end:
            self.add_error("period_start", "Choose a first day that comes before the last.")
        elif start and end and (end - start).days > LONGEST:
            self.add_error("period_start", "Choose a year or less.")


class ScheduleForm(CairnModelForm):
    class Meta:
        model = SummarySchedule
        fields = ["day_of_month", "is_active"]
        labels = {"day_of_month": "On which day of the month?", "is_active": "Build one by itself each month"}
        error_messages = {
            "day_of_month": {"required": "Choose a day from 1 to 28.", "invalid": "Write a number from 1 to 28."}
        }

    def clean_day_of_month(self):
        day = self.cleaned_data["day_of_month"]
        if not 1 <= day <= 28:
            raise forms.ValidationError("Choose a day from 1 to 28, so that every month has it.")
        return day


class DiscussedForm(CairnModelForm):
    class Meta:
        model = Summary
        fields = ["discussed_words"]
        labels = {"discussed_words": "What did you say, and what happens next?"}
        error_messages = {
            "discussed_words": {"required": "Write down what was said. A few words is fine."},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["discussed_words"].required = True
