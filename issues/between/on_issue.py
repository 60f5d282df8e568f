"""What an issue's page shows of what went on between bodies: questions, parts, pledges, recommendations."""

from issues.between import permissions
from issues.log.models import Issue
from issues.pledges.models import Pledge


def between(user, issue, offer):
    """Four queries where anything went on between bodies, and one for each kind of thing linked; else none."""
    went_on = issue.went_between
    groups = [issue.held_by, *([offer.to_team] if offer else [])]
    groups = [team for team in groups if team.kind != team.Kind.CORE]
    mine = next((team for team in groups if user.rights.in_team(team.pk)), None)
    questions = list(issue.questions.select_related("team")) if went_on else []
    return {
        "between": {
            "group": mine if issue.is_open else None,
            "can_split": issue.is_open and (mine is not None or user.rights.in_team(issue.team_id)),
            "can_ask": mine is not None
            and issue.is_open
            and mine.pk != issue.team_id
            and not any(q.is_open and q.team_id == mine.pk for q in questions),
            "questions": questions,
            "can_answer_back": permissions.can_answer_back(user, issue),
            "parts": _parts(user, issue) if went_on else [],
            "whole": _whole(user, issue) if went_on else None,
            "pledges": Pledge.objects.filter(issue=issue).select_related("agency") if went_on else [],
            "recommendations": issue.recommendations.select_related("to") if went_on else [],
        }
    }


def _parts(user, issue):
    return Issue.objects.visible_to(user).filter(split_from__issue=issue).select_related("held_by").defer("search")


def _whole(user, issue):
    return Issue.objects.visible_to(user).filter(splits__part=issue).defer("search").first()
