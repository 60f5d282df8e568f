"""One form for each thing that can be made of a sentence; the words are there already."""

from django import forms
from django.utils import timezone
from django.utils.text import Truncator

from cycles.asking import AskForm, ClientId
from cycles.lessons.models import Lesson
from cycles.lives.models import Case
from cycles.measures.models import Measure
from cycles.people.models import User
from debriefs.record.models import FollowUp
from debriefs.record.notes import NOTED, people_of
from debriefs.record.panels import LEVEL_HINTS
from debriefs.threads import actions
from hls.look.forms import DateInput
from issues.log.models import Level, OwnerTier

NEW = "No, this is new"


class MakeForm(AskForm):
    """`of`: the answer, the words picked from it, and who picks."""

    client_id = ClientId()

    def __init__(self, *args, answer, words, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.answer, self.words, self.user = answer, words, user
        if self.takes_words:
            self.fields[self.takes_words].initial = words
        self.prepare(answer.debrief)

    takes_words = ""

    def prepare(self, debrief):
        """Fill the choices."""

    def lives(self):
        return Case.objects.of(self.user).filter(cycle__team=self.answer.debrief.team_id).open().select_related("cycle")

    def make(self, said):
        return self.act(answer=self.answer, words=self.words, by=self.user, **said)


def life_field():
    return forms.ModelChoiceField(
        Case.objects.none(), label="Whose life is this about?", required=False, empty_label="No one person"
    )


class IssueOf(MakeForm):
    takes_words = "description"
    layouts = {"same": "down", "level": "even", "owner_tier": "even"}
    act = staticmethod(actions.make_issue)

    same = forms.ModelChoiceField(
        None, label="Have we seen it before?", required=False, empty_label=NEW, widget=forms.RadioSelect
    )
    description = forms.CharField(
        label="What is getting in the way?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Take names out: everyone who works on it reads this.",
    )
    level = forms.TypedChoiceField(
        label="Level",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            *((level.value, f"{level.label}: {LEVEL_HINTS[level]}") for level in Level),
            ("", "Not sure yet"),
        ],
        widget=forms.RadioSelect,
    )
    owner_tier = forms.ChoiceField(
        label="Who owns the next step?",
        required=False,
        choices=[*OwnerTier.choices, ("", "Not sure yet")],
        widget=forms.RadioSelect,
    )
    case = life_field()
    countermeasure = forms.CharField(
        label="Countermeasure (now)", help_text="What gets round it today?", max_length=4000, required=False
    )
    system_change = forms.CharField(
        label="System change (new normal)", help_text="What would fix it for good?", max_length=4000, required=False
    )

    def __init__(self, *args, similar=(), seen=None, **kwargs):
        self.similar, self.seen = list(similar), seen
        super().__init__(*args, **kwargs)

    def prepare(self, debrief):
        self.fields["case"].queryset = self.lives()
        if not self.similar:
            del self.fields["same"]
            return
        same = self.fields["same"]
        same.queryset = self.seen
        same.to_field_name = "number"
        same.help_text = "Picking one adds these words to it, which makes it stronger."
        same.choices = [*((i.number, f"Yes, {i.ref}: “{i.description}”") for i in self.similar), ("", NEW)]
        same.initial = self.similar[0].number


class LessonOf(MakeForm):
    takes_words = "text"
    layouts = {"same": "down", "direction": "down"}
    act = staticmethod(actions.make_lesson)

    same = forms.ModelChoiceField(
        Lesson.objects.none(),
        label="Have we noted it before?",
        required=False,
        empty_label=NEW,
        widget=forms.RadioSelect,
        help_text="Picking one says your team saw it again.",
    )
    text = forms.CharField(label="What did we learn?", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    direction = forms.ChoiceField(
        label="Who else should hear it?",
        choices=Lesson.Hear.choices,
        initial=Lesson.Hear.US,
        widget=forms.RadioSelect,
    )

    def prepare(self, debrief):
        noted = list(Lesson.objects.filter(cycle=debrief.cycle_id).only("text", "cycle")[:NOTED])
        if not noted:
            del self.fields["same"]
            return
        self.fields["same"].queryset = Lesson.objects.filter(cycle=debrief.cycle_id)
        self.fields["same"].choices = [("", NEW), *((row.pk, Truncator(row.text).chars(90)) for row in noted)]


class ReadingOf(MakeForm):
    takes_words = "said"
    layouts = {"measure": "down"}
    act = staticmethod(actions.make_reading)

    measure = forms.ModelChoiceField(
        Measure.objects.none(), label="Which question does it answer?", empty_label=None, widget=forms.RadioSelect
    )
    said = forms.CharField(label="What it says", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    value = forms.DecimalField(
        label="A number, if it gives one", required=False, max_digits=14, decimal_places=2, min_value=0
    )

    def prepare(self, debrief):
        found = measures_of(self.user, debrief)
        self.fields["measure"].queryset = found
        self.fields["measure"].choices = [(row.pk, row.question) for row in found]


def measures_of(user, debrief):
    return Measure.objects.visible_to(user).filter(cycle=debrief.cycle_id, retired_on=None)


class StoryOf(MakeForm):
    takes_words = "body"
    act = staticmethod(actions.make_story)

    title = forms.CharField(label="What do you call it?", max_length=160)
    body = forms.CharField(
        label="The story, as they tell it", max_length=12000, widget=forms.Textarea(attrs={"rows": 5})
    )
    told_by = forms.CharField(
        label="Who tells it?", max_length=60, required=False, help_text="The name they choose, if any."
    )
    case = life_field()

    def prepare(self, debrief):
        self.fields["case"].queryset = self.lives()


class FollowUpOf(MakeForm):
    takes_words = "text"
    layouts = {"audience": "even"}
    act = staticmethod(actions.make_follow_up)

    text = forms.CharField(label="What happens now?", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    audience = forms.ChoiceField(
        label="For whom?",
        choices=FollowUp.Audience.choices,
        initial=FollowUp.Audience.STAFF,
        widget=forms.RadioSelect,
    )
    owner = forms.ChoiceField(label="Who does it?", required=False)
    due_on = forms.DateField(label="By when?", required=False, widget=DateInput)

    def prepare(self, debrief):
        people = people_of(debrief.team, timezone.localdate())
        self.fields["owner"].choices = [("", "No one yet"), *((str(pk), label) for pk, label, _ in people)]

    def clean_owner(self):
        chosen = self.cleaned_data["owner"]
        return User.objects.get(pk=chosen) if chosen else None
