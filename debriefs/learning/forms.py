from django import forms

from cycles.asking import AskForm, ClientId
from cycles.statements.models import Evidence, Statement
from debriefs.learning.boxes import SIDES


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
