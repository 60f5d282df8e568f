"""Finding the headings: one row or two, wherever in the sheet they stand."""

from dataclasses import dataclass

from issues.sheets.grids import letter
from issues.sheets.refusals import CannotRead
from issues.sheets.words import LEVEL_WORDS, OWNER_WORDS, STATUS_WORDS, plain, table

LOOK_IN = 60  # rows with something in them; a log that starts lower is not at the top of its sheet
MEANINGS = {
    "issue": "Issue description",
    "level": "Level",
    "status": "Status",
    "owner": "Owner",
    "countermeasure": "Countermeasure (now)",
    "system_change": "System change (new normal)",
    "ref": "Ref",
    "raised": "Raised",
    "closed": "Closed",
    "countermeasure_state": "Countermeasure is",
    "system_change_state": "System change is",
}
GROUPS = {"level": LEVEL_WORDS, "owner": OWNER_WORDS, "status": STATUS_WORDS}
SHOWN = {
    "ind": "Ind",
    "sys": "Sys",
    "macro": "Macro",
    "team": "Team",
    "lship": "L’ship",
    "govt": "Govt",
    "open": "Open",
    "closed": "Closed",
}

HEADINGS = table(
    issue=(
        "issue description|issue|issues|description|description of issue|description of the issue|the issue|"
        "problem|problems|problem description|description of problem|issue problem|issue or problem|issue raised|"
        "issue details|details of issue|details|barrier|barriers|blocker|blockers|obstacle|obstacles|concern|"
        "what is the issue|whats the issue|what is the problem|what gets in the way|what is getting in the way|"
        "whats getting in the way|what got in the way|what happened|disgrifiad or mater|mater"
    ),
    level="level|levels|issue level|level of issue|scale|tier|which level|lefel",
    status="status|state|issue status|open closed|open or closed|is it open|current status|statws",
    owner="owner|owners|owned by|who owns it|who owns this|issue owner|ownership|owner tier|responsible|perchennog",
    action="action required|actions required|action|actions|action needed|actions needed|required action|what we do",
    countermeasure=(
        "countermeasure now|countermeasure|countermeasures|counter measure|counter measure now|counter measures|"
        "countermeasures now|now|what we did now|what we do now|what we did|immediate action|action now|"
        "short term action|short term fix|quick fix|workaround|work around|what gets round it|fix for now|for now"
    ),
    system_change=(
        "system change new normal|system change|system changes|system changes new normal|new normal|"
        "what needs to change|change needed|long term action|long term fix|long term change|"
        "permanent fix|lasting fix|lasting change|what would fix it for good|what should change"
    ),
    ref=(
        "ref|reference|ref no|reference no|reference number|no|number|num|id|issue no|issue number|issue ref|"
        "issue id|row|item|item no|log no|cyf"
    ),
    raised=(
        "raised|date raised|raised on|date|opened|date opened|opened on|logged|date logged|logged on|date added|"
        "added|reported|date reported|start date|dyddiad"
    ),
    closed="closed|date closed|closed on|closed date|date completed|completed on|end date|date resolved|resolved on",
    countermeasure_state="countermeasure is|where the countermeasure has got to",
    system_change_state="system change is|where the system change has got to",
)


@dataclass(frozen=True)
class Column:
    at: int
    heading: str  # as the file says it
    meaning: str = ""  # a key of MEANINGS; empty when we don't use the column
    choice: str = ""  # for a column of ticks: which level, owner or status a tick means

    @property
    def letter(self):
        return letter(self.at)

    @property
    def read_as(self):
        return f"{MEANINGS[self.meaning]}: {SHOWN[self.choice]}" if self.choice else MEANINGS.get(self.meaning, "")


@dataclass(frozen=True)
class Header:
    top: int  # row number of its first row
    rows: int  # one or two
    columns: tuple

    @property
    def known(self):
        return [column for column in self.columns if column.meaning]

    @property
    def has_issue(self):
        return any(column.meaning == "issue" for column in self.columns)

    @property
    def score(self):
        return len({(column.meaning, column.choice) for column in self.known})

    @property
    def is_convincing(self):
        return self.has_issue and self.score > 1


