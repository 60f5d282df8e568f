"""Pledges of member organisations, and recommendations to commissioners, each followed to what became of it."""

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cycles.asking import ask, number
from cycles.people.models import Agency, Role
from issues.forum_cases import permissions as of_cases
from issues.forum_cases.models import ForumCase
from issues.log.models import Issue
from issues.log.views.asking import find_issue, insist
from issues.pledges import actions, forms, permissions
from issues.pledges.models import Pledge, Recommendation, commissions_in

PAGE = 30


def about_issue(issue):
    return {
        "back": issue.get_absolute_url(),
        "back_label": issue.ref,
        "readers": "everyone who can see the issue; and those who raised it are told.",
    }


def members_of(team):
    """The organisations that sit in a group; where none is named, those of the place."""
    named = team.agencies.all()
    return named if named.exists() else Agency.objects.filter(place=team.place_id)


def pledge_new(request, ref):
    issue = find_issue(request, ref, "held_by")
    team = permissions.group_of(request.user, issue)
    insist(team is not None)
    return ask(
        request,
        forms.PledgeForm(request.POST or None, agencies=members_of(team)),
        lambda said: actions.pledge(issue=issue, team=team, by=request.user, **said) and None,
        title="Fix something now",
        lede=f"What one member of {team} can fix in its own house, while the whole is worked out.",
        button="Pledge it",
        said="Pledged. Those who raised it read it on their Today page.",
        **about_issue(issue),
    )


def case_pledge_new(request, pk):
    shown = get_object_or_404(
        ForumCase.objects.visible_to(request.user).select_related("team", "case", "agency"), pk=pk
    )
    if not of_cases.can_plan(request.user, shown):
        raise PermissionDenied
    agencies = Agency.objects.filter(place=shown.place_id).filter(
        Q(pk__in=shown.team.agencies.values("pk")) | Q(pk=shown.agency_id)
    )
    return ask(
        request,
        forms.PledgeForm(request.POST or None, agencies=agencies),
        lambda said: actions.pledge(forum_case=shown, team=shown.team, by=request.user, **said) and None,
        title="What one member does for them now",
        button="Pledge it",
        said="Pledged, with its day.",
        back=shown.get_absolute_url(),
        back_label="The case",
        tab="A case at a forum",
        readers_kind="private",
        readers="those who see this case.",
    )


def pledge(request, pk):
    rows = Pledge.objects.visible_to(request.user).select_related("agency", "team", "issue__place", "forum_case")
    shown = get_object_or_404(rows.defer("issue__search"), pk=pk)
    may_tell = permissions.can_tell_pledge(request.user, shown)
    if request.method == "POST" and not may_tell:
        raise PermissionDenied("The group it was made in says what became of it.")
    form = forms.BecameForm(request.POST or None, initial={"version": shown.version})
    is_private = shown.forum_case_id is not None
    return ask(
        request,
        form,
        lambda said: actions.tell_pledge(pledge=shown, by=request.user, **said),
        template="issues/pledges/pledge.html",
        title="A pledge",
        button="Keep what became of it",
        said="Kept.",
        shown=shown,
        may_tell=may_tell and shown.is_open,
        back=shown.forum_case.get_absolute_url() if is_private else shown.issue.get_absolute_url(),
        back_label="The case" if is_private else shown.issue.ref,
        readers_kind="private" if is_private else "shared",
        readers="those who see this case." if is_private else "everyone who can see the issue.",
    )


# ------------------------------------------------------------------ recommendations


def recommend(request, ref):
    issue = find_issue(request, ref, "held_by")
    team = permissions.group_of(request.user, issue)
    insist(team is not None)
    return ask(
        request,
        forms.RecommendForm(request.POST or None, place=issue.place_id),
        lambda said: actions.recommend(issue=issue, team=team, by=request.user, **said) and None,
        title="Recommend it to commissioners",
        lede=f"What nobody here can change. {issue.ref} stays with you, and what is done now goes on.",
        button="Send it",
        said="Sent. It stays on your list until they answer.",
        back=issue.get_absolute_url(),
        back_label=issue.ref,
        readers="the commissioners of the place, your group, and everyone who can see the issue.",
    )


def _listed_as(request):
    """As the bar calls it for those who are asked; as the group's page calls it for those who ask."""
    is_asked = request.acting is not None and request.acting.role == Role.COMMISSIONER
    return "Asked of us" if is_asked else "Recommendations to commissioners"


@require_safe
def recommendations(request):
    """Those that wait first, on whichever page; then the answered, the newest answer first."""
    rows = Recommendation.objects.visible_to(request.user).select_related("team", "to", "issue__place")
    start = number(request.GET.get("from", ""))
    in_order = (F("answered_on").desc(nulls_first=True), "-sent_on", "-pk")
    found = list(rows.defer("issue__search").order_by(*in_order)[start : start + PAGE + 1])
    shown = found[:PAGE]
    page = {
        "title": _listed_as(request),
        "waiting": [row for row in shown if not row.answer],
        "answered": [row for row in shown if row.answer],
        "is_commissioner": bool(commissions_in(request.user)),
        "older": f"?from={start + PAGE}" if len(found) > PAGE else "",
        "newer": f"?from={max(0, start - PAGE)}" if start else "",
    }
    return TemplateResponse(request, "issues/pledges/recommendations.html", page)


def recommendation(request, pk):
    rows = Recommendation.objects.visible_to(request.user).select_related("team", "to", "issue__place", "place")
    shown = get_object_or_404(rows.defer("issue__search"), pk=pk)
    may_answer = permissions.can_answer(request.user, shown)
    if request.method == "POST" and not may_answer:
        raise PermissionDenied("Commissioners answer, or the group writes down what it was told.")
    form = forms.AnswerForm(request.POST or None, initial={"version": shown.version})
    return ask(
        request,
        form,
        lambda said: actions.answer(recommendation=shown, by=request.user, **said),
        template="issues/pledges/recommendation.html",
        title="A recommendation",
        button="Keep the answer",
        said="Kept. It goes back to those who raised it.",
        shown=shown,
        sees_issue=Issue.objects.visible_to(request.user).filter(pk=shown.issue_id).exists(),
        may_answer=may_answer and not shown.answer,
        today=timezone.localdate(),
        back=reverse("issues:recommendations"),
        back_label=_listed_as(request),
        readers=f"the commissioners of {shown.place}, {shown.team}, and everyone who can see the issue.",
    )
