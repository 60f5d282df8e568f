import uuid

from django import forms

from hls.hooks import guard
from hls.hooks.models import WebHook
from hls.look.forms import CairnForm
from issues.log.models import IssueStep


class HookForm(CairnForm):
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="What listens there?",
        max_length=WebHook._meta.get_field("name").max_length,
        help_text="A name for the program, such as “The council’s task board”.",
    )
    address = forms.CharField(
        label="Its address",
        max_length=WebHook._meta.get_field("address").max_length,
        help_text="It begins with https:// and is on the open internet.",
    )
    kinds = forms.MultipleChoiceField(
        label="What is it told of?",
        choices=IssueStep.What.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "version" in self.initial:
            del self.fields["client_id"]  # an editor knows what it began from; a new one is known by its id
        else:
            del self.fields["version"]
            self.fields["client_id"].initial = uuid.uuid4

    def clean_address(self):
        try:
            guard.parts_of(self.cleaned_data["address"])
        except guard.NotAllowed as no:
            raise forms.ValidationError(str(no)) from None
        return self.cleaned_data["address"]

    def clean_version(self):
        said = self.cleaned_data["version"]
        return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else -1

    def about(self):
        return {name: self.cleaned_data[name] for name in ("name", "address", "kinds")}
