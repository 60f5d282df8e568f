from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cycles.asking import ask
from cycles.drafts.pages import Kept
from cycles.lives.views import about_case, case_to_change
from cycles.stack.views import about, cycle_to_change
from cycles.stories import actions, forms, permissions
from cycles.stories.models import Story

DRAFT_READERS = {"readers_kind": "private", "readers": "you and those alongside, until its teller has read it."}
REACH_WORDS = {
    "worker": "only those alongside.",
    "team": "the team it was told to.",
    "place": "everyone of the place, leaders too.",
    "public": "anyone. It may be told outside.",
}


def seen_stories(request):
    return Story.objects.visible_to(request.user).select_related("cycle__team", "case__cycle", "written_by", "place")


def story_to_change(request, pk):
    story = get_object_or_404(seen_stories(request), pk=pk)
    if not permissions.can_change(request.user, story):
        raise PermissionDenied
    return story


def about_story(story):
    return {"back": story.get_absolute_url(), "back_label": story.title} | DRAFT_READERS


@require_safe
def story_list(request):
    """Shared ones first; then drafts and those taken back, which only their people see."""
    stories = list(seen_stories(request))
    page = {
        "shared": [story for story in stories if story.is_shared],
        "kept": [story for story in stories if not story.is_shared],
    }
    return TemplateResponse(request, "cycles/stories/list.html", page)


@require_safe
def story(request, pk):
    shown = get_object_or_404(seen_stories(request), pk=pk)
    page = {
        "story": shown,
        "can_change": permissions.can_change(request.user, shown),
        "readers": REACH_WORDS[shown.reach] if shown.is_shared else DRAFT_READERS["readers"],
    }
    return TemplateResponse(request, "cycles/stories/story.html", page)


def story_new(request, pk):
    """From a cycle's work, not from one life."""
    cycle = cycle_to_change(request, pk)
    return _write(request, cycle, None, about(cycle) | DRAFT_READERS)


def person_story_new(request, pk):
    case = case_to_change(request, pk)
    return _write(request, case.cycle, case, about_case(case))


@require_POST
def story_new_draft(request, pk):
    """What the page sends by itself as someone types."""
    return _kept(request, cycle_to_change(request, pk), None).typed()


@require_POST
def person_story_new_draft(request, pk):
    case = case_to_change(request, pk)
    return _kept(request, case.cycle, case).typed()


def _kept(request, cycle, case):
    """What is written about a life is named for nobody, and goes when the life goes."""
    name, about = ("person_story_new", case) if case else ("story_new", cycle)
    return Kept(
        request,
        f"{name.replace('_', '-')}-{about.pk}",
        called="A story",
        url=reverse(f"cycles:{name}_draft", args=[about.pk]),
        page=reverse(f"cycles:{name}", args=[about.pk]),
        back=reverse("cycles:person" if case else "cycles:cycle", args=[about.pk]),
        cycle=cycle,
    )


def _write(request, cycle, case, page):
    kept = _kept(request, cycle, case)
    first = ({"told_by": case.alias} if case else {}) | kept.words
    return ask(
        request,
        forms.NewStoryForm(request.POST or None, initial=first),
        lambda said: actions.write_story(cycle=cycle, case=case, by=request.user, **said),
        title="Write a story down",
        lede="It is theirs. They read it before anyone else does.",
        button="Keep the draft",
        said="The draft is kept. Nobody else sees it until its teller has read it.",
        kept=kept,
        **page,
    )


def story_edit(request, pk):
    shown = story_to_change(request, pk)
    return ask(
        request,
        forms.EditStoryForm.of(shown, request.POST or None),
        lambda said: actions.edit_story(story=shown, by=request.user, **said),
        title="Change the story",
        lede="When the words change, its teller reads it again before it is shared.",
        said="Saved. Its teller reads it again before it is shared.",
        **about_story(shown),
    )


def story_check(request, pk):
    shown = story_to_change(request, pk)
    return ask(
        request,
        forms.CheckForm.of(shown, request.POST or None),
        lambda said: actions.check_story(story=shown, by=request.user, **said),
        title="Its teller has read it",
        button="Share it that far",
        said="It goes as far as they said.",
        **about_story(shown) | {"readers_kind": "shared", "readers": "as far as you choose here."},
    )


@require_POST
def story_withdraw(request, pk):
    shown = story_to_change(request, pk)
    actions.withdraw_story(story=shown, by=request.user)
    messages.success(request, "Taken back, everywhere.")
    return redirect(shown)
