from hls.governing.models import Account, Promise, PromiseStep, Review, ReviewEvidence, Voice
from hls.leadership.models import Summary, SummarySchedule

__all__ = [
    "Account",
    "Promise",
    "PromiseStep",
    "Review",
    "ReviewEvidence",
    "Summary",
    "SummarySchedule",
    "Voice",
]
