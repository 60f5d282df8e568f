"""Bringing a log in: first what was understood is kept, then, with a yes, all of it comes in or none."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, time

from django.db import connection, transaction
from django.utils import timezone

from cycles.people.models import Place
from cycles.refusals import Refused
from cycles.stack.models import Scale
from hls.look.words import day
from issues.log.actions import lock_log, next_numbers
from issues.log.models import Issue, IssueAccess, IssueStep, Level, Response, Sighting
from issues.sheets.models import ImportBatch, ImportedRow, Upload, UploadedRow
from issues.sheets.reading import Question, Row

AT_A_TIME = 2000
LEVELS = {"ind": Level.IND, "sys": Level.SYS, "macro": Level.MACRO}
CLOSED_BEFORE = "Closed before import"


class AlreadyIn(Refused):
    """The very same file came into this cycle before."""


def file_digest(data):
    return hashlib.sha256(data).hexdigest()


def row_digest(description):
    """An issue is known by its description, however it is spaced or capitalised."""
    said = " ".join(unicodedata.normalize("NFC", description).casefold().split())
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def refuse_known_file(cycle, digest):
    if before := ImportBatch.objects.filter(cycle=cycle, file_digest=digest).first():
        raise AlreadyIn(f"This very file came into “{cycle}” on {day(before.at)}. Nothing was added again.", "file")


def find_known(rows, cycle):
    """Which rows are in the cycle's log already: row number -> the issue's number.

    An issue is known by the row it came from and by its words today. Each matches one row only, so two rows
    that say the same are two issues.
    """
    wanted = {row_digest(row.issue) for row in rows}
    known = defaultdict(list)
    issues = Issue.objects.filter(cycle=cycle).order_by("number")
    for pk, number, description, came_from in issues.values_list(
        "pk", "number", "description", "imported_from__digest"
    ).iterator(AT_A_TIME):
        for digest in {row_digest(description), came_from} & wanted:
            known[digest].append((pk, number))
    taken, matches = set(), {}
    for row in rows:
        for pk, number in known.get(row_digest(row.issue), ()):
            if pk not in taken:
                taken.add(pk)
                matches[row.number] = number
                break
    return matches


# ------------------------------------------------------------ what waits for a yes


@transaction.atomic
def keep_upload(*, sheet, cycle, by, file_name, digest):
    """Keep what was understood of a file for a day, seen by its uploader alone."""
    refuse_known_file(cycle, digest)
    Upload.objects.stale(timezone.now()).delete()
    upload = Upload.objects.create(
        place=cycle.place,
        cycle=cycle,
        by=by,
        file_name=shown_name(file_name),
        file_digest=digest,
        understood={
            "sheet": sheet.name,
            "columns": [[c.letter, c.heading, c.read_as] for c in sheet.header.known],
            "unused": [[c.letter, c.heading] for c in sheet.unused],
            "left_out": sheet.left_out,
            "other_sheets": sheet.other_sheets,
        },
    )
    known = find_known(sheet.rows, cycle)
    UploadedRow.objects.bulk_create(
        [_kept(upload, row, known.get(row.number)) for row in sheet.rows], batch_size=AT_A_TIME
    )
    return upload


def shown_name(file_name):
    """A name is shown and never used; what could confuse a page or a log is left out."""
    return re.sub(r"[^\w .()&+,'-]", "", file_name.replace("\\", "/").rpartition("/")[2])[-120:].strip() or "a file"


def _kept(upload, row, known_as):
    facts = asdict(row)
    for name in ("raised_on", "closed_on"):
        facts[name] = facts[name] and facts[name].isoformat()
    for name in ("countermeasure_state", "system_change_state"):
        state, on = facts[name]
        facts[name] = [state, on and on.isoformat()]
    return UploadedRow(
        upload=upload,
        number=row.number,
        facts=facts,
        digest=row_digest(row.issue),
        is_wrong=bool(row.problems),
        asks=0 if known_as or row.problems else len(row.questions),
        known_as=known_as,
    )


def row_of(kept):
    """The row as it was understood, with the person's answers in it."""
    facts = dict(kept.facts)
    for name in ("raised_on", "closed_on"):
        facts[name] = facts[name] and date.fromisoformat(facts[name])
    for name in ("countermeasure_state", "system_change_state"):
        state, on = facts[name]
        facts[name] = (state, on and date.fromisoformat(on))
    facts["questions"] = [Question(**question) for question in facts["questions"]]
    row = Row(**facts)
    for name, answer in kept.answers.items():
        setattr(row, name, answer)
    return row


