from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cycles.asking import ask, number
from cycles.lessons import actions, forms, permissions
from cycles.lessons.models import Lesson
from cycles.stack.models import LearningCycle, Scale
from cycles.stack.views import about, cycle_to_change

PAGE = 30


def seen_lessons(request):
    lessons = Lesson.objects.visible_to(request.user)
    return lessons.select_related("cycle__team", "offered_to__team")


def lesson_in_sight(request, pk, allowed):
    lesson = get_object_or_404(seen_lessons(request), pk=pk)
    if not allowed(request.user, lesson):
        raise PermissionDenied
    return lesson


@require_safe
def lesson_list(request):
    """Newest first, narrowed by pillar, direction, leverage or cycle; lessons of lives stay with those lives."""
    asked = {name: request.GET.get(name, "") for name in ("pillar", "direction", "leverage", "cycle", "before")}
    lessons = seen_lessons(request).exclude(cycle__scale=Scale.PERSON).order_by("-pk")
    if asked["pillar"] in Lesson.Pillar.values:
        lessons = lessons.filter(pillar=asked["pillar"]) if asked["pillar"] else lessons
    if asked["direction"] in Lesson.Hear.values:
        lessons = lessons.filter(direction=asked["direction"])
    if asked["leverage"]:
        lessons = lessons.filter(is_leverage=True)
    of_cycle = None
    if asked["cycle"]:
        of_cycle = get_object_or_404(LearningCycle.objects.visible_to(request.user).shared(), pk=number(asked["cycle"]))
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
        "directions": Lesson.Hear.choices,
        "is_filtered": any(asked[name] for name in ("pillar", "direction", "leverage")),
    }
    return TemplateResponse(request, "cycles/lessons/list.html", page)


@require_safe
def lesson(request, pk):
    shown = lesson_in_sight(request, pk, lambda user, lesson: True)
    page = {
        "lesson": shown,
        "can_offer": shown.state == "noticed"
        and shown.cycle.scale != Scale.PERSON
        and permissions.can_offer(request.user, shown),
        "can_reply": shown.state == "offered" and permissions.can_reply(request.user, shown),
        "can_embed": shown.state in ("noticed", "taken_up") and permissions.can_embed(request.user, shown),
        **about(shown.cycle),
    }
    return TemplateResponse(request, "cycles/lessons/lesson.html", page)


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


def _about(lesson):
    return about(lesson.cycle) | {"back": lesson.get_absolute_url(), "lede": lesson.text}


def lesson_offer(request, pk):
    shown = lesson_in_sight(request, pk, permissions.can_offer)
    form = forms.OfferForm(request.POST or None, cycles=actions.cycles_to_offer_to(shown))
    return ask(
        request,
        form,
        lambda said: actions.offer_lesson(lesson=shown, by=request.user, **said),
        title="Offer it to another cycle",
        button="Offer it",
        said="Offered. They owe you a reply.",
        **_about(shown) | {"readers": "the same people, and the team of the cycle you choose."},
    )


def lesson_reply(request, pk):
    shown = lesson_in_sight(request, pk, permissions.can_reply)
    return ask(
        request,
        forms.ReplyForm(request.POST or None),
        lambda said: actions.reply_to_lesson(lesson=shown, by=request.user, **said),
        title="Answer this lesson",
        button="Send",
        said="Sent back to those who offered it.",
        **_about(shown),
    )


def lesson_embed(request, pk):
    shown = lesson_in_sight(request, pk, permissions.can_embed)
    return ask(
        request,
        forms.EmbedForm(request.POST or None),
        lambda said: actions.embed_lesson(lesson=shown, by=request.user, **said),
        title="It is normal here now",
        said="Kept, with its day.",
        **_about(shown),
    )
