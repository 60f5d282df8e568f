"""What keeps turning up across maps, and the one step that makes a system issue of it."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from cycles.asking import AskForm, ClientId
from cycles.maps.patterns import as_issue, patterns_for
from cycles.maps.permissions import can_see_patterns
from issues.log.actions import raise_issue
from issues.log.models import Issue, Level
from issues.log.permissions import cycles_to_raise_in


class PatternForm(AskForm):
    client_id = ClientId()
    pattern = forms.CharField(widget=forms.HiddenInput, max_length=200)
    cycle = forms.TypedChoiceField(label="Raise it in which Learning Cycle?", coerce=int, empty_value=None)

    def __init__(self, *args, cycles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cycle"].choices = [(cycle.pk, cycle.title) for cycle in cycles]
        if len(self.fields["cycle"].choices) == 1:
            self.fields["cycle"].widget = forms.HiddenInput()
            self.fields["cycle"].initial = self.fields["cycle"].choices[0][0]


def patterns(request):
    if not can_see_patterns(request.user):
        raise PermissionDenied
    found = {pattern.ref: pattern for pattern in patterns_for(request.user)}
    cycles = {cycle.pk: cycle for cycle in cycles_to_raise_in(request.user).select_related("place", "team")}
    sent = PatternForm(request.POST or None, cycles=cycles.values()) if request.method == "POST" else None
    if sent and sent.is_valid():
        said = sent.cleaned_data
        pattern, cycle = found.get(said["pattern"]), cycles[said["cycle"]]
        if pattern and pattern.place == cycle.place:
            return redirect(_raise(pattern, cycle, request.user, said["client_id"]))
        sent.add_error(None, "That pattern is not here now. Choose again.")
    rows = [(pattern, _form(place, pattern, cycles)) for place, pattern in enumerate(found.values(), 1)]
    page = {"patterns": rows, "form": sent, "can_raise": bool(cycles)}
    return TemplateResponse(request, "cycles/maps/patterns.html", page, status=422 if sent else 200)


def _form(place, pattern, cycles):
    """A form of its own for each pattern; it starts with a cycle that the pattern is seen in."""
    near = [cycle for cycle in cycles.values() if cycle.place_id == pattern.place.pk]
    seen_in = {element.cycle_id for element in pattern.elements}
    first = next((cycle.pk for cycle in near if cycle.pk in seen_in), near[0].pk if near else None)
    return PatternForm(cycles=near, initial={"pattern": pattern.ref, "cycle": first}, auto_id=f"p{place}-%s")


def _raise(pattern, cycle, by, client_id):
    return raise_issue(
        cycle=cycle, description=as_issue(pattern), by=by, level=Level.SYS, kind=Issue.Kind.SYSTEM, client_id=client_id
    )
