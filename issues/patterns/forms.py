from django import forms

from cycles.asking import AskForm, AskModelForm, ClientId, Version
from issues.log.forms import words_field
from issues.patterns.models import Pattern


class PatternForm(AskForm):
    """A new pattern over the ticked issues, or one that is there already."""

    client_id = ClientId()
    issue = forms.ModelMultipleChoiceField(
        queryset=None,
        error_messages={
            "required": "Tick two issues or more.",
            "invalid_choice": "One of these has moved since. Look again.",
            "invalid_pk_value": "One of these has moved since. Look again.",
        },
    )
    pattern = forms.ModelChoiceField(
        label="Gather them under", queryset=None, required=False, empty_label="A new pattern, named below"
    )
    description = words_field(
        "Say it the way a caseworker would", 4000, required=False, hint="For a new pattern. Leave out names.", rows=2
    )
    underneath = words_field(
        "What do you think is underneath?",
        4000,
        required=False,
        hint="It goes back to the people who raised these.",
        rows=2,
    )

    then = forms.ModelChoiceField(
        label="Then",
        queryset=None,
        required=False,
        empty_label="Keep watching for now",
    )
    then_asks = forms.CharField(
        label="What do you ask them to decide?",
        max_length=1000,
        required=False,
        help_text="If you raise it to a group.",
    )

    def __init__(self, *args, issues, patterns, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["issue"].queryset = issues
        self.fields["pattern"].queryset = patterns
        self.fields["then"].queryset = groups
        self.fields["then"].label_from_instance = lambda group: f"Raise it to {group}"
        self.fields["pattern"].label_from_instance = lambda pattern: f"{pattern.ref}: {pattern.description[:80]}"

    def clean(self):
        said = super().clean()
        if not said.get("pattern") and not said.get("description") and "description" not in self.errors:
            self.add_error("description", "Say in a few words what these have in common.")
        if said.get("pattern") and said.get("description"):
            self.add_error("pattern", "This one has its words already. Choose “A new pattern”, or empty the box below.")
        if said.get("then"):
            self._insist("underneath", "Say what you think is underneath. The group reads it.")
            self._insist("then_asks", "Say what you are asking them to decide.")
        return said

    def _insist(self, name, words):
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, words)


class TakeOutForm(AskForm):
    why = words_field(
        "Say why, to the people who raised it",
        4000,
        missing="Say why. A few words is fine.",
        rows=2,
    )


class UnderneathForm(AskModelForm):
    version = Version()

    class Meta:
        model = Pattern
        fields = ["underneath"]
        labels = {"underneath": "What do you think is underneath?"}
        help_texts = {"underneath": "As you see it now. What you thought before is kept for the team."}
        widgets = {"underneath": forms.Textarea(attrs={"rows": 4})}
