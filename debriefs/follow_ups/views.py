"""What was asked for in debriefs: mine, what op leads and leaders are asked, and what nobody has yet."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cycles.refusals import ChangedMeanwhile
from debriefs.follow_ups import actions
from debriefs.follow_ups.forms import ArrangeForm, DeclineForm
from debriefs.record.models import FollowUp
from debriefs.record.queries import follow_ups_for

SHOWN = 60
Audience = FollowUp.Audience
HEADINGS = [
    ("mine", "Yours"),
    (Audience.OP_LEAD.value, "What operational leads are asked for"),
    (Audience.LEADERS.value, "What leaders are asked for"),
    (Audience.STAFF.value, "For the team"),
    (Audience.OTHERS.value, "For others"),
]


@require_safe
def follow_ups(request):
    user = request.user
    rows = list(follow_ups_for(user).select_related("owner").order_by("due_on", "-debrief__planned_for", "pk")[:SHOWN])
    groups = {key: [] for key, _ in HEADINGS}
    for row in rows:
        groups["mine" if row.owner_id == user.pk else row.audience].append(row)
    shown = [{"heading": heading, "rows": groups[key], "key": key} for key, heading in _first_mine(user) if groups[key]]
    return TemplateResponse(request, "debriefs/follow_ups.html", {"groups": shown, "more": len(rows) == SHOWN})


def _first_mine(user):
    """An operational lead sees first what is asked of operational leads, after what is theirs by name."""
    first = Audience.LEADERS if user.rights.has("leader") else Audience.OP_LEAD
    return sorted(HEADINGS, key=lambda pair: (pair[0] != "mine", pair[0] != first))


def _row(request, pk):
    rows = FollowUp.objects.visible_to(request.user).select_related("debrief__team", "owner")
    return get_object_or_404(rows, pk=pk)


def arrange(request, pk):
    row = _row(request, pk)
    initial = {"owner": str(row.owner_id or ""), "due_on": row.due_on, "version": row.version}
    form = ArrangeForm(request.POST or None, team=row.debrief.team, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.arrange(follow_up=row, by=request.user, **form.cleaned_data)
            except ChangedMeanwhile as changed:
                form.refuse(changed)
                row, status = changed.current, 409
            else:
                messages.success(request, "Arranged.")
                return redirect("debriefs:follow_ups")
    context = {"row": row, "form": form, "is_clash": status == 409}
    return TemplateResponse(request, "debriefs/arrange.html", context, status=status)


def decline(request, pk):
    row = _row(request, pk)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.decline(follow_up=row, because=form.cleaned_data["because"], by=request.user)
        messages.success(request, "Kept, with your reason.")
        return redirect(f"{row.debrief.get_absolute_url()}#next")
    context = {"row": row, "form": form}
    return TemplateResponse(request, "debriefs/decline.html", context, status=422 if form.errors else 200)
