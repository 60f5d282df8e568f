from django import forms

from cycles.asking import AskForm, AskModelForm, ClientId
from cycles.experiments.models import Experiment
from cycles.measures.models import Measure, Reading
from cycles.stack.models import PurposeVersion
from cycles.stack.serving import offer_purposes


class MeasureForm(AskModelForm):
    """Effective before efficient before sustainable, and a question before anything else."""

    layouts = {"lens": "down", "theme": "even", "audience": "down"}
    client_id = ClientId()
    lens = forms.ChoiceField(
        label="What is it for?",
        choices=[
            ("effective", "Effective: does it help?"),
            ("efficient", "Efficient: how hard was it to do right?"),
            ("sustainable", "Sustainable: can it last?"),
        ],
        initial="effective",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Measure
        fields = [
            "question",
            "lens",
            "theme",
            "audience",
            "experiment",
            "unit",
            "low_words",
            "high_words",
            "asked_in_debriefs",
            "serves",
        ]
        labels = {
            "question": "What question will you ask, again and again?",
            "theme": "What is it about?",
            "audience": "Who learns from it?",
            "experiment": "For which experiment?",
            "unit": "If the answer is a number, what does it count?",
            "low_words": "The low end, in words",
            "high_words": "The high end, in words",
            "asked_in_debriefs": "Ask it in debriefs, from very hard to very easy",
            "serves": "Which purpose does it serve?",
        }
        help_texts = {
            "question": "A measure is a question. It guides; it judges nobody.",
            "low_words": "For example: not at all.",
            "high_words": "For example: a lot.",
        }
        widgets = {"theme": forms.RadioSelect, "audience": forms.RadioSelect}
        error_messages = {"question": {"required": "Ask a question. A measure starts with one."}}

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["experiment"].queryset = Experiment.objects.filter(cycle=cycle)
        self.fields["experiment"].empty_label = "The whole cycle"
        offer_purposes(self, cycle)


class ServesForm(AskForm):
    serves = forms.ModelChoiceField(
        PurposeVersion.objects.none(), label="Which purpose does it serve?", empty_label=None
    )

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        offer_purposes(self, cycle, always=True)


class ReadingForm(AskModelForm):
    layouts = {"phase": "even", "origin": "even"}
    client_id = ClientId()
    origin = forms.ChoiceField(
        label="How do you know?",
        choices=[("source", "As reported"), ("derived", "We worked it out")],
        initial="source",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Reading
        fields = [
            "period_start",
            "period_end",
            "value",
            "words",
            "n",
            "is_upper_bound",
            "phase",
            "origin",
            "source",
            "caveat",
        ]
        labels = {
            "period_start": "From",
            "period_end": "Until",
            "value": "A number",
            "words": "Or words",
            "n": "How many people or answers is that?",
            "is_upper_bound": "It is “up to” this much, not more",
            "phase": "Before, or since?",
            "source": "Where does it come from?",
            "caveat": "What should a reader mind?",
        }
        help_texts = {
            "period_end": "Leave it empty for one day.",
            "value": "A number, words, or both.",
            "n": "Leave it empty if it is not known. The page will say so.",
            "caveat": "For example: three months before is set beside six months since.",
        }
        widgets = {"phase": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period_end"].required = False

    def clean(self):
        found = super().clean()
        if found.get("value") is None and not (found.get("words") or "").strip() and "value" not in self.errors:
            self.add_error("value", "Put a number, or words.")
        start, end = found.get("period_start"), found.get("period_end")
        if start and not end and "period_end" not in self.errors:
            found["period_end"] = end = start
        if start and end and end < start:
            self.add_error("period_end", "The end comes after the start.")
        return found
