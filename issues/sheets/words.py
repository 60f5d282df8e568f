"""The words people use in their logs, and what each one means here."""

import re
import unicodedata
from datetime import date, datetime

LEVELS = ("ind", "sys", "macro")
OWNERS = ("team", "lship", "govt")
STATUSES = ("open", "closed")


def plain(text):
    """Letters and numbers in small letters with single spaces: “L’ship ” and “L'SHIP:” are the same word."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("№", "no").replace("#", " no ")
    text = re.sub(r"['’‘ʼ`´]", "", text)
    return " ".join(re.findall(r"[^\W_]+", text))


def table(**meanings):
    return {word: meaning for meaning, words in meanings.items() for word in words.split("|")}


LEVEL_WORDS = table(
    ind="ind|indiv|individual|individuals|person|personal|1|ind 1|1 ind|individual 1|1 individual|level 1",
    sys="sys|syst|system|systems|systemic|2|sys 2|2 sys|system 2|2 system|level 2",
    macro="macro|macros|mac|national|3|macro 3|3 macro|level 3",
)
OWNER_WORDS = table(
    team="team|teams|the team|our team|core team|team members",
    lship=(
        "lship|l ship|lships|leadership|leader|leaders|the leaders|leadership team|leadership group|"
        "senior leadership|senior leaders|lead ship"
    ),
    govt="govt|gov|government|govmt|govt dept|central government|national government|central govt|the government",
)
STATUS_WORDS = table(
    open=(
        "open|opened|o|live|active|new|ongoing|on going|in progress|outstanding|not started|started|"
        "reopened|re opened|pending|waiting|not closed|not done|not resolved|unresolved|still open|to do"
    ),
    closed=(
        "closed|close|c|done|complete|completed|resolved|fixed|finished|sorted|solved|ended|dealt with|"
        "no longer happens|no longer an issue"
    ),
)
NOT_SURE = {
    "not sure",
    "not sure yet",
    "unsure",
    "unknown",
    "dont know",
    "tbc",
    "tbd",
    "tba",
    "na",
    "n a",
    "none",
    "not known",
    "blank",
}
UNTICKED = {"0", "n", "no", "false", "none", "na", "n a", "nil", "not"}
UNTICKED_SIGNS = {"☐", "□", "○", "-", "–", "—", "−", ".", "…", "_"}
TICKED = {"1", "2", "3", "x", "y", "yes", "true", "t", "tick", "ticked", "ü", "p", "a", "o", "v"}


def is_ticked(text):
    """A tick, a cross, a 1, a Y or any words count: people fill a cell in to say yes."""
    text = text.strip()
    return bool(text) and text not in UNTICKED_SIGNS and plain(text) not in UNTICKED


def is_plain_tick(text):
    """Only a mark: nothing is lost when it becomes a tick."""
    said = plain(text)
    return not said or said in TICKED


def choices_said(text, meanings):
    """The meanings named in a cell: none for “not sure”, several for “Ind/Sys”; `None` when a word is new to us."""
    said = plain(text)
    if not said or said in NOT_SURE:
        return set()
    if said in meanings:
        return {meanings[said]}
    parts = [plain(part) for part in re.split(r"[/,;&+|\n()]|\band\b|\bor\b", text.casefold())]
    parts = [part for part in parts if part]
    if parts and all(part in meanings for part in parts):
        return {meanings[part] for part in parts}
    return None


def status_said(text):
    said = plain(text)
    if not said:
        return "open"
    return STATUS_WORDS.get(said)


STATE_WORDS = {
    "countermeasure": {"being tried": "trying", "in place": "in_place", "no longer needed": "not_needed"},
    "system_change": {
        "being worked out": "working_out",
        "with a group": "with_group",
        "agreed": "agreed",
        "in place": "in_place",
    },
}


def state_said(text, kind):
    """Where a response has got to and since, or from, which day; `None` when the words are not ours."""
    words, _, day = re.sub(r"\s*,?\s+(since|from|starts)\s+", "\0", text.strip(), count=1).partition("\0")
    state, on = STATE_WORDS[kind].get(plain(words)), date_said(day) if day else None
    if state is None or (day and on is None) or (state == "in_place" and on is None):
        return None
    return state, on


DATE_FORMS = (
    "%Y-%m-%d",
    "%d %m %Y",
    "%d %m %y",
    "%d %b %Y",
    "%d %B %Y",
    "%d %b %y",
    "%d %B %y",
    "%B %d %Y",
    "%b %d %Y",
)


def date_said(text):
    """A date written the British way or the ISO way; `None` when it is neither."""
    text = text.strip()
    if iso := re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[T ][\d:.]+)?", text):
        return _date_as(iso[1], "%Y-%m-%d")
    text = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text.casefold())
    text = re.sub(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", "", text)
    text = re.sub(r"\bsept\b", "sep", text)
    text = " ".join(re.findall(r"[^\W_]+", text, re.ASCII))
    return next((found for form in DATE_FORMS[1:] if (found := _date_as(text, form))), None)


def _date_as(text, form):
    try:
        found = datetime.strptime(text, form).date()
    except ValueError:
        return None
    return found if date(1970, 1, 1) <= found <= date(2200, 1, 1) else None
