from django import forms
from django.utils import timezone

from cycles.asking import AskForm, AskModelForm, ClientId, Version
from cycles.experiments.models import Experiment
from cycles.lessons.models import Lesson, Reach
from cycles.stack.models import LearningCycle
from hls.look.forms import DateInput

LABELS = {
    "text": "What did you learn?",
    "experiment": "From which experiment?",
    "direction": "Who else should hear it?",
    "kind": "What is it about?",
    "pillar": "Which part of the work?",
    "change_wanted": "What should change because of it?",
    "is_leverage": "A small push here could change much (a point of leverage)",
    "leverage_note": "Who could push, and how?",
}


class AboutLessons(AskModelForm):
    layouts = {"pillar": "even", "direction": "even", "kind": "even"}

    class Meta:
        model = Lesson
        fields = ["text", "direction", "kind", "pillar", "change_wanted", "is_leverage", "leverage_note"]
        labels = LABELS
        help_texts = {"text": "What worked here, then. Leave out people’s names."}
        widgets = {
            "direction": forms.RadioSelect,
            "kind": forms.RadioSelect,
            "pillar": forms.RadioSelect,
            "change_wanted": forms.Textarea(attrs={"rows": 2}),
            "leverage_note": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {"text": {"required": "Say what you learned. A few words is fine."}}

    def clean(self):
        said = super().clean()
        if said.get("leverage_note") and not said.get("is_leverage"):
            self.add_error("is_leverage", "Tick this too, or empty the box below it.")
        return said


class LessonForm(AboutLessons):
    client_id = ClientId()

    class Meta(AboutLessons.Meta):
        fields = ["text", "experiment", *AboutLessons.Meta.fields[1:]]

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["experiment"].queryset = Experiment.objects.filter(cycle=cycle)
        self.fields["experiment"].empty_label = "Not from one experiment"


class LifeLessonForm(AskModelForm):
    layouts = {"pillar": "even"}
    client_id = ClientId()

    class Meta(AboutLessons.Meta):
        fields = ["text", "pillar", "change_wanted"]
        help_texts = {"text": "What worked here, then. Only those on this page read it."}


class LessonEditForm(AboutLessons):
    version = Version()


class LevelForm(AskForm):
    """The level it is to have is on the form, so that two who press at once do not lift it twice."""

    to_level = forms.ChoiceField(choices=Reach, widget=forms.HiddenInput)
    why = forms.CharField(label="Why?", max_length=4000, widget=forms.Textarea, help_text="One line is fine.")
    client_id = ClientId()


class OfferForm(AskForm):
    to = forms.ModelChoiceField(
        label="Which cycle should hear it?", queryset=LearningCycle.objects.none(), empty_label="Choose a cycle"
    )
    text = forms.CharField(
        label="The words that go with it",
        max_length=4000,
        widget=forms.Textarea,
        help_text="They read this, as you send it. Leave out people’s names.",
    )
    why = forms.CharField(label="Why them?", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    client_id = ClientId()

    def __init__(self, *args, cycles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = cycles


class ReplyForm(AskForm):
    layouts = {"takes_up": "even"}
    takes_up = forms.TypedChoiceField(
        label="What do you do with it?",
        choices=[("yes", "We take it up"), ("no", "Not for us")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    reply = forms.CharField(
        label="What do you say back?",
        max_length=4000,
        required=False,
        widget=forms.Textarea,
        help_text="If it is not for you, say why.",
    )
    client_id = ClientId()


class EmbedForm(AskForm):
    words = forms.CharField(
        label="What became normal?",
        max_length=4000,
        widget=forms.Textarea,
        help_text="How it is done now.",
    )
    on = forms.DateField(label="Since when?", widget=DateInput, initial=timezone.localdate)
    client_id = ClientId()


class WhyForm(AskForm):
    why = forms.CharField(label="Why?", max_length=4000, widget=forms.Textarea, help_text="One line is fine.")
    client_id = ClientId()
