"""The notes of a debrief as one form: the sandwich, and what can be made of each answer without typing it again."""

import uuid
from dataclasses import dataclass, field

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property

from cycles.drafts.keeping import words_of as typed_words
from cycles.lessons.models import Lesson
from cycles.lives.models import Case
from cycles.measures.models import Measure
from cycles.people.models import Role
from cycles.questions.models import Question
from cycles.questions.wording import in_words_of
from debriefs.learning.boxes import MOST as STATEMENTS_MOST
from debriefs.learning.boxes import PROMPTS as SPEAK_AT
from debriefs.learning.boxes import panel as speak_panel
from debriefs.learning.queries import spoken_from, statements_to_speak_to
from debriefs.record.models import Debrief, FollowUp, Produced
from debriefs.record.panels import IssueAdd, LessonAdd, MeasureAdd
from debriefs.tags.boxes import TAG_ENDS, TAG_NEEDS_WORDS, boxes_of, guides_to_tag, tag_boxes, ticked_in, ticks_of
from hls.look.forms import CairnForm
from hls.look.forms import _be_kind as be_kind

ANSWER_MOST = 12000
NOTED = 5
NEXT = {f"next-{audience.value}": audience for audience in FollowUp.Audience}
SINCE = "since-"
BELIEF = "belief"

PROMPTS = {
    Debrief.Kind.REGULAR: ["debrief.now", "debrief.need", "debrief.well", "debrief.learn", "debrief.belief"],
    Debrief.Kind.HOT: ["hot.issue", "debrief.need", "debrief.learn"],
    Debrief.Kind.CONFIRMATION: [],  # it asks of each guide, on a page of its own
}
SHOW_TIMES = ["now", "need", "well", "learn", "belief", "issue", "next"]
BAND_WORDS = {"pragmatic": ("Pragmatic", "what is going on"), "reflective": ("Reflective", "how it is, what we learn")}


def name_of(question):
    """`debrief.now` is typed into the box `now`."""
    return question.key.partition(".")[2]


def questions_for(debrief):
    """As the place words them: now, or when they were written up."""
    asked = in_words_of(debrief.place_id, debrief.written_up_at, key__in=PROMPTS[debrief.kind])
    found = {q.key: q for q in asked}
    return [found[key] for key in PROMPTS[debrief.kind] if key in found]


def people_of(team, today):
    """Who is in the team today, with the word for their part: [(id, label, role)], one row a person."""
    rows = (
        team.memberships.active(today)
        .filter(user__is_active=True)
        .order_by("user__short_name", "user")
        .values_list("user", "user__short_name", "user__name", "role")
    )
    people = {}
    for pk, short, name, role in rows:
        said = {Role.OP_LEAD: ", op lead", Role.RECORDER: ", recorder"}.get(role, "")
        if pk not in people or said:
            people[pk] = (pk, f"{short or name}{said}", role)
    return list(people.values())