def find(grid):
    """The best headings of a sheet, or `None`: most columns understood, then one row before two, then the first."""
    best = None
    start = grid.rows[:LOOK_IN]
    for at, (number, cells) in enumerate(start):
        below = start[at + 1] if at + 1 < len(start) and start[at + 1][0] == number + 1 else None
        for found in _readings(grid, number, cells, below):
            if best is None or (found.score, -found.rows) > (best.score, -best.rows):
                best = found
    if best is None or not (best.is_convincing or best.score > 2 or _is_bare_list(best, grid)):
        return None
    return best


def _is_bare_list(header, grid):
    """One column headed “Issue” at the very top is a log too, if a small one."""
    return header.has_issue and header.top == grid.rows[0][0] and len(grid.rows) > 1


def checked(header):
    """A header that can be used: it has the issue, and no two columns hold the same thing."""
    if not header.has_issue:
        raise CannotRead("no_description", row=header.top)
    seen = {}
    for column in header.known:
        key = (column.meaning, column.choice)
        if key in seen:
            raise CannotRead(
                "same_heading_twice", first=_named(seen[key]), second=_named(column), meaning=column.read_as
            )
        seen[key] = column
    return header


def _named(column):
    return f"{column.letter} “{column.heading}”"


def _readings(grid, number, cells, below):
    single = _read([(cell, "") for cell in cells])
    yield Header(number, 1, single)
    if below:
        yield Header(number, 2, _read(_paired(grid, number, cells, below[1]), groups_carry=True))


def _paired(grid, number, upper, lower):
    """The two words above each column. A joined cell, or a blank to the right of one, carries its word on."""
    width = max(len(upper), len(lower))
    upper = upper + [""] * (width - len(upper))
    lower = lower + [""] * (width - len(lower))
    joined = {
        column: upper[merge.left]
        for merge in grid.merges
        if merge.top <= number <= merge.bottom
        for column in range(merge.left + 1, min(merge.right + 1, width))
    }
    return [(upper[at] or (joined.get(at, "") if lower[at] else ""), lower[at]) for at in range(width)]


def _read(words, groups_carry=False):
    columns, group = [], ""
    for at, (upper, lower) in enumerate(words):
        if upper or not groups_carry:
            group = _group(upper)
        elif not lower:
            group = ""
        meaning, choice = _meaning(upper, lower, group)
        columns.append(Column(at, " ".join(filter(None, [upper, lower])) or "", meaning, choice))
    return tuple(_without_lone_words(columns))


def _group(text):
    said = plain(text)
    found = HEADINGS.get(said) or (said in GROUPS and said)
    if found in (*GROUPS, "action"):
        return found
    return next((group for group in GROUPS if _lists_all(said, group)), "")


def _lists_all(said, group):
    """“Level (Ind/Sys/Macro)” or “Status: open or closed” heads one column that holds words."""
    words = said.split()
    if len(words) < 3 or HEADINGS.get(words[0]) != group:
        return False
    return all(word in GROUPS[group] or word in ("or", "and", "to", "l", "ship") for word in words[1:])


def _meaning(upper, lower, group):
    if lower:
        if group in GROUPS and (choice := GROUPS[group].get(plain(lower))):
            return group, choice
        if found := _alone(lower):
            return found
        return (_simple(upper), "") if upper and not group else ("", "")
    if not upper:
        return "", ""
    return (group, "") if group in GROUPS else _alone(upper) or ("", "")


def _simple(text):
    found = HEADINGS.get(plain(text), "")
    return found if found not in (*GROUPS, "action") else ""


def _alone(text):
    """A heading that needs no other: a field's name, “Level: Ind”, or a bare “Macro”."""
    said = plain(text)
    found = HEADINGS.get(said)
    if found == "action":
        return "countermeasure", ""
    if found:
        return found, ""
    for starts in ("countermeasure", "system change", "issue description"):
        if said.startswith(f"{starts} "):
            return HEADINGS[starts], ""
    first, _, rest = said.partition(" ")
    group = HEADINGS.get(first)
    if group in GROUPS and rest in GROUPS[group]:
        return group, GROUPS[group][rest]
    for group in ("level", "owner"):
        if said in GROUPS[group] and not said.isdigit():
            return group, GROUPS[group][said]
    return None


def _without_lone_words(columns):
    """“Team” by itself may well be the name of a team: a bare tick column counts only beside another of its kind."""
    for column in columns:
        kin = {other.choice for other in columns if other.meaning == column.meaning and other.choice}
        lonely = column.choice and len(kin) < 2 and column.meaning != "status"
        yield Column(column.at, column.heading) if lonely else column
