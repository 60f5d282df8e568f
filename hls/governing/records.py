"""Promises, accounts and voices: written down on a day, and answered in words."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from cycles.asking import ask
from hls.governing import actions, forms, permissions
from hls.governing.models import Account, Promise, Review, Voice
from hls.governing.views import about_governing, cycle_governed, part_of

WITH_CYCLE = ("cycle__team", "cycle__place", "cycle__steward")


def _latest(cycle):
    """What is written down now belongs to the review being written, else to the last."""
    return Review.objects.filter(cycle=cycle).first()


def promise_new(request, pk):
    cycle = part_of(request, pk)
    return ask(
        request,
        forms.PromiseForm(request.POST or None, cycle=cycle),
        lambda said: actions.make_promise(cycle=cycle, review=_latest(cycle), by=request.user, **said) and None,
        title="Write down a promise",
        lede="What a group said it would do, and by when. Nobody is marked for it: we say what became of it.",
        button="Keep it",
        said="Kept, with its day.",
        **about_governing(cycle),
    )


def promise(request, pk):
    """Its history, and for whoever made it, what became of it."""
    shown = get_object_or_404(Promise.objects.visible_to(request.user).select_related("team", *WITH_CYCLE), pk=pk)
    may_answer = shown.is_open and permissions.can_answer_promise(request.user, shown)
    if request.method == "POST" and not permissions.can_answer_promise(request.user, shown):
        raise PermissionDenied("Whoever promised it, or a steward, says what became of it.")
    form = forms.PromiseAnswerForm(request.POST or None, initial={"version": shown.version})
    return ask(
        request,
        form,
        lambda said: actions.answer_promise(promise=shown, by=request.user, **said),
        template="governing/promise.html",
        title=shown.text,
        tab="A promise",
        button="Keep what became of it",
        said="Kept.",
        promise=shown,
        steps=shown.steps.select_related("by"),
        may_answer=may_answer,
        **about_governing(shown.cycle),
    )


def account_new(request, pk):
    cycle = part_of(request, pk)
    return ask(
        request,
        forms.AccountForm(request.POST or None),
        lambda said: actions.give_account(cycle=cycle, review=_latest(cycle), by=request.user, **said) and None,
        title="Write down the account you gave",
        lede="Whom you told what you are learning, and what they said back.",
        button="Keep it",
        said="Kept, with its day.",
        **about_governing(cycle),
    )


def account(request, pk):
    """Add what they said back."""
    shown = get_object_or_404(Account.objects.visible_to(request.user).select_related(*WITH_CYCLE), pk=pk)
    if not permissions.can_take_part(request.user, shown.cycle):
        raise PermissionDenied
    return ask(
        request,
        forms.HeardForm.of(shown, request.POST or None),
        lambda said: actions.hear_back(account=shown, by=request.user, **said) and None,
        title="What did they say back?",
        lede=str(shown),
        note=shown.told,
        said="Kept.",
        **about_governing(shown.cycle),
    )


def voice_new(request, pk):
    """Anyone who reads of the governing may bring someone's words to it."""
    cycle = cycle_governed(request, pk)
    kind = request.GET.get("kind", "")
    first = {"kind": kind} if kind in Voice.Kind.values else {}
    return ask(
        request,
        forms.VoiceForm(request.POST or None, initial=first),
        lambda said: actions.bring_voice(cycle=cycle, by=request.user, **said) and None,
        title="Bring words to those who govern",
        lede="A citizen’s question, or an idea for how to check what is learned. They owe an answer.",
        button="Bring it",
        said="It is on the page, and waits for an answer.",
        **about_governing(cycle),
    )


def voice_answer(request, pk):
    shown = get_object_or_404(Voice.objects.visible_to(request.user).select_related(*WITH_CYCLE), pk=pk)
    if not permissions.can_take_part(request.user, shown.cycle):
        raise PermissionDenied
    return ask(
        request,
        forms.VoiceAnswerForm(request.POST or None, initial={"answer": shown.answer}),
        lambda said: actions.answer_voice(voice=shown, by=request.user, **said) and None,
        title=shown.get_kind_display(),
        lede=f"“{shown.text}”",
        button="Answer",
        said="Answered, with today’s date.",
        **about_governing(shown.cycle),
    )
