"""The rooms' models, gathered so that the app keeps one label and one migrations folder."""

from debriefs.belief.models import BeliefGiven, BeliefSpread
from debriefs.calendars.models import CalendarFeed
from debriefs.learning.models import SpokeTo
from debriefs.one_to_one.models import MeasureWords, OneToOne, WelfareNote, WelfareTheme
from debriefs.plans.models import DebriefPlan, PlanPhase, RotaTurn
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
from debriefs.tags.models import GuideTag

__all__ = [
    "Addition",
    "AnswerVersion",
    "BeliefGiven",
    "BeliefNote",
    "BeliefSpread",
    "CalendarFeed",
    "Contribution",
    "Debrief",
    "DebriefAnswer",
    "DebriefPlan",
    "FollowUp",
    "GuideTag",
    "MeasureWords",
    "OneToOne",
    "PlanPhase",
    "Produced",
    "RotaTurn",
    "SpokeTo",
    "WelfareNote",
    "WelfareTheme",
]
