"""A group's answer, and the steward's giving."""

from django import forms
from django.utils import timezone

from hls.look.forms import CairnForm, DateInput
from issues.groups.models import Decision
from issues.log.forms import VersionedForm, level_field, owner_field, words_field

ACCEPT, HAND_BACK = "accept", "hand_back"
ANSWERS = [(ACCEPT, "We take it on, and look into it"), (HAND_BACK, "We hand it back, because…")]


class AnswerForm(VersionedForm):
    """One form for every answer: take it on, decide, or hand it back. Each needs words for those who raised it."""

    answer = forms.ChoiceField(
        label="What do you say?", choices=[*Decision.Outcome.choices, *ANSWERS], widget=forms.RadioSelect
    )
    words = words_field(
        "Say what you decided, and why",
        4000,
        hint="It goes back to everyone who raised it or saw it, word for word.",
        missing="Say what you decided and why. It goes back to those who raised it.",
    )
    new_normal = words_field(
        "System change (new normal)",
        4000,
        required=False,
        hint="If yes: what will be normal from now on.",
        rows=2,
    )
    starts_on = forms.DateField(label="Starts on", required=False, widget=DateInput)
    review_on = forms.DateField(label="Look at it again on", required=False, widget=DateInput)

    def __init__(self, *args, is_offer, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_offer:
            self.fields["answer"].choices = Decision.Outcome.choices

    def clean_review_on(self):
        day = self.cleaned_data["review_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("Choose a day that is still to come.")
        return day

    def clean(self):
        said = super().clean()
        starts, again = said.get("starts_on"), said.get("review_on")
        if starts and again and again < starts:
            self.add_error("review_on", "It has not started by then. Choose a later day.")
        return said


class TickedForm(CairnForm):
    """The form of triage has several buttons: what is chosen for another of them is looked at too, and not used."""

    issue = forms.ModelMultipleChoiceField(
        queryset=None,
        to_field_name="pk",
        error_messages={
            "required": "Tick at least one issue.",
            "invalid_choice": "One of these has moved since. Look again.",
            "invalid_pk_value": "One of these has moved since. Look again.",
        },
    )
    to_team = forms.ModelChoiceField(
        label="Raise to", queryset=None, required=False, empty_label="Leave it where it is"
    )
    then = forms.ModelChoiceField(label="Then", queryset=None, required=False)  # of “Make the pattern”

    def __init__(self, *args, issues, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["issue"].queryset = issues
        for name in ("to_team", "then"):
            self.fields[name].queryset = groups


class ReplyForm(TickedForm):
    """An answer from the steward to those who raised the ticked issues; nothing else of these changes."""

    reply = words_field(
        "Send an answer back to the people who raised them",
        4000,
        hint="They get these words on their Today page. The issues stay here.",
        missing="Say something to them. A few words is fine.",
        rows=2,
    )


class GiveForm(TickedForm):
    """What a steward does with the ticked issues: set level and owner, or raise them to a group."""

    level = level_field()
    owner_tier = owner_field()
    why = words_field(
        "Say why, to the people who raised it",
        4000,
        hint="They get these words on their Today page.",
        missing="Say why. A few words is fine. It goes back to those who raised it.",
        rows=2,
    )
    asks = words_field(
        "What do you ask the group to decide?", 1000, required=False, hint="If you raise it to a group.", rows=2
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("level", "owner_tier"):
            self.fields[name].choices = [*self.fields[name].choices[:-1], ("", "Leave as it is")]

    def offer(self, groups):
        """What there is to choose from, for a form that is shown: (key, name) of each group."""
        to_team = self.fields["to_team"]
        to_team.choices = [("", to_team.empty_label), *groups]

    def clean(self):
        said = super().clean()
        if said.get("to_team") is None and said.get("level") is None and not said.get("owner_tier"):
            self.add_error("to_team", "Choose a group, a level or an owner.")
        if said.get("to_team") and not said.get("asks"):
            self.add_error("asks", "Say what you are asking them to decide.")
        return said
