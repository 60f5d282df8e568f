"""The issue log: what gets in the way, at which level, with whom, and what is done now and for good (DOMAIN.md 35)."""

from issues.log.models.evidence import Better, DescriptionVersion, FitAnswer, Sighting
from issues.log.models.issue import Issue, IssueAccess, Level, OfIssueQuerySet, OwnerTier, address_of, ref_of
from issues.log.models.path import IssueMove, IssueStep
from issues.log.models.responses import Response, ResponseVersion, Upkeep

__all__ = [
    "Better",
    "DescriptionVersion",
    "FitAnswer",
    "Issue",
    "IssueAccess",
    "IssueMove",
    "IssueStep",
    "Level",
    "OfIssueQuerySet",
    "OwnerTier",
    "Response",
    "ResponseVersion",
    "Sighting",
    "Upkeep",
    "address_of",
    "ref_of",
]