class NotesForm(CairnForm):
    """Every box may stay empty."""

    def __init__(self, *args, questions, people, cases, since, guides=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.tagged = []
        for question in questions:
            self.fields[name_of(question)] = forms.CharField(
                label=question.text,
                required=False,
                max_length=4000 if name_of(question) == BELIEF else ANSWER_MOST,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            if guides and name_of(question) != BELIEF:  # a tag is counted with its debrief, and belief stays alone
                self.tagged.append(name_of(question))
                self.fields |= tag_boxes(name_of(question), guides)
        for name, audience in NEXT.items():
            self.fields[name] = forms.CharField(label=audience.label, required=False, max_length=2000)
        for follow_up in since:
            self.fields[f"{SINCE}{follow_up.pk}"] = forms.ChoiceField(
                label=follow_up.text,
                required=False,
                choices=[
                    (FollowUp.State.DONE, "Done"),
                    (FollowUp.State.TO_DO, "Not yet"),
                    (FollowUp.State.NO_NEED, "No need"),
                ],
                widget=forms.RadioSelect,
            )
        self.fields["present"] = forms.MultipleChoiceField(
            label="Who is in this debrief?",
            required=False,
            choices=[(str(pk), label) for pk, label, _ in people],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["recorder"] = forms.ChoiceField(
            label="Recorder",
            required=False,
            help_text="The recorder tidies the notes and fills in the measures, so you do not have to.",
            choices=[("", "No one yet"), *((str(pk), label) for pk, label, _ in people)],
        )
        if cases:
            self.fields["cases"] = forms.MultipleChoiceField(
                label="Whose lives did you talk about?",
                required=False,
                choices=[(str(case.pk), case.alias) for case in cases],
                widget=forms.CheckboxSelectMultiple,
            )
        for one in self.fields.values():
            be_kind(one)

    def clean(self):
        found = super().clean()
        for name in self.tagged:
            ticked = any(found.get(box) for box in boxes_of(name))
            if ticked and not found.get(name) and name not in self.errors:
                self.add_error(name, TAG_NEEDS_WORDS)
        return found

    def typed(self):
        """The cleaned words, without the boxes left empty."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", [], None)}


MANY = {"present", "cases"}


def is_tag(name):
    return name.endswith(TAG_ENDS)


def words_of(data):
    return typed_words(data, is_many=lambda name: name in MANY or is_tag(name))


@dataclass
class Prompt:
    number: int
    name: str
    question: Question
    box: object
    issue: object = None
    lesson: object = None
    measures: list = field(default_factory=list)
    made: list = field(default_factory=list)
    is_open: str = ""
    speak: object = None  # the panel that speaks to what we think we learned
    spoken: list = field(default_factory=list)
    tags: object = None  # the ticks for guides that helped, and that blocked
    kept_at: object = None  # when its words were last kept

    @property
    def band(self):
        return self.question.layer


class Notes:
    """All that the page of notes needs: the form, its panels, what was made already, read in a handful of queries.

    `shown=False` is for notes that are only checked: then nothing is read that was not sent.
    """

    def __init__(self, debrief, user, contribution=None, data=None, today=None, shown=True):
        self.debrief, self.user, self.contribution = debrief, user, contribution
        self.data = data
        self.words = (contribution.draft.get("words", {}) if contribution else {}) if data is None else words_of(data)
        today = today or timezone.localdate()

        def asked(*names):
            return shown or any(word.startswith(names) for word in self.words)

        self.questions = questions_for(debrief)
        self.people = people_of(debrief.team, today) if asked("present", "recorder") else []
        self.cases = self._cases() if asked("cases") else []
        self.since = list(since_last_time(debrief, user)) if asked(SINCE) else []
        self.form = NotesForm(
            data,
            initial=self._initial() if data is None else None,
            questions=self.questions,
            people=self.people,
            cases=self.cases,
            since=self.since,
            guides=self.guides if shown or ticked_in(self.words) else (),
        )

    @cached_property
    def noted(self):
        """ "I saw this too": a lesson that was noted lately is fed by this debrief as well."""
        return list(Lesson.objects.filter(cycle=self.debrief.cycle_id).only("text")[:NOTED])

    def _cases(self):
        return list(Case.objects.of(self.user).filter(cycle__team=self.debrief.team_id).open().only("alias"))

    @cached_property
    def measures(self):
        if self.debrief.kind != Debrief.Kind.REGULAR:
            return []
        asked = Measure.objects.visible_to(self.user).filter(cycle=self.debrief.cycle_id, asked_in_debriefs=True)
        return list(asked.filter(retired_on=None))

    def _initial(self):
        recorder = self.debrief.recorder_id
        if recorder is None:
            recorder = next((pk for pk, _, role in self.people if role == Role.RECORDER), "")
        base = {
            "present": [str(self.user.pk), *(str(pk) for pk in self._there())],
            "recorder": str(recorder or ""),
            "cases": [],
        }
        return base | self.words

    def _there(self):
        return self.debrief.present.values_list("pk", flat=True) if self.debrief.pk else []

    @cached_property
    def made(self):
        """What came of these notes already: {box name: [Produced]}, measures by their pk."""
        made = {}
        if self.contribution is None:
            return made
        rows = Produced.objects.filter(contribution=self.contribution).select_related(
            "question", "sighting__issue", "lesson"
        )
        for row in rows:
            if row.question:
                made.setdefault(name_of(row.question), []).append(row)
        return made

    @cached_property
    def statements(self):
        """What the cycle thinks it learned: an answer may speak for it or against it."""
        return list(statements_to_speak_to(self.debrief)[:STATEMENTS_MOST])

    def answered_measures(self):
        if self.contribution is None or not self.measures:
            return set()
        ids = {measure_id(self.contribution, measure): measure.pk for measure in self.measures}
        return {ids[one] for one in Produced.objects.filter(client_id__in=ids).values_list("client_id", flat=True)}

    def panel(self, kind, name, *, similar=(), bound=False):
        """The add form of one kind under one prompt; bound to what was sent when it is the one being added."""
        prefix = f"{name}-{kind}"
        initial = {key.removeprefix(prefix + "-"): value for key, value in self.words.items() if key.startswith(prefix)}
        initial.setdefault("client", uuid.uuid4())
        more = {"similar": similar, "cases": self.cases} if kind == "issue" else {"noted": self.noted}
        form = IssueAdd if kind == "issue" else LessonAdd
        if kind == "lesson":
            initial.setdefault("direction", Lesson.Hear.US)
        if kind == "issue":
            initial.setdefault("same", similar[0].ref if similar else "")
        return form(self.data if bound else None, initial=initial, prefix=prefix, **more)

    def measure_panel(self, measure, *, bound=False):
        prefix = f"measure-{measure.pk}"
        initial = {key.removeprefix(prefix + "-"): value for key, value in self.words.items() if key.startswith(prefix)}
        return MeasureAdd(self.data if bound else None, initial=initial, prefix=prefix, measure=measure)

    def prompts(self, *, replaced=None, is_open=""):
        """The prompts in their order. `replaced` holds panels with problems, by prefix; `is_open` is one left open."""
        replaced = replaced or {}
        answered = self.answered_measures()
        found, spoken = [], spoken_from(self.contribution) if self.statements else {}
        for number, question in enumerate(self.questions, start=1):
            name = name_of(question)
            prompt = Prompt(number, name, question, self.form[name], made=self.made.get(name, []), is_open=is_open)
            prompt.kept_at = self.times.get(name)
            if name != BELIEF:  # what is made of an answer has an author, and belief has none
                prompt.issue = replaced.get(f"{name}-issue") or self.panel("issue", name)
                prompt.lesson = replaced.get(f"{name}-lesson") or self.panel("lesson", name)
                prompt.tags = ticks_of(self.form, name, self.guides) if name in self.form.tagged else None
            if name in SPEAK_AT and self.statements:
                prefix = f"{name}-speak"
                prompt.speak = replaced.get(prefix) or speak_panel(self.statements, prefix, self.words)
                prompt.spoken = spoken.get(question.pk, [])
            if name == "need":
                prompt.measures = [
                    (m, m.pk in answered, replaced.get(f"measure-{m.pk}") or self.measure_panel(m))
                    for m in self.measures
                ]
            found.append(prompt)
        return found

    def bands(self, **more):
        """[(band, name, gloss, prompts)] as the sandwich is laid: what is going on, then how it is."""
        bands = []
        for prompt in self.prompts(**more):
            if not bands or bands[-1]["key"] != prompt.band:
                title, gloss = BAND_WORDS[prompt.band]
                bands.append({"key": prompt.band, "title": title, "gloss": gloss, "prompts": []})
            bands[-1]["prompts"].append(prompt)
        return bands

    @cached_property
    def times(self):
        return times_shown(self.contribution)

    def next_fields(self):
        return [self.form[name] for name in NEXT]

    def since_fields(self):
        return [self.form[f"{SINCE}{follow_up.pk}"] for follow_up in self.since]

    @property
    def who_sees(self):
        return (
            f"When you share, {self.debrief.team} can read this. "
            "Leaders see the issues and the learning, never who said what."
        )

    @cached_property
    def guides(self):
        """Those in force, the team's own among them; and one retired since it was ticked here."""
        return guides_to_tag(self.user, self.debrief.cycle, ticked_in(self.words))


def labels_of(debrief):
    """{box: what it asks}, in the standard words: a place's own are for those who are in it."""
    asked = in_words_of(None, key__in=PROMPTS[debrief.kind])
    return {name_of(question): question.text for question in asked} | {
        name: audience.label for name, audience in NEXT.items()
    }


def since_last_time(debrief, user):
    """What earlier debriefs of this team said would happen, and nobody has answered yet; the newest ten."""
    return (
        FollowUp.objects.visible_to(user)
        .filter(debrief__team=debrief.team_id, debrief__cycle=debrief.cycle_id, state=FollowUp.State.TO_DO)
        .exclude(debrief=debrief.pk)
        .filter(debrief__planned_for__lt=debrief.planned_for)
        .order_by("-debrief__planned_for", "pk")[:10]
    )


def times_shown(contribution):
    """{prompt: when its words were kept}, for the prompts that have a place for it on the page."""
    times = contribution.draft.get("times", {}) if contribution else {}
    shown = {name: parse_datetime(times[name]) for name in SHOW_TIMES if name in times}
    return {name: at for name, at in shown.items() if at}


def measure_id(contribution, measure):
    """One answer of one author to one measure in one debrief, without naming the author in the row."""
    return uuid.uuid5(contribution.client_id, f"measure-{measure.pk}")
