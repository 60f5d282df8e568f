"""The recorder's tray of one talk: pick sentences of an answer, and say what they become (DOMAIN.md 27)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cycles.asking import ask, number
from cycles.refusals import Refused
from debriefs.record.models import DebriefAnswer
from debriefs.record.permissions import is_recorder
from debriefs.record.write import find, seen_before
from debriefs.threads import forms
from debriefs.threads.permissions import can_pick
from debriefs.threads.queries import threads_of
from debriefs.threads.sentences import picked, sentences
from issues.log.models import Issue

KINDS = {
    "issue": (forms.IssueOf, "An issue", "Put it in the log", "It is in the log."),
    "lesson": (forms.LessonOf, "Learning", "Keep it as learning", "Kept as learning."),
    "reading": (forms.ReadingOf, "A reading", "Make it a reading", "It is a reading now."),
    "story": (forms.StoryOf, "A story", "Keep the draft", "The draft is kept. Its teller reads it first."),
    "follow-up": (forms.FollowUpOf, "A follow-up", "Ask for it", "Asked for."),
}
READERS = {
    "issue": "{team}, the stewards of the place, and any group it is raised to. The words you picked stay in the team.",
    "lesson": "Everyone who sees this Learning Cycle. The words you picked stay in the team.",
    "reading": "Everyone who sees this question, without a name.",
    "story": "You, and those alongside, until its teller has read it.",
    "follow-up": "{team}.",
}
CHANGED = "These words were put right while you chose. Below is how they stand now."


@require_safe
def sort(request, pk):
    """Every answer in its sentences, with what was made of each so far."""
    debrief = find(request, pk)
    answers = [one for one in _answers(request.user).filter(debrief=debrief) if can_pick(request.user, one)]
    if not answers and not is_recorder(request.user, debrief):
        raise PermissionDenied("Its recorder sorts what was said, and each person their own words.")
    threads = threads_of(debrief, request.user, answers)
    for answer in answers:
        answer.sentences = list(enumerate(sentences(answer.text)))
        answer.threads = threads.get(answer.pk, [])
    page = {
        "debrief": debrief,
        "answers": answers,
        "kinds": [
            (key, label) for key, (_, label, *_rest) in KINDS.items() if key != "reading" or _asks(request, debrief)
        ],
    }
    return TemplateResponse(request, "debriefs/threads/sort.html", page)


def _asks(request, debrief):
    return forms.measures_of(request.user, debrief).exists()


def _answers(user):
    return DebriefAnswer.objects.visible_to(user).select_related(
        "question", "contribution", "debrief__team", "debrief__cycle", "debrief__place"
    )


def make(request, pk):
    """The sentences picked, and the form of what they become. Only numbers stand in the address, never words."""
    answer = get_object_or_404(_answers(request.user), pk=pk)
    if not can_pick(request.user, answer):
        raise PermissionDenied("Its recorder makes things of what was said, and each person of their own words.")
    kind = request.GET.get("as", "")
    if kind not in KINDS:
        raise Http404
    form_class, label, button, said = KINDS[kind]
    chosen = [number(one) for one in request.GET.getlist("s") if one.isascii() and one.isdigit()]
    words = picked(answer.text, chosen)
    data = request.POST or None
    more = _seen_before(request.user, answer.debrief, words) if kind == "issue" else {}
    form = form_class(data, answer=answer, words=words, user=request.user, **more)

    def act(sent):
        if request.POST.get("picked", "").replace("\r\n", "\n") != words:
            raise Refused(CHANGED)
        form.make(sent)

    sort_url = reverse("debriefs:sort", args=[answer.debrief_id])
    return ask(
        request,
        form,
        act,
        template="debriefs/threads/make.html",
        title=f"{label} from what was said",
        button=button,
        said=said,
        back=f"{sort_url}#answer-{answer.pk}",
        back_label="The recorder’s tray",
        readers=READERS[kind].format(team=answer.debrief.team),
        readers_kind="private" if kind == "story" else "shared",
        answer=answer,
        words=words,
        here=request.get_full_path(),
    )


def _seen_before(user, debrief, words):
    similar = seen_before(user, debrief, words[:4000])
    return {"similar": similar, "seen": Issue.objects.visible_to(user).open().filter(place=debrief.place_id)}
