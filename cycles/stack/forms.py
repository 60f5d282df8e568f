from django import forms
from django.db.models import Q
from django.utils import timezone

from cycles.asking import AskForm, AskModelForm, ClientId, Version
from cycles.people.models import Membership, Role, Team, User
from cycles.stack.models import LearningCycle, Scale, Stage

SHARED_SCALES = [choice for choice in Scale.choices if choice[0] != Scale.PERSON]


def stewards_of(places):
    held = Membership.objects.active(timezone.localdate()).filter(role=Role.STEWARD, place__in=places)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name")


def teams_to_open_for(user):
    rights = user.rights
    return Team.objects.filter(Q(pk__in=rights.teams) | Q(place__in=rights.stewards)).order_by("name")


class CycleForm(AskModelForm):
    layouts = {"scale": "even"}
    client_id = ClientId()
    is_draft = forms.BooleanField(
        label="It is only a draft for now", required=False, help_text="You can start it when you are ready."
    )

    class Meta:
        model = LearningCycle
        fields = ["title", "purpose", "old_purpose", "scale", "team", "steward", "theme"]
        labels = {
            "title": "What will you call it?",
            "purpose": "What better life is it for?",
            "old_purpose": "What purpose do we really work to now?",
            "scale": "At which scale?",
            "team": "Whose cycle is it?",
            "steward": "Who looks after it?",
            "theme": "What is it about?",
        }
        help_texts = {
            "purpose": "Say it from the person’s side. You can say it again later.",
            "old_purpose": "Old and new stand side by side on the page. Be honest: it is not a trap.",
            "steward": "A system steward of the place. You can choose later.",
            "theme": "A word or two, such as debt or loneliness.",
        }
        widgets = {"scale": forms.RadioSelect, "purpose": forms.Textarea, "old_purpose": forms.Textarea}
        error_messages = {
            "title": {"required": "Give it a name. A few words is fine."},
            "purpose": {"required": "Say what better life it is for. One line is fine."},
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        teams = teams_to_open_for(user)
        self.fields["team"].queryset = teams
        self.fields["team"].initial = next(iter(user.rights.teams), None)
        self.fields["team"].empty_label = "Choose a team"
        self.fields["steward"].queryset = stewards_of(user.rights.places)
        self.fields["steward"].empty_label = "Not sure yet"
        self.fields["scale"].choices = SHARED_SCALES

    def clean(self):
        found = super().clean()
        steward, team = found.get("steward"), found.get("team")
        if steward and team and not stewards_of([team.place_id]).filter(pk=steward.pk).exists():
            self.add_error("steward", "Choose a steward of that team’s place.")
        return found


class CycleEditForm(AskModelForm):
    layouts = {"scale": "even", "domain": "even"}
    version = Version()

    class Meta:
        model = LearningCycle
        fields = ["title", "theme", "scale", "domain", "steward"]
        labels = {
            "title": "What is it called?",
            "theme": "What is it about?",
            "scale": "At which scale?",
            "domain": "How do cause and effect go together here?",
            "steward": "Who looks after it?",
        }
        help_texts = {
            "domain": "Simple: anyone can see it. Complicated: experts can work it out. "
            "Complex: you only see it by trying. Chaotic: act first.",
        }
        widgets = {"scale": forms.RadioSelect, "domain": forms.RadioSelect}

    def __init__(self, *args, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["steward"].queryset = stewards_of([place])
        self.fields["steward"].empty_label = "Not sure yet"
        self.fields["scale"].choices = SHARED_SCALES


class PurposeForm(AskModelForm):
    version = Version()
    why = forms.CharField(
        label="Why say it anew?",
        max_length=2000,
        widget=forms.Textarea,
        help_text="One line is fine. It stands beside the words.",
        error_messages={"required": "Say why. One line is fine."},
    )

    class Meta:
        model = LearningCycle
        fields = ["purpose", "old_purpose"]
        labels = {"purpose": "The purpose, from the person’s side", "old_purpose": "What we really worked to before"}
        error_messages = {"purpose": {"required": "Say what better life it is for. One line is fine."}}


class StageForm(AskForm):
    to_stage = forms.ChoiceField(label="Which stage are you at?", choices=Stage.choices, widget=forms.RadioSelect)
    why = forms.CharField(
        label="Why?",
        max_length=2000,
        widget=forms.Textarea,
        help_text="One line. Going back is learning too.",
        error_messages={"required": "Say why. One line is fine."},
    )


class StageNoteForm(AskForm):
    client_id = ClientId()
    stage = forms.ChoiceField(label="About which stage?", choices=Stage.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Where has it got to?",
        max_length=2000,
        widget=forms.Textarea,
        help_text="What was done, who was there, what comes next. Leave out people’s names.",
        error_messages={"required": "Say where it has got to. One line is fine."},
    )


class EndForm(AskForm):
    embedded_words = forms.CharField(
        label="What was embedded?",
        max_length=4000,
        widget=forms.Textarea,
        help_text="What is normal now that was not before. “Nothing yet” is an answer.",
        error_messages={"required": "Say what became normal, even if it is “nothing yet”."},
    )
    stopped_reason = forms.CharField(
        label="Why does it stop here?",
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": "Say why it stops here."},
    )


class LinkForm(AskForm):
    other = forms.ModelChoiceField(
        label="Which cycle?",
        queryset=LearningCycle.objects.none(),
        help_text="Beside it at the same scale, or above or below it. Both teams will be able to read each other’s. "
        "You find those you can read; a steward can join any of the place.",
        error_messages={"required": "Choose a cycle."},
    )
    why = forms.CharField(
        label="Why join them?",
        max_length=2000,
        widget=forms.Textarea,
        help_text="What can each learn from the other? They answer you.",
        error_messages={"required": "Say why. What can each learn from the other?"},
    )

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = others
        self.fields["other"].choices = [("", "Choose a cycle"), *_by_scale(others)]


def _by_scale(cycles):
    """Choices gathered by scale, the largest first, so that a long list can be walked."""
    found = {scale: [] for scale in reversed(Scale)}
    for cycle in cycles.select_related("team"):
        found[cycle.scale].append((cycle.pk, f"{cycle.title} ({cycle.team})"))
    return [(f"{scale.label} scale", choices) for scale, choices in found.items() if choices]


class LinkReplyForm(AskForm):
    reply = forms.CharField(
        label="What do you say back?",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Say something back. A few words is fine."},
    )


class PartForm(AskForm):
    because = forms.CharField(
        label="Why does it end?",
        max_length=2000,
        widget=forms.Textarea,
        help_text="What was learned together stays with both.",
        error_messages={"required": "Say why it ends. One line is fine."},
    )
