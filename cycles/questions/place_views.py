"""How a place asks: its administrators choose the words, and which questions are asked at all."""

from itertools import groupby

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cycles.asking import ask
from cycles.people.views.place import administered
from cycles.questions import actions, forms
from cycles.questions.models import Question, QuestionWording
from cycles.questions.which import may_be_worded, title_of
from cycles.refusals import ChangedMeanwhile, Refused

READERS = {
    "readers_kind": "shared",
    "readers": "everyone in the place is asked in these words. Who chose them is shown to administrators.",
}


@require_safe
def questions(request):
    """Every set, in the order of the file, as this place asks it."""
    place = administered(request)
    rows = [row for row in _asked_in(place).order_by("order", "pk") if may_be_worded(row.set)]
    order = {name: at for at, name in enumerate(dict.fromkeys(_whole(row) for row in rows))}
    rows.sort(key=lambda row: order[_whole(row)])
    groups = [(title_of(name), list(found)) for name, found in groupby(rows, key=_whole)]
    return TemplateResponse(request, "cycles/questions/place.html", {"place": place, "groups": groups})


def _whole(question):
    """The set that a part belongs to; each scale has a whole of its own."""
    parts = question.set.split(".")
    return ".".join(parts[: 2 if parts[0] == "scale" else 1])


def _asked_in(place):
    return Question.objects.of(place).filter(is_active=True).worded(place)


def _question(request, key):
    place = administered(request)
    found = get_object_or_404(_asked_in(place), key=key)
    if not may_be_worded(found.set):
        found = get_object_or_404(Question.objects.none())
    return place, found


def question(request, key):
    """Its words here, how they were before, and the way back to the first ones."""
    place, found = _question(request, key)
    wordings = list(QuestionWording.objects.filter(place=place, question=found).select_related("by"))
    newest = wordings[0].pk if wordings else 0
    return ask(
        request,
        forms.WordForm(request.POST or None, initial={"text": found.asked, "version": newest}),
        lambda said: actions.word_question(place=place, question=found, by=request.user, **said) and None,
        title="How it is asked here",
        said="It is asked in these words from now on.",
        template="cycles/questions/word.html",
        back=reverse("cycles:place_questions"),
        back_label="Questions",
        question=found,
        set_title=title_of(found.set),
        wordings=wordings,
        newest=newest,
        is_own=found.place_id is not None,
        can_leave_out=found.set not in actions.FIXED,
        **READERS,
    )


@require_POST
def question_original(request, key):
    return _press(request, key, "The first words are back.", text="")


@require_POST
def question_ask(request, key):
    """Switch it off here, or on again. Answers that were given stay to be read."""
    on = request.POST.get("ask") == "yes"
    return _press(request, key, "It is asked again." if on else "It is not asked here now.", is_asked=on)


def _press(request, key, said, **change):
    place, found = _question(request, key)
    form = forms.VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        actions.word_question(place=place, question=found, version=version, by=request.user, **change)
    except ChangedMeanwhile:
        messages.warning(request, "Someone changed this question just now. Look at it again.")
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("cycles:place_question", key)


def question_new(request):
    place = administered(request)
    sets = [
        name
        for name in dict.fromkeys(Question.objects.of(None).order_by("order").values_list("set", flat=True))
        if may_be_worded(name) and name not in actions.FIXED
    ]
    return ask(
        request,
        forms.OwnQuestionForm(request.POST or None, sets=sets, initial={"set_name": request.GET.get("set", "")}),
        lambda said: actions.add_question(place=place, by=request.user, **said) and None,
        title="Ask something of your own",
        button="Add it",
        said="It is asked from now on.",
        back=reverse("cycles:place_questions"),
        back_label="Questions",
        **READERS,
    )
