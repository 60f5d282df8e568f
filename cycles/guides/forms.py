from django import forms

from cycles.asking import AskForm, AskModelForm, ClientId, Version
from cycles.guides.models import Guide, Law

WHY_MOST = 2000


class GuideForm(AskModelForm):
    layouts = {"kind": "even", "party": "even"}
    client_id = ClientId()
    is_agreed = forms.BooleanField(
        label="We have agreed this already",
        required=False,
        help_text="It is in force from today. Leave it open to talk about it first.",
    )

    class Meta:
        model = Guide
        fields = ["kind", "text", "party", "origin"]
        labels = {
            "kind": "What is it?",
            "text": "In a few words",
            "party": "Whose promise is it?",
            "origin": "Where does it come from?",
        }
        help_texts = {
            "kind": "A rule is yes or no, and there are few. A principle is open to talk. "
            "A behaviour is how we act. A commitment is what someone will do.",
            "text": "For example: understand rather than assess.",
            "party": "Most are everyone’s. Some are one side’s: what people with power, workers or citizens will do.",
            "origin": "What citizens or staff lived through. Say if a citizen asked for it.",
        }
        widgets = {"kind": forms.RadioSelect, "party": forms.RadioSelect}
        error_messages = {"text": {"required": "Say it in a few words."}}

    def __init__(self, *args, may_agree, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = Guide.Party.choices
        if not may_agree:
            del self.fields["is_agreed"]


class WhyForm(AskForm):
    """Why it is not taken on, or why it goes."""

    words = forms.CharField(label="Why?", max_length=WHY_MOST, widget=forms.Textarea)

    def __init__(self, *args, refusal, hint, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].error_messages["required"] = refusal
        self.fields["words"].help_text = hint


class AdoptForm(AskForm):
    words = forms.CharField(
        label="Anything to say with it?", max_length=WHY_MOST, required=False, widget=forms.Textarea
    )


class LivingForm(AskForm):
    """Three boxes for each guide; all may stay empty but one."""

    client_id = ClientId()

    def __init__(self, *args, guides, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.pairs = [(guide, question) for guide in guides for question in questions]
        for guide, question in self.pairs:
            self.fields[box_of(guide, question)] = _box(guide, question)

    def said(self):
        return {pair: self.cleaned_data[box_of(*pair)] for pair in self.pairs}

    def parts(self):
        """[(guide, its boxes, whether they stand open)]: open where something was typed, or is wrong."""
        parts = {}
        for guide, question in self.pairs:
            parts.setdefault(guide, []).append(self[box_of(guide, question)])
        alone = len(parts) == 1
        return [(guide, boxes, alone or any(b.value() or b.errors for b in boxes)) for guide, boxes in parts.items()]


def box_of(guide, question):
    return f"{question.key.partition('.')[2]}-{guide.pk}"


def _box(guide, question):
    box = forms.CharField(
        label=getattr(question, "asked", question.text),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "data-most": 4000}),
    )
    box.error_messages["max_length"] = "Make this shorter: up to 4,000 letters."
    box.told_as = f"{guide.text}: {box.label}"  # away from its guide, beside another version
    return box


class LawForm(AskModelForm):
    client_id = ClientId()
    # Any words will do: only an address of the law's own houses is ever made a link.
    link = forms.CharField(
        label="Its address on the web",
        max_length=500,
        required=False,
        help_text="Such as https://www.legislation.gov.uk",
    )

    class Meta:
        model = Law
        fields = ["name", "demands", "met", "source"]
        labels = {
            "name": "Which law?",
            "demands": "What does it demand?",
            "met": "How was it lawfully met?",
            "source": "Where is it written?",
        }
        help_texts = {
            "name": "Its name, or what people call it.",
            "demands": "In plain words. Only what it truly says, not what we are used to.",
            "met": "What was done, so that others can do it too.",
            "source": "Such as the Act and its section, or who told you.",
        }
        error_messages = {
            "name": {"required": "Say which law. A few words is fine."},
            "demands": {"required": "Say what it demands."},
            "met": {"required": "Say how it was met. “Not yet” is an answer."},
        }

    def clean_link(self):
        link = self.cleaned_data["link"]
        return f"https://{link}" if link.startswith("www.") else link


class LawEditForm(LawForm):
    client_id = None
    version = Version()

    @classmethod
    def of(cls, row, data=None, **kwargs):
        form = super().of(row, data, **kwargs)
        form.initial["link"] = row.link
        return form
