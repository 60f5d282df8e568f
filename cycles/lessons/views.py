from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cycles.asking import ask, number
from cycles.lessons import actions, forms, permissions
from cycles.lessons.models import Lesson, Offer, Reach
from cycles.lessons.passed import queue_of
from cycles.lessons.pillars import neglected_words
from cycles.lives.actions import note_read
from cycles.lives.views import about_case, case_to_change
from cycles.refusals import Refused
from cycles.stack.models import LearningCycle, Scale
from cycles.stack.views import about, cycle_to_change

PAGE, ANSWERED = 30, 20
LEVELS = list(Reach)
FILTERS = {"pillar": Lesson.Pillar, "direction": Lesson.Hear, "level": Reach, "state": Lesson.State}


def lesson_in_sight(request, pk, allowed=None):
    lesson = get_object_or_404(
        Lesson.objects.visible_to(request.user).select_related("cycle__team", "cycle__place", "cycle__case__worker"),
        pk=pk,
    )
    if allowed and not allowed(request.user, lesson):
        raise PermissionDenied
    if lesson.cycle.scale == Scale.PERSON and request.method != "POST":
        note_read(case=lesson.cycle.case, by=request.user)
    return lesson


def offer_in_sight(request, pk, allowed=None):
    offers = Offer.objects.visible_to(request.user).select_related("lesson__cycle__team", "to__team")
    offer = get_object_or_404(offers, pk=pk)
    if allowed and not allowed(request.user, offer):
        raise PermissionDenied
    return offer


def about_lesson(lesson):
    return about(lesson.cycle) | {"back": lesson.get_absolute_url(), "back_label": "Lesson", "lede": lesson.text}


def about_offer(offer):
    """Seen from the cycle it went to, whose page its people know."""
    return about(offer.to) | {
        "back": offer.get_absolute_url(),
        "back_label": "Offered lesson",
        "lede": offer.text,
        "readers": "the team it comes from, your team, and the stewards of the place.",
    }


@require_safe
def lesson_list(request):
    """Newest first, narrowed by pillar, direction, level, state, leverage or cycle; those of lives stay with lives."""
    asked = {name: request.GET.get(name, "") for name in (*FILTERS, "leverage", "cycle", "before")}
    lessons = Lesson.objects.visible_to(request.user).shared().select_related("cycle").order_by("-pk")
    narrowed = {name: asked[name] for name, kind in FILTERS.items() if asked[name] and asked[name] in kind.values}
    lessons = lessons.filter(**narrowed)
    if asked["leverage"]:
        lessons = lessons.filter(is_leverage=True)
    of_cycle = None
    if asked["cycle"]:
        of_cycle = get_object_or_404(LearningCycle.objects.shared_with(request.user), pk=number(asked["cycle"]))
        lessons = lessons.filter(cycle=of_cycle)
    if before := number(asked["before"]):
        lessons = lessons.filter(pk__lt=before)
    found = list(lessons[: PAGE + 1])
    page = {
        "lessons": found[:PAGE],
        "last": found[PAGE - 1].pk if len(found) > PAGE else None,
        "asked": asked,
        "of_cycle": of_cycle,
        "pillars": Lesson.Pillar.choices[1:],
        "selects": [
            ("direction", "Who should hear it", Lesson.Hear.choices, asked["direction"]),
            ("level", "How far it has risen", Reach.choices, asked["level"]),
            ("state", "Where it stands", Lesson.State.choices, asked["state"]),
        ],
        "kept": [(name, asked[name]) for name in ("pillar", "leverage", "cycle") if asked[name]],
        "is_filtered": bool(narrowed or asked["leverage"]),
        "is_sifted": bool(set(narrowed) - {"pillar"} or asked["leverage"]),
        "neglected": neglected_words(request.user),
    }
    return TemplateResponse(request, "cycles/lessons/list.html", page)


def lesson_new(request, pk):
    cycle = cycle_to_change(request, pk)
    asked = request.GET.get("experiment", "")
    form = forms.LessonForm(request.POST or None, cycle=cycle, initial={"experiment": number(asked) or None})
    return ask(
        request,
        form,
        lambda said: actions.note_lesson(cycle=cycle, by=request.user, **said),
        title="Note what you learned",
        button="Keep it",
        said="Kept.",
        **about(cycle),
    )


def person_lesson_new(request, pk):
    """Noticed in one life. It stays with that life until its words are offered on, without a name."""
    case = case_to_change(request, pk)
    form = forms.LifeLessonForm(request.POST or None)
    return ask(
        request,
        form,
        lambda said: actions.note_lesson(cycle=case.cycle, by=request.user, **said),
        title="Note what you learned",
        button="Keep it",
        said="Kept with this life. Offer its words to your team when you are ready.",
        **about_case(case),
    )


