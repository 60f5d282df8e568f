"""The guides of a cycle or a team, what is proposed, and the yes, the no and the end of each."""

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from cycles.asking import ask
from cycles.guides import actions, forms, permissions
from cycles.guides.lists import Laid
from cycles.guides.models import Guide, GuideStep
from cycles.people.models import Team
from cycles.stack.models import LearningCycle
from cycles.stack.permissions import can_change
from cycles.stack.views import about

State = Guide.State


def cycle_in_sight(request, pk):
    seen = LearningCycle.objects.shared_with(request.user)
    return get_object_or_404(seen.select_related("team", "steward"), pk=pk)


def team_in_sight(request, pk):
    """A team whose guides one may read; any other looks like none."""
    rights = request.user.rights
    teams = Team.objects.filter(pk__in=rights.teams) | Team.objects.filter(place__in=rights.stewards)
    return get_object_or_404(teams, pk=pk)


def about_team(team):
    return {
        "back": reverse("cycles:team_guides", args=[team.pk]),
        "back_label": f"Guides of {team}",
        "readers_kind": "shared",
        "readers": f"{team} and the stewards of the place.",
    }


def guides(request, pk):
    """Those in force, what is proposed, the form for one more, and those that went, each with its why."""
    cycle = cycle_in_sight(request, pk)
    return _page(
        request,
        {"cycle": cycle},
        may_decide=can_change(request.user, cycle),
        of_team=Laid(
            _with_steps(Guide.objects.visible_to(request.user).filter(team=cycle.team_id)), timezone.localdate()
        ),
        is_cycle=True,
        home=cycle,
        back_to=reverse("cycles:guides", args=[cycle.pk]),
        **about(cycle),
    )


def team_guides(request, pk):
    team = team_in_sight(request, pk)
    where = about_team(team)
    return _page(
        request,
        {"team": team},
        may_decide=permissions.decides_for_team(request.user, team),
        may_confirm=permissions.can_confirm(request.user, team),
        looks=team.confirmations.visible_to(request.user)[:6],
        home=team,
        of_team=None,
        back_to=where["back"],
        **where | _home_of(request.user, team),
    )


def _home_of(user, team):
    """Back to the group's own page."""
    return {"back": team.get_absolute_url(), "back_label": team.name}


def _with_steps(guides):
    """Each with the last thing that was said about it."""
    steps = GuideStep.objects.select_related("by").order_by("at", "pk")
    found = list(guides.select_related("by").prefetch_related(Prefetch("steps", steps)))
    for guide in found:
        guide.last = next(reversed(guide.steps.all()), None)
    return found


def _page(request, home_is, *, may_decide, back_to, **page):
    form = forms.GuideForm(request.POST or None, may_agree=may_decide)
    laid = Laid(_with_steps(Guide.objects.filter(**home_is)), timezone.localdate())
    page = {"looks": [], "may_confirm": False, "is_cycle": False} | page
    leads_back = {"back": back_to, "up": page.pop("back"), "up_label": page.pop("back_label")}
    return ask(
        request,
        form,
        lambda said: actions.propose_guide(by=request.user, **home_is, **said) and None,
        template="cycles/guides/guides.html",
        title="Rules and principles",
        button="Propose it",
        said="Kept, with today’s date.",
        laid=laid,
        may_decide=may_decide,
        **leads_back,
        **page,
    )


def _guide_to_decide(request, pk):
    guides = Guide.objects.visible_to(request.user).select_related("cycle__team", "cycle__steward", "team")
    guide = get_object_or_404(guides, pk=pk)
    if not permissions.can_decide(request.user, guide):
        raise PermissionDenied
    return guide


def _about_guide(guide):
    where = about(guide.cycle) if guide.cycle_id else about_team(guide.team)
    return where | {"back": guide.get_absolute_url(), "back_label": guide.text, "lede": f"“{guide.text}”"}


def guide_adopt(request, pk):
    guide = _guide_to_decide(request, pk)
    beside = Guide.objects.filter(cycle=guide.cycle, team=guide.team).in_force(timezone.localdate())
    more = 1 if guide.kind == Guide.Kind.RULE else 0
    many = more and actions.too_many_rules(beside, more)
    return ask(
        request,
        forms.AdoptForm(request.POST or None),
        lambda said: actions.decide_guide(guide=guide, state=State.ADOPTED, by=request.user, **said),
        title="Take it on",
        note="This would make more than five rules. Could it be a principle, or could another rule go?" if many else "",
        button="Take it on",
        said="It is in force from today.",
        **_about_guide(guide),
    )


def guide_decline(request, pk):
    guide = _guide_to_decide(request, pk)
    form = forms.WhyForm(
        request.POST or None,
        refusal=actions.SAY_WHY[State.NOT_ADOPTED],
        hint="It goes back to whoever proposed it, and stays to read.",
    )
    return ask(
        request,
        form,
        lambda said: actions.decide_guide(guide=guide, state=State.NOT_ADOPTED, by=request.user, **said),
        title="Do not take it on",
        button="Keep the reason",
        said="Kept, with the reason.",
        **_about_guide(guide),
    )


def guide_retire(request, pk):
    guide = _guide_to_decide(request, pk)
    form = forms.WhyForm(
        request.POST or None,
        refusal=actions.SAY_WHY[State.RETIRED],
        hint="What it did, and why it is no longer needed. It stays to read, with its days.",
    )
    return ask(
        request,
        form,
        lambda said: actions.decide_guide(guide=guide, state=State.RETIRED, by=request.user, **said),
        title="Retire it",
        button="Retire it",
        said="Retired. It stays to read, with its days.",
        **_about_guide(guide),
    )
