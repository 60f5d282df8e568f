from django import forms

from cycles.asking import AskForm, ClientId, Version
from cycles.stories.models import Story
from hls.look.forms import CairnForm

LASTS = [("7", "A week"), ("30", "A month"), ("90", "Three months")]


class StoriesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, story):
        return story.title


class DossierForm(AskForm):
    layouts = {"stories": "down"}
    client_id = ClientId()
    version = Version()
    asks = forms.CharField(
        label="What do you ask of them?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One thing that they can say yes or no to.",
        error_messages={"required": "Say what you ask of them. One line is fine."},
    )
    rule = forms.CharField(
        label="What does the rule say?",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Word for word, as it is written.",
    )
    rule_source = forms.CharField(
        label="Where is it written?",
        max_length=300,
        required=False,
        help_text="The law, guidance or contract, and the place in it.",
    )
    cost = forms.CharField(
        label="What does working round it cost?",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Time, money, trust. Hours and pounds noted on the countermeasure are added by themselves.",
    )
    stories = StoriesField(
        Story.objects.none(),
        label="Whose story stands beside it?",
        required=False,
        help_text="Only stories whose teller said that anyone may hear them. One that is taken back goes at once.",
    )
    shows_answers = forms.BooleanField(
        label="Show what each group answered, in their words",
        required=False,
        help_text="Without it, only who was asked, when, and yes or no.",
    )

    def __init__(self, *args, stories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stories"].queryset = stories
        if not stories:
            del self.fields["stories"]

    @classmethod
    def over(cls, dossier, **kwargs):
        names = ("asks", "rule", "rule_source", "cost", "shows_answers", "version")
        initial = {name: getattr(dossier, name) for name in names}
        return cls(initial=initial | {"stories": dossier.stories.all()}, **kwargs)


class LinkForm(CairnForm):
    client_id = ClientId()
    to_whom = forms.CharField(
        label="Who is it for?",
        max_length=120,
        help_text="The body, and the post or the person in it.",
        error_messages={"required": "Say who it is for, so that all can see to whom it was shown."},
    )
    days = forms.TypedChoiceField(
        label="How long may it be open?", choices=LASTS, coerce=int, initial="30", widget=forms.RadioSelect
    )


class ReplyForm(CairnForm):
    client_id = ClientId()
    words = forms.CharField(
        label="Your reply",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="A yes, a no or a question. Your reasons go back, in your words, to those who raised it.",
        error_messages={"required": "Say what you want to answer. A few words is fine."},
    )
    signed = forms.CharField(label="Who are you?", max_length=120, required=False, help_text="Your post, or your name.")
