"""The rooms' models, gathered so that the app keeps one label and one migrations folder."""

from issues.barriers.models import Barrier
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
from issues.tries.models import Try

__all__ = [
    "Barrier",
    "Better",
    "Decision",
    "DescriptionVersion",
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
]
