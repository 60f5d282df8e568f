"""What is asked about an issue. Only the description must be filled in; “not sure yet” is an answer everywhere."""

from functools import cache
from types import SimpleNamespace

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html

from cycles.lives.models import Case
from cycles.people.models import Agency, Team
from cycles.prepared import Given, Prepared, asking, someone
from hls.look.forms import CairnForm, CairnModelForm, DateInput
from issues.log.actions import Stays
from issues.log.models import FitAnswer, Issue, Level, OwnerTier, Response
from issues.log.permissions import cycles_to_raise_in

SAY_WHAT = "Say what is getting in the way. A few words is fine."
PLAIN_CHARS = {"required": SAY_WHAT}


def _told(word, gloss):
    return format_html("{} <small>{}</small>", word, gloss)


LEVEL_CHOICES = [
    (Level.IND, _told("Ind", "this person, this time")),
    (Level.SYS, _told("Sys", "how we work here")),
    (Level.MACRO, _told("Macro", "bigger than us")),
    ("", _told("I am not sure", "someone will help")),
]
OWNER_CHOICES = [
    (OwnerTier.TEAM, _told("Team", "we can do it ourselves")),
    (OwnerTier.LSHIP, _told("L’ship", "leaders must change it")),
    (OwnerTier.GOVT, _told("Govt", "government or another body")),
    ("", _told("I am not sure", "someone will help")),
]


def level_field():
    return forms.TypedChoiceField(
        label="Level",
        choices=LEVEL_CHOICES,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )


def owner_field():
    return forms.ChoiceField(
        label="Who owns the next step?", choices=OWNER_CHOICES, required=False, widget=forms.RadioSelect, initial=""
    )


def words_field(label, most, *, required=True, hint="", missing="", rows=3):
    """A box for words. How much fits is said when it is too much, not before: a thought has no length."""
    field = forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        validators=[MaxLengthValidator(most)],
        widget=forms.Textarea(attrs={"rows": rows}),
    )
    if missing:
        field.error_messages["required"] = missing
    return field


