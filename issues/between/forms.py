from django import forms

from cycles.asking import AskForm, ClientId


class AskBackForm(AskForm):
    client_id = ClientId()
    text = forms.CharField(
        label="What do you need to know?",
        help_text="Ask about the work, not about who raised it.",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Ask something. A few words is fine."},
    )


class AnswerBackForm(AskForm):
    answer = forms.CharField(
        label="What do you answer?",
        help_text="It is read by the group that asked. Leave out names.",
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": "Say something back. “We don’t know yet” is an answer."},
    )


class SplitForm(AskForm):
    client_id = ClientId()
    description = forms.CharField(
        label="Which part can you fix now?",
        help_text="It becomes an issue of its own.",
        max_length=4000,
        widget=forms.Textarea,
        error_messages={"required": "Say which part. A few words is fine."},
    )
    countermeasure = forms.CharField(
        label="What do you do about it now?",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    why = forms.CharField(
        label="A line for those who raised it",
        help_text="What you take on, and what still has to be changed elsewhere.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what you take on. A few words is fine."},
    )
