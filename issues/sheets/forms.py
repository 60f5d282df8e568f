from django import forms

from hls.look.forms import CairnForm
from issues.sheets.header import SHOWN
from issues.sheets.permissions import cycles_open_to_import
from issues.sheets.refusals import LARGEST_MB, MOST_ROWS

NOT_SURE = "Not sure yet"


class ImportForm(CairnForm):
    cycle = forms.ModelChoiceField(
        queryset=None,
        label="Which cycle do these issues belong to?",
        empty_label="Choose a cycle",
        error_messages={"required": "Choose the cycle these issues belong to."},
    )
    file = forms.FileField(
        label="Your log",
        help_text=f"An Excel file (.xlsx) or a CSV, up to {LARGEST_MB} MB and {MOST_ROWS:,} rows.",
        allow_empty_file=True,  # the reader has better words for it
        error_messages={"required": "Choose the file that holds your log."},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = cycles_open_to_import(user)


class RowForm(CairnForm):
    """What one row of a file asks: a radio group for each thing only a person can say."""

    def __init__(self, *args, row, answers, **kwargs):
        super().__init__(*args, prefix=f"row{row.number}", **kwargs)
        self.row = row
        for question in row.questions:
            self.fields[question.field] = forms.ChoiceField(
                label=question.words,
                choices=_choices(question),
                widget=forms.RadioSelect,
                required=False,
                initial=answers[question.field] or NOT_SURE if question.field in answers else None,
            )

    def answers(self):
        """Only what was answered: an untouched question stays one."""
        return {
            name: "" if said == NOT_SURE else said
            for name, said in self.cleaned_data.items()
            if said
        }  # fmt: skip


def _choices(question):
    choices = [(choice, SHOWN[choice]) for choice in question.choices]
    return choices if question.field == "status" else [*choices, (NOT_SURE, NOT_SURE)]
