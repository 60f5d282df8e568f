"""The rooms' models, gathered so that the app keeps one label and one migrations folder."""

from cycles.drafts.models import FormDraft
from cycles.experiments.models import Crossing, Experiment, ExperimentMove, Limit, TakenIn
from cycles.guides.models import Confirmation, ConfirmationAnswer, Guide, GuideStep, Law, LawVersion
from cycles.lessons.models import Lesson, LessonMove, Offer
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
from cycles.notices.mobile import Mobile
from cycles.notices.models import Notice
from cycles.notices.telling import Telling
from cycles.people.models import Agency, AuditEntry, Invitation, Membership, Place, Role, Team, User
from cycles.questions.models import Answer, Question, QuestionWording, Remark, Rhythm
from cycles.stack.models import (
    CycleLink,
    LearningCycle,
    PastLink,
    PurposeVersion,
    Scale,
    Stage,
    StageMove,
    StageNote,
)
from cycles.statements.models import Evidence, Statement, StatementStep
from cycles.stories.models import Story

__all__ = [
    "Agency",
    "Answer",
    "AuditEntry",
    "Case",
    "CaseMove",
    "CaseOpening",
    "CasePerson",
    "Confirmation",
    "ConfirmationAnswer",
    "Contact",
    "Crossing",
    "CycleLink",
    "ElementTie",
    "ElementVersion",
    "Evidence",
    "Experiment",
    "ExperimentMove",
    "FormDraft",
    "Guide",
    "GuideStep",
    "Invitation",
    "Law",
    "LawVersion",
    "LearningCycle",
    "Lesson",
    "LessonMove",
    "Limit",
    "MapFeedback",
    "MapStep",
    "Measure",
    "Membership",
    "Mobile",
    "Notice",
    "Offer",
    "PastLink",
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
    "StageNote",
    "Statement",
    "StatementStep",
    "StepVersion",
    "Story",
    "SystemElement",
    "TakenIn",
    "Team",
    "Telling",
    "TieVersion",
    "User",
]
