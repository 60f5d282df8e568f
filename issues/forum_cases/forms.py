"""What is asked about a case at a forum. No diagnosis, no score, no reason to prove."""

from django import forms
from django.utils import timezone

from cycles.asking import AskForm, AskModelForm, ClientId, Version
from cycles.people.models import Agency, Team
from cycles.refusals import ChangedMeanwhile
from issues.forum_cases.models import USUAL_RISKS, ForumCase, Mark, PlanVersion, Reason
from issues.log.models import Level

WORDS = ["reasons", "why", "blocked_by", "hand_offs", "invited"]


def reasons_field():
    return forms.MultipleChoiceField(
        label="Why do you bring it?",
        help_text="Choose any. No diagnosis is needed.",
        choices=Reason.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one reason."},
    )


class Words(AskModelForm):
    layouts = {"reasons": "even"}
    reasons = reasons_field()

    class Meta:
        model = ForumCase
        fields = WORDS
        labels = {
            "why": "In your words: why now, and why here?",
            "blocked_by": "What blocks?",
            "hand_offs": "Hand-offs so far",
            "invited": "Who else comes to the talk, for this case?",
        }
        help_texts = {
            "blocked_by": "Which rule, threshold or missing thing stops what would help?",
            "hand_offs": "From whom to whom, one on each line. None from here on.",
            "invited": "Such as their landlord or a nurse they trust. This gives nobody a way in to the page.",
        }
        error_messages = {
            "why": {"required": "Say why you bring it. A few words is fine."},
            "blocked_by": {"required": "Say what blocks. A few words is fine."},
        }

    field_order = WORDS


class BringForm(Words):
    client_id = ClientId()
    team = forms.ModelChoiceField(label="Which forum?", queryset=None, empty_label=None)
    agency = forms.ModelChoiceField(
        label="For which organisation do you bring it?", queryset=None, required=False, empty_label="None of these"
    )
    consent_given = forms.BooleanField(
        label="They said yes to this, and know that they can take it back any time",
        required=False,
    )
    consent_words = forms.CharField(
        label="What did they agree to?",
        help_text="In their words, as near as you can. Who may know, and what.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what they agreed to. A few words is fine."},
    )
    consent_on = forms.DateField(label="When did they say so?", initial=timezone.localdate)

    field_order = ["team", "agency", *WORDS, "consent_given", "consent_words", "consent_on"]

    def __init__(self, *args, forums, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = forums
        self.fields["agency"].queryset = Agency.objects.filter(place=place)

    def clean_consent_on(self):
        on = self.cleaned_data["consent_on"]
        if on > timezone.localdate():
            raise forms.ValidationError("Choose today or a day before.")
        return on


class ChangeForm(Words):
    version = Version()


class PlanForm(AskModelForm):
    client_id = ClientId()
    version = Version()

    class Meta:
        model = PlanVersion
        fields = ["text", "changed", "look_again_on"]
        labels = {
            "text": "The plan you make together",
            "changed": "What changed since the last plan, and why?",
            "look_again_on": "When do you look at it again?",
        }
        help_texts = {
            "text": "What the person wants, who does what with them, and what happens when it goes wrong. "
            "Those alongside stay alongside.",
            "changed": "Not for the first plan.",
        }
        error_messages = {"text": {"required": "Say what you will do together. A few words is fine."}}


class RisksForm(AskForm):
    """Two marks for each risk. Nothing is added up."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    other = forms.CharField(label="Another risk, in your words", max_length=60, required=False)
    other_before = forms.ChoiceField(label="Before", choices=[], required=False)
    other_now = forms.ChoiceField(label="Now", choices=[], required=False)

    def __init__(self, *args, risks, seen=0, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = [name for name, _ in USUAL_RISKS]
        self.names += [name for name in risks if name not in self.names]
        self.initial.setdefault("seen", seen)
        marks = [(Mark.UNSAID.value, "Not said"), *[c for c in Mark.choices if c[0]]]
        for at, name in enumerate(self.names):
            for when in ("before", "now"):
                self.fields[f"{when}-{at}"] = forms.ChoiceField(
                    label=f"{name}, {when}",
                    choices=marks,
                    required=False,
                    initial=getattr(risks.get(name), when, ""),
                )
        for name in ("other_before", "other_now"):
            self.fields[name].choices = marks

    def lines(self):
        usual = dict(USUAL_RISKS)
        for at, name in enumerate(self.names):
            yield {
                "name": name,
                "usual": usual.get(name, ""),
                "before": self[f"before-{at}"],
                "now": self[f"now-{at}"],
            }

    def clean_seen(self):
        said = self.cleaned_data["seen"]
        return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else -1

    def clean(self):
        sent = super().clean()
        if (sent.get("other_before") or sent.get("other_now")) and not sent.get("other"):
            self.add_error("other", "Name the risk, or take its marks out.")
        return sent

    def marks(self):
        sent = self.cleaned_data
        found = {name: (sent[f"before-{at}"], sent[f"now-{at}"]) for at, name in enumerate(self.names)}
        if sent["other"]:
            found[sent["other"]] = (sent["other_before"], sent["other_now"])
        return found

    def refuse(self, refused):
        super().refuse(refused)
        if isinstance(refused, ChangedMeanwhile):
            newest = refused.current.risks.order_by("-pk").values_list("pk", flat=True).first()
            self.data = self.data.copy()
            self.data["seen"] = newest or 0

    def beside(self, current):
        from issues.forum_cases.actions import risks_of

        for name, mark in risks_of(current).items():
            yield {"label": name, "theirs": f"before {mark.get_before_display()}, now {mark.get_now_display()}"}


class StateForm(AskModelForm):
    layouts = {"state": "down", "is_avoidable": "even"}
    version = Version()
    is_avoidable = forms.TypedChoiceField(
        label="Looking back: could it have been avoided if services had joined up?",
        choices=[("yes", "Yes"), ("no", "No"), ("", "We can’t say")],
        coerce=lambda said: said == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = ForumCase
        fields = ["state", "state_words", "is_avoidable"]
        labels = {"state": "How does it go?", "state_words": "In words"}
        help_texts = {"state_words": "What is different in this life now? What is still hard?"}
        widgets = {"state": forms.RadioSelect}


class PatternForm(AskForm):
    client_id = ClientId()
    layouts = {"level": "even"}
    description = forms.CharField(
        label="What is behind this case, and others like it?",
        help_text="Words about the gap, not about a person. No name and nothing that points to one life.",
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": "Say what is behind it. A few words is fine."},
    )
    why = forms.CharField(
        label="Why can the forum not change it?", max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    to_team = forms.ModelChoiceField(label="Who can?", queryset=None, empty_label=None)
    cycle = forms.ModelChoiceField(label="Which Learning Cycle does it belong to?", queryset=None, empty_label=None)
    level = forms.TypedChoiceField(
        label="Level",
        choices=[(Level.SYS, "Sys: how we work here"), (Level.MACRO, "Macro: bigger than us")],
        coerce=int,
        initial=Level.SYS,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, forum, cycles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_team"].queryset = (
            Team.objects.filter(place=forum.place_id).that_can_act().exclude(pk=forum.pk).order_by("kind", "name")
        )
        self.fields["cycle"].queryset = cycles