@transaction.atomic
def answer_rows(*, upload, answers):
    """Keep what the person said about each row that asked: row number -> field -> choice ("" for not sure yet)."""
    changed = []
    for kept in upload.rows.select_for_update().filter(number__in=answers, asks__gt=0):
        allowed = {
            q["field"]: set(q["choices"]) | ({""} if q["field"] != "status" else set()) for q in kept.facts["questions"]
        }
        given = {name: said for name, said in answers[kept.number].items() if said in allowed.get(name, ())}
        kept.answers = kept.answers | given
        kept.answered = len(kept.answers)
        changed.append(kept)
    UploadedRow.objects.bulk_update(changed, ["answers", "answered"], batch_size=AT_A_TIME)


@transaction.atomic
def answer_rest(*, upload):
    """“Not sure yet” for every level and owner still asked; an unclear status counts as open."""
    for kept in upload.rows.unanswered():
        rest = {q["field"]: "open" if q["field"] == "status" else "" for q in kept.facts["questions"]}
        kept.answers = rest | kept.answers
        kept.answered = kept.asks
        kept.save(update_fields=["answers", "answered"])


@transaction.atomic
def confirm(*, upload, by):
    """Bring a kept upload in. Sent twice, it is one import."""
    locked = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if locked is None:  # the first of two clicks has done it
        return ImportBatch.objects.get(token=upload.token, by=by)
    if wrong := locked.rows.wrong().count():
        raise Refused(f"{_rows(wrong)} can’t come in as they are. Put them right in your file, then choose it again.")
    if left := locked.rows.unanswered().count():
        raise Refused(f"{_rows(left)} still {'asks' if left == 1 else 'ask'} you something. Answer below first.")
    batch = import_rows(
        cycle=locked.cycle,
        rows=[row_of(kept) for kept in locked.rows.all()],
        by=by,
        file_name=locked.file_name,
        digest=locked.file_digest,
        token=locked.token,
    )
    locked.delete()
    return batch


def _rows(count):
    return "1 row" if count == 1 else f"{count:,} rows"


# ------------------------------------------------------------ bringing it in


@transaction.atomic
def import_rows(*, cycle, rows, by, file_name, digest, **batch_facts):
    """Add every row that the cycle's log does not hold yet, with the same history as if it were raised by hand.

    Nobody is told: these issues are not news to the people who kept them.
    """
    if cycle.scale == Scale.PERSON:
        raise Refused("A life keeps its own page. Choose a cycle of your team.", "cycle")
    # Two imports at once: the second waits here, then finds what the first brought. Pages that read go on.
    Place.objects.select_for_update(no_key=True).get(pk=cycle.place_id)
    refuse_known_file(cycle, digest)
    if any(row.problems or not row.issue for row in rows):
        raise Refused("Some rows can’t come in as they are, so nothing was added.")
    known = find_known(rows, cycle)
    new = [row for row in rows if row.number not in known]
    with _as_one_import():
        issues = _create_issues(new, cycle, by)
    batch = ImportBatch.objects.create(
        place=cycle.place, cycle=cycle, by=by, file_name=file_name, file_digest=digest,
        added=len(new), known=len(known), **batch_facts,
    )  # fmt: skip
    _create(
        ImportedRow(
            batch_id=batch.pk, issue_id=issue.pk, number=row.number, digest=row_digest(row.issue), their_ref=row.ref
        )
        for row, issue in zip(new, issues, strict=True)
    )
    return batch


