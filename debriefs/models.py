"""The rooms' models, gathered so that the app keeps one label and one migrations folder."""

from debriefs.learning.models import SpokeTo
from debriefs.plans.models import DebriefPlan
from debriefs.record.models import (
    Addition,
    AnswerVersion,
    BeliefNote,
    Contribution,
    Debrief,
    DebriefAnswer,
    FollowUp,
    Produced,
)

__all__ = [
    "Addition",
    "AnswerVersion",
    "BeliefNote",
    "Contribution",
    "Debrief",
    "DebriefAnswer",
    "DebriefPlan",
    "FollowUp",
    "Produced",
    "SpokeTo",
]
