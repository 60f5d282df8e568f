import uuid

from django import forms
from django.utils import timezone

from cycles.asking import ClientId, Version
from cycles.people.models import Membership
from debriefs.one_to_one.models import Theme
from hls.look.forms import CairnForm

MOST = 12_000  # letters


def colleagues(user):
    """Whoever shares a team with this person: {user: team}, by the first team that they share."""
    rows = Membership.objects.active(timezone.localdate()).filter(team__in=user.rights.teams, user__is_active=True)
    found = {}
    for row in rows.exclude(user=user).select_related("user", "team").order_by("user__short_name", "user", "team"):
        found.setdefault(row.user, row.team)
    return found


class OpenForm(CairnForm):
    other = forms.ChoiceField(label="Who with?", widget=forms.RadioSelect)
    client_id = ClientId()

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): (user, team) for user, team in people.items()}
        self.fields["other"].choices = [(pk, str(user)) for pk, (user, _) in self.people.items()]

    def clean_other(self):
        return self.people[self.cleaned_data["other"]]


class WordsForm(CairnForm):
    words = forms.CharField(
        label="How are you, really?", required=False, strip=False, max_length=MOST, widget=forms.Textarea
    )
    revision = Version()


class MeasureForm(CairnForm):
    """One box for each question that the team asks; empty ones are left out."""

    client_id = ClientId()

    def __init__(self, *args, measures, **kwargs):
        super().__init__(*args, **kwargs)
        self.measures = {f"m{measure.pk}": measure for measure in measures}
        for name, measure in self.measures.items():
            self.fields[name] = forms.CharField(
                label=measure.question, required=False, max_length=2000, widget=forms.Textarea
            )

    def clean(self):
        sent = super().clean()
        if not self.errors and not any(sent.get(name) for name in self.measures):
            self.add_error(None, "Write a few words to one of the questions.")
        return sent

    def answers(self):
        """(measure, words, id) for each that was answered; the ids follow from the form's, so two presses are one."""
        for name, measure in self.measures.items():
            if words := self.cleaned_data[name]:
                yield measure, words, uuid.uuid5(self.cleaned_data["client_id"], name)


class ThemeForm(CairnForm):
    theme = forms.ChoiceField(label="Which one?", choices=Theme.choices, widget=forms.RadioSelect)
    client_id = ClientId()


class LeaveForm(CairnForm):
    because = forms.CharField(label="Why is it no reading?", max_length=1000, widget=forms.Textarea)
