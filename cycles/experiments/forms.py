from django import forms

from cycles.asking import AskForm, AskModelForm, ClientId, Version
from cycles.experiments.models import Experiment

State = Experiment.State


class CardForm(AskModelForm):
    """The design card (DOMAIN.md 10). Only a title and a question are needed."""

    layouts = {"end_point": "down", "contact": "down"}

    class Meta:
        model = Experiment
        fields = [
            "question",
            "title",
            "people",
            "actions",
            "data_plan",
            "sense_plan",
            "safe_to_fail",
            "protection",
            "end_point",
            "contact",
        ]
        labels = {
            "question": "What do you want to find out?",
            "title": "A short name for it",
            "people": "Who must help design it?",
            "actions": "What will you try?",
            "data_plan": "What will you gather, of any kind?",
            "sense_plan": "How, and with whom, will you make sense of it?",
            "safe_to_fail": "What keeps failure small?",
            "protection": "What guards this space, now?",
            "end_point": "Do you know where it ends?",
            "contact": "Is it with people, or in the background?",
        }
        help_texts = {
            "question": "Begin with “What happens if…”.",
            "actions": "One on each line reads best.",
            "data_plan": "Words count as much as numbers.",
            "protection": "The countermeasure that keeps the old rules away while you try.",
        }
        widgets = {"end_point": forms.RadioSelect, "contact": forms.RadioSelect}
        error_messages = {
            "question": {"required": "Say what you want to find out. One line is fine."},
            "title": {"required": "Give it a short name."},
        }


class NewCardForm(CardForm):
    client_id = ClientId()


class EditCardForm(CardForm):
    version = Version()


class StartForm(AskForm):
    legal_ok = forms.BooleanField(
        label="It is legal", required=False, help_text="You, who run it, say so. Nobody else has to."
    )
    safe_ok = forms.BooleanField(label="It does no harm", required=False)


class NextForm(AskForm):
    layouts = {"state": "even"}
    SAY = {
        State.RUNNING: "Keep going: still learning",
        State.MAKING_SENSE: "Make sense of it together",
        State.ADAPTED: "Change it: try something else",
        State.EMBEDDED: "Embed it: make it the new normal here",
        State.STOPPED: "Stop, and say what we learned",
    }
    state = forms.ChoiceField(label="We think we should", widget=forms.RadioSelect)
    because = forms.CharField(
        label="Because",
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": "Say why. It is how others learn from it."},
    )
    learned = forms.CharField(
        label="What did we learn?",
        max_length=4000,
        required=False,
        widget=forms.Textarea,
        help_text="It goes at the top of the page. Good and bad.",
    )

    def __init__(self, *args, may_become, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(state, words) for state, words in self.SAY.items() if state in may_become]
