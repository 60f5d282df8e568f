from hls.api.models import ApiToken
from hls.governing.models import Account, Promise, PromiseStep, Review, ReviewEvidence, Voice
from hls.hooks.models import HookedStep, HookMessage, WebHook
from hls.leadership.models import Summary, SummarySchedule

__all__ = [
    "Account",
    "ApiToken",
    "HookMessage",
    "HookedStep",
    "Promise",
    "PromiseStep",
    "Review",
    "ReviewEvidence",
    "Summary",
    "SummarySchedule",
    "Voice",
    "WebHook",
]
