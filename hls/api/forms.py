import uuid

from django import forms

from cycles.people.models import Place
from hls.api.models import ApiToken, Scope
from hls.look.forms import CairnForm

DAYS = [("30", "30 days"), ("90", "90 days"), ("180", "Half a year"), ("365", "A year")]


class TokenForm(CairnForm):
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="What is it for?",
        max_length=ApiToken._meta.get_field("name").max_length,
        help_text="A name for the program, such as “Monthly report”. No names of people.",
        error_messages={"required": "Say what it is for, so that you know it again."},
    )
    place = forms.ModelChoiceField(label="In which place?", queryset=None, empty_label=None)
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one. As few as will do."},
    )
    days = forms.ChoiceField(label="For how long?", choices=DAYS, initial="90", widget=forms.RadioSelect)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client_id"].initial = uuid.uuid4
        places = Place.objects.filter(pk__in=user.rights.places).order_by("name")
        self.fields["place"].queryset = places
        if len(user.rights.places) == 1:
            self.fields["place"].widget = forms.HiddenInput()
            self.fields["place"].initial = next(iter(user.rights.places))

    def about(self):
        return self.cleaned_data | {"days": int(self.cleaned_data["days"])}
