from django import forms
from django.utils import timezone

from cycles.asking import AskForm, AskModelForm, ClientId, Version
from cycles.lives.models import Case, Contact, Spend
from cycles.people.models import Agency, Team, User


def words(label, *, required=True, hint="", missing="", most=2000):
    errors = {"required": missing} if missing else None
    return forms.CharField(
        label=label, required=required, help_text=hint, max_length=most, widget=forms.Textarea, error_messages=errors
    )


class PersonChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(queryset=User.objects.none(), **kwargs)

    def label_from_instance(self, person):
        return person.name


class NewCaseForm(AskModelForm):
    client_id = ClientId()
    team = forms.ModelChoiceField(label="Which team is alongside them?", queryset=Team.objects.none(), empty_label=None)

    class Meta:
        model = Case
        fields = ["alias", "what_matters"]
        labels = {"alias": "What do they like to be called?", "what_matters": "What is going on, and what matters?"}
        help_texts = {
            "alias": "A name they choose for this page. It need not be their own.",
            "what_matters": "In their words if you can. You can leave it empty and listen first.",
        }
        error_messages = {"alias": {"required": "Put the name they chose. Any name will do."}}

    def __init__(self, *args, teams, **kwargs):
        super().__init__(*args, **kwargs)
        found = Team.objects.filter(pk__in=teams).order_by("name")
        self.fields["team"].queryset = found
        self.fields["team"].initial = found.first()


class CaseForm(AskModelForm):
    layouts = {"is_mismatch": "even"}
    version = Version()
    is_mismatch = forms.TypedChoiceField(
        label="Do those two differ?",
        choices=[("", "Not sure yet"), ("True", "Yes, they differ"), ("False", "No, they are the same")],
        coerce=lambda said: said == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Case
        fields = [
            "alias",
            "what_matters",
            "strengths",
            "household",
            "recorded_demand",
            "real_demand",
            "is_mismatch",
            "arrangement",
            "trajectory",
        ]
        labels = {
            "alias": "What do they like to be called?",
            "what_matters": "What matters to them, in their words",
            "strengths": "What they have and can do",
            "household": "Who is at home",
            "recorded_demand": "What was written down when they asked for help",
            "real_demand": "What it was really about",
            "arrangement": "Their own pace",
            "trajectory": "Where things were heading",
        }
        help_texts = {
            "arrangement": "How often, where, by phone or not, what to leave alone. They decide.",
            "trajectory": "What was likely to come next, before you met.",
        }


class WhyForm(AskForm):
    reason = words(
        "Why do you need to read it?",
        most=1000,
        hint="The worker alongside is told who read it and why. It stays open to you until the end of today.",
        missing="Say why you need to read this page.",
    )


class FindForm(AskForm):
    alias = forms.CharField(label="The name they go by", max_length=60)


class ReaderForm(AskForm):
    user = PersonChoice(label="Who else needs to read it?", empty_label="Choose a colleague")

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues


class StepForm(AskForm):
    version = Version()
    step = forms.TypedChoiceField(
        label="Where are you together?", choices=Case.Step.choices, coerce=int, widget=forms.RadioSelect
    )


class PauseForm(AskForm):
    words = words("What did they say?", required=False, hint="A pause is theirs to ask for. Nothing is lost.")


class CloseForm(AskForm):
    agreed_close_words = words(
        "What did you agree, in their words?",
        hint="They can come back at any time, to the same worker.",
        missing="Write what you agreed, in their words. Without that it stays open.",
    )


class WorkerForm(AskForm):
    worker = PersonChoice(label="Who is alongside?", empty_label=None)
    why = words("If it is someone else, why?", required=False, hint="People should not have to start again.")

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["worker"].queryset = colleagues


class ContactForm(AskModelForm):
    layouts = {"kind": "even", "mode": "down"}
    client_id = ClientId()

    class Meta:
        model = Contact
        fields = ["on", "activity", "agency", "kind", "mode", "is_repeat", "cost", "cost_source"]
        labels = {
            "on": "When?",
            "activity": "What happened?",
            "agency": "Which body was it?",
            "kind": "What was it?",
            "mode": "How was it done?",
            "cost": "What did it cost? (£)",
            "cost_source": "Who worked that out?",
        }
        help_texts = {
            "agency": "Leave it empty when it was you.",
            "cost": "Only if someone has worked it out, and the person agrees.",
        }
        widgets = {"kind": forms.RadioSelect, "mode": forms.RadioSelect}
        error_messages = {"activity": {"required": "Say what happened. A few words is fine."}}

    def __init__(self, *args, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.filter(place=place)
        self.fields["agency"].empty_label = "Us"

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError("Give a day that has been.")
        return on

    def clean(self):
        found = super().clean()
        if found.get("cost") is not None and not found.get("cost_source") and "cost_source" not in self.errors:
            self.add_error("cost_source", "Say who worked out the cost.")
        return found


class SpendForm(AskModelForm):
    client_id = ClientId()

    class Meta:
        model = Spend
        fields = ["on", "amount", "what_for", "note"]
        labels = {"on": "When?", "amount": "How much? (£)", "what_for": "What for?", "note": "Why was it right?"}
        help_texts = {"note": "One line. Nobody has to approve it."}
        error_messages = {
            "amount": {"required": "Put the amount in pounds."},
            "what_for": {"required": "Say what it was for."},
        }
