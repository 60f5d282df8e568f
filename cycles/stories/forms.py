from django import forms
from django.utils import timezone

from cycles.asking import AskModelForm, ClientId, Version
from cycles.stories.models import Story


class StoryForm(AskModelForm):
    class Meta:
        model = Story
        fields = ["title", "body", "told_by"]
        labels = {
            "title": "A few words for the top",
            "body": "The story, as they tell it",
            "told_by": "Told by",
        }
        help_texts = {
            "body": "In their own words, as “I”. Leave out names that could point to someone.",
            "told_by": "The name they chose. You can leave it empty.",
        }
        widgets = {"body": forms.Textarea(attrs={"rows": "12"})}
        error_messages = {
            "title": {"required": "Give it a few words for the top."},
            "body": {"required": "Write what they told you. You can add to it later."},
        }


class NewStoryForm(StoryForm):
    client_id = ClientId()


class EditStoryForm(StoryForm):
    version = Version()


class CheckForm(AskModelForm):
    layouts = {"reach": "down"}
    version = Version()

    class Meta:
        model = Story
        fields = ["checked_by_teller_on", "reach"]
        labels = {"checked_by_teller_on": "They read it on", "reach": "How far may it go?"}
        help_texts = {"reach": "They decide, and can take it back at any time."}
        widgets = {"reach": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["checked_by_teller_on"]
        field.required = True
        if not self.initial.get("checked_by_teller_on"):
            self.initial["checked_by_teller_on"] = timezone.localdate()
