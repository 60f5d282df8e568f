from django import forms

from cycles.asking import AskForm, Version
from cycles.people.models import User
from debriefs.follow_ups.owners import owners_for
from hls.look.forms import DateInput


class ArrangeForm(AskForm):
    owner = forms.ChoiceField(label="Who does it?", required=False)
    due_on = forms.DateField(label="By when?", required=False, widget=DateInput)
    version = Version()

    def __init__(self, *args, follow_up, **kwargs):
        super().__init__(*args, **kwargs)
        groups = owners_for(follow_up)
        self.fields["owner"].choices = [
            ("", "No one yet"),
            *((heading, [(str(pk), label) for pk, label in people]) for heading, people in groups),
        ]

    def clean_owner(self):
        chosen = self.cleaned_data["owner"]
        return User.objects.get(pk=chosen) if chosen else None


class DeclineForm(AskForm):
    because = forms.CharField(
        label="Why is it not being done?",
        max_length=1000,
        widget=forms.Textarea,
        help_text="Whoever asked reads this. A few words is fine.",
        error_messages={"required": "Say why in a few words. Whoever asked wants to know."},
    )
