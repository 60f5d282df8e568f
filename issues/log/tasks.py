from time import monotonic

from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone

from issues.log.tallies import FlowTally, WaitTally
from issues.log.vocabulary import forget

LONGEST = 200  # seconds; what is left is for the next night


@shared_task
def fold_tallies():
    """Make the tallies shorter without changing any sum. Safe to run twice, or beside writers."""
    for tally in (FlowTally, WaitTally):
        fold(tally)


@shared_task
def forget_words():
    """Take words out of each place's vocabulary that none of its issues says any more. Safe to run twice."""
    began, today = monotonic(), timezone.localdate()
    while monotonic() - began < LONGEST and forget(today):
        pass


@transaction.atomic
def fold(tally):
    """Replace the rows that are there now by their sums, in one statement: writers only ever add rows."""
    columns = [tally._meta.get_field(name).column for name in tally.KEY]
    keys, table = ", ".join(columns), tally._meta.db_table
    with connection.cursor() as cursor:
        # Two folds at once would both sum the same rows.
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [table])
        if not cursor.fetchone()[0]:
            return
        cursor.execute(
            f"WITH gone AS (DELETE FROM {table} RETURNING {keys}, n) "  # noqa: S608 - names from our own model
            f"INSERT INTO {table} ({keys}, n) SELECT {keys}, sum(n) FROM gone GROUP BY {keys} HAVING sum(n) <> 0"
        )
