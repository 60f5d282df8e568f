from django import forms
from django.utils import timezone

from cycles.asking import AskForm, AskModelForm, ClientId, Version
from cycles.people.models import Team
from cycles.refusals import ChangedMeanwhile
from hls.governing.evidence import TITLES, as_laid
from hls.governing.models import Account, Promise, Review, Voice
from hls.look.forms import CairnForm
from hls.look.forms import _be_kind as be_kind

BOUNDARY = "governing.boundary"
WORDS_OF_REVIEW = ("answered_by", "who_is_in", "who_is_out", "who_does")
ANSWER_MOST = 8000


def not_to_come(on):
    if on > timezone.localdate():
        raise forms.ValidationError("Choose today or a day before.")
    return on


class ReviewForm(CairnForm):
    """A box and a tick for each question; all may stay empty in a draft."""

    version = Version()
    held_on = forms.DateField(label="Which day?")
    answered_by = forms.CharField(
        label="Who answers together?",
        max_length=300,
        required=False,
        help_text="Such as the working group, two caseworkers and two people who have been through it.",
    )
    who_is_in = forms.CharField(label="In", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    who_is_out = forms.CharField(
        label="Left out", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    changes = forms.MultipleChoiceField(
        label="Choose any", required=False, choices=Review.Change.choices, widget=forms.CheckboxSelectMultiple
    )
    who_does = forms.CharField(
        label="Who will do what?", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            if question.key != BOUNDARY:
                self.fields[f"a-{question.pk}"] = forms.CharField(
                    label=question.asked,
                    required=False,
                    max_length=ANSWER_MOST,
                    widget=forms.Textarea(attrs={"rows": 2, "data-most": ANSWER_MOST}),
                )
            self.fields[f"u-{question.pk}"] = forms.BooleanField(label="We don’t know", required=False)
        for field in self.fields.values():
            be_kind(field)

    @classmethod
    def of(cls, review, questions, data=None):
        initial = {name: getattr(review, name) for name in ("held_on", "answered_by", "who_is_in", "who_is_out")}
        initial |= {"changes": review.changes, "who_does": review.who_does, "version": review.version}
        for question in questions:
            said = review.draft.get(question.key, {})
            initial |= {f"a-{question.pk}": said.get("text", ""), f"u-{question.pk}": said.get("is_unknown", False)}
        return cls(data, initial=initial, questions=questions)

    def clean_held_on(self):
        return not_to_come(self.cleaned_data["held_on"])

    def boxes(self):
        """Each question with the boxes it is answered in."""
        for question in self.questions:
            parts = ("who_is_in", "who_is_out") if question.key == BOUNDARY else (f"a-{question.pk}",)
            yield {"question": question, "boxes": [self[name] for name in parts], "unknown": self[f"u-{question.pk}"]}

    def refuse(self, refused):
        """As the other forms do: the next press is made knowing what the other one wrote."""
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))
        if isinstance(refused, ChangedMeanwhile):
            self.data = self.data.copy()
            self.data["version"] = refused.current.version

    def beside(self, current):
        """What stands now, where it differs from what was typed."""
        now = ReviewForm.of(current, self.questions).initial
        for bound in self.visible_fields():
            typed, theirs = bound.value(), now.get(bound.name)
            if bound.name in WORDS_OF_REVIEW and str(typed or "").strip() != str(theirs or "").strip():
                yield {"label": bound.label, "theirs": str(theirs or "")}
            elif bound.name.startswith("a-") and (typed or "").strip() != (theirs or ""):
                yield {"label": bound.label, "theirs": theirs}

    def words(self):
        """What an action keeps."""
        sent = self.cleaned_data
        kept = {
            name: sent[name] for name in ("held_on", "answered_by", "who_is_in", "who_is_out", "changes", "who_does")
        }
        kept["draft"] = {
            question.key: {"text": self._text(question), "is_unknown": sent[f"u-{question.pk}"]}
            for question in self.questions
            if self._text(question) or sent[f"u-{question.pk}"]
        }
        return kept

    def _text(self, question):
        sent = self.cleaned_data
        if question.key != BOUNDARY:
            return sent[f"a-{question.pk}"]
        sides = (("In", sent["who_is_in"]), ("Left out", sent["who_is_out"]))
        return "\n".join(f"{side}: {words}" for side, words in sides if words)


class BesideForm(AskForm):
    """What can be laid beside a question: ticks, by kind."""

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.choices = choices
        for kind, things in choices.items():
            self.fields[kind] = forms.MultipleChoiceField(
                label=TITLES[kind],
                required=False,
                choices=[(str(thing.pk), _short(as_laid(kind, thing))) for thing in things],
                widget=forms.CheckboxSelectMultiple,
            )

    def chosen(self):
        picked = {}
        for kind, things in self.choices.items():
            wanted = set(self.cleaned_data[kind])
            picked[kind] = [thing for thing in things if str(thing.pk) in wanted]
        return picked


def _short(laid):
    text = laid.text if len(laid.text) <= 220 else f"{laid.text[:219]}…"
    return f"{text} ({laid.meta})" if laid.meta else text


class PromiseForm(AskModelForm):
    client_id = ClientId()

    class Meta:
        model = Promise
        fields = ["text", "team", "made_on", "due_on"]
        labels = {
            "text": "What was promised?",
            "team": "Who promised it?",
            "made_on": "On which day?",
            "due_on": "By which day?",
        }
        help_texts = {"text": "In their words, as near as you can.", "team": "A group, never one person."}
        widgets = {"text": forms.Textarea}
        error_messages = {"text": {"required": "Say what was promised. A few words is fine."}}

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        groups = Team.objects.filter(place=cycle.place_id)
        self.fields["team"].queryset = groups
        self.fields["team"].empty_label = "Choose a group"

    def clean_made_on(self):
        return not_to_come(self.cleaned_data["made_on"])


class PromiseAnswerForm(AskForm):
    version = Version()
    layouts = {"state": "down"}
    state = forms.ChoiceField(
        label="What became of it?",
        choices=[
            (Promise.State.KEPT, "Kept"),
            (Promise.State.CHANGED, "Changed, because…"),
            (Promise.State.NOT_KEPT, "Not kept, because…"),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="In words", max_length=2000, required=False, widget=forms.Textarea, help_text="What happened, and why."
    )
    text = forms.CharField(
        label="If it changed: what is promised now?", max_length=2000, required=False, widget=forms.Textarea
    )
    due_on = forms.DateField(label="If it changed: by which day now?", required=False)


class AccountForm(AskModelForm):
    client_id = ClientId()

    class Meta:
        model = Account
        fields = ["to_whom", "given_on", "told", "said_back"]
        labels = {
            "to_whom": "To whom?",
            "given_on": "On which day?",
            "told": "What did you tell them, and how?",
            "said_back": "What did they say back?",
        }
        help_texts = {
            "to_whom": "Such as people in the place, the council, or the leadership group.",
            "said_back": "You can add this later.",
        }
        error_messages = {"to_whom": {"required": "Say to whom. A few words is fine."}}

    def clean_given_on(self):
        return not_to_come(self.cleaned_data["given_on"])


class HeardForm(AskModelForm):
    version = Version()

    class Meta:
        model = Account
        fields = ["said_back"]
        labels = {"said_back": "What did they say back?"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["said_back"].required = True


class VoiceForm(AskModelForm):
    layouts = {"kind": "even"}
    client_id = ClientId()

    class Meta:
        model = Voice
        fields = ["kind", "text", "said_by", "said_on"]
        labels = {
            "kind": "What is it?",
            "text": "In their words",
            "said_by": "Whose words?",
            "said_on": "On which day?",
        }
        help_texts = {
            "kind": "Someone asks why they are left out. Or someone has an idea for how to check what we learn.",
            "said_by": "As they want to be called. Leave it empty if they would rather not say.",
        }
        widgets = {"kind": forms.RadioSelect}
        error_messages = {"text": {"required": "Say it in their words. A few is fine."}}

    def clean_said_on(self):
        return not_to_come(self.cleaned_data["said_on"])


class VoiceAnswerForm(AskForm):
    answer = forms.CharField(
        label="What do you answer?",
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": "Say something back. “We don’t know yet” is an answer."},
    )
