"""How a cycle is joined to others: who lies above, beside and below, and what went along each link.

Learning goes up: lessons that were offered, issues that were raised. Enabling comes down: lessons from above, and
what the group above decided should be normal. Lives are never here: a link opens none, and counts are for their team.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cycles.lessons.models import Offer
from cycles.lives.models import Case
from cycles.stack import permissions
from cycles.stack.models import CycleLink, LearningCycle, PastLink, Scale
from cycles.stack.words import readers_of
from hls.charts import stack
from hls.htmx import htmx_partial
from hls.look.words import lives
from hls.pages.gather import gathered
from issues.groups.models import Decision
from issues.log.models import Issue, IssueMove

SHOWN = 6  # on the cycle's own page; the rest is a link away
OPEN = 3  # so few links that what went along them stands open
LATEST = 200  # of each kind of thing that went along links
ORDER = {scale: -place for place, scale in enumerate(Scale)}


@dataclass(frozen=True)
class Passed:
    """Something that went along a link. `outward`: from the cycle that is shown to the other."""

    what: str
    words: str
    url: str
    on: date | None
    outward: bool
    state: str = ""


@dataclass
class Joined:
    """A cycle joined to the one that is shown."""

    other: LearningCycle
    link: CycleLink
    lies: str  # Above, Beside, Below
    who_answered: str  # We said, They said
    can_reply: bool = False
    passed: list = field(default_factory=list)

    @property
    def ways(self):
        """What went each way, under the words of the picture."""
        out = [each for each in self.passed if each.outward]
        back = [each for each in self.passed if not each.outward]
        names = {"Above": ("Went up", "Came down"), "Below": ("Went down", "Came up")}
        sent, came = names.get(self.lies, ("We sent", "They sent"))
        return [(words, found) for words, found in ((sent, out), (came, back)) if found]


def on_cycle(user, cycle):
    """What the cycle's own page shows: the picture, and the first of those it is joined to."""
    light = _light(user, cycle)
    links = joined_to(user, cycle, light[:SHOWN], with_raised=False)
    return {
        "links": links,
        "links_more": len(light) - len(links),
        "stack": picture(user, cycle, [scale for _, scale, _ in light]),
    }


def _light(user, cycle):
    """Key, scale and theme of each joined cycle that this reader may see, the largest scale first."""
    ends = CycleLink.objects.filter(Q(source=cycle) | Q(target=cycle)).values_list("source", "target")
    others = {other for pair in ends for other in pair if other != cycle.pk}
    seen = LearningCycle.objects.shared_with(user).filter(pk__in=others).order_by("title", "pk")
    return sorted(seen.values_list("pk", "scale", "theme"), key=lambda row: ORDER[row[1]])


def joined_to(user, cycle, light, *, with_raised=True):
    """The links to these cycles, each with what went along it."""
    keys = [row[0] for row in light]
    if not keys:
        return []
    others = LearningCycle.objects.select_related("team").in_bulk(keys)
    ends = Q(source=cycle, target__in=keys) | Q(target=cycle, source__in=keys)
    links = {}
    for link in CycleLink.objects.filter(ends).select_related("by", "replied_by"):
        outward = link.source_id == cycle.pk
        links[link.target_id if outward else link.source_id] = (link, outward)
    mine = permissions.can_change(user, cycle)
    found = [_joined(others[key], *links[key], mine) for key in keys if key in links]
    _hang(user, cycle, found, with_raised)
    return found


def _joined(other, link, outward, mine):
    beside = link.direction == CycleLink.Direction.HORIZONTAL
    asked_us = outward == link.is_from_target
    return Joined(
        other=other,
        link=link,
        lies="Beside" if beside else "Above" if outward else "Below",
        who_answered="We said" if asked_us else "They said",
        can_reply=mine and asked_us and not link.reply,
    )


def _hang(user, cycle, found, with_raised):
    """Hang what went along on its link, newest first."""
    by_cycle = {each.other.pk: each for each in found}
    ends = _ends(cycle, found)
    along = [_lessons(cycle, by_cycle), _decided(user, cycle, *ends)]
    if with_raised:
        along.append(_raised(user, cycle, *ends))
    for far_end, passed in chain.from_iterable(along):
        far_end.passed.append(passed)
    for each in found:
        each.passed.sort(key=lambda passed: passed.on or date.min, reverse=True)


def _ends(cycle, found):
    """Where issues belong that reached a team: with its cycle nearest in scale, seen from either end.

    The first: of each team that took something from here, the cycle it stands with. The second: the cycles whose
    issues our team took in this cycle, and not in another of ours that lies nearer to them.
    """
    others = [each for each in found if each.other.team_id != cycle.team_id]
    taken = {}
    for each in sorted(others, key=lambda each: _apart(cycle.scale, each.other.scale)):
        taken.setdefault(each.other.team_id, each)
    nearest = {each.other.pk: (_apart(cycle.scale, each.other.scale), cycle.pk) for each in others}
    of_ours = CycleLink.objects.filter(
        Q(source__in=nearest, target__team=cycle.team_id) | Q(target__in=nearest, source__team=cycle.team_id)
    )
    for source, source_scale, target, target_scale in of_ours.values_list(
        "source", "source__scale", "target", "target__scale"
    ):
        theirs, ours = (source, target) if source in nearest else (target, source)
        nearest[theirs] = min(nearest[theirs], (_apart(source_scale, target_scale), ours))
    return taken, {each.other.pk: each for each in others if nearest[each.other.pk][1] == cycle.pk}


