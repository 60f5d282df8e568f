"""A group's own page with its queue, and the form by which it answers."""

from datetime import date
from functools import cache

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, OuterRef, Subquery, TextField
from django.db.models.functions import JSONObject
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cycles.people.models import Agency, Membership, Role
from cycles.prepared import Given, Prepared, asking, someone
from cycles.refusals import ChangedMeanwhile, Refused
from hls.look.words import day
from issues.groups.actions import decide
from issues.groups.forms import ACCEPT, HAND_BACK, AnswerForm
from issues.groups.pile_rows import pile_html
from issues.groups.piles import PILES, first_of_each, page_of_pile
from issues.groups.queue import groups_of
from issues.log import actions, permissions
from issues.log.models import IssueMove
from issues.log.seen import Seen, seen_counts
from issues.log.views.asking import CLASH, SAVED, find_issue, insist, keep_version, run
from issues.meetings.models import Meeting

ROLES = {role.value: role.label for role in Role}
# An offer that no longer waits for whoever it was made to.
GONE = (IssueMove.State.WITHDRAWN, IssueMove.State.HANDED_BACK)


@require_safe
def group_list(request):
    groups = groups_of(request.user).select_related("place").order_by("place__name", "kind", "name")
    return TemplateResponse(request, "issues/groups.html", {"groups": groups})


@require_safe
def group_page(request, slug):
    """Members and the place's stewards; two places may use one name, so the open front door's comes first."""
    today = timezone.localdate()
    found = _named().rows(slug=slug, today=today, **asking(request.user))
    here = request.acting.place_id if request.acting else None
    found.sort(key=lambda team: team.place_id != here)
    if not found:
        raise Http404
    group = found[0]
    is_member = request.user.rights.in_team(group.pk)
    context = {
        "group": group,
        "members": [(member["name"], ROLES[member["role"]]) for member in group.people],
        "is_member": is_member,
        "coming": _meeting(group.comes_next),
    }
    return TemplateResponse(request, "issues/group.html", context | _before_it(group, request, is_member))


def _before_it(group, request, is_member):
    """The first of each pile, or one pile page by page."""
    pile = PILES.get(request.GET.get("pile", ""))
    if pile is None:
        first = first_of_each(group.pk)
        return {
            "nothing": not any(rows for rows, _ in first.values()),
            "piles": [
                (pile, pile_html(pile, rows, is_member), more and f"?pile={pile.key}&after={more}")
                for pile, (rows, more) in first.items()
            ],
        }
    page = page_of_pile(pile, group.pk, request.GET)
    return {
        "pile": pile,
        "rows": pile_html(pile, page.rows, is_member),
        "newer": page.newer and f"?pile={pile.key}&before={page.newer}",
        "older": page.older and f"?pile={pile.key}&after={page.older}",
    }


@cache
def _named():
    """The groups of this name, each with what stands beside its piles: one query for all of it."""
    team = OuterRef("pk")
    people = Membership.objects.filter(team=team).active(Given("today", DateField())).order_by("user__name", "pk")
    coming = Meeting.objects.filter(team=team).coming().order_by("on", "pk")
    groups = groups_of(someone()).filter(slug=Given("slug", TextField()))
    return Prepared(
        groups.annotate(
            people=ArraySubquery(people.values(said=JSONObject(name="user__name", role="role"))),
            comes_next=Subquery(coming.values(said=JSONObject(pk="pk", on="on", state="state"))[:1]),
            organisations=ArraySubquery(Agency.objects.filter(teams=team).values("name")),
        )
    )


def _meeting(said):
    return said and Meeting(pk=said["pk"], on=date.fromisoformat(said["on"]), state=said["state"])


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, ref):
    """The group that was asked, or that holds it, says yes, not now, or hands it back."""
    issue = find_issue(request, ref, "team", "held_by")
    offer = issue.moves.filter(state=IssueMove.State.OFFERED).select_related("from_team", "to_team", "issue").first()
    group = _answering(request, issue, offer)
    is_offer = offer is not None and offer.to_team_id == group.pk
    context = {
        "issue": issue,
        "offer": offer if is_offer else None,
        "group": group,
        "seen": seen_counts([issue.pk]).get(issue.pk, Seen()),
        "quotes": issue.sightings.exclude(quote="")
        .order_by("-quote_released_on", "-pk")
        .values_list("quote", flat=True)[:5],
        "responses": {response.kind: response for response in issue.responses.all()},
    }
    if request.method != "POST":
        form = AnswerForm(is_offer=is_offer, initial={"version": issue.version})
        return TemplateResponse(request, "issues/answer.html", context | {"form": form})
    form = AnswerForm(request.POST, is_offer=True)
    status = run(form, lambda: _answer(issue, group, form.cleaned_data, request.user))
    if status == SAVED:
        messages.success(request, "Recorded. Those who raised it read your words on their Today page.")
        return redirect(issue)
    if status == CLASH:
        issue.refresh_from_db(fields=["version", "held_by"])
        keep_version(form, issue.version)
        context["said_meanwhile"] = _latest_said(issue)
    return TemplateResponse(request, "issues/answer.html", context | {"form": form}, status=status)


def _quotes(issue):
    released = issue.sightings.exclude(quote="").order_by("-quote_released_on", "-pk")
    return list(released.values_list("quote", flat=True)[:5])


def _answering(request, issue, offer):
    """The group this person answers for: the one that was asked, or the one that holds it.

    Whoever was asked and is answering as another group takes it loses the race, but not their words.
    """
    user = request.user
    if offer is not None and permissions.can_answer(user, offer):
        return offer.to_team
    if permissions.can_decide(user, issue.held_by):
        return issue.held_by
    asked = issue.moves.filter(to_team__in=user.rights.teams).exclude(state=IssueMove.State.DONE)
    late = asked.order_by("-at", "-pk").select_related("to_team").first() if request.method == "POST" else None
    insist(late is not None)
    return late.to_team


def _answer(issue, group, said, by):
    offer = issue.moves.filter(to_team=group).order_by("-at", "-pk").select_related("issue", "to_team").first()
    if said["answer"] in (ACCEPT, HAND_BACK) and offer is None:
        raise Refused("Nobody asked this group. Choose a decision.", "answer")
    if said["answer"] == ACCEPT:
        return actions.accept(move=offer, by=by, answer=said["words"])
    if said["answer"] == HAND_BACK:
        if issue.questions.filter(team=group, answered_at=None).exists():
            raise Refused("You asked them something. It stays with you until they have answered.", "answer")
        return actions.hand_back(move=offer, by=by, answer=said["words"])
    if offer is not None and offer.state in GONE and issue.held_by_id != group.pk:
        raise ChangedMeanwhile(f"{issue.held_by} has it now: it went on while you were writing. Your words are here.")
    return decide(
        issue=issue,
        team=group,
        outcome=said["answer"],
        words=said["words"],
        new_normal=said["new_normal"],
        starts_on=said["starts_on"],
        review_on=said["review_on"],
        by=by,
        version=said["version"],
    )


def _latest_said(issue):
    """What was answered in between, to be laid beside one's own words."""
    step = issue.steps.exclude(words="").select_related("team").order_by("-at", "-pk").first()
    if step is None:
        return None
    return {"words": step.words, "by": f"{step.team or 'The log'}, {step.get_what_display().lower()}, {day(step.at)}"}
