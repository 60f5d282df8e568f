from django import forms

from cycles.asking import AskForm, AskModelForm, ClientId, Version
from cycles.people.models import Agency
from issues.pledges.models import Pledge, Recommendation


class PledgeForm(AskModelForm):
    client_id = ClientId()
    agency = forms.ModelChoiceField(label="Which member organisation?", queryset=None, empty_label="Choose one")

    class Meta:
        model = Pledge
        fields = ["text", "due_on"]
        labels = {"text": "What will it fix itself?", "due_on": "By which day?"}
        help_texts = {"text": "Something it can change in its own house, without asking anyone."}
        error_messages = {"text": {"required": "Say what it will fix. A few words is fine."}}

    field_order = ["agency", "text", "due_on"]

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies


class BecameForm(AskForm):
    version = Version()
    state = forms.ChoiceField(
        label="What became of it?",
        choices=[(Pledge.State.DONE, "Done"), (Pledge.State.NOT_DONE, "Not done, because…")],
        widget=forms.RadioSelect,
    )
    became = forms.CharField(label="In words", max_length=2000, required=False, widget=forms.Textarea)


class RecommendForm(AskModelForm):
    client_id = ClientId()
    to = forms.ModelChoiceField(label="Who commissions it?", queryset=None, empty_label="Choose one")

    class Meta:
        model = Recommendation
        fields = ["text", "why", "answer_by_on"]
        labels = {
            "text": "What do you recommend?",
            "why": "Why can nobody here change it?",
            "answer_by_on": "When do you hope for an answer?",
        }
        help_texts = {"text": "They may not see the issue itself, so say it in full. No names."}
        error_messages = {
            "text": {"required": "Say what you recommend. A few words is fine."},
            "why": {"required": "Say why. A few words is fine."},
        }

    field_order = ["to", "text", "why", "answer_by_on"]

    def __init__(self, *args, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Agency.objects.filter(place=place)


class AnswerForm(AskForm):
    version = Version()
    says = forms.ChoiceField(label="What do they say?", choices=Recommendation.Says.choices, widget=forms.RadioSelect)
    answer = forms.CharField(
        label="In words",
        help_text="It goes back to the group, and to everyone who raised it.",
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": "Say what they answered, and why. A few words is fine."},
    )
