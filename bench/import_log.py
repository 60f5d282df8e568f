"""How long a log takes to come in: reading it, keeping it for the check page, bringing it in, taking it out.

    python -m bench.import_log            # 10,000 rows
    python -m bench.import_log 20000

Uses the database of DATABASE_URL, which must be migrated; all that is written is rolled back.
"""

import csv
import io
import os
import resource
import sys
import time

import django

WORDS = "When benefits are wrong, recovery carries on anyway, and the person hears of it from a letter, number {}"
HEAD = [
    ["Issue description", "Level", "", "", "Status", "Owner", "", "", "Action required", ""],
    ["", "Ind", "Sys", "Macro", "", "Team", "L'ship", "Govt", "Countermeasure (now)", "System change (new normal)"],
]


def table(count):
    yield from HEAD
    for n in range(count):
        ticks = ["x" if n % 3 == at else "" for at in range(3)]
        yield [
            WORDS.format(n),
            *ticks,
            "open" if n % 4 else "closed",
            *ticks,
            "Ring the duty line",
            "Check income first",
        ]


def as_csv(count):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(table(count))
    return out.getvalue().encode()


def as_xlsx(count):
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Log")
    for row in table(count):
        sheet.append([cell or None for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def timed(what, act, told):
    started = time.perf_counter()
    result = act()
    told.append((what, time.perf_counter() - started))
    return result


def measure(count):
    from django.db import transaction
    from django.utils import timezone

    from issues.log.models import Issue
    from issues.sheets import actions, writing
    from issues.sheets.reading import read
    from tests.factories.fixtures import make_place

    told, today = [], timezone.localdate()
    with transaction.atomic():
        here = make_place()
        issues = Issue.objects.filter(cycle=here.cycle).order_by("number")
        timed("read the CSV", lambda: read(as_csv(count), today=today), told)
        sheet = timed("read the XLSX", lambda: read(as_xlsx(count), today=today), told)
        facts = {"cycle": here.cycle, "by": here.worker, "file_name": "log.xlsx"}
        upload = timed(
            "keep it for the check", lambda: actions.keep_upload(sheet=sheet, digest="1" * 64, **facts), told
        )
        timed("bring it in", lambda: actions.confirm(upload=upload, by=here.worker), told)
        assert issues.count() == count
        again = timed("the same again", lambda: actions.import_rows(rows=sheet.rows, digest="2" * 64, **facts), told)
        assert (again.added, again.known) == (0, count)
        timed("send it out as CSV", lambda: sum(map(len, writing.csv_lines(issues))), told)
        timed("send it out as XLSX", lambda: writing.xlsx_file(issues).close(), told)
        transaction.set_rollback(True)
    return told


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
    django.setup()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    told = measure(count)
    print(f"{count:,} rows")
    for what, seconds in told:
        print(f"  {what:24} {seconds:7.1f} s")
    whole = sum(seconds for what, seconds in told if what in ("read the XLSX", "keep it for the check", "bring it in"))
    print(f"  {'from file to log':24} {whole:7.1f} s   (promised: under 30 for 10,000)")
    print(f"  {'most memory':24} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MB")


if __name__ == "__main__":
    main()
