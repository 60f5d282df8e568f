from django import forms

from cycles.asking import AskForm, AskModelForm, ClientId, Version
from cycles.experiments.models import Experiment
from cycles.lessons.models import Lesson
from cycles.measures.drawing import FEW, period, said
from cycles.measures.models import Reading
from cycles.statements.models import Evidence, Statement
from cycles.stories.models import Story

MOST = 60  # choices in one list: the newest; older things are quoted in words


class StatementForm(AskModelForm):
    layouts = {"sure": "even"}

    class Meta:
        model = Statement
        fields = ["text", "sure", "would_change", "experiment"]
        labels = {
            "text": "What do you think you learned?",
            "sure": "How sure are you?",
            "would_change": "What would change your minds?",
            "experiment": "From which experiment?",
        }
        help_texts = {
            "text": "One thing, so plainly that it could turn out wrong.",
            "would_change": "If you saw this, you would think again.",
        }
        widgets = {"sure": forms.RadioSelect}
        error_messages = {"text": {"required": "Say what you think you learned. One line is fine."}}

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["rows"] = 3
        self.fields["experiment"].queryset = Experiment.objects.filter(cycle=cycle)
        self.fields["experiment"].empty_label = "The whole cycle"
        if not Experiment.objects.filter(cycle=cycle).exists():
            del self.fields["experiment"]


class NewStatementForm(StatementForm):
    client_id = ClientId()


class EditStatementForm(StatementForm):
    version = Version()
    why = forms.CharField(label="What made you say it anew?", max_length=2000, required=False, widget=forms.Textarea)

    def beside(self, current):
        """An experiment that someone else chose is shown by its name."""
        label = self["experiment"].label if "experiment" in self.fields else None
        for row in super().beside(current):
            yield row | ({"theirs": str(current.experiment or "The whole cycle")} if row["label"] == label else {})


class EvidenceForm(AskForm):
    """One thing at a time, chosen or in words."""

    layouts = {"side": "even"}
    client_id = ClientId()
    side = forms.ChoiceField(
        label="Does it speak for it or against it?",
        choices=[(Evidence.Side.FOR, "For it"), (Evidence.Side.AGAINST, "Against it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one. Both teach."},
    )
    text = forms.CharField(
        label="In your own words",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Or choose something below that says it. Leave names out.",
    )
    reading = forms.ModelChoiceField(
        Reading.objects.none(), label="An answer to a measure", required=False, empty_label="None"
    )
    story = forms.ModelChoiceField(Story.objects.none(), label="A story", required=False, empty_label="None")
    lesson = forms.ModelChoiceField(Lesson.objects.none(), label="A lesson", required=False, empty_label="None")
    reopens = forms.BooleanField(
        label="It makes us think again: open the statement again",
        required=False,
        help_text="Only for something that speaks against it.",
    )

    def __init__(self, *args, statement, user, **kwargs):
        super().__init__(*args, **kwargs)
        cycle = statement.cycle_id
        # An answer that fewer than five stand behind may point to someone: it stays with its measure.
        readings = Reading.objects.that_stand().filter(measure__cycle=cycle).exclude(n__gt=0, n__lt=FEW)
        stories = Story.objects.visible_to(user).filter(cycle=cycle, withdrawn_on=None)
        self._offer("reading", readings.select_related("measure").order_by("-period_end", "-pk"), _of_reading)
        self._offer("story", stories.exclude(checked_by_teller_on=None), lambda story: story.title)
        self._offer("lesson", Lesson.objects.filter(cycle=cycle), lambda lesson: lesson.text[:90])
        if statement.state != Statement.State.STANDING:
            del self.fields["reopens"]

    def _offer(self, name, found, label):
        newest = list(found[:MOST])
        if not newest:
            del self.fields[name]
            return
        self.fields[name].queryset = found.model.objects.filter(pk__in=[row.pk for row in newest])
        self.fields[name].choices = [("", "None"), *((row.pk, label(row)) for row in newest)]


def _of_reading(reading):
    return f"{reading.measure.question} {period(reading)}: {said(reading)}"[:140]


class WhyForm(AskForm):
    why = forms.CharField(
        label="What made you think again?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what made you think again. One line is fine."},
    )


class SettleForm(AskForm):
    layouts = {"state": "down"}
    state = forms.ChoiceField(
        label="We talked about it, and now",
        choices=[
            (Statement.State.STANDING, "It stands, as it is said here"),
            (Statement.State.SET_ASIDE, "We set it aside: we do not think so any more"),
        ],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label="Because",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why. It is how others learn from it."},
    )
