import uuid

from django import forms

from cycles.asking import AskForm, ClientId
from cycles.statements.models import Evidence, Statement
from debriefs.record.notes import QuietForm

SIDES = [
    (Evidence.Side.AGAINST, "It speaks against it: open it again"),
    (Evidence.Side.FOR, "It speaks for it"),
]


class SpeakForm(AskForm):
    """From an answer that is shared: which statement, and which way."""

    layouts = {"statement": "down", "side": "down"}
    client_id = ClientId()
    statement = forms.ModelChoiceField(
        Statement.objects.none(), label="What we think we learned", empty_label=None, widget=forms.RadioSelect
    )
    side = forms.ChoiceField(
        label="What does this answer do to it?", choices=SIDES, initial=Evidence.Side.AGAINST, widget=forms.RadioSelect
    )

    def __init__(self, *args, statements, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["statement"].queryset = statements
        self.fields["statement"].label_from_instance = lambda row: row.text


class SpeakAdd(QuietForm):
    """The same beside a prompt of the notes. Left empty, the words are the answer itself."""

    statement = forms.ModelChoiceField(
        Statement.objects.none(), label="What do we think we learned?", required=False, empty_label=None
    )
    side = forms.ChoiceField(
        label="What does it do to it?",
        required=False,
        choices=SIDES,
        initial=Evidence.Side.AGAINST,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="What did you see or hear?", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    client = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, statements, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("client", uuid.uuid4())
        self.initial.setdefault("side", Evidence.Side.AGAINST)
        self.fields["statement"].queryset = statements
        self.fields["statement"].label_from_instance = lambda row: row.text[:120]
