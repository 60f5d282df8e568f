from django import forms
from django.utils import timezone

from cycles.asking import AskForm, Version
from cycles.people.models import User
from debriefs.record.notes import people_of
from hls.look.forms import DateInput


class ArrangeForm(AskForm):
    owner = forms.ChoiceField(label="Who does it?", required=False)
    due_on = forms.DateField(label="By when?", required=False, widget=DateInput)
    version = Version()

    def __init__(self, *args, team, **kwargs):
        super().__init__(*args, **kwargs)
        people = people_of(team, timezone.localdate())
        self.fields["owner"].choices = [("", "No one yet"), *((str(pk), label) for pk, label, _ in people)]

    def clean_owner(self):
        chosen = self.cleaned_data["owner"]
        return User.objects.get(pk=chosen) if chosen else None


class DeclineForm(AskForm):
    because = forms.CharField(
        label="Why is it not being done?",
        max_length=1000,
        widget=forms.Textarea,
        help_text="Whoever asked reads this.",
    )
