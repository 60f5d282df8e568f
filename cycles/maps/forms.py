from django import forms
from django.utils import timezone

from cycles.asking import AskForm, AskModelForm, ClientId, Version
from cycles.maps.models import ElementTie, MapFeedback, MapStep, SystemElement
from cycles.maps.prompts import of_kind, same_name
from cycles.people.models import Agency
from hls.look.forms import DateInput

Kind = SystemElement.Kind
MOST_LINES = 40


def a_name(value):
    """A name that says something: dots alone would be no name on any map."""
    if not same_name(value):
        raise forms.ValidationError("Say who or what it is. A word or two is fine.")
    return value


def why(label="Why does it change?"):
    return forms.CharField(label=label, required=False, max_length=300)


class LinesField(forms.CharField):
    """Several at once, one on each line."""

    widget = forms.Textarea

    def __init__(self, *, longest, **kwargs):
        self.longest = longest
        super().__init__(max_length=MOST_LINES * (longest + 2), required=False, **kwargs)

    def clean(self, value):
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        lines = list(dict.fromkeys(line for line in lines if line))
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"Up to {MOST_LINES} lines at a time. Save these, then add the rest.")
        if long := next((line for line in lines if len(line) > self.longest), None):
            raise forms.ValidationError(f"Make this shorter, up to {self.longest} letters: “{long[:40]}…”.")
        return lines


class QuickForm(AskForm):
    """One more, from the map's own page."""

    layouts = {"kind": "even"}
    name = forms.CharField(
        label="Who or what else?",
        max_length=80,
        error_messages={"required": "Say who or what it is. A word or two is fine."},
    )
    kind = forms.ChoiceField(
        label="Is it an actor or a factor?", choices=Kind.choices, initial=Kind.ACTOR, widget=forms.RadioSelect
    )

    def clean_name(self):
        return a_name(self.cleaned_data["name"])


class SeveralForm(AskForm):
    """All that come to mind: tap the usual ones, write the others."""

    layouts = {"actors": "", "factors": ""}
    actors = forms.MultipleChoiceField(
        label="Who makes this outcome, or could?", required=False, widget=forms.CheckboxSelectMultiple
    )
    own_actors = LinesField(longest=80, label="Other actors", help_text="One on each line.")
    factors = forms.MultipleChoiceField(
        label="Which conditions push for or against it?", required=False, widget=forms.CheckboxSelectMultiple
    )
    own_factors = LinesField(longest=80, label="Other factors", help_text="One on each line.")

    def __init__(self, *args, there=(), **kwargs):
        super().__init__(*args, **kwargs)
        for name, kind in (("actors", Kind.ACTOR), ("factors", Kind.FACTOR)):
            # A form sent twice ticks what is there by now, so every prompt stays a valid choice.
            self.fields[name].choices = [
                (prompt.value, prompt.label) for prompt in of_kind(kind) if self.is_bound or prompt.value not in there
            ]

    def clean(self):
        said = super().clean()
        if not self.errors and not any(said.values()):
            self.add_error("own_actors", "Tick or write at least one.")
        return said

    def named(self):
        """What was asked for, as (kind, name, prompt)."""
        said = self.cleaned_data
        for kind, ticked, own in ((Kind.ACTOR, "actors", "own_actors"), (Kind.FACTOR, "factors", "own_factors")):
            labels = {prompt.value: prompt.label for prompt in of_kind(kind)}
            yield from ((kind, labels[prompt], prompt) for prompt in said[ticked])
            yield from ((kind, name, "") for name in said[own])


