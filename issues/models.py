"""The rooms' models, gathered so that the app keeps one label and one migrations folder."""

from issues.barriers.models import Barrier
from issues.between.models import IssueQuestion, Split
from issues.dossiers.models import Dossier, DossierVersion, OutsideLink
from issues.forum_cases.models import ForumCase, ForumStep, PlanVersion, RiskMark
from issues.groups.models import Decision
from issues.log.models import (
    Better,
    DescriptionVersion,
    FitAnswer,
    Issue,
    IssueAccess,
    IssueMove,
    IssueStep,
    Level,
    OwnerTier,
    Response,
    ResponseVersion,
    Sighting,
    Upkeep,
)
from issues.log.tallies import FlowTally, WaitTally
from issues.log.vocabulary import Word
from issues.meetings.models import AgendaItem, Correction, Meeting, Paper, Rhythm, Seat, StandingItem
from issues.patterns.models import Gathering, Pattern, PatternVersion
from issues.pledges.models import Pledge, Recommendation
from issues.saved.models import SavedView
from issues.sheets.models import ImportBatch, ImportedRow, Upload, UploadedRow
from issues.talk.models import Attachment, Comment, CommentVersion, Naming, Watch
from issues.tries.models import Try

__all__ = [
    "AgendaItem",
    "Attachment",
    "Barrier",
    "Better",
    "Comment",
    "CommentVersion",
    "Correction",
    "Decision",
    "DescriptionVersion",
    "Dossier",
    "DossierVersion",
    "FitAnswer",
    "FlowTally",
    "ForumCase",
    "ForumStep",
    "Gathering",
    "ImportBatch",
    "ImportedRow",
    "Issue",
    "IssueAccess",
    "IssueMove",
    "IssueQuestion",
    "IssueStep",
    "Level",
    "Meeting",
    "Naming",
    "OutsideLink",
    "OwnerTier",
    "Paper",
    "Pattern",
    "PatternVersion",
    "PlanVersion",
    "Pledge",
    "Recommendation",
    "Response",
    "ResponseVersion",
    "Rhythm",
    "RiskMark",
    "SavedView",
    "Seat",
    "Sighting",
    "Split",
    "StandingItem",
    "Try",
    "Upkeep",
    "Upload",
    "UploadedRow",
    "WaitTally",
    "Watch",
    "Word",
]
