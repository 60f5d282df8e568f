"""What people tell about themselves, and what a place administrator sets up."""

import hashlib

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.text import slugify

from cycles.people.models import Agency, Role, Team, User
from hls.look.forms import CairnForm, CairnModelForm

WHOLE_PLACE = (Role.STEWARD, Role.PLACE_ADMIN)


class Guarded(CairnModelForm):
    """An edit form that notices when someone else saved first: it carries a digest of what it was filled from."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = {name: self.initial.get(name) for name in self.Meta.fields} if self.instance.pk else {}
        self.now = self._digest()
        self.initial["version"] = self.now

    def _digest(self):
        told = [(name, _plain(value)) for name, value in sorted(self.stored.items())]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16] if told else ""

    @property
    def is_stale(self):
        return bool(self.instance.pk) and self.is_bound and self.data.get("version", "") != self.now

    def with_both(self):
        """The typed words again, now with the current version, so that sending it once more is a choice."""
        self.data = self.data.copy()
        self.data["version"] = self.now
        return self

    def differences(self):
        """Each field that now says something else than what was typed."""
        return [
            {"label": self[name].label, "now": _shown(self.fields[name], self.stored[name])}
            for name in self.Meta.fields
            if _plain(self.stored[name]) != _plain(self.cleaned_data.get(name))
        ]


def _plain(value):
    if isinstance(value, list | tuple) or hasattr(value, "all"):
        return sorted(str(getattr(one, "pk", one)) for one in value)
    return "" if value is None else str(value)


def _shown(field, value):
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    choices = dict(getattr(field, "choices", ()) or ())
    return str(choices.get(value, value if value is not None else ""))


class AccountForm(Guarded):
    # Kept by the device, not with the person: the office computer is not theirs because their phone is.
    own_device = forms.BooleanField(
        label="This phone or computer is mine alone",
        required=False,
        help_text="If it is, a draft can rest on it, locked, when there is no signal. "
        "Leave this out if you share it with someone. Say it once on each one you use.",
    )

    class Meta:
        model = User
        fields = ["short_name", "theme"]
        labels = {"short_name": "What shall we call you?", "theme": "Light or dark"}
        help_texts = {"short_name": "Your colleagues see this name."}
        widgets = {"theme": forms.RadioSelect}


class AgencyForm(Guarded):
    class Meta:
        model = Agency
        fields = ["name", "kind"]
        labels = {"name": "What is it called?", "kind": "What kind of body is it?"}

    def __init__(self, *args, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.place = place

    def clean_name(self):
        return _free_name(self, Agency.objects.filter(place=self.instance.place))


class TeamForm(Guarded):
    class Meta:
        model = Team
        fields = ["name", "kind", "agencies", "cadence_note", "next_meeting_on", "answers_within"]
        labels = {
            "name": "What is it called?",
            "kind": "What kind of group is it?",
            "agencies": "Whose people are in it?",
            "cadence_note": "When does it meet?",
            "next_meeting_on": "Next meeting",
            "answers_within": "Within how many days does it answer?",
        }
        help_texts = {
            "cadence_note": "For example: first Monday of the month, 2pm.",
            "answers_within": "As the group agreed it. After that its own members are reminded. Left empty, it is 28 days.",
        }
        widgets = {"agencies": forms.CheckboxSelectMultiple}

    def __init__(self, *args, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.place = place
        self.fields["agencies"].queryset = Agency.objects.filter(place=place)

    def clean_name(self):
        return _free_name(self, Team.objects.filter(place=self.instance.place))

    def save(self, commit=True):
        if not self.instance.slug:
            self.instance.slug = _free_slug(self.instance)
        return super().save(commit)


def _free_name(form, rows):
    name = " ".join(form.cleaned_data["name"].split())
    if rows.filter(name__iexact=name).exclude(pk=form.instance.pk).exists():
        raise forms.ValidationError("This name is already used here. Give this one another.")
    return name


def _free_slug(team):
    base = slugify(team.name)[:50] or "group"
    taken = set(Team.objects.filter(place=team.place, slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


class PartForm(CairnForm):
    """A role, and the team it is held in."""

    role = forms.ChoiceField(label="Which part do they play?", choices=Role)
    team = forms.ModelChoiceField(
        label="In which group?",
        queryset=Team.objects.none(),
        required=False,
        empty_label="The whole place",
        help_text="System stewards and place administrators serve the whole place.",
    )

    def __init__(self, *args, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.filter(place=place)

    def clean(self):
        cleaned = super().clean()
        role, team = cleaned.get("role"), cleaned.get("team")
        if role and role not in WHOLE_PLACE and not team and "team" not in self.errors:
            self.add_error("team", "Say which group they are in.")
        if role in WHOLE_PLACE:
            cleaned["team"] = None
        return cleaned


class MembershipForm(PartForm):
    from_on = forms.DateField(label="From", initial=timezone.localdate)


class InviteForm(PartForm):
    email = forms.EmailField(label="Their work e-mail", max_length=254)
    field_order = ["email", "role", "team"]


class EndForm(CairnForm):
    on = forms.DateField(
        label="The first day it no longer counts", initial=timezone.localdate, help_text="Today means at once."
    )

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.membership = membership


class JoinForm(CairnForm):
    """A name and a password make an account; the e-mail is the one that was invited."""

    name = forms.CharField(label="Your full name", max_length=120)
    short_name = forms.CharField(
        label="What shall we call you?", max_length=40, required=False, help_text="Your colleagues see this name."
    )
    password = forms.CharField(
        label="Choose a password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="12 letters or more. Three words you can remember are better than one hard one.",
    )

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self):
        password = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password