def _apart(one, other):
    return abs(ORDER[one] - ORDER[other])


def _lessons(cycle, by_cycle):
    """Both ends of each are in sight, which is what `Offer.visible_to` asks for."""
    ends = Q(lesson__cycle=cycle, to__in=by_cycle) | Q(to=cycle, lesson__cycle__in=by_cycle)
    offers = Offer.objects.passed().standing().filter(ends).select_related("lesson")[:LATEST]
    for offer in offers:
        outward = offer.lesson.cycle_id == cycle.pk
        far_end = by_cycle[offer.to_id if outward else offer.lesson.cycle_id]
        url = offer.get_absolute_url()
        yield far_end, Passed("Lesson", offer.text, url, offer.on, outward, offer.get_state_display())


def _between(user, cycle, taken, given, group):
    """Rows of issues that went from one team to the other, as two questions: no index serves an OR over both.

    `group`: the column that names the team they reached. Each with where it hangs.
    """
    seen = Issue.objects.visible_to(user)
    if taken:
        ours = {"issue__in": seen.filter(cycle=cycle), f"{group}__in": list(taken)}
        yield True, ours, lambda row: taken[getattr(row, f"{group}_id")]
    if given:
        theirs = {"issue__in": seen.filter(cycle__in=list(given)), group: cycle.team_id}
        yield False, theirs, lambda row: given[row.issue.cycle_id]


def _raised(user, cycle, taken, given):
    """Issues that one team raised to the other."""
    for outward, asked, far_end in _between(user, cycle, taken, given, "to_team"):
        moves = IssueMove.objects.filter(**asked).exclude(state__in=["done", "withdrawn"])
        for move in moves.select_related("issue").defer("issue__search").order_by("-at")[:LATEST]:
            words = move.asks or move.issue.description
            yield far_end(move), _issue(move.issue, "Issue", words, move.at.date(), outward)


def _decided(user, cycle, taken, given):
    """What the team that can act decided should be normal: it goes back to those who raised it."""
    for raised_by_us, asked, far_end in _between(user, cycle, taken, given, "team"):
        made = Decision.objects.filter(**asked).exclude(new_normal="").select_related("issue").defer("issue__search")
        for made_by in made[:LATEST]:
            passed = _issue(made_by.issue, "New normal", made_by.new_normal, made_by.decided_on, not raised_by_us)
            yield far_end(made_by), passed


def _issue(issue, what, words, on, outward):
    return Passed(what, words, issue.get_absolute_url(), on, outward)


def picture(user, cycle, scales):
    """The cairn of scales, from the top; the person is the base stone even where nobody is counted."""
    counts = {cycle.scale: 1}
    for scale in scales:
        counts[scale] = counts.get(scale, 0) + 1
    base = Scale.PERSON.label, "people’s lives"
    if user.rights.in_team(cycle.team_id):
        base = Scale.PERSON.label, lives(Case.objects.filter(cycle__team=cycle.team_id).open().count())
    shown = [scale for scale in reversed(Scale) if scale in counts]
    return stack(f"stack-{cycle.pk}", [*layers(counts), base], shown.index(cycle.scale))


def layers(counts):
    """A stone for each scale that has cycles, the largest first; the top one is small."""
    names = {Scale.COUNTRY: "Country"}
    return [(names.get(scale, scale.label), cycles(counts[scale])) for scale in reversed(Scale) if counts.get(scale)]


def cycles(count):
    return "1 cycle" if count == 1 else f"{count:,} cycles"


@require_safe
@htmx_partial("group")
def joined(request, pk):
    """All that a cycle is joined to; where there are many, gathered by scale and theme and opened on demand."""
    user = request.user
    shown = get_object_or_404(LearningCycle.objects.shared_with(user).select_related("team", "steward"), pk=pk)
    light = _light(user, shown)
    themes = sorted({theme for _, _, theme in light if theme}, key=str.casefold)
    theme = request.GET.get("theme", "")
    if theme:
        light = [row for row in light if row[2].casefold() == theme.casefold()]
    gathering = gathered(light, request.GET.get("open", ""))
    links = {
        each.other.pk: each for each in joined_to(user, shown, [row for row in light if row[0] in gathering.shown])
    }
    gathering.fill(links)
    page = {
        "cycle": shown,
        "gathering": gathering,
        "group": gathering.opened,
        "total": len(light),
        "themes": themes,
        "theme": theme,
        "stack": picture(user, shown, [scale for _, scale, _ in light]),
        "open_ways": len(light) <= OPEN,
        "past": _past(user, shown),
        "can_change": permissions.can_change(user, shown),
        **readers_of(shown),
    }
    return TemplateResponse(request, "cycles/pages/joined.html", page)


def _past(user, cycle):
    """Links that ended. The other cycle is named only to who may still see it."""
    ended = list(PastLink.objects.filter(Q(source=cycle) | Q(target=cycle)).select_related("by")[:20])
    ends = {other for past in ended for other in (past.source_id, past.target_id)}
    seen = LearningCycle.objects.shared_with(user).in_bulk(ends) if ended else {}
    return [
        {"past": past, "other": seen.get(past.target_id if past.source_id == cycle.pk else past.source_id)}
        for past in ended
    ]
