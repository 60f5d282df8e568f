"""A lesson, and one that was offered, with the debriefs that fed it and the issues that came of it."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cycles.asking import AskForm, ClientId, ask
from cycles.lessons import actions, permissions
from cycles.lessons import forms as lesson_forms
from cycles.lessons.line import before
from cycles.lessons.models import Lesson, Offer, Reach
from cycles.lessons.passed import from_words
from cycles.lessons.views import about_lesson, about_offer, lesson_in_sight, offer_in_sight
from cycles.stack.models import Scale
from cycles.stack.views import about
from debriefs.record.lessons import debriefs_behind, debriefs_to_add, people_behind, see_lesson_too
from debriefs.record.models import Debrief
from hls.pages.unseen import and_more
from issues.log.actions import raise_issue
from issues.log.models import Issue

LEVELS = list(Reach)
SHOWN = 20


def hearers(lesson):
    """Whose debriefs fed it, also where it grew from another cycle's lesson."""
    return people_behind(before([lesson.pk]))


@require_safe
def lesson(request, pk):
    user, shown = request.user, lesson_in_sight(request, pk)
    offers = list(Offer.objects.visible_to(user).filter(lesson=shown).standing().select_related("to__team"))
    out_of_sight = shown.offers.standing().exclude(pk__in=[offer.pk for offer in offers]).count()
    can_change = permissions.can_change_lesson(user, shown)
    at, moves = LEVELS.index(shown.level), _moves(shown, offers)
    page = {
        "lesson": shown,
        "offers": offers,
        "more_offers": and_more(out_of_sight, "one more cycle", "more cycles"),
        "levels": _levels(shown, moves),
        "moves": moves,
        "came_by": _came_by(user, shown),
        "experiment": shown.experiment,
        "issues": Issue.objects.visible_to(user).filter(lessons=shown).defer("search").order_by("-pk")[:SHOWN],
        "can_change": can_change,
        "can_raise": can_change and at + 1 < len(LEVELS),
        "can_lower": can_change and at > 0,
        "can_embed": can_change and not any(offer.to_id == shown.cycle_id for offer in offers),
        "can_see_too": bool(user.rights.teams),
        "can_issue": can_change and shown.cycle.scale != Scale.PERSON,
        **_sources(user, shown),
        **about(shown.cycle),
    }
    return TemplateResponse(request, "cycles/lessons/lesson.html", page)


def _came_by(user, shown):
    offers = Offer.objects.visible_to(user).select_related("lesson__cycle__team")
    return offers.filter(pk=shown.came_by_id).first()


def _levels(shown, moves):
    """The six levels, lowest first, each with why it last came there."""
    at = LEVELS.index(shown.level)
    why = {move.to_level: move.words for move in moves if move.to_level}
    when = ["past" if place < at else "now" if place == at else "later" for place in range(len(LEVELS))]
    return [
        {"title": level.label, "when": when[place], "text": why.get(level, "") if place <= at else ""}
        for place, level in enumerate(LEVELS)
    ]


def _sources(user, shown):
    fed = debriefs_behind([shown.pk])
    seen = list(Debrief.objects.visible_to(user).filter(pk__in=fed.values("pk")).select_related("team")[:SHOWN])
    hidden = fed.exclude(team__in=user.rights.teams).count()
    return {"debriefs": seen, "more_debriefs": and_more(hidden, "a debrief of another team", "debriefs of other teams")}


def _moves(shown, offers):
    """Its history, without what belongs to an offer out of this reader's sight."""
    known = {offer.pk: offer for offer in offers}
    taken_back = set(shown.offers.filter(state=Offer.State.TAKEN_BACK).values_list("pk", flat=True))
    moves = list(shown.moves.select_related("by", "offer__to"))
    return [m for m in moves if m.offer_id is None or m.offer_id in known or m.offer_id in taken_back]


