"""The rooms' models, gathered so that the app keeps one label and one migrations folder."""

from cycles.experiments.models import Experiment, ExperimentMove
from cycles.guides.models import Guide
from cycles.lessons.models import Lesson
from cycles.lives.models import Case, CaseMove, CaseOpening, CasePerson, Contact, Spend
from cycles.maps.models import (
    ElementTie,
    ElementVersion,
    MapFeedback,
    MapStep,
    StepVersion,
    SystemElement,
    TieVersion,
)
from cycles.measures.models import Measure, Reading
from cycles.notices.models import Notice
from cycles.people.models import Agency, AuditEntry, Invitation, Membership, Place, Role, Team, User
from cycles.questions.models import Answer, Question, QuestionWording, Remark, Rhythm
from cycles.stack.models import CycleLink, LearningCycle, PurposeVersion, Scale, Stage, StageMove
from cycles.stories.models import Story

__all__ = [
    "Agency",
    "Answer",
    "AuditEntry",
    "Case",
    "CaseMove",
    "CaseOpening",
    "CasePerson",
    "Contact",
    "CycleLink",
    "ElementTie",
    "ElementVersion",
    "Experiment",
    "ExperimentMove",
    "Guide",
    "Invitation",
    "LearningCycle",
    "Lesson",
    "MapFeedback",
    "MapStep",
    "Measure",
    "Membership",
    "Notice",
    "Place",
    "PurposeVersion",
    "Question",
    "QuestionWording",
    "Reading",
    "Remark",
    "Rhythm",
    "Role",
    "Scale",
    "Spend",
    "Stage",
    "StageMove",
    "StepVersion",
    "Story",
    "SystemElement",
    "Team",
    "TieVersion",
    "User",
]
