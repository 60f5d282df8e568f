"""What was asked for in debriefs: mine, what op leads and leaders are asked, what nobody has yet, what was answered."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cycles.refusals import ChangedMeanwhile
from debriefs.follow_ups import actions, permissions, queries
from debriefs.follow_ups.forms import ArrangeForm, DeclineForm
from debriefs.record.models import FollowUp
from debriefs.record.permissions import can_answer_follow_up

Audience = FollowUp.Audience
HEADINGS = [
    ("mine", "Yours"),
    (Audience.OP_LEAD.value, "Operational lead needs"),
    (Audience.LEADERS.value, "What leaders are asked for"),
    (Audience.STAFF.value, "For the team"),
    (Audience.OTHERS.value, "For others"),
]
VIEWS = [
    ("", "Waiting"),
    ("mine", "Yours"),
    ("op_lead", "Operational lead needs"),
    ("leaders", "Leaders"),
    ("answered", "Answered"),
]


@require_safe
def follow_ups(request):
    user, view = request.user, request.GET.get("view", "")
    if view not in dict(VIEWS):
        raise Http404
    rows = list(queries.answered(user) if view == "answered" else queries.waiting(user))
    for row in rows:
        row.is_ours = user.rights.in_team(row.debrief.team_id)
    context = {
        "view": view,
        "views": [(key, words, f"?view={key}" if key else reverse("debriefs:follow_ups")) for key, words in VIEWS],
        "groups": [] if view == "answered" else _groups(user, rows, view),
        "answered": rows if view == "answered" else [],
        "most": queries.MOST if len(rows) == queries.MOST else 0,
        "in_a_team": bool(user.rights.teams),
    }
    return TemplateResponse(request, "debriefs/follow_ups.html", context)


def _groups(user, rows, view):
    """By whom they are for; what is one's own by name stands first, and once."""
    found = {key: [] for key, _ in HEADINGS}
    for row in rows:
        is_mine = row.owner_id == user.pk
        found["mine" if is_mine and view in ("", "mine") else row.audience].append(row)
    return [
        {"heading": heading, "rows": found[key], "key": key}
        for key, heading in _first_mine(user)
        if found[key] and view in ("", key)
    ]


def _first_mine(user):
    """An operational lead sees first what is asked of operational leads, after what is theirs by name."""
    first = Audience.LEADERS if user.rights.has("leader") else Audience.OP_LEAD
    return sorted(HEADINGS, key=lambda pair: (pair[0] != "mine", pair[0] != first))


def _row(request, pk, allowed):
    rows = FollowUp.objects.visible_to(request.user).select_related("debrief__team", "owner")
    row = get_object_or_404(rows, pk=pk)
    if not allowed(request.user, row):
        raise PermissionDenied("Its team says who does it and by when. You can answer it.")
    return row


def arrange(request, pk):
    row = _row(request, pk, permissions.can_arrange)
    initial = {"owner": str(row.owner_id or ""), "due_on": row.due_on, "version": row.version}
    form = ArrangeForm(request.POST or None, follow_up=row, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = actions.arrange(follow_up=row, by=request.user, **form.cleaned_data)
            except ChangedMeanwhile as changed:
                form.refuse(changed)
                row, status = changed.current, 409
            else:
                messages.success(request, _arranged(saved))
                return redirect("debriefs:follow_ups")
    context = {"row": row, "form": form, "is_clash": status == 409}
    return TemplateResponse(request, "debriefs/arrange.html", context, status=status)


def _arranged(row):
    if row.owner is None:
        return "Kept. Nobody has it yet."
    return f"{row.owner.get_short_name()} has it now."


def decline(request, pk):
    row = _row(request, pk, can_answer_follow_up)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.decline(follow_up=row, because=form.cleaned_data["because"], by=request.user)
        messages.success(request, "Kept, with your reason.")
        return redirect("debriefs:follow_ups")
    context = {"row": row, "form": form}
    return TemplateResponse(request, "debriefs/decline.html", context, status=422 if form.errors else 200)
