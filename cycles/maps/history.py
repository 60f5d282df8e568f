"""A map on any day, and what came, went and changed between two."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from cycles.maps.models import ElementVersion, TieVersion


@dataclass
class Between:
    """What differs from one day to another: pairs of (row, its version), and for a change both versions."""

    came: list = field(default_factory=list)
    went: list = field(default_factory=list)
    changed: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.came or self.went or self.changed)


def version_on(versions, day):
    """The version that stood at the end of that day, or nothing: not there yet, or taken off."""
    found = None
    for version in versions:  # in order of their days
        if version.from_on <= day:
            found = version
    return found if found and found.is_here else None


def on_day(rows, day):
    """{row: version} of what stood on that day; the rows come with their versions loaded."""
    return {row: version for row in rows if (version := version_on(row.versions.all(), day))}


def between(then, now):
    """What came, went and changed from one `on_day` to another."""
    found = Between()
    for row, version in now.items():
        if row not in then:
            found.came.append((row, version))
        elif words_of(row, then[row]) != words_of(row, version):
            found.changed.append((row, then[row], version))
    found.went = [(row, version) for row, version in then.items() if row not in now]
    return found


def words_of(row, version):
    return tuple(getattr(version, row._meta.get_field(name).attname) for name in row.WORDS)


def with_versions(rows):
    """Rows with the days they had, in two queries whatever the number."""
    return list(rows.prefetch_related("versions"))


def elements_with_versions(cycle):
    versions = ElementVersion.objects.select_related("agency")
    return list(cycle.systemelements.prefetch_related(Prefetch("versions", versions)))


def ties_with_versions(cycle):
    return list(cycle.elementties.prefetch_related(Prefetch("versions", TieVersion.objects.all())))


def days_of(rows):
    """The days on which anything was added, changed or taken off, newest first."""
    return sorted({version.from_on for row in rows for version in row.versions.all()}, reverse=True)