class ElementForm(AskModelForm):
    layouts = {"effect": "down"}
    version = Version()
    why = why()

    class Meta:
        model = SystemElement
        fields = ["name", "effect", "agency", "prompt", "note"]
        labels = {
            "name": "What is it called?",
            "effect": "What does it do for the purpose?",
            "agency": "Which body is it, if it is one?",
            "prompt": "Which of the usual ones is it closest to?",
            "note": "What should people know about it?",
        }
        help_texts = {"prompt": "So that the same thing can be seen on other maps, whatever each calls it."}
        widgets = {"effect": forms.RadioSelect}
        error_messages = {"name": {"required": "Say who or what it is. A word or two is fine."}}

    def __init__(self, *args, place, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.filter(place=place)
        self.fields["agency"].empty_label = "No body"
        self.fields["effect"].choices = SystemElement.Effect.choices
        usual = [(prompt.value, prompt.label) for prompt in of_kind(kind)]
        self.fields["prompt"].choices = [("", "None of them"), *usual]

    def clean_name(self):
        return a_name(self.cleaned_data["name"])


class ElementChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(queryset=SystemElement.objects.none(), **kwargs)

    def label_from_instance(self, element):
        return f"{element.name} ({element.get_kind_display().lower()})"


class TieWordsForm(AskModelForm):
    layouts = {"effect": "even", "basis": "even"}

    class Meta:
        model = ElementTie
        fields = ["effect", "basis", "said_by", "note"]
        labels = {
            "effect": "What does the first do to the second?",
            "basis": "How do we know?",
            "said_by": "Who said so?",
            "note": "Anything else about it",
        }
        help_texts = {
            "basis": "To assume is fine. It shows on the map, so that you can go and look.",
            "said_by": "In a word or two: three families, the benefits office, our own visits.",
        }
        widgets = {"effect": forms.RadioSelect, "basis": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["basis"].choices = ElementTie.Basis.choices


class TieForm(TieWordsForm):
    source = ElementChoice(label="From which?", empty_label="Choose one")
    target = ElementChoice(label="To which?", empty_label="Choose one")
    field_order = ["source", "effect", "target", "basis", "said_by", "note"]

    class Meta(TieWordsForm.Meta):
        labels = TieWordsForm.Meta.labels | {"effect": "What does it do?"}

    def __init__(self, *args, elements, **kwargs):
        super().__init__(*args, **kwargs)
        for end in ("source", "target"):
            self.fields[end].queryset = elements


class TieChangeForm(TieWordsForm):
    version = Version()
    why = why()


class RemoveForm(AskForm):
    why = why("What has changed?")


class FeedbackForm(AskModelForm):
    client_id = ClientId()
    element = ElementChoice(label="Is it about one part of the map?", required=False, empty_label="The whole map")
    field_order = ["text", "said_by", "element"]

    class Meta:
        model = MapFeedback
        fields = ["text", "said_by", "element"]
        labels = {"text": "What is missing, wrong or right?", "said_by": "Whose words are they, if not yours?"}
        help_texts = {
            "said_by": "The name they chose, or a word such as a neighbour. Leave it empty if they are yours."
        }
        error_messages = {"text": {"required": "Say what you see. A few words is fine."}}

    def __init__(self, *args, elements, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["element"].queryset = elements


class ReplyForm(AskForm):
    reply = forms.CharField(
        label="What did you do with it?",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Say what you did with it, or why the map stays as it is."},
    )


class SinceForm(AskForm):
    then = forms.DateField(label="From", widget=DateInput)
    now = forms.DateField(label="To", widget=DateInput)

    def clean_now(self):
        return min(self.cleaned_data["now"], timezone.localdate())


class StepsForm(AskForm):
    layouts = {"value": "down"}
    client_id = ClientId()
    activities = LinesField(
        longest=160, label="What happens next?", help_text="One step on each line, as it really goes."
    )
    value = forms.ChoiceField(
        label="What are they to the person?", choices=MapStep.Value.choices, required=False, widget=forms.RadioSelect
    )

    def clean_activities(self):
        if not self.cleaned_data["activities"]:
            raise forms.ValidationError("Write at least one step. A few words is fine.")
        return self.cleaned_data["activities"]


class StepForm(AskModelForm):
    layouts = {"value": "down"}
    version = Version()
    why = why()

    class Meta:
        model = MapStep
        fields = ["activity", "value", "note"]
        labels = {
            "activity": "What is done?",
            "value": "What is it to the person?",
            "note": "Who does it, how long it takes, why it is there",
        }
        widgets = {"value": forms.RadioSelect}
        error_messages = {"activity": {"required": "Say what is done. A few words is fine."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["value"].choices = MapStep.Value.choices
