"""The rooms' models, gathered so that the app keeps one label and one migrations folder."""

from issues.barriers.models import Barrier
from issues.dossiers.models import Dossier, OutsideLink
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
from issues.patterns.models import Gathering, Pattern
from issues.saved.models import SavedView
from issues.sheets.models import ImportBatch, ImportedRow, Upload, UploadedRow
from issues.talk.models import Attachment, Comment, CommentVersion, Naming, Watch
from issues.tries.models import Try

__all__ = [
    "Attachment",
    "Barrier",
    "Better",
    "Comment",
    "CommentVersion",
    "Decision",
    "DescriptionVersion",
    "Dossier",
    "FitAnswer",
    "FlowTally",
    "Gathering",
    "ImportBatch",
    "ImportedRow",
    "Issue",
    "IssueAccess",
    "IssueMove",
    "IssueStep",
    "Level",
    "Naming",
    "OutsideLink",
    "OwnerTier",
    "Pattern",
    "Response",
    "ResponseVersion",
    "SavedView",
    "Sighting",
    "Try",
    "Upkeep",
    "Upload",
    "UploadedRow",
    "WaitTally",
    "Word",
    "Watch",
]