def lesson_edit(request, pk):
    shown = lesson_in_sight(request, pk, permissions.can_change_lesson)
    form = forms.LessonEditForm.of(shown, request.POST or None)
    return ask(
        request,
        form,
        lambda said: actions.edit_lesson(lesson=shown, by=request.user, **said),
        title="Say it anew",
        said="Saved. Earlier words are kept.",
        **about_lesson(shown) | {"lede": "What you passed on already keeps its own words."},
    )


def lesson_raise(request, pk):
    return _level(request, pk, +1, "Raise it a level", "Raise it", "Raised one level.")


def lesson_lower(request, pk):
    return _level(request, pk, -1, "Bring it back a level", "Bring it back", "Back one level. Its way up is kept.")


def _level(request, pk, by, title, button, said):
    shown = lesson_in_sight(request, pk, permissions.can_change_lesson)
    to = LEVELS.index(shown.level) + by
    if not 0 <= to < len(LEVELS):
        return redirect(shown)
    form = forms.LevelForm(request.POST or None, initial={"to_level": LEVELS[to]})
    words = f"From “{shown.get_level_display()}” to “{LEVELS[to].label}”."
    return ask(
        request,
        form,
        lambda sent: actions.change_level(lesson=shown, by=request.user, **sent),
        title=title,
        button=button,
        said=said,
        **about_lesson(shown) | {"note": words},
    )


# ------------------------------------------------------------------ offers


def lesson_offer(request, pk):
    shown = lesson_in_sight(request, pk, permissions.can_change_lesson)
    form = forms.OfferForm(
        request.POST or None,
        cycles=actions.cycles_to_offer_to(shown).order_by("title", "pk"),
        initial={"text": shown.text},
    )
    from_life = shown.cycle.scale == Scale.PERSON
    return ask(
        request,
        form,
        lambda said: actions.offer_lesson(lesson=shown, by=request.user, **said) and None,
        title="Offer it to another cycle",
        button="Offer it",
        said="Offered. They owe you a reply.",
        note="Only these words go on. Nobody there sees whose life they came from." if from_life else "",
        **about_lesson(shown)
        | {"lede": "", "readers": "the same people, and the team and stewards of the cycle you choose."},
    )


def press(request, act, said, back):
    """One button: do it and go to what it made, or say why not."""
    try:
        made = act()
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(back)
    messages.success(request, said)
    return redirect(made if isinstance(made, Lesson) else back)


@require_POST
def offer_take_back(request, pk):
    offer = offer_in_sight(request, pk, permissions.can_take_back)
    return press(request, lambda: actions.take_back_offer(offer=offer, by=request.user), "Taken back.", offer.lesson)


@require_POST
def offer_own(request, pk):
    """What was taken up becomes a lesson of this cycle, to be passed on from here."""
    offer = offer_in_sight(request, pk, permissions.can_answer)
    return press(request, lambda: actions.make_own(offer=offer, by=request.user), "It is on your cycle’s page.", offer)


def offer_again(request, pk):
    return _undo(request, pk, actions.reconsider, "Look at it again", "It waits for your answer again.")


def offer_lapse(request, pk):
    return _undo(request, pk, actions.lapse, "It is no longer normal", "Kept, with its day.")


def _undo(request, pk, act, title, said):
    offer = offer_in_sight(request, pk, permissions.can_answer)
    return ask(
        request,
        forms.WhyForm(request.POST or None),
        lambda sent: act(offer=offer, by=request.user, **sent),
        title=title,
        said=said,
        **about_offer(offer),
    )


@require_safe
def offers(request):
    """All that waits for an answer from the cycles this person may change."""
    waiting = list(queue_of(request.user)[:PAGE])
    page = {"waiting": waiting, "answered": [], "of_cycle": None}
    return TemplateResponse(request, "cycles/lessons/queue.html", page)


@require_safe
def cycle_queue(request, pk):
    """What was offered to one cycle: what waits, and what it said before."""
    cycle = cycle_to_change(request, pk)
    answered = Offer.objects.filter(to=cycle).passed().standing().exclude(state=Offer.State.WAITING)
    page = {
        "waiting": list(queue_of(request.user, cycle)[:PAGE]),
        "answered": answered.select_related("lesson__cycle__team", "to__team")[:ANSWERED],
        "of_cycle": cycle,
        "back": reverse("cycles:cycle", args=[cycle.pk]),
    }
    return TemplateResponse(request, "cycles/lessons/queue.html", page)
