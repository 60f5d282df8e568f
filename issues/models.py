"""The rooms' models, gathered so that the app keeps one label and one migrations folder."""

from issues.barriers.models import Barrier
from issues.groups.models import Decision
from issues.log.models import (
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
)
from issues.log.tallies import FlowTally, WaitTally
from issues.sheets.models import ImportBatch, ImportedRow, Upload, UploadedRow
from issues.tries.models import Try

__all__ = [
    "Barrier",
    "Decision",
    "DescriptionVersion",
    "FitAnswer",
    "FlowTally",
    "ImportBatch",
    "ImportedRow",
    "Issue",
    "IssueAccess",
    "IssueMove",
    "IssueStep",
    "Level",
    "OwnerTier",
    "Response",
    "ResponseVersion",
    "Sighting",
    "Try",
    "Upload",
    "UploadedRow",
    "WaitTally",
]