@require_safe
def offer(request, pk):
    user, shown = request.user, offer_in_sight(request, pk)
    sees_lesson = Lesson.objects.visible_to(user).filter(pk=shown.lesson_id).exists()
    page = {
        "offer": shown,
        "from_team": from_words(shown),
        "sees_lesson": sees_lesson,
        "own": Lesson.objects.visible_to(user).filter(came_by=shown).first(),
        "may": permissions.steps_open(user, shown),
        "moves": shown.moves.select_related("by"),
        **about(shown.to),
    }
    page["readers"] = about_offer(shown)["readers"]
    return TemplateResponse(request, "cycles/lessons/offer.html", page)


def offer_reply(request, pk):
    shown = offer_in_sight(request, pk, permissions.can_answer)
    form = lesson_forms.ReplyForm(request.POST or None)
    return ask(
        request,
        form,
        lambda said: actions.reply_to_offer(offer=shown, by=request.user, hearers=hearers(shown.lesson), **said),
        title="Answer this lesson",
        button="Send",
        said="Sent back to those who offered it, and to everyone whose debrief fed it.",
        **about_offer(shown),
    )


def offer_embed(request, pk):
    shown = offer_in_sight(request, pk, permissions.can_answer)
    form = lesson_forms.EmbedForm(request.POST or None)
    return ask(
        request,
        form,
        lambda said: actions.embed_offer(offer=shown, by=request.user, hearers=hearers(shown.lesson), **said),
        title="It is normal here now",
        said="Kept, with its day.",
        **about_offer(shown),
    )


def lesson_embed(request, pk):
    shown = lesson_in_sight(request, pk, permissions.can_change_lesson)
    form = lesson_forms.EmbedForm(request.POST or None)
    return ask(
        request,
        form,
        lambda said: actions.embed_here(lesson=shown, by=request.user, hearers=hearers(shown), **said),
        title="It is normal here now",
        said="Kept, with its day.",
        **about_lesson(shown),
    )


# ------------------------------------------------------------------ seen too, and an issue in one step


class SeenTooForm(AskForm):
    debrief = forms.ModelChoiceField(
        label="In which debrief?",
        queryset=Debrief.objects.none(),
        empty_label="Choose a debrief",
        help_text="One that you were in. What becomes of the lesson comes back to everyone who was there.",
    )

    def __init__(self, *args, debriefs, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["debrief"].queryset = Debrief.objects.filter(pk__in=[row.pk for row in debriefs])


def lesson_seen(request, pk):
    """ "I saw this too": another debrief feeds the same lesson."""
    shown = lesson_in_sight(request, pk)
    if not request.user.rights.teams:
        raise PermissionDenied
    form = SeenTooForm(request.POST or None, debriefs=debriefs_to_add(request.user, shown))
    return ask(
        request,
        form,
        lambda said: see_lesson_too(lesson=shown, by=request.user, **said) and None,
        title="I saw this too",
        button="We saw it too",
        said="Kept. You will hear what becomes of it.",
        **about_lesson(shown)
        | {"readers": "your team sees which debrief. Others are only told that one more debrief saw it."},
    )


class IssueForm(AskForm):
    description = forms.CharField(
        label="What is getting in the way?",
        max_length=4000,
        widget=forms.Textarea,
        help_text="Say it the way you would to a colleague. Leave out names.",
    )
    client_id = ClientId()


def lesson_issue(request, pk):
    """A pattern that gets in the way becomes an issue in one step, and each keeps hold of the other (DOMAIN.md 11)."""
    shown = lesson_in_sight(request, pk, permissions.can_change_lesson)
    if shown.cycle.scale == Scale.PERSON:
        raise PermissionDenied
    form = IssueForm(request.POST or None, initial={"description": shown.text})

    def act(said):
        issue = raise_issue(cycle=shown.cycle, by=request.user, **said)
        issue.lessons.add(shown)
        return issue

    return ask(
        request,
        form,
        act,
        title="Raise it as an issue",
        button="Put it in the log",
        said="It is in the log, with the lesson beside it.",
        **about_lesson(shown) | {"lede": ""},
    )
