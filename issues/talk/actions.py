"""Speaking on an issue. Each act writes its words, its files and who is told in one transaction; sent twice, it is once."""

import uuid

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.refusals import ChangedMeanwhile, Refused
from issues.log.models import Issue
from issues.talk import kinds, store
from issues.talk.models import Attachment, Comment, CommentVersion, Naming, Watch
from issues.talk.naming import named_in
from issues.talk.permissions import can_edit, speaks_for
from issues.talk.watching import told_of

FILES_MOST = 3
TOO_LATE = "Others have read this by now, so it stays as it is. Add what you want to put right, or take it back."


def _lock(issue):
    return Issue.objects.select_for_update(of=("self",), no_key=True).defer("search").get(pk=issue.pk)


def comment(*, issue, words, by, client_id=None, beside=()):
    """Say something on an issue. Those who are named are told, and whoever follows it, once each.

    Files are read before anything is written, so that a refused one leaves nothing behind.
    """
    known = _known_files(beside)
    with transaction.atomic():
        row = _lock(issue)
        before = Comment.objects.filter(client_id=client_id, by=by, issue=row).first()
        if before and is_again(before, words):
            return before
        named = [who for who in named_in(words, issue=row, today=timezone.localdate()) if who.pk != by.pk]
        said = Comment.objects.create(
            issue=row, by=by, team=speaks_for(by, row), words=words, client_id=_own_client_id(client_id)
        )
        for name, kind, data in known:
            _attach(said, name, kind, data, by)
        Naming.objects.bulk_create(Naming(comment=said, user=who) for who in named)
        Watch.objects.get_or_create(issue=row, user=by)
        _tell(said, named)
    return said


def is_again(before, words):
    """The same sent once more. Other words from a page that Back brought up again are new, and not lost."""
    return words == before.words or before.taken_back_at is not None or before.versions.filter(words=words).exists()


def _own_client_id(client_id):
    """A fresh id where none was sent, or where someone else's was."""
    taken = client_id is None or Comment.objects.filter(client_id=client_id).exists()
    return uuid.uuid4() if taken else client_id


def _known_files(files):
    if len(files) > FILES_MOST:
        raise Refused(f"Choose up to {FILES_MOST} files. You can add others with your next comment.", "beside")
    found = []
    for file in files:
        try:
            kind, data = kinds.read(file)
        except kinds.NotKept as no:
            raise Refused(str(no), "beside") from None
        found.append((kinds.shown_name(file.name or "", kind), kind, data))
    return found


def _attach(said, name, kind, data, by):
    Attachment.objects.create(comment=said, by=by, name=name, kind=kind, size=len(data), path=store.keep(data))


def _tell(said, named):
    """Whoever is named hears of that; the key is the comment's, so nobody hears of it twice."""
    about = {"place": said.issue.place, "subject_ref": said.pk, "key": f"issue-comment-{said.pk}"}
    tell(users=named, kind=Notice.Kind.ISSUE_NAMED, **about)
    tell(users=told_of(said.issue).exclude(pk=said.by_id), kind=Notice.Kind.ISSUE_TALK, **about)


@transaction.atomic
def put_right(*, comment, words, version, by):
    """Change one's own words while they are fresh. What they were is kept; who is named anew is told."""
    _lock(comment.issue)
    row = Comment.objects.select_for_update(of=("self",)).select_related("issue__place").get(pk=comment.pk)
    if row.taken_back_at is not None:
        raise Refused("You have taken this back.", "words")
    if row.words == words:
        return row
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    if not can_edit(by, row):
        raise Refused(TOO_LATE, "words")
    named = [who for who in named_in(words, issue=row.issue, today=timezone.localdate()) if who.pk != by.pk]
    CommentVersion.objects.create(comment=row, words=row.words, at=row.edited_at or row.at)
    row.words, row.edited_at, row.version = words, timezone.now(), row.version + 1
    row.save(update_fields=["words", "edited_at", "version"])
    row.namings.exclude(user__in=named).delete()
    Naming.objects.bulk_create((Naming(comment=row, user=who) for who in named), ignore_conflicts=True)
    _tell_named(row, named)
    return row


def _tell_named(said, named):
    tell(
        users=named,
        place=said.issue.place,
        kind=Notice.Kind.ISSUE_NAMED,
        subject_ref=said.pk,
        key=f"issue-comment-{said.pk}",
    )


@transaction.atomic
def take_back(*, comment, by):
    """Words, earlier words and files are gone for good; that something was said here stays. Twice is once."""
    row = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk, by=by)
    if row.taken_back_at is not None:
        return row
    paths = list(row.files.values_list("path", flat=True))
    row.files.all().delete()
    row.versions.all().delete()
    row.namings.all().delete()
    Comment.objects.filter(pk=row.pk).update(words="", taken_back_at=timezone.now(), version=F("version") + 1)
    transaction.on_commit(lambda: store.forget(paths), robust=True)
    row.refresh_from_db()
    return row


@transaction.atomic
def watch(*, issue, by, is_on):
    """Follow an issue, or stop: one's own choice, and it wins over having seen it in the work."""
    Watch.objects.update_or_create(issue=issue, user=by, defaults={"is_on": is_on})
