"""Bring a team's own log in from the command line, by the same reading and the same action as the page."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cycles.people.models import User
from cycles.refusals import Refused
from issues.sheets import actions
from issues.sheets.permissions import cycles_open_to_import
from issues.sheets.reading import read
from issues.sheets.refusals import CannotRead

NAMED = 20


class Command(BaseCommand):
    help = "Bring a log (.xlsx or .csv) into a cycle: all of it, or none. A file that came in before adds nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--cycle", required=True, help="the cycle's number, or its title")
        parser.add_argument(
            "--by", required=True, metavar="EMAIL", help="who brings it in; they need a part in the cycle"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and add nothing")

    def handle(self, *, file, cycle, by, dry_run, **options):
        by = self._person(by)
        cycle = self._cycle(cycle, by)
        try:
            data = file.read_bytes()
        except OSError as no:
            raise CommandError(f"Can’t open {file}: {no.strerror}.") from None
        try:
            sheet = read(data, today=timezone.localdate())
            self._tell(sheet)
            self._stop_at_bad(sheet)
            if dry_run:
                self._foretell(sheet, cycle, actions.file_digest(data))
                return
            batch = actions.import_rows(
                cycle=cycle, rows=sheet.rows, by=by, file_name=actions.shown_name(file.name),
                digest=actions.file_digest(data),
            )  # fmt: skip
        except actions.AlreadyIn as no:
            self.stdout.write(str(no))
            return
        except (CannotRead, Refused) as no:
            raise CommandError(str(no)) from None
        self.stdout.write(f"{_issues(batch.added)} added to “{cycle}”. {batch.known} there already.")

    def _person(self, email):
        if found := User.objects.filter(email__iexact=email, is_active=True).first():
            return found
        raise CommandError(f"Nobody here signs in as {email}.")

    def _cycle(self, said, by):
        open_to = cycles_open_to_import(by)
        found = list(
            open_to.filter(pk=said) if said.isascii() and said.isdigit() else open_to.filter(title__iexact=said)
        )
        if len(found) == 1:
            return found[0]
        if found:
            raise CommandError(f"More than one cycle is called “{said}”. Say its number: {[one.pk for one in found]}.")
        raise CommandError(f"{by} has no cycle “{said}”. They need to be in its team, or a steward of its place.")

    def _tell(self, sheet):
        for number, why in sheet.left_out:
            self.stdout.write(f"Row {number} left out. {why}")
        for column in sheet.unused:
            self.stdout.write(f"Column {column.letter} “{column.heading}” not used.")
        for name in sheet.other_sheets:
            self.stdout.write(f"Sheet “{name}” looks like a log too. Only “{sheet.name}” was read.")

    def _stop_at_bad(self, sheet):
        """Nobody is here to ask, so a question stops the import as a bad row does."""
        bad = [(row.number, row.problems + [q.words for q in row.questions]) for row in sheet.rows]
        bad = [(number, why) for number, why in bad if why]
        if bad:
            named = "\n".join(f"Row {number}: {' '.join(why)}" for number, why in bad[:NAMED])
            more = f"\n… and {len(bad) - NAMED} more." if len(bad) > NAMED else ""
            raise CommandError(
                f"Nothing was added. Put these right in the file, or answer them on the page:\n{named}{more}"
            )

    def _foretell(self, sheet, cycle, digest):
        actions.refuse_known_file(cycle, digest)
        known = len(actions.find_known(sheet.rows, cycle))
        self.stdout.write(f"{_issues(len(sheet.rows) - known)} would be added to “{cycle}”. {known} there already.")


def _issues(count):
    return "1 issue" if count == 1 else f"{count:,} issues"
