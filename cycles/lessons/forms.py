from django import forms
from django.utils import timezone

from cycles.asking import AskForm, AskModelForm, ClientId
from cycles.experiments.models import Experiment
from cycles.lessons.models import Lesson
from cycles.stack.models import LearningCycle
from hls.look.forms import DateInput


class LessonForm(AskModelForm):
    layouts = {"pillar": "even", "direction": "even", "kind": "even"}
    client_id = ClientId()

    class Meta:
        model = Lesson
        fields = ["text", "experiment", "direction", "kind", "pillar", "is_leverage"]
        labels = {
            "text": "What did you learn?",
            "experiment": "From which experiment?",
            "direction": "Who else should hear it?",
            "kind": "What is it about?",
            "pillar": "Which part of the work?",
            "is_leverage": "A small push here could change much (a point of leverage)",
        }
        help_texts = {"text": "What worked here, then. Leave out people’s names."}
        widgets = {"direction": forms.RadioSelect, "kind": forms.RadioSelect, "pillar": forms.RadioSelect}
        error_messages = {"text": {"required": "Say what you learned. A few words is fine."}}

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["experiment"].queryset = Experiment.objects.filter(cycle=cycle)
        self.fields["experiment"].empty_label = "Not from one experiment"


class OfferForm(AskForm):
    to = forms.ModelChoiceField(
        label="Which cycle should hear it?", queryset=LearningCycle.objects.none(), empty_label="Choose a cycle"
    )

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


class EmbedForm(AskForm):
    on = forms.DateField(label="Normal here since", widget=DateInput, initial=timezone.localdate)
