"""A question back, its answer, and the part that is split off."""

from django.shortcuts import get_object_or_404

from cycles.asking import ask
from issues.between import actions, forms, permissions
from issues.log.views.asking import find_issue, insist
from issues.pledges.views import about_issue


def ask_back(request, ref):
    issue = find_issue(request, ref, "team", "held_by")
    team = permissions.group_of(request.user, issue)
    insist(team is not None)
    return ask(
        request,
        forms.AskBackForm(request.POST or None),
        lambda said: actions.ask_back(issue=issue, team=team, by=request.user, **said),
        title=f"Ask {issue.team} about {issue.ref}",
        lede=f"It stays with {team} until they have answered. What is done about it now goes on.",
        button="Ask them",
        said="Asked. It stays with you, and their answer comes back here.",
        **about_issue(issue),
    )


def answer_back(request, ref, pk):
    issue = find_issue(request, ref, "team", "held_by")
    question = get_object_or_404(issue.questions.select_related("team", "issue"), pk=pk)
    insist(permissions.can_answer_back(request.user, issue))
    return ask(
        request,
        forms.AnswerBackForm(request.POST or None),
        lambda said: actions.answer_back(question=question, by=request.user, **said),
        title=question.text,
        lede=f"{question.team} asks about {issue.ref}.",
        note="" if question.is_open else f"Answered: {question.answer}",
        button="Answer them",
        said="Answered. They read it where they left the issue.",
        tab=f"A question about {issue.ref}",
        **about_issue(issue),
    )


def split(request, ref):
    issue = find_issue(request, ref, "team", "held_by", "cycle")
    team = permissions.splitter_of(request.user, issue)
    insist(team is not None)
    return ask(
        request,
        forms.SplitForm(request.POST or None),
        lambda said: actions.split_off(issue=issue, team=team, by=request.user, **said),
        title=f"Split off what {team} can fix now",
        lede=f"{issue.ref} goes on by itself, with its countermeasure. The part has a page and a number of its own.",
        button="Split it off",
        said="Split off. Both say where they belong.",
        **about_issue(issue),
    )
