"""Writing a dossier, handing out and ending links, and what comes back by them."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.people import audit
from cycles.people.models import User
from cycles.refusals import ChangedMeanwhile, Refused
from issues.dossiers.models import Dossier, OutsideLink
from issues.dossiers.permissions import can_write
from issues.log.actions import _step as note_step
from issues.log.models import Issue, IssueStep
from issues.talk.actions import is_again
from issues.talk.models import Comment
from issues.talk.watching import told_of

WORDS = ("asks", "rule", "rule_source", "cost", "shows_answers")
LIVE_MOST = 20  # links of one dossier at a time
REPLIES_MOST = 20  # by one link, in all


def _lock(issue):
    return Issue.objects.select_for_update(of=("self",), no_key=True).defer("search").get(pk=issue.pk)


@transaction.atomic
def write_dossier(*, issue, by, version=0, client_id=None, stories=(), **words):
    """Put it together, or change it. `version` is the one the writer saw: 0 where there was none."""
    row = _lock(issue)
    if not can_write(by, row):
        raise Refused("A dossier is for an issue at level Macro. Set its level first.")
    if words.get("rule") and not words.get("rule_source"):
        raise Refused("Say where the rule is written, so that they can find it.", "rule_source")
    dossier = Dossier.objects.select_for_update().defer("pdf").filter(issue=row).first()
    if dossier is None:
        more = {"client_id": client_id} if client_id and not _is_taken(client_id) else {}
        dossier = Dossier.objects.create(place=row.place, issue=row, by=by, **words, **more)
        dossier.stories.set(stories)
        return dossier
    wanted = (*(words[name] for name in WORDS), {story.pk for story in stories})
    stands = (*(getattr(dossier, name) for name in WORDS), set(dossier.stories.values_list("pk", flat=True)))
    if wanted == stands:
        return dossier
    if dossier.version != version:
        raise ChangedMeanwhile(current=dossier)
    _keep_as_it_read(dossier, stands[-1])
    for name in WORDS:
        setattr(dossier, name, words[name])
    dossier.by, dossier.updated_at, dossier.version = by, timezone.now(), dossier.version + 1
    dossier.save(update_fields=[*WORDS, "by", "updated_at", "version"])
    dossier.stories.set(stories)
    return dossier


def _keep_as_it_read(dossier, stories):
    dossier.versions.create(
        number=dossier.version,
        stories=sorted(stories),
        by_id=dossier.by_id,
        at=dossier.updated_at,
        **{name: getattr(dossier, name) for name in WORDS},
    )


def _is_taken(client_id):
    return Dossier.objects.filter(client_id=client_id).exists()


def ask_for_pdf(*, dossier):
    """A worker draws it; asking twice draws it once."""
    Dossier.objects.filter(pk=dossier.pk, asked_at=None).update(asked_at=timezone.now(), tries=0)


@transaction.atomic
def make_link(*, dossier, to_whom, days, by, client_id):
    """The secret of a new link. It can be read this once only; the same form sent again gives the same one."""
    row = _lock(dossier.issue)
    now = timezone.now()
    token = OutsideLink.token_of(by, client_id)
    if before := OutsideLink.objects.filter(token_hash=OutsideLink.digest(token)).first():
        if before.is_live(now) and before.dossier_id == dossier.pk:
            return token
        token = secrets.token_urlsafe(32)
    if dossier.links.live(now).count() >= LIVE_MOST:
        raise Refused(f"There are {LIVE_MOST} links to this already. End one first.")
    link = OutsideLink.objects.create(
        place=row.place,
        dossier=dossier,
        to_whom=to_whom,
        token_hash=OutsideLink.digest(token),
        by=by,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    note_step(row, IssueStep.What.SHOWN_OUTSIDE, by=by, words=to_whom, team=row.held_by)
    audit.note("outside link", by=by, place=row.place, on=link)
    return token


@transaction.atomic
def end_link(*, link, by):
    """From now it opens nothing. Ending it twice is ending it once."""
    if OutsideLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.note("outside link ended", by=by, place=link.place, on=link)


def note_read(link):
    """That they opened it, once: how often they look is nobody's business."""
    if link.first_read_at is None:
        OutsideLink.objects.filter(pk=link.pk, first_read_at=None).update(first_read_at=timezone.now())


@transaction.atomic
def reply(*, link, words, signed, client_id):
    """What a body outside answers: on the issue's path and in its talk, told once to those it belongs to."""
    issue = _lock(link.dossier.issue)
    before = Comment.objects.filter(client_id=client_id, outside=link).first()
    if before and is_again(before, words):
        return before
    if not OutsideLink.objects.live(timezone.now()).filter(pk=link.pk).exists():
        raise Refused("This link has ended.")
    if link.replies.count() >= REPLIES_MOST:
        raise Refused("You have sent as many replies as one link takes. Ask for another link.")
    more = {} if Comment.objects.filter(client_id=client_id).exists() else {"client_id": client_id}
    said = Comment.objects.create(issue=issue, outside=link, signed=signed, words=words, **more)
    note_step(
        issue, IssueStep.What.SAID_OUTSIDE, by=link.by, words=link.to_whom, team=issue.held_by, tell_raisers=False
    )
    tell(
        users=_its_people(issue, link),
        place=issue.place,
        kind=Notice.Kind.OUTSIDE_REPLY,
        subject_ref=said.pk,
        key=f"issue-comment-{said.pk}",
    )
    return said


def _its_people(issue, link):
    """Those who follow it, whoever handed out the link, and the group that holds it."""
    holds = issue.held_by.memberships.active(timezone.localdate()).values("user")
    return User.objects.filter(
        Q(pk__in=told_of(issue).values("pk")) | Q(pk__in=holds) | Q(pk=link.by_id), is_active=True
    )
