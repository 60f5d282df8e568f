"""A receipt for whoever raised it: raised, seen, considered, decided, done or declined, told back. Each with its day.

It is read off the issue's path, so it can't say anything that did not happen.
"""

from dataclasses import dataclass
from datetime import date
from html import escape

from django.utils import timezone
from django.utils.safestring import mark_safe

from hls.look.words import day, iso
from issues.log.models import Issue, IssueStep, Response

What = IssueStep.What
CONSIDERED = {What.GATHERED, What.ACCEPTED, What.HANDED_BACK, What.DECIDED}
SEEN = CONSIDERED | {What.RECEIVED, What.LEVEL}
DECLINES = {"as_is", "not_now"}


@dataclass(frozen=True)
class Mark:
    label: str
    on: date | None = None
    words: str = ""
    missing: str = "not yet"

    @property
    def when(self):
        return "past" if self.on else "later"


MARK = """
  <li data-when="{when}"><strong>{label}</strong> <span class="by">{on}</span>{words}</li>"""
ON, WORDS = '<time datetime="{}">{}</time>', '<span class="by">{}</span>'


def marks_html(marks):
    """The marks as a list, put together here and not in a template, as the log's rows are (issues/log/rows.py)."""
    return mark_safe("".join(_mark_html(mark) for mark in marks))


def _mark_html(mark):
    return MARK.format(
        when=mark.when,
        label=escape(mark.label),
        on=ON.format(iso(mark.on), day(mark.on)) if mark.on else escape(mark.missing),
        words=WORDS.format(escape(mark.words)) if mark.words else "",
    )


def receipt(issue, steps, lies_under=False):
    """The six marks of one issue; `steps` is its path, in order.

    What lies under a pattern is decided with it: to say "not yet" of that would be untrue once it is.
    """
    since = _since_reopened(steps)
    decided = _last(since, {What.DECIDED}) or _last(since, {What.SYSTEM_CHANGE}, {Response.State.AGREED})
    ended, words = _ended(issue, since)
    label = "Declined" if words in (DECLINED, DECLINED_NOW) else "Done or declined"
    if ended and label != "Declined":
        label = "Done"
    # What the team put right by itself needed nobody else to see it first.
    missing = "not needed" if ended else "not yet"
    ahead = "with its pattern" if lies_under and not ended else missing
    return [
        Mark("Raised", issue.raised_on),
        Mark("Seen", _first(steps, SEEN), missing=missing),
        Mark("Considered", _first(steps, CONSIDERED), missing=missing),
        Mark("Decided", decided, missing=ahead),
        Mark(label, ended, words, missing=ahead),
        Mark("Told back", ended, "On the Today page of those who saw it" if ended else "", missing=ahead),
    ]


DECLINED, DECLINED_NOW = "It stays as it is", "Not now"


def _ended(issue, steps):
    """The day it came to something, and to what."""
    if not issue.is_open:
        return issue.closed_on, DECLINED if issue.closed_how == Issue.ClosedHow.AS_IS else "Closed"
    if new_on := _last(steps, {What.SYSTEM_CHANGE}, {Response.State.IN_PLACE}):
        return new_on, "There is a new normal"
    decision = next((step for step in reversed(steps) if step.what == What.DECIDED), None)
    if decision and decision.state in DECLINES:
        return _on(decision), DECLINED if decision.state == "as_is" else DECLINED_NOW
    return None, ""


def _since_reopened(steps):
    at = max((at for at, step in enumerate(steps) if step.what == What.REOPENED), default=-1)
    return steps[at + 1 :]


def _first(steps, whats):
    return next((_on(step) for step in steps if step.what in whats), None)


def _last(steps, whats, states=None):
    found = (step for step in reversed(steps) if step.what in whats and (states is None or step.state in states))
    return next((_on(step) for step in found), None)


def _on(step):
    return timezone.localdate(step.at)
