"""Many cycles on one page: gathered by scale and theme, few shown at once, the others opened on demand."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from cycles.stack.models import Scale

FEW = 9  # of one scale: shown as they are, with no theme to open first
NO_THEME = "No theme yet"


@dataclass
class Group:
    """The cycles of one scale and theme. `rows` is None until somebody opens it."""

    key: str
    label: str
    keys: list
    rows: list | None = None

    @property
    def count(self):
        return len(self.keys)

    @property
    def ident(self):
        """For the address bar and the page: of its first cycle, because a theme may be any words."""
        return f"of-{self.keys[0]}"

    @property
    def query(self):
        return urlencode({"open": self.key})


@dataclass
class OfScale:
    scale: Scale
    groups: list
    is_few: bool

    @property
    def count(self):
        return sum(group.count for group in self.groups)


@dataclass
class Gathering:
    scales: list = field(default_factory=list)
    opened: Group | None = None

    @property
    def groups(self):
        return [group for scale in self.scales for group in scale.groups]

    @property
    def shown(self):
        """The cycles whose rows the page needs now."""
        return {key for group in self.groups if group.rows is not None for key in group.keys}

    def fill(self, rows):
        for group in self.groups:
            if group.rows is not None:
                group.rows = [rows[key] for key in group.keys if key in rows]


def gathered(light, asked=""):
    """`light`: key, scale and theme of each, in order. `asked`: the key of the group to open."""
    by_scale = {}
    for key, scale, theme in light:
        by_scale.setdefault(scale, []).append((key, " ".join(theme.split())))
    gathering = Gathering()
    for scale in reversed(Scale):
        if rows := by_scale.get(scale):
            gathering.scales.append(OfScale(scale, _groups(scale, rows, asked), len(rows) <= FEW))
    gathering.opened = next((group for group in gathering.groups if group.key == asked), None)
    return gathering


def _groups(scale, rows, asked):
    if len(rows) <= FEW:
        return [Group(scale, "", [key for key, _ in rows], [])]
    by_theme = {}
    for key, theme in rows:
        group = by_theme.setdefault(theme.casefold(), Group(f"{scale}:{theme.casefold()}", theme or NO_THEME, []))
        group.keys.append(key)
    for group in by_theme.values():
        group.rows = [] if group.key == asked else None
    return [by_theme[theme] for theme in sorted(by_theme, key=lambda theme: (not theme, theme))]
