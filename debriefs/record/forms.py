from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone

from cycles.guides.models import Guide
from cycles.lives.models import Case
from cycles.people.models import User
from cycles.stack.models import LearningCycle
from debriefs.plans.forms import cycles_of
from debriefs.plans.when import moment
from debriefs.record.models import FollowUp
from debriefs.record.notes import people_of
from debriefs.record.panels import QuietForm
from debriefs.tags.boxes import boxes_of, tag_boxes, ticks_of
from hls.look.forms import CairnForm, DateInput, TimeInput

FIRST_THING = time(9)
LATER_TODAY = time(16, 30)
NOW, TODAY, TOMORROW = "now", "today", "tomorrow"


class NewForm(CairnForm):
    cycle = forms.ModelChoiceField(LearningCycle.objects.none(), label="Learning Cycle", empty_label=None)
    on = forms.DateField(label="On which day?", widget=DateInput)
    at = forms.TimeField(
        label="At what time?", widget=TimeInput, error_messages={"invalid": "Write a time, like 09:30."}
    )
    where = forms.CharField(label="Where?", max_length=120, required=False)
    case = forms.ModelChoiceField(
        Case.objects.none(),
        label="Is it about one person’s life?",
        required=False,
        empty_label="No one person",
        help_text="What has happened there lies beside the prompts, for those alongside alone.",
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, team, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = cycles_of(team)
        self.fields["case"].queryset = Case.objects.of(user).filter(cycle__team=team).open()

    def clean_on(self):
        on, today = self.cleaned_data["on"], timezone.localdate()
        if on > today + timedelta(days=366):
            raise forms.ValidationError("Choose a day in the next year.")
        if on < today - timedelta(days=31):
            raise forms.ValidationError("Choose a day in the last month, or later.")
        return on

    def planned_for(self):
        return moment(self.cleaned_data["on"], self.cleaned_data["at"])


class HotForm(QuietForm):
    """One issue; one box is enough (DOMAIN.md 25)."""

    issue = forms.CharField(
        label="What is happening?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what can’t wait. A few words is fine."},
    )
    need = forms.CharField(
        label="What do you need?", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    learn = forms.CharField(
        label="What did you learn? What needs to be figured out?",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    when = forms.ChoiceField(label="When?", widget=forms.RadioSelect)
    asked = forms.MultipleChoiceField(
        label="Who do you need there?", required=False, widget=forms.CheckboxSelectMultiple
    )
    case = forms.ModelChoiceField(
        Case.objects.none(), label="Whose life is this about?", required=False, empty_label="No one person"
    )
    raises = forms.BooleanField(label="Put it in the issue log too", required=False)
    cycle = forms.ModelChoiceField(LearningCycle.objects.none(), label="Learning Cycle", empty_label=None)
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, team, user, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = timezone.localtime(now)
        others = [(str(pk), label) for pk, label, _ in people_of(team, self.now.date()) if pk != user.pk]
        self.fields["asked"].choices = others
        self.fields["when"].choices = self._times()
        self.fields["cycle"].queryset = cycles_of(team)
        self.fields["case"].queryset = Case.objects.of(user).filter(cycle__team=team).open()
        self.guides = list(
            Guide.objects.visible_to(user).of_team(team).in_force(self.now.date()).in_order().select_related("cycle")
        )
        if self.guides:
            self.fields |= tag_boxes("issue", self.guides)
        self.initial |= {"when": NOW, "asked": [pk for pk, _ in others]} | self.initial

    def ticks(self):
        return ticks_of(self, "issue", self.guides) if self.guides else None

    def words(self):
        """What was said, and what was ticked beside it."""
        sent = self.cleaned_data
        return {name: sent[name] for name in ("issue", "need", "learn", *boxes_of("issue")) if name in sent}

    def _times(self):
        later = [(TODAY, "Today, 4:30pm")] if self.now.time() < LATER_TODAY else []
        # It stays open for a day, so tomorrow's first thing is offered only where it comes within one.
        tomorrow = [(TOMORROW, "First thing tomorrow")] if self.now.time() >= FIRST_THING else []
        return [(NOW, "Now, by phone"), *later, *tomorrow]

    def clean_asked(self):
        return list(User.objects.filter(pk__in=self.cleaned_data["asked"]))

    def at(self):
        when, day = self.cleaned_data["when"], self.now.date()
        if when == TODAY:
            return moment(day, LATER_TODAY)
        if when == TOMORROW:
            return moment(day + timedelta(days=1), FIRST_THING)
        return datetime.now(tz=timezone.get_current_timezone()).replace(second=0, microsecond=0)


class LaterForm(CairnForm):
    text = forms.CharField(label="What do you want to add?", max_length=8000, widget=forms.Textarea(attrs={"rows": 3}))
    client_id = forms.UUIDField(widget=forms.HiddenInput)


class MissedForm(CairnForm):
    words = forms.CharField(
        label="What got in the way?",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="No one is at fault. It helps us plan better.",
    )


class FollowUpForm(CairnForm):
    state = forms.ChoiceField(choices=FollowUp.State.choices)


class SearchForm(CairnForm):
    q = forms.CharField(
        label="Find words in your team’s debriefs",
        max_length=200,
        error_messages={"required": "Write a word to look for."},
    )


class EditForm(CairnForm):
    """One box for each answer that may be put right, and for each prompt left out."""

    def __init__(self, *args, answers, missing, **kwargs):
        super().__init__(*args, **kwargs)
        self.answers, self.missing = answers, missing
        for answer in answers:
            self.fields[f"answer-{answer.pk}"] = forms.CharField(
                label=answer.question.text,
                max_length=12000,
                widget=forms.Textarea(attrs={"rows": 3}),
                initial=answer.text,
                error_messages={"required": "Words that were shared can be changed, not emptied."},
            )
            self.fields[f"version-{answer.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=answer.version, min_value=0, max_value=32000
            )
        for question in missing:
            self.fields[f"more-{question.pk}"] = forms.CharField(
                label=question.text, required=False, max_length=12000, widget=forms.Textarea(attrs={"rows": 2})
            )
