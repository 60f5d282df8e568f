from django import forms

from cycles.asking import AskForm, ClientId, Version
from cycles.people.models import Team
from issues.log.filters import Asked
from issues.saved.models import SavedView

FILTERS = ("view", "level", "status", "owner", "cycle", "barrier", "leverage", "order", "q")


class ReachForm(AskForm):
    name = forms.CharField(
        label="What do you call it?", max_length=60, error_messages={"required": "Give it a short name."}
    )
    reach = forms.ChoiceField(
        label="Who may open it?",
        choices=SavedView.Reach.choices,
        initial=SavedView.Reach.ME,
        widget=forms.RadioSelect,
        help_text="Each reader only sees the issues they may see anyway.",
    )
    team = forms.ModelChoiceField(label="Which team?", queryset=None, required=False, empty_label="Not a team’s")

    layouts = {"reach": "down"}

    def __init__(self, *args, user, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.filter(place=place, pk__in=user.rights.teams).order_by("name")

    def clean(self):
        said = super().clean()
        if said.get("reach") == SavedView.Reach.TEAM and not said.get("team"):
            self.add_error("team", "Choose the team that may open it.")
        return said


class SaveForm(ReachForm):
    client_id = ClientId()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in FILTERS:
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)

    def about(self):
        said = dict(self.cleaned_data)
        asked = Asked.of({name: said.pop(name) for name in FILTERS})
        return said | {"asked": asked.as_query() | ({"q": asked.q} if asked.q else {})}


class ChangeForm(ReachForm):
    version = Version()
