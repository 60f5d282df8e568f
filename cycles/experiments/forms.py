from django import forms
from django.db.models import Q

from cycles.asking import AskForm, AskModelForm, ClientId, Version
from cycles.experiments.models import Experiment, Limit, TakenIn
from cycles.lives.models import Case
from cycles.maps.models import ElementTie
from cycles.stack.serving import offer_purposes

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
            "tie",
            "serves",
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
            "tie": "Which tie on the map does it try to change?",
            "serves": "Which purpose does it serve?",
        }
        help_texts = {
            "question": "Begin with “What happens if…”.",
            "actions": "One on each line reads best.",
            "data_plan": "Words count as much as numbers.",
            "protection": "The countermeasure that keeps the old rules away while you try.",
            "serves": "The purpose was said in more than one way. The newest is first.",
        }
        widgets = {"end_point": forms.RadioSelect, "contact": forms.RadioSelect}
        error_messages = {
            "question": {"required": "Say what you want to find out. One line is fine."},
            "title": {"required": "Give it a short name."},
        }

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer_ties(cycle)
        offer_purposes(self, cycle)

    def _offer_ties(self, cycle):
        """Ties that are on the map now, and the one it names already. Without a map nothing is asked."""
        chosen = getattr(self.initial.get("tie"), "pk", self.initial.get("tie"))
        ties = ElementTie.objects.filter(Q(removed_on=None) | Q(pk=chosen), cycle=cycle)
        self.fields["tie"].queryset = ties.select_related("source", "target")
        self.fields["tie"].empty_label = "None, or not yet"
        if not ties.exists():
            del self.fields["tie"]

    def beside(self, current):
        """A tie or a purpose that someone else chose is shown in its words."""
        chosen = {self[name].label: getattr(current, name) for name in ("tie", "serves") if name in self.fields}
        for row in super().beside(current):
            yield row | ({"theirs": str(chosen[row["label"]] or "None")} if row["label"] in chosen else {})


class NewCardForm(CardForm):
    client_id = ClientId()


class EditCardForm(CardForm):
    version = Version()


class StartForm(AskForm):
    legal_ok = forms.BooleanField(
        label="It is legal", required=False, help_text="You, who run it, say so. Nobody else has to."
    )
    safe_ok = forms.BooleanField(label="It does no harm", required=False)


class LimitForm(AskModelForm):
    client_id = ClientId()

    class Meta:
        model = Limit
        fields = ["text"]
        labels = {"text": "It must not go further than this"}
        help_texts = {
            "text": "So plain that anyone could see it was crossed. For example: nobody waits longer than before."
        }
        error_messages = {"text": {"required": "Say how far is too far. A few words is fine."}}


class LiftForm(AskForm):
    because = forms.CharField(
        label="Why may it go?",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Say why it may go. It is how others learn from it."},
    )


class CrossedForm(AskForm):
    client_id = ClientId()
    words = forms.CharField(
        label="What happened?",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="You can leave this empty. Everyone who sees the experiment reads it, so leave names out.",
    )


class ResumeForm(AskForm):
    made_safe = forms.CharField(
        label="What did you make safe?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what you made safe. It is what lets people trust it again."},
    )


class TakeInForm(AskModelForm):
    layouts = {"came": "down"}
    case = forms.ModelChoiceField(
        Case.objects.none(),
        label="Whose life?",
        empty_label=None,
        error_messages={"required": "Choose a life that you are alongside."},
    )

    class Meta:
        model = TakenIn
        fields = ["case", "came"]
        widgets = {"came": forms.RadioSelect}
        labels = {"came": "How did they come?"}

    def __init__(self, *args, cases, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = cases
        self.fields["case"].label_from_instance = lambda case: case.alias


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
