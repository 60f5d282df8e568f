"""Where an issue has been, and what was said on the way, told without naming anyone."""

from dataclasses import dataclass, field

from django.utils import timezone

from hls.look.words import day
from issues.log.models import IssueMove, IssueStep

What = IssueStep.What
SAID = {
    What.LEVEL,
    What.OFFERED,
    What.HANDED_BACK,
    What.ACCEPTED,
    What.WITHDRAWN,
    What.DECIDED,
    What.CLOSED,
    What.REOPENED,
    What.ASKED,
    What.REPLIED,
    What.SPLIT,
    What.PLEDGED,
    What.PLEDGE_TOLD,
    What.RECOMMENDED,
    What.ADVISED,
    What.GATHERED,
    What.UNGATHERED,
    What.NOT_BETTER,
    What.RECEIVED,
}


# What goes on between bodies while the issue stays where it is.
BETWEEN = {What.ASKED, What.REPLIED, What.SPLIT, What.PLEDGED, What.RECOMMENDED, What.ADVISED}


@dataclass
class Stay:
    """The time an issue rested with one group."""

    title: str
    since: object
    until: object = None
    lines: list = field(default_factory=list)
    when: str = "past"
    meets_on: object = None

    @property
    def by(self):
        if self.when == "later":
            return ""
        if self.until is None:
            return f"Since {day(self.since)}" + (f". Meets {day(self.meets_on)}" if self.meets_on else "")
        if self.since == self.until:
            return day(self.since)
        return f"{day(self.since)} to {day(self.until)}, {_days(self.since, self.until)}"

    @property
    def text(self):
        return " ".join(self.lines)


def stays(issue, steps):
    """The groups that held it, in order, the one that holds it now marked; a waiting offer comes last."""
    path = [Stay(issue.team.name, issue.raised_on, lines=["Raised."])]
    offer = None
    for step in steps:
        if step.what == What.ACCEPTED and step.move:
            path[-1].until = _on(step.move.at)
            path.append(_stay_after(step.move))
        elif step.what == What.OFFERED and step.move:
            offer = step.move
        _note(path[-1], step)
    current = path[-1]
    if issue.is_open:
        current.when = "now"
        current.title += " (here now)"
    else:
        current.until = issue.closed_on
    if offer and offer.state == IssueMove.State.OFFERED and issue.is_open:
        path.append(Stay(offer.to_team.name, _on(offer.at), lines=[_asked(offer)], when="later"))
    return path


def _stay_after(move):
    asked = [f"Asked: {move.asks}"] if move.asks else []
    return Stay(move.to_team.name, _on(move.at), lines=asked, meets_on=move.to_team.next_meeting_on)


def _asked(offer):
    return f"Asked on {day(offer.at)}, no answer yet." + (f" “{offer.asks}”" if offer.asks else "")


def _note(stay, step):
    if step.what == What.COUNTERMEASURE and step.state == "in_place":
        stay.lines.append(f"Countermeasure in place, {day(step.at)}.")
    elif step.what == What.SYSTEM_CHANGE and step.state == "in_place":
        stay.lines.append(f"New normal, {day(step.at)}.")
    elif step.what == What.HANDED_BACK and step.move:
        stay.lines.append(f"{step.move.to_team.name} handed it back, {day(step.at)}.")
    elif step.what == What.DECIDED:
        stay.lines.append(f"Decided, {day(step.at)}.")
    elif step.what in BETWEEN:
        stay.lines.append(f"{step.get_what_display()}, {day(step.at)}.")
    elif step.what == What.SHOWN_OUTSIDE:
        stay.lines.append(f"Shown to {step.words}, {day(step.at)}.")
    elif step.what == What.SAID_OUTSIDE:
        stay.lines.append(f"{step.words} replied, {day(step.at)}.")
    elif step.what == What.CLOSED:
        stay.lines.append(f"Closed, {day(step.at)}.")
    elif step.what == What.REOPENED:
        stay.lines.append(f"Open again, {day(step.at)}.")


@dataclass
class Entry:
    """One thing that was said to those who raised it."""

    who: str
    at: object
    title: str
    words: str
    is_decision: bool = False
    asks: str = ""
    is_comment: bool = False

    @property
    def initials(self):
        return "".join(word[0] for word in self.who.split()[:2]).upper()


def talk(steps):
    return [_entry(step) for step in steps if step.what in SAID and (step.words or step.what == What.OFFERED)]


def _entry(step):
    from issues.groups.models import Decision  # groups know the log; the log asks them late

    who = step.team.name if step.team else "The log"
    title, asks = step.get_what_display(), ""
    if step.what == What.OFFERED and step.move:
        who, asks = step.move.from_team.name, step.move.asks
        title = f"Raised to {step.move.to_team.name}"
    elif step.what == What.DECIDED:
        title = f"Decided: {dict(Decision.Outcome.choices).get(step.state, '')}"
    elif step.what == What.LEVEL and step.move:
        title = _level_words(step.move)
    elif step.what in (What.GATHERED, What.UNGATHERED):
        title = history_line(step)
    elif step.what == What.RECEIVED:
        who, title = step.team.name if step.team else "A steward", "Answered those who raised it"
    return Entry(who, step.at, title, step.words, step.what == What.DECIDED, asks)


def _level_words(move):
    parts = []
    if move.from_level != move.to_level:
        parts.append(f"Level: {move.get_to_level_display() or 'not sure yet'}")
    if move.from_owner != move.to_owner:
        parts.append(f"Owner: {move.get_to_owner_display() or 'nobody yet'}")
    return ". ".join(parts) or "Owner set"


def history_line(step):
    """One line of the full history."""
    if step.what == What.LEVEL and step.move:
        return _level_words(step.move)
    if step.what == What.OFFERED and step.move:
        return f"Raised to {step.move.to_team.name}"
    if step.what in (What.ACCEPTED, What.HANDED_BACK) and step.move:
        return f"{step.get_what_display()}: {step.move.to_team.name}"
    if step.what in (What.GATHERED, What.UNGATHERED):
        return f"{step.get_what_display()}, {step.state}"
    if step.what in (What.COUNTERMEASURE, What.SYSTEM_CHANGE):
        return f"{step.get_what_display()}: {_STATES.get(step.state, '')}"
    if step.what in (What.SHOWN_OUTSIDE, What.SAID_OUTSIDE):
        return f"{step.get_what_display()}: {step.words}"
    if step.what == What.SEEN and step.team:
        return f"Seen again, {step.team.name}"
    return step.get_what_display()


_STATES = {
    "trying": "being tried",
    "in_place": "in place",
    "not_needed": "no longer needed",
    "working_out": "being worked out",
    "with_group": "with a group",
    "agreed": "agreed",
}


def _days(since, until):
    days = (until - since).days
    return "1 day" if days == 1 else f"{days} days"


def _on(moment):
    return timezone.localdate(moment)
