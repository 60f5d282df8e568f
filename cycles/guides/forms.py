from django import forms

from cycles.asking import AskModelForm, ClientId
from cycles.guides.models import Guide


class GuideForm(AskModelForm):
    layouts = {"kind": "even"}
    client_id = ClientId()

    class Meta:
        model = Guide
        fields = ["kind", "text", "origin"]
        labels = {"kind": "What is it?", "text": "In a few words", "origin": "Where does it come from?"}
        help_texts = {
            "kind": "A rule is yes or no, and there are few. A principle is open to talk.",
            "text": "For example: understand rather than assess.",
            "origin": "What staff or citizens lived through.",
        }
        widgets = {"kind": forms.RadioSelect}
        error_messages = {"text": {"required": "Say it in a few words."}}
