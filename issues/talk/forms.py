from django import forms

from cycles.asking import AskForm, ClientId, Version
from issues.talk.actions import FILES_MOST
from issues.talk.kinds import LARGEST, MAY_BE, MEGABYTE
from issues.talk.models import MOST_WORDS

FILES_HINT = f"Up to {FILES_MOST}, each up to {LARGEST // MEGABYTE} MB: {MAY_BE}. Where and with what a photo was taken is left out."
EMPTY = "Say what you want to add. A few words is fine."


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files from one box; what each is, is found out when it is kept."""

    widget = FilesInput

    def clean(self, data, initial=None):
        several = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in several if one]


def words_field():
    return forms.CharField(
        label="Add to the talk",
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Name a colleague with @ in front, such as @Rowan, and they are told. Leave other people’s names out.",
        error_messages={"required": EMPTY},
    )


class CommentForm(AskForm):
    client_id = ClientId()
    words = words_field()
    beside = FilesField(
        label="Files beside it",
        required=False,
        allow_empty_file=True,  # the reader of files has better words for it
        help_text=FILES_HINT,
    )


class PutRightForm(AskForm):
    version = Version()
    words = words_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].label = "Your words"


class TakeBackForm(AskForm):
    """Nothing to fill in: the button says it."""
