import re

from django import forms

from cycles.notices.families import FAMILIES, left_out, wanted_families
from cycles.notices.models import Notice
from cycles.notices.telling import DIGEST, Telling, is_quiet
from hls.look.forms import CairnForm, CairnModelForm, DateInput, TimeInput

Kind = Notice.Kind
# What may be mailed, in the words of whoever gets it. An invitation is mailed in any case: it is the way in.
BY_MAIL = [
    (Kind.DEBRIEF_SOON, "A debrief is about to start"),
    (Kind.HOT_DEBRIEF, "Someone calls a hot debrief"),
    (DIGEST, "Once a day, what is new for me"),
]

IN_LETTER = [(family.key, family.words) for family in FAMILIES]
BY_TEXT = BY_MAIL[:2]  # what can't wait; a text is short, and each costs the place money


class TellingForm(CairnModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    by_mail = forms.MultipleChoiceField(
        label="Mail me when",
        choices=BY_MAIL,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Everything is on the page of messages too, whatever you choose.",
    )
    in_letter = forms.MultipleChoiceField(
        label="Put in the day’s letter",
        choices=IN_LETTER,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What you leave out still stands on your page of messages.",
    )
    by_text = forms.MultipleChoiceField(
        label="Send a text message too when",
        choices=BY_TEXT,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="It says what happened and where to read it, and no one’s words. Quiet hours count for texts too.",
    )

    class Meta:
        model = Telling
        fields = ["by_mail", "in_letter", "digest_at", "quiet_from", "quiet_to", "away_from", "away_to"]
        field_classes = {"digest_at": forms.TimeField}
        widgets = {
            "digest_at": TimeInput,
            "quiet_from": TimeInput,
            "quiet_to": TimeInput,
            "away_from": DateInput,
            "away_to": DateInput,
        }
        labels = {
            "digest_at": "When does the day’s letter come?",
            "quiet_from": "No mail from",
            "quiet_to": "Until",
            "away_from": "First day away",
            "away_to": "Last day away",
        }
        help_texts = {
            "quiet_from": "Leave both empty if mail may come at any hour. A reminder whose debrief has begun by then is not sent.",
            "away_from": "Nothing is mailed on these days. What is still new comes in one letter after.",
        }

    def __init__(self, *args, has_mobile=False, **kwargs):
        super().__init__(*args, **kwargs)
        if has_mobile:
            self.fields["by_text"].initial = self.instance.by_text
        else:
            del self.fields["by_text"]
        self.fields["by_mail"].initial = [key for key, _ in BY_MAIL if key not in self.instance.not_by_mail]
        self.fields["in_letter"].initial = wanted_families(self.instance.not_by_mail)
        self.fields["version"].initial = self.instance.version

    def clean(self):
        sent = super().clean()
        begins, ends = sent.get("quiet_from"), sent.get("quiet_to")
        for name, value, other in (("quiet_to", ends, begins), ("quiet_from", begins, ends)):
            if other and not value and name not in self.errors:
                self.add_error(name, "Say both times, or leave both empty.")
        first, last = sent.get("away_from"), sent.get("away_to")
        for name, value, other in (("away_to", last, first), ("away_from", first, last)):
            if other and not value and name not in self.errors:
                self.add_error(name, "Say both days, or leave both empty.")
        if first and last and last < first:
            self.add_error("away_to", "Choose the first day or one after it.")
        if self._is_quiet_then(sent):
            self.add_error("digest_at", "That is in your quiet hours. Choose another time, or change them.")
        return sent

    def _is_quiet_then(self, sent):
        at, begins, ends = sent.get("digest_at"), sent.get("quiet_from"), sent.get("quiet_to")
        return bool(at and begins and ends and is_quiet(at, begins, ends))

    @property
    def unwanted(self):
        """The kinds that are not to be mailed."""
        said = self.cleaned_data
        out = [key for key, _ in BY_MAIL if key not in said["by_mail"]]
        return out + left_out(key for key, _ in IN_LETTER if key not in said["in_letter"])

    @property
    def is_stale(self):
        return self.cleaned_data["version"] != self.instance.version


class MobileForm(CairnForm):
    number = forms.CharField(
        label="Your mobile number",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text="A UK mobile, like 07700 900982. We text a code to it, to be sure that it is yours.",
    )

    def clean_number(self):
        """As Notify wants it: +44 and ten figures."""
        figures = re.sub(r"[\s()./-]", "", self.cleaned_data["number"])
        if found := re.fullmatch(r"(?:\+44|0044|44|0)0?(7[0-9]{9})", figures):
            return f"+44{found[1]}"
        raise forms.ValidationError("Write a UK mobile number, like 07700 900982.")


class CodeForm(CairnForm):
    code = forms.CharField(
        label="The code in the message",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "Write the six figures from the message."},
    )

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split())