@contextmanager
def _as_one_import():
    """What is kept within is told to web hooks by its batch (hls/hooks/models.py), and not step by step."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cairn.importing', 'yes', true)")
        yield  # what fails here is rolled back, and the setting with it
        cursor.execute("SELECT set_config('cairn.importing', '', true)")


def _create(rows):
    """In bulk, whichever model the rows are of."""
    rows = list(rows)
    return rows and type(rows[0]).objects.bulk_create(rows, batch_size=AT_A_TIME)


def _create_issues(rows, cycle, by):
    """By ids, not objects: with ten thousand rows the difference is seconds."""
    now, today = timezone.now(), timezone.localdate()
    numbers = next_numbers(lock_log(cycle.place_id), len(rows)) if rows else ()
    issues = _create(
        _issue(row, number, cycle, by, now, today) for row, number in zip(rows, numbers, strict=True)
    ) or []  # fmt: skip
    _create(IssueAccess(issue_id=issue.pk, team_id=cycle.team_id) for issue in issues)
    _create(
        Sighting(issue_id=issue.pk, team_id=cycle.team_id, by_id=by.pk, on=issue.raised_on, words=issue.description)
        for issue in issues
    )
    pairs = list(zip(rows, issues, strict=True))
    _create(response for row, issue in pairs for response in _responses(row, issue, by, now))
    _create(step for row, issue in pairs for step in _steps(row, issue, by, now))
    return issues


def _issue(row, number, cycle, by, now, today):
    raised_on = row.raised_on or min(row.closed_on or today, today)
    issue = Issue(
        place_id=cycle.place_id, number=number, cycle_id=cycle.pk, team_id=cycle.team_id, held_by_id=cycle.team_id,
        held_since=raised_on, raised_on=raised_on, raised_by_id=by.pk, description=row.issue,
        level=LEVELS.get(row.level), owner_tier=row.owner,
        updated_at=now,
        countermeasure_state=row.countermeasure_state[0] if row.countermeasure else "",
        system_change_state=row.system_change_state[0] if row.system_change else "",
    )  # fmt: skip
    if row.status == "closed":
        issue.status, issue.closed_on = Issue.Status.CLOSED, row.closed_on or today
        issue.closed_how, issue.closed_words = Issue.ClosedHow.IMPORTED, CLOSED_BEFORE
    return issue


def _kinds(row):
    """Which of the two actions the row speaks of: (kind, words, state, since or from which day)."""
    both = [
        (Response.Kind.COUNTERMEASURE, row.countermeasure, *row.countermeasure_state),
        (Response.Kind.SYSTEM_CHANGE, row.system_change, *row.system_change_state),
    ]
    return [one for one in both if one[1]]


def _responses(row, issue, by, now):
    for kind, text, state, on in _kinds(row):
        yield Response(
            issue_id=issue.pk, kind=kind, text=text, state=state, by_id=by.pk, updated_at=now,
            in_place_on=on if state == Response.State.IN_PLACE else None,
            starts_on=on if state != Response.State.IN_PLACE else None,
            owner_id=issue.held_by_id if state == Response.State.WITH_GROUP else None,
        )  # fmt: skip


def _steps(row, issue, by, now):
    """The path, as raising by hand would have written it; the first step bears the day the file gives."""
    noon = timezone.make_aware(datetime.combine(issue.raised_on, time(12)))
    whose = {"issue_id": issue.pk, "team_id": issue.team_id, "by_id": by.pk}
    yield IssueStep(what=IssueStep.What.RAISED, at=min(noon, now), **whose)
    for kind, text, state, _ in _kinds(row):
        yield IssueStep(what=kind.value, words=text, state=state, at=now, **whose)
    if row.status == "closed":
        yield IssueStep(what=IssueStep.What.CLOSED, words=CLOSED_BEFORE, at=now, **whose)
