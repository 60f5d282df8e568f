"""What may happen to an issue. Each act writes the issue's path and tells those who raised it, in one transaction.

Sent twice, an act happens once: the same words by the same person answer with what is there already.
"""

from issues.log.actions.between import accept, escalate, groups_that_can_act, hand_back, withdraw
from issues.log.actions.changing import KEEP, edit_issue, set_level, set_response
from issues.log.actions.ending import Stays, answer_fit, close_issue, reopen_issue
from issues.log.actions.raising import raise_issue, release_quote, see_too
from issues.log.actions.steps import _lock, _step, lock_log, next_numbers

__all__ = [
    "KEEP",
    "Stays",
    "_lock",
    "_step",
    "accept",
    "answer_fit",
    "close_issue",
    "edit_issue",
    "escalate",
    "groups_that_can_act",
    "hand_back",
    "lock_log",
    "next_numbers",
    "raise_issue",
    "release_quote",
    "reopen_issue",
    "see_too",
    "set_level",
    "set_response",
    "withdraw",
]
