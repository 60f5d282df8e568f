"""The map of a cycle or a life: list first, drawn second, and the forms that change it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cycles.asking import ask, number
from cycles.lives.models import Case
from cycles.maps import actions, forms, history, permissions
from cycles.maps.drawing import VERBS, picture, title_of, told, two_pictures
from cycles.maps.models import ElementTie, MapFeedback, SystemElement
from cycles.maps.reach import about_map, map_to_change, map_to_read, map_url, row_to_change
from cycles.refusals import Refused
from cycles.stack.models import Scale
from hls.charts import flow_words, map_key


def system_map(request, pk):
    """The whole map, and one box to add the next thing to it."""
    cycle = map_to_read(request, pk)
    can_change = permissions.can_change(request.user, cycle)
    if request.method == "POST" and not can_change:
        raise PermissionDenied
    kind = request.GET.get("kind") if request.GET.get("kind") in SystemElement.Kind.values else "actor"
    form = forms.QuickForm(request.POST or None, initial={"kind": kind})
    if request.method == "POST" and form.is_valid() and _added(request, cycle, form):
        return redirect(map_url(cycle, f"?kind={form.cleaned_data['kind']}#add"))
    page = {"form": form, "can_change": can_change, **_page(request, cycle)}
    return TemplateResponse(request, "cycles/maps/map.html", page, status=422 if request.method == "POST" else 200)


def _added(request, cycle, form):
    said = form.cleaned_data
    try:
        made = actions.add_elements(cycle=cycle, named=[(said["kind"], said["name"], "")], by=request.user)
    except Refused as refused:
        form.refuse(refused)
        return False
    if made:
        messages.success(request, f"“{made[0].name}” is on the map.")
    else:
        messages.warning(request, "That is on the map already.")
    return True


def _page(request, cycle):
    elements = list(cycle.systemelements.select_related("agency"))
    standing = [element for element in elements if element.removed_on is None]
    ties = list(cycle.elementties.select_related("source", "target").prefetch_related("experiments"))
    tied = [tie for tie in ties if tie.removed_on is None]
    names = {element.pk: element.name for element in elements}
    is_whole = request.GET.get("all") == "1"
    return {
        "cycle": cycle,
        "is_life": cycle.scale == Scale.PERSON,
        "title": title_of(cycle),
        "actors": [element for element in standing if element.kind == "actor"],
        "factors": [element for element in standing if element.kind == "factor"],
        "ties": [told(tie, names) for tie in tied],
        "gone": [element for element in elements if element.removed_on],
        "gone_ties": [told(tie, names) for tie in ties if tie.removed_on and _could_come_back(tie)],
        "feedback": cycle.mapfeedbacks.select_related("by", "replied_by", "element"),
        "key": map_key(),
        "is_whole": is_whole,
        **picture(cycle, standing, tied, is_whole=is_whole),
        **about_map(cycle),
    }


def _could_come_back(tie):
    return tie.source.removed_on is None and tie.target.removed_on is None


def map_add(request, pk):
    """Everything that comes to mind, in one go."""
    cycle = map_to_change(request, pk)
    there = set(cycle.systemelements.standing().values_list("prompt", flat=True))
    form = forms.SeveralForm(request.POST or None, there=there)
    return ask(
        request,
        form,
        lambda said: actions.add_elements(cycle=cycle, named=form.named(), by=request.user) and None,
        title="Who and what is in this system?",
        lede="Tap all that matter. Write the rest, one on each line. You can change it all later.",
        button="Put them on the map",
        said="They are on the map. Tie them next.",
        **about_map(cycle),
    )


# ------------------------------------------------------------------ actors and factors


def element_edit(request, pk):
    element = row_to_change(request, SystemElement, pk, "agency")
    cycle = element.cycle
    return ask(
        request,
        forms.ElementForm.of(element, request.POST or None, place=cycle.place_id, kind=element.kind),
        lambda said: actions.change_element(element=element, by=request.user, **said) and None,
        template="cycles/maps/element.html",
        title=f"Change “{element.name}”",
        lede="How it was said before is kept, with the day.",
        said="Changed. How it was before is kept.",
        element=element,
        before=actions.words_before(element),
        **about_map(cycle, "#list", tab="Change the map"),
    )


def element_remove(request, pk):
    element = row_to_change(request, SystemElement, pk)
    return ask(
        request,
        forms.RemoveForm(request.POST or None),
        lambda said: actions.remove_element(element=element, by=request.user, **said) and None,
        title=f"Take “{element.name}” off the map",
        lede="Its ties go with it. It stays on the map of every day before today, and you can put it back.",
        button="Take it off",
        said="Taken off. It stays on the map of every day before.",
        **about_map(element.cycle, "#list", tab="Change the map"),
    )


@require_POST
def element_back(request, pk):
    element = row_to_change(request, SystemElement, pk)
    return _press(request, element.cycle, lambda: actions.put_element_back(element=element, by=request.user))


def _press(request, cycle, act):
    try:
        act()
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "It is back on the map.")
    return redirect(map_url(cycle, "#list"))


# ---------------------------------------------------------------------------------- ties


def tie_new(request, pk):
    """What one does to another. `from` and `to` in the address choose the two."""
    cycle = map_to_change(request, pk)
    elements = cycle.systemelements.standing()
    chosen = {"source": number(request.GET.get("from", "")), "target": number(request.GET.get("to", ""))}
    form = forms.TieForm(request.POST or None, elements=elements, initial=chosen)
    return ask(
        request,
        form,
        lambda said: actions.tie_elements(cycle=cycle, by=request.user, **said) and None,
        title="Tie two together",
        button="Tie them",
        said="They are tied.",
        **about_map(cycle, "#ties"),
    )


def tie_edit(request, pk):
    tie = row_to_change(request, ElementTie, pk, "source", "target")
    return ask(
        request,
        forms.TieChangeForm.of(tie, request.POST or None),
        lambda said: actions.change_tie(tie=tie, by=request.user, **said) and None,
        title=f"From “{tie.source}” to “{tie.target}”",
        lede="What it was before is kept, with the day.",
        said="Changed. What it was before is kept.",
        **about_map(tie.cycle, "#ties", tab="Change a tie"),
    )


def tie_remove(request, pk):
    tie = row_to_change(request, ElementTie, pk, "source", "target")
    return ask(
        request,
        forms.RemoveForm(request.POST or None),
        lambda said: actions.remove_tie(tie=tie, by=request.user, **said) and None,
        title=f"Take off the tie from “{tie.source}” to “{tie.target}”",
        lede="It stays on the map of every day before today, and you can put it back.",
        button="Take it off",
        said="Taken off. It stays on the map of every day before.",
        **about_map(tie.cycle, "#ties", tab="Take off a tie"),
    )


@require_POST
def tie_back(request, pk):
    tie = row_to_change(request, ElementTie, pk, "source", "target")
    return _press(request, tie.cycle, lambda: actions.put_tie_back(tie=tie, by=request.user))


# ---------------------------------------------------------------------- before and after


@require_safe
def map_since(request, pk):
    """The map and the steps on two days, and what came, went and changed between them."""
    cycle = map_to_read(request, pk)
    elements, ties = history.elements_with_versions(cycle), history.ties_with_versions(cycle)
    steps = history.with_versions(cycle.mapsteps)
    days, today = history.days_of(elements + ties + steps), timezone.localdate()
    start = {"then": days[-1] if days else today, "now": today}
    asked = {name: request.GET.get(name) or day for name, day in start.items()}
    form = forms.SinceForm(asked)
    is_fine = form.is_valid()
    then, now = sorted((form.cleaned_data if is_fine else start)[name] for name in ("then", "now"))
    page = {"cycle": cycle, "form": form, "then": then, "now": now, "days": days[:24], "today": today}
    page |= _since(cycle, elements, ties, then, now) | _steps_since(steps, then, now)
    page |= {"title": title_of(cycle), "key": map_key(), **about_map(cycle)}
    return TemplateResponse(request, "cycles/maps/since.html", page, status=200 if is_fine else 422)


def _since(cycle, elements, ties, then, now):
    before, after = history.on_day(elements, then), history.on_day(elements, now)
    ties_before, ties_after = history.on_day(ties, then), history.on_day(ties, now)
    svg_then, svg_now = two_pictures(cycle, before, after, ties_before, ties_after)
    names = {row.pk: version.name for row, version in (before | after).items()}
    return {
        "svg_then": svg_then,
        "svg_now": svg_now,
        "parts": history.between(before, after),
        "lines": _told_lines(history.between(ties_before, ties_after), names),
    }


def _steps_since(steps, then, now):
    before, after = history.on_day(steps, then), history.on_day(steps, now)

    def words(found):
        return flow_words([(version.activity, version.value) for version in found.values()]) if found else ""

    return {"steps": history.between(before, after), "words_then": words(before), "words_now": words(after)}


def _told_lines(lines, names):
    """The ties that differ: a new or a gone one as a sentence, a changed one with both its versions."""

    def ends(tie):
        return names.get(tie.source_id, ""), names.get(tie.target_id, "")

    def said(tie, version):
        source, target = ends(tie)
        return f"{source} {VERBS[version.effect]} {target}"

    return {
        "came": [said(tie, version) for tie, version in lines.came],
        "went": [said(tie, version) for tie, version in lines.went],
        "changed": [(" to ".join(ends(tie)), was, is_now) for tie, was, is_now in lines.changed],
    }


# ------------------------------------------------------------------------------ feedback


def feedback_new(request, pk):
    """Anyone who sees the picture may say what is wrong with it (DOMAIN.md 9)."""
    cycle = map_to_read(request, pk)
    element = number(request.GET.get("about", ""))
    form = forms.FeedbackForm(
        request.POST or None, elements=cycle.systemelements.standing(), initial={"element": element}
    )
    return ask(
        request,
        form,
        lambda said: actions.leave_feedback(cycle=cycle, by=request.user, **said) and None,
        title="What do you see differently?",
        lede="The people of the map read it, and say here what they did with it.",
        button="Leave it",
        said="Thank you. It stands beside the map.",
        **about_map(cycle, "#feedback"),
    )


def feedback_reply(request, pk):
    feedback = row_to_change(request, MapFeedback, pk, "by", "element")
    return ask(
        request,
        forms.ReplyForm(request.POST or None, initial={"reply": feedback.reply}),
        lambda said: actions.answer_feedback(feedback=feedback, by=request.user, **said) and None,
        title="Answer what was said of the map",
        lede=feedback.text,
        button="Answer",
        said="Answered. It stands beside what they said.",
        **about_map(feedback.cycle, "#feedback", tab="Answer what was said"),
    )


@require_safe
def person_map(request, pk):
    """The map of a life, by the address of the life: a reason is asked first where one is needed."""
    case = get_object_or_404(Case.objects.in_reach_of(request.user), pk=pk)
    if not Case.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect("cycles:person_why", pk)
    return redirect("cycles:map", case.cycle_id)
