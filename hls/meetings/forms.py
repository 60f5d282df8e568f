"""What is asked before, in and after a meeting."""

from django import forms
from django.utils import timezone

from cycles.asking import AskForm, AskModelForm, ClientId, Version
from cycles.people.models import Team
from hls.governing.models import Promise
from issues.groups.models import Decision
from issues.meetings.models import AgendaItem, Correction, Meeting, Rhythm, StandingItem

WHEN = ["on", "begins_at", "length", "where", "kind"]
MOST_MINUTES = 600


def minutes_field(**more):
    return forms.IntegerField(
        label="How many minutes?",
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages={"min_value": "At least one minute.", "max_value": "At most ten hours: 600 minutes."},
        **more,
    )


class WhenForm(AskModelForm):
    layouts = {"kind": "down"}
    length = minutes_field(initial=60)

    class Meta:
        model = Meeting
        fields = WHEN
        labels = {
            "on": "Which day?",
            "begins_at": "What time?",
            "where": "Where?",
            "kind": "What kind of meeting?",
        }
        widgets = {"kind": forms.RadioSelect}

    field_order = WHEN

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on < timezone.localdate():
            raise forms.ValidationError("Choose today or a day that is still to come.")
        return on


class PlanForm(WhenForm):
    client_id = ClientId()


class ChangeForm(WhenForm):
    version = Version()


class OffForm(AskForm):
    off_why = forms.CharField(
        label="Why is it called off?", max_length=500, error_messages={"required": "Say why. A few words is fine."}
    )


class RhythmForm(AskModelForm):
    version = Version()
    length = minutes_field(initial=60)
    cadence_note = forms.CharField(
        label="In your own words",
        max_length=200,
        required=False,
        help_text="Such as: every second Tuesday, tea from ten to.",
    )

    class Meta:
        model = Rhythm
        fields = ["every", "begins_at", "length", "where"]
        labels = {"every": "How often do you meet?", "begins_at": "What time?", "where": "Where?"}

    field_order = ["every", "begins_at", "length", "where", "cadence_note"]


class StandingForm(AskModelForm):
    client_id = ClientId()
    length = minutes_field(initial=10)

    class Meta:
        model = StandingItem
        fields = ["text", "kind", "length"]
        labels = {"text": "What is on every agenda?", "kind": "What kind of thing is it?"}
        error_messages = {"text": {"required": "Say what it is. A few words is fine."}}

    field_order = ["text", "kind", "length"]


class TopicForm(AskModelForm):
    client_id = ClientId()
    length = minutes_field(initial=10)

    class Meta:
        model = AgendaItem
        fields = ["title", "length"]
        labels = {"title": "What else is there to talk about?"}
        help_texts = {"title": "Leave out people’s names: an agenda is read by the whole group."}
        error_messages = {"title": {"required": "Say what it is. A few words is fine."}}

    field_order = ["title", "length"]


# ------------------------------------------------------------------ in the meeting


class DecideForm(AskModelForm):
    """A decision about an issue: the same as on its own page."""

    layouts = {"outcome": "down"}
    version = Version()

    class Meta:
        model = Decision
        fields = ["outcome", "words", "new_normal", "starts_on", "review_on"]
        labels = {
            "outcome": "What do you decide?",
            "words": "Say what you decided, and why",
            "new_normal": "System change (new normal)",
            "starts_on": "Starts on",
            "review_on": "Look at it again on",
        }
        help_texts = {
            "words": "It goes back to everyone who raised it or saw it, word for word.",
            "new_normal": "If yes: what will be normal from now on.",
        }
        widgets = {"outcome": forms.RadioSelect}
        error_messages = {"words": {"required": "Say what you decided and why. It goes back to those who raised it."}}

    def clean_review_on(self):
        on = self.cleaned_data["review_on"]
        if on and on < timezone.localdate():
            raise forms.ValidationError("Choose a day that is still to come.")
        return on

    def clean(self):
        sent = super().clean()
        if sent.get("outcome") == Decision.Outcome.AGREED and not sent.get("new_normal"):
            self.add_error("new_normal", "Say what will be normal from now on.")
        return sent

    def _post_clean(self):
        """The rule about a new normal is said above, beside its box; the model would say it again at the top."""


class SettledForm(AskModelForm):
    """What was decided, said or put off, in words for the minutes."""

    version = Version()

    class Meta:
        model = AgendaItem
        fields = ["words"]

    def __init__(self, *args, label, missing="", hint="", **kwargs):
        super().__init__(*args, **kwargs)
        box = self.fields["words"]
        box.label, box.help_text, box.required = label, hint, bool(missing)
        if missing:
            box.error_messages["required"] = missing


class TalkForm(SettledForm):
    sealed = forms.CharField(
        label="A note that stays out of the minutes",
        help_text="Sealed: only members who were there read it.",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CaseTalkForm(AskForm):
    """About a person nothing is minuted: the plan holds it."""

    version = Version()
    sealed = forms.CharField(
        label="A note that stays out of the minutes",
        help_text="Sealed: only members who were there read it. What you will do together belongs in the plan.",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PromiseForm(AskModelForm):
    client_id = ClientId()

    class Meta:
        model = Promise
        fields = ["text", "team", "due_on"]
        labels = {"text": "What is promised?", "team": "Who promises it?", "due_on": "By which day?"}
        help_texts = {"team": "A group, never one person."}
        widgets = {"text": forms.Textarea}
        error_messages = {
            "text": {"required": "Say what is promised. A few words is fine."},
            "due_on": {"required": "Say by which day."},
        }

    def __init__(self, *args, meeting, cycles=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.filter(place=meeting.place_id)
        self.fields["team"].initial = meeting.team_id
        self.fields["team"].empty_label = None
        if cycles is not None:
            self.fields["cycle"] = forms.ModelChoiceField(
                label="Which Learning Cycle is it for?",
                queryset=cycles,
                empty_label="Choose one",
                error_messages={"required": "Choose the cycle it is for, so that it is followed there."},
            )


class EndForm(AskForm):
    version = Version()
    layouts = {"was_there": "down"}
    was_there = forms.ModelMultipleChoiceField(
        label="Who was there?", queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    also_there = forms.CharField(
        label="Who else was there?",
        max_length=300,
        required=False,
        help_text="Such as two people with lived experience. Names only if they want to be named.",
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["was_there"].queryset = people
        self.fields["was_there"].label_from_instance = lambda user: user.name


class CorrectionForm(AskModelForm):
    client_id = ClientId()

    class Meta:
        model = Correction
        fields = ["text"]
        labels = {"text": "What was wrong, and what is right?"}
        help_texts = {"text": "The minutes stay as they were; this stands beside them."}
        error_messages = {"text": {"required": "Say what was wrong. A few words is fine."}}