class VersionedForm(CairnForm):
    """An editor that says which version it began from. A number that is none counts as stale, not as an error."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_version(self):
        said = self.cleaned_data["version"]
        return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else -1


class OneOf(forms.ModelChoiceField):
    """A choice among rows. `find` gives the one with a key; the queryset is only needed where all are shown."""

    def __init__(self, **kwargs):
        super().__init__(queryset=None, **kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        found = self.find(int(value)) if value.isascii() and value.isdigit() and len(value) < 19 else None
        if not found:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found[0]


@cache
def _choices_of_raising():
    """The rows that someone may raise an issue for, by key; the SQL is put together once."""
    user, key = someone(), Given("key")
    return SimpleNamespace(
        cycle=Prepared(cycles_to_raise_in(user).filter(pk=key).select_related("place", "team")),
        case=Prepared(Case.objects.of(user).open().filter(pk=key)),
    )


class RaiseForm(CairnForm):
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    description = words_field(
        "What is getting in the way?",
        4000,
        hint="Say it the way you would to a colleague. Leave out names.",
        missing=SAY_WHAT,
    )
    cycle = OneOf(label="Which Learning Cycle?", empty_label=None)
    level = level_field()
    owner_tier = owner_field()
    countermeasure = words_field("Countermeasure (now)", 4000, required=False, hint="What gets round it today?", rows=2)
    system_change = words_field(
        "System change (new normal)", 4000, required=False, hint="What would fix it for good?", rows=2
    )
    case = OneOf(
        label="Whose life is it about?",
        required=False,
        empty_label="No one person",
        help_text="Only counted, never named in the log.",
    )
    is_barrier = forms.BooleanField(label="A barrier that leaders must remove", required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        for name, rows in vars(_choices_of_raising()).items():
            self.fields[name].find = lambda key, rows=rows: rows.rows(**asking(user), key=key)
        if not self.is_bound:
            self.fit_to_choices()

    def fit_to_choices(self):
        """Ask nothing that has one answer or none. Only a form that is shown needs it, so one that is sent skips it."""
        self.fields["cycle"].queryset = cycles_to_raise_in(self.user)
        self.fields["case"].queryset = Case.objects.of(self.user).open()
        cycles = list(self.fields["cycle"].queryset[:2])
        if len(cycles) == 1:
            self.fields["cycle"].widget = forms.HiddenInput()
            self.fields["cycle"].initial = cycles[0].pk
        self.can_raise = bool(cycles)
        if not self.fields["case"].queryset.exists():
            del self.fields["case"]

    def about(self):
        """What `raise_issue` is told."""
        said = dict(self.cleaned_data)
        if not said.get("client_id"):
            said.pop("client_id", None)
        return said


class EditForm(CairnModelForm):
    version = VersionedForm.base_fields["version"]

    class Meta:
        model = Issue
        fields = [
            "description",
            "who_affected",
            "what_they_face",
            "how_many",
            "kind",
            "domain",
            "is_barrier",
            "is_leverage",
            "leverage_note",
        ]
        widgets = {"kind": forms.RadioSelect, "domain": forms.RadioSelect}
        labels = {
            "description": "What is getting in the way?",
            "who_affected": "Who falls between the gaps?",
            "what_they_face": "What do they face?",
            "how_many": "How many are there?",
            "kind": "What kind is it?",
            "domain": "How do cause and effect go here?",
            "is_barrier": "A barrier that leaders must remove",
            "is_leverage": "A point of leverage: a change here would last",
            "leverage_note": "Who could push here, and how?",
        }
        error_messages = {"description": PLAIN_CHARS}

    clean_version = VersionedForm.clean_version

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("data-most", None)

    def clean(self):
        sent = super().clean()
        if sent.get("leverage_note") and not sent.get("is_leverage"):
            self.add_error("is_leverage", "Tick this too, or empty the box below it.")
        return sent

    def changes(self):
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class LevelForm(VersionedForm):
    level = level_field()
    owner_tier = owner_field()
    owner_agency = forms.ModelChoiceField(
        label="Which body?", queryset=None, required=False, empty_label="Not named", help_text="For Govt only."
    )
    why = words_field(
        "Say why, to the people who raised it",
        4000,
        required=False,
        hint="They get these words on their Today page.",
        rows=2,
    )

    def __init__(self, *args, issue, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner_agency"].queryset = Agency.objects.filter(place=issue.place_id)


class ResponseForm(VersionedForm):
    """Countermeasure and system change move separately, each with its own states."""

    text = words_field("What we do", 4000, missing="Say what it is. A few words is fine.")
    leaves_behind = words_field(
        "What it leaves behind",
        2000,
        required=False,
        hint="So that a way round is not taken for a fix.",
        rows=2,
    )
    state = forms.ChoiceField(label="How far is it?", choices=[], widget=forms.RadioSelect)
    in_place_on = forms.DateField(label="In place since", required=False, widget=DateInput)
    starts_on = forms.DateField(label="Starts on", required=False, widget=DateInput)
    owner = forms.ModelChoiceField(
        label="Who keeps it going?", queryset=None, required=False, empty_label="Nobody named yet"
    )
    review_on = forms.DateField(
        label="Look at it again on",
        required=False,
        widget=DateInput,
        help_text="So that a way round is not forgotten. It is asked about on that day.",
    )

    LABELS = {
        Response.Kind.COUNTERMEASURE: "What gets round it now?",
        Response.Kind.SYSTEM_CHANGE: "What will be normal from now on?",
    }

    def __init__(self, *args, kind, issue, **kwargs):
        super().__init__(*args, **kwargs)
        self.review_now = issue.review_on
        self.fields["text"].label = self.LABELS[kind]
        own = Q(pk__in=[issue.team_id, issue.held_by_id])
        self.fields["owner"].queryset = Team.objects.filter(
            own | ~Q(kind=Team.Kind.CORE), place=issue.place_id
        ).order_by("name")
        self.fields["state"].choices = [(state.value, state.label) for state in Response.STATES_OF[kind]]
        if kind == Response.Kind.COUNTERMEASURE:
            del self.fields["starts_on"]
        else:
            del self.fields["leaves_behind"], self.fields["review_on"]
            self.fields["owner"].label = "Which group has it in hand?"
            self.fields["owner"].help_text = "This asks nothing of them. To ask them, raise it to them as well."

    def clean_in_place_on(self):
        day = self.cleaned_data["in_place_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("That day has not come yet. Choose “Agreed” or “Being tried” until it does.")
        return day

    def clean_review_on(self):
        """One that has passed may stay while other words change; a new one is still to come."""
        day = self.cleaned_data["review_on"]
        if day and day < timezone.localdate() and day != self.review_now:
            raise forms.ValidationError("Choose a day that is still to come.")
        return day

    def clean(self):
        said = super().clean()
        if said.get("state") in self.NOT_YET:
            said["in_place_on"] = None
        return said

    NOT_YET = (
        Response.State.WORKING_OUT,
        Response.State.WITH_GROUP,
        Response.State.AGREED,
        Response.State.TRYING,
    )

    def about(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class CloseForm(CairnForm):
    how = forms.ChoiceField(
        label="How does it end?",
        choices=[choice for choice in Issue.ClosedHow.choices if choice[0] != Issue.ClosedHow.IMPORTED],
        widget=forms.RadioSelect,
    )
    countermeasure = forms.ChoiceField(
        label="What happens to the countermeasure?", choices=Stays.choices, required=False, widget=forms.RadioSelect
    )
    words = words_field(
        "What happened?",
        4000,
        required=False,
        hint="It goes back to everyone who raised it or saw it.",
    )

    def __init__(self, *args, issue, **kwargs):
        """`issue` is the one that ends: what it has no countermeasure for is not asked."""
        super().__init__(*args, **kwargs)
        if issue.countermeasure_state not in (Response.State.TRYING, Response.State.IN_PLACE):
            del self.fields["countermeasure"]
        elif issue.countermeasure_state == Response.State.IN_PLACE:
            self.fields["countermeasure"].initial = Stays.YES


class ReopenForm(CairnForm):
    why = words_field("What is still getting in the way?", 4000, missing="Say what is still getting in the way.")


class SeenForm(CairnForm):
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    team = forms.ModelChoiceField(label="Seen with which team?", queryset=None, empty_label=None)
    words = words_field(
        "What did you see?",
        4000,
        hint="One sentence is plenty. It stays with your team.",
        missing="Say what you saw. One sentence is plenty.",
        rows=2,
    )
    case = forms.ModelChoiceField(
        label="Whose life is it about?",
        queryset=None,
        required=False,
        empty_label="No one person",
        help_text="Only counted, never named in the log.",
    )
    quote = words_field(
        "A quote to share, with names taken out",
        1000,
        required=False,
        hint="Only if you want others to read it: everyone who can see this issue will. You can take it back.",
        rows=2,
    )

    def __init__(self, *args, user, place, **kwargs):
        super().__init__(*args, **kwargs)
        teams = Team.objects.filter(place=place, pk__in=user.rights.teams)
        self.fields["team"].queryset = teams
        if len(teams) == 1:
            self.fields["team"].widget = forms.HiddenInput()
            self.fields["team"].initial = teams[0].pk
        self.fields["case"].queryset = Case.objects.of(user).open()
        if not self.fields["case"].queryset.exists():
            del self.fields["case"]


class QuoteForm(CairnForm):
    quote = words_field(
        "The words others may read",
        1000,
        required=False,
        hint="Take names out first. Leave it empty to take the quote back everywhere.",
        rows=2,
    )


class EscalateForm(CairnForm):
    to_team = forms.ModelChoiceField(label="Which group can act?", queryset=None, empty_label=None)
    why = words_field(
        "What stopped you changing it here?",
        4000,
        hint="The group reads this, and so does everyone who raised it.",
        missing="Say what stopped you changing it here.",
    )
    asks = words_field(
        "What are you asking them to decide?",
        1000,
        hint="A question they can answer with yes or no works best.",
        missing="Say what you are asking them to decide.",
        rows=2,
    )
    level = level_field()

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_team"].queryset = groups


class FitForm(CairnForm):
    fits = forms.ChoiceField(label="Does this fix it?", choices=FitAnswer.Fits.choices, widget=forms.RadioSelect)
    words = words_field("What is still in the way?", 2000, required=False, rows=2)
