from django import forms
from django.utils import timezone

from cycles.asking import AskForm, ClientId, Version
from cycles.people.models import Team
from cycles.questions.models import Question, QuestionWording, Remark, Rhythm
from cycles.questions.which import title_of
from cycles.stack.forms import SHARED_SCALES, teams_to_open_for
from cycles.stack.models import Scale
from hls.look.forms import CairnForm, DateInput

NOTHING = "Answer at least one. “We don’t know” is an answer too."
PARTS = ("text", "is_unknown", "example")


class AnswersForm(CairnForm):
    """The boxes of a set: for each question some words, a tick for “we don’t know” and an example."""

    client_id = ClientId()

    def __init__(self, *args, rows, wants_example=True, must_answer=True, **kwargs):
        self.asked = {row.key: row for row in rows if not row.is_on_card and row.question.is_asked}
        self.must_answer = must_answer
        asked = {}
        for row in self.asked.values():
            asked |= _boxes(row, wants_example)
        self.base_fields = asked | type(self).base_fields  # before the form is made, so that these are kind too
        super().__init__(*args, **kwargs)

    def box_of(self, row, part):
        name = f"q{row.question.pk}-{part}"
        return self[name] if name in self.fields else None

    def said(self):
        """What was said, by question: only those with something in them."""
        found = {}
        for key, row in self.asked.items():
            words = {part: self.cleaned_data.get(f"q{row.question.pk}-{part}") or "" for part in PARTS}
            words["is_unknown"] = bool(words["is_unknown"])
            if any(words.values()):
                found[key] = words
        return found

    def clean(self):
        found = super().clean()
        if self.must_answer and not self.errors and not self.said():
            first = next(iter(self.asked.values()), None)
            self.add_error(self.box_of(first, "text").name if first else None, NOTHING)
        return found


def _boxes(row, wants_example):
    name = f"q{row.question.pk}"
    boxes = {
        f"{name}-text": _words(row.words, most=8000),
        f"{name}-is_unknown": forms.BooleanField(label="We don’t know", required=False),
    }
    if wants_example:
        boxes[f"{name}-example"] = _words("An example", most=4000)
    for box in list(boxes.values())[1:]:
        box.told_as = f"{row.words} {box.label}"  # away from its question, beside another version
    return boxes


def _words(label, *, most):
    return forms.CharField(label=label, max_length=most, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class SetForm(AnswersForm):
    """Answers said on a day: today, or the day of the meeting that they were said in."""

    on = forms.DateField(label="When was this said?", required=False, widget=DateInput)

    def __init__(self, *args, today=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today or timezone.localdate()
        self.fields["on"].initial = self.today

    def clean_on(self):
        on = self.cleaned_data["on"] or self.today
        if on > self.today:
            raise forms.ValidationError("Give today, or a day before it.")
        return on


class StartForm(AnswersForm):
    """A name and a purpose make a cycle; the answers to `start` go with it. It stays a draft."""

    title = forms.CharField(
        label="What will you call it?",
        max_length=160,
        error_messages={"required": "Give it a name. A few words is fine."},
    )
    purpose = forms.CharField(
        label="What better life is it for?",
        max_length=2000,
        widget=forms.Textarea,
        help_text="Say it from the person’s side. You can say it again later.",
        error_messages={"required": "Say what better life it is for. One line is fine."},
    )
    team = forms.ModelChoiceField(label="Whose cycle is it?", queryset=Team.objects.none(), empty_label="Choose a team")
    scale = forms.ChoiceField(
        label="At which scale?", choices=SHARED_SCALES, initial=Scale.ORGANISATION, widget=forms.RadioSelect
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, must_answer=False, **kwargs)
        teams = teams_to_open_for(user)
        self.fields["team"].queryset = teams
        self.fields["team"].initial = next(iter(user.rights.teams), None)


class RemarkForm(AskForm):
    client_id = ClientId()
    text = forms.CharField(
        label="What do you see another way, or want to add?",
        max_length=4000,
        widget=forms.Textarea,
        help_text="The answer stays as it was given. Yours stands beside it.",
        error_messages={"required": "Say it in a few words."},
    )
    said_by = forms.CharField(
        label="Whose words are they?",
        max_length=Remark._meta.get_field("said_by").max_length,
        required=False,
        help_text="Leave it empty for your own. No full names of people you help.",
    )


class RhythmForm(AskForm):
    layouts = {"every": "down"}
    every = forms.ChoiceField(
        label="How often will you look at these again?", choices=Rhythm.Every.choices, widget=forms.RadioSelect
    )


class TwoDaysForm(CairnForm):
    """Two of the days on which something was said."""

    then = forms.DateField(required=False)
    now = forms.DateField(required=False)


# The place's own way


class WordForm(AskForm):
    version = Version()
    text = forms.CharField(
        label="How do you want to ask it here?",
        max_length=QuestionWording._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Answers given before keep the words they were given to.",
        error_messages={"required": "Write the question, or put the first words back."},
    )


class VersionForm(AskForm):
    version = Version()


class OwnQuestionForm(AskForm):
    client_id = ClientId()
    set_name = forms.ChoiceField(label="In which set?")
    text = forms.CharField(
        label="What do you want to ask?",
        max_length=Question._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It comes after the others of its set. It asks for words, never for a score.",
        error_messages={"required": "Write the question. One line is fine."},
    )

    def __init__(self, *args, sets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["set_name"].choices = [("", "Choose a set"), *((name, title_of(name)) for name in sets)]
