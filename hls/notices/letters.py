"""What a notice says when it leaves the house: that something moved and where to read it, and no words of anyone.

Subjects are looked up at the moment of sending, under the reader's rights at that moment. A notice whose
reader may no longer see its subject has no line, and is dropped.
"""

from collections import defaultdict
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from cycles.guides.models import Guide
from cycles.lessons.models import Lesson, Offer
from cycles.lives.models import Case
from cycles.notices.families import families_of
from cycles.notices.models import Notice
from cycles.notices.telling import DIGEST
from cycles.people.models import Membership
from cycles.people.rights import Rights
from cycles.stack.models import LearningCycle
from debriefs.record.models import Debrief, FollowUp
from hls.governing.models import Promise, governed_by
from hls.leadership.models import Summary
from hls.look.words import clock, day
from hls.notices import of_groups
from hls.notices.saying import Line, address, page, seen_by_each
from issues.log.models import Better, Issue, IssueMove, IssueStep, Response
from issues.receipts.links import token_of
from issues.talk.models import Comment

Kind = Notice.Kind


def give_rights(notices, today):
    """Read the memberships of everyone in a batch at once: rights as they are now, in one query."""
    users = {notice.user_id: notice.user for notice in notices}
    rows = defaultdict(list)
    for row in Membership.objects.active(today).filter(user__in=users).select_related("team", "place"):
        rows[row.user_id].append(row)
    for pk, user in users.items():
        user.__dict__["rights"] = Rights.from_rows(user, rows[pk])
    for notice in notices:
        notice.user = users[notice.user_id]


def lines_for(notices):
    """{notice.pk: Line} for those that may still be told. Needs `give_rights` first."""
    by_kind = defaultdict(list)
    for notice in notices:
        by_kind[notice.kind].append(notice)
    lines = {}
    for kind, some in by_kind.items():
        if find := LOOK_UP.get(kind):
            lines |= find(some)
    return lines


def _debriefs(notices):
    found = Debrief.objects.in_bulk({notice.subject_ref for notice in notices})
    for notice in notices:
        debrief = found.get(notice.subject_ref)
        # The rule of Debrief.visible_to, asked of rows already here.
        if debrief and debrief.team_id in notice.user.rights.teams:
            yield notice, debrief


def _debrief_soon(notices):
    lines, of_debrief = {}, {}
    for notice, debrief in _debriefs(notices):
        # Moved or called off since the row was written: the scan has made, or will make, another.
        if debrief.state == Debrief.State.PLANNED and debrief.planned_for == notice.stale_at:
            if debrief.pk not in of_debrief:
                words = f"Your team’s debrief is at {clock(debrief.planned_for)}."
                of_debrief[debrief.pk] = Line(words, address("debriefs:write", debrief.pk))
            lines[notice.pk] = of_debrief[debrief.pk]
    return lines


def _hot_debrief(notices):
    words = "Someone in your team called a hot debrief. You are asked to join."
    return {n.pk: Line(words, address("debriefs:debrief", debrief.pk)) for n, debrief in _debriefs(notices)}


def _each_reader(notices, found, issue_of):
    """Issues are asked for by each reader's own `visible_to`; a digest has few readers with the same issues."""
    readers = defaultdict(list)
    for notice in notices:
        readers[notice.user_id].append(notice)
    for some in readers.values():
        wanted = {issue_of(found[n.subject_ref]).pk for n in some if n.subject_ref in found}
        seen = set(Issue.objects.visible_to(some[0].user).filter(pk__in=wanted).values_list("pk", flat=True))
        for notice in some:
            subject = found.get(notice.subject_ref)
            if subject and issue_of(subject).pk in seen:
                yield notice, subject


def _issue_step(notices):
    steps = IssueStep.objects.select_related("issue").in_bulk({n.subject_ref for n in notices})
    return {
        notice.pk: Line(f"Something moved on an issue you raised or follow: {step.issue.ref}.", page(step.issue))
        for notice, step in _each_reader(notices, steps, lambda step: step.issue)
    }


def _issue_offered(notices):
    moves = IssueMove.objects.select_related("issue", "to_team").in_bulk({n.subject_ref for n in notices})
    lines = {}
    for notice, move in _each_reader(notices, moves, lambda move: move.issue):
        if move.state == IssueMove.State.OFFERED and notice.user.rights.in_team(move.to_team_id):
            lines[notice.pk] = Line(f"An issue was raised to your group: {move.issue.ref}.", page(move.issue))
    return lines


def _said(notices, words):
    """Only where it was said: the words themselves are read in Cairn."""
    said = Comment.objects.filter(taken_back_at=None).select_related("issue")
    found = said.in_bulk({notice.subject_ref for notice in notices})
    readers = _each_reader(notices, found, lambda comment: comment.issue)
    return {n.pk: Line(words.format(comment.issue.ref), page(comment)) for n, comment in readers}


def _issue_talk(notices):
    return _said(notices, "Someone wrote on an issue you follow: {}.")


def _issue_named(notices):
    return _said(notices, "Someone named you on an issue: {}.")


def _outside_reply(notices):
    return _said(notices, "A reply came from outside on an issue: {}.")


def _summary_ready(notices):
    found = Summary.objects.defer("pdf", "agenda").in_bulk({n.subject_ref for n in notices})
    return {
        n.pk: Line("A summary is ready for your group.", page(summary))
        for n in notices
        if (summary := found.get(n.subject_ref)) and summary.place_id in n.user.rights.sees_overview
    }


def _case_read(notices):
    lines = {}
    for notice in notices:
        # The subject is the case; only who is alongside is told that someone else opened it.
        case = Case.objects.of(notice.user).filter(pk=notice.subject_ref).first()
        if case:
            lines[notice.pk] = Line("A colleague opened the page of someone you are alongside.", page(case))
    return lines


def _lesson_offered(notices):
    words = "Another cycle offers a lesson to yours. It waits for your answer."
    return {n.pk: Line(words, page(offer)) for n, offer in seen_by_each(notices, Offer.objects.waiting())}


def _lesson_answered(notices):
    words = "An answer came back on a lesson that you or your debrief noted."
    return {n.pk: Line(words, page(lesson)) for n, lesson in seen_by_each(notices, Lesson.objects.all())}


def _guide_answered(notices):
    words = "A rule or principle that you proposed was answered."
    return {n.pk: Line(words, page(guide)) for n, guide in seen_by_each(notices, Guide.objects.all())}


def _follow_up(notices):
    """While it waits, and is theirs: the words themselves are read in Cairn."""
    words = "A debrief asks you to see to something."
    waiting = FollowUp.objects.to_do()
    return {
        n.pk: Line(words, address("debriefs:follow_ups"))
        for n, row in seen_by_each(notices, waiting)
        if row.owner_id == n.user_id
    }


def _voice_answered(notices):
    """The subject is the cycle: the answer stands on the page of its governing."""
    lines = {}
    for notice in notices:
        if governed_by(notice.user).filter(pk=notice.subject_ref).exists():
            url = address("cycles:reviews", notice.subject_ref)
            lines[notice.pk] = Line("Words that you brought to those who govern were answered.", url)
    return lines


def _link_asked(notices):
    return _links(notices, "Another cycle asks to be joined to yours. It waits for your answer.")


def _link_answered(notices):
    return _links(notices, "A cycle that yours asked to be joined to has answered.")


def _links(notices, words):
    """The subject is the reader's own cycle: what was said stands on the page of its links."""
    found = seen_by_each(notices, LearningCycle.objects.shared())
    return {n.pk: Line(words, address("cycles:joined", cycle.pk)) for n, cycle in found}


def _issue_waits(notices):
    moves = IssueMove.objects.select_related("issue", "to_team").in_bulk({n.subject_ref for n in notices})
    lines = {}
    for notice, move in _each_reader(notices, moves, lambda move: move.issue):
        if move.waits and notice.user.rights.in_team(move.to_team_id):
            what = "answered" if move.state == IssueMove.State.OFFERED else "decided"
            words = f"{move.issue.ref} was raised to your group on {day(move.at)} and is not {what} yet."
            lines[notice.pk] = Line(words, page(move.issue))
    return lines


def _issue_review(notices):
    """While its day has passed and nobody has looked: to those who keep it going."""
    passed = Response.objects.to_look_at(timezone.localdate()).select_related("issue__team", "owner")
    found = passed.in_bulk({n.subject_ref for n in notices})
    lines = {}
    for notice, now in _each_reader(notices, found, lambda response: response.issue):
        if notice.user.rights.in_team(now.kept_by.pk):
            words = f"The countermeasure of {now.issue.ref} was to be looked at on {day(now.review_on)}. Does it work?"
            lines[notice.pk] = Line(words, address("issues:upkeep", now.issue.ref))
    return lines


def _promise_waits(notices):
    return {
        n.pk: Line(f"A promise of your group was for {day(promise.due_on)}. Say what became of it.", page(promise))
        for n, promise in seen_by_each(notices, Promise.objects.filter(state__in=Promise.OPEN))
        if n.user.rights.in_team(promise.team_id)
    }


def _offer_waits(notices):
    words = "A lesson that another cycle offered to yours still waits for your answer."
    return {n.pk: Line(words, page(offer)) for n, offer in seen_by_each(notices, Offer.objects.waiting())}


def _write_up(notices):
    return {
        notice.pk: Line(f"The debrief of {day(debrief.planned_for)} waits to be written up.", page(debrief))
        for notice, debrief in _debriefs(notices)
        if debrief.recorder_id == notice.user_id and debrief.state != Debrief.State.WRITTEN_UP
    }


def _issue_better(notices):
    """One tap from the letter: the link answers for its reader, who need not sign in."""
    lines = {}
    for notice, asked in seen_by_each(notices, Better.objects.waiting().select_related("issue")):
        words = f"Is it better in the work? {asked.issue.ref} has a change in place since {day(asked.since)}."
        lines[notice.pk] = Line(words, address("issues:better_by_link", token_of(asked.pk, notice.user_id)))
    return lines


LOOK_UP = {
    Kind.DEBRIEF_SOON: _debrief_soon,
    Kind.HOT_DEBRIEF: _hot_debrief,
    Kind.ISSUE_STEP: _issue_step,
    Kind.ISSUE_OFFERED: _issue_offered,
    Kind.ISSUE_BETTER: _issue_better,
    Kind.ISSUE_TALK: _issue_talk,
    Kind.ISSUE_NAMED: _issue_named,
    Kind.OUTSIDE_REPLY: _outside_reply,
    Kind.SUMMARY_READY: _summary_ready,
    Kind.CASE_READ: _case_read,
    Kind.LESSON_OFFERED: _lesson_offered,
    Kind.LESSON_ANSWERED: _lesson_answered,
    Kind.GUIDE_ANSWERED: _guide_answered,
    Kind.FOLLOW_UP: _follow_up,
    Kind.VOICE_ANSWERED: _voice_answered,
    Kind.LINK_ASKED: _link_asked,
    Kind.LINK_ANSWERED: _link_answered,
    Kind.ISSUE_WAITS: _issue_waits,
    Kind.ISSUE_REVIEW: _issue_review,
    Kind.PROMISE_WAITS: _promise_waits,
    Kind.OFFER_WAITS: _offer_waits,
    Kind.WRITE_UP: _write_up,
    **of_groups.LOOK_UP,
}


def message_id(key):
    """The same for each try of the same notice, so that a mailbox can tell a repeat."""
    return f"<{sha256(key.encode()).hexdigest()[:40]}@{urlsplit(settings.SITE_URL).hostname}>"


def letter(user, lines, *, key, subject, what, families=()):
    """`what`: the kind of notice, or the day's letter, that its reader can stop from the letter itself.

    `families`: what the letter tells of, each of which can be stopped by itself.
    """
    stop = stop_address(user, what)
    stops = [(family.words, stop_address(user, family.key)) for family in families]
    words = context(lines, subject) | {"name": greeted(user), "stop": stop, "stops": stops}
    body, html = render_to_string("mail/notice.txt", words), render_to_string("mail/notice.html", words)
    mail = EmailMultiAlternatives(subject, body, to=[user.email], headers=headers(message_id(key), stop))
    mail.attach_alternative(html, "text/html")
    return mail


def greeted(user):
    """The reader's name on one line: "Hello Ann ," is no greeting."""
    return " ".join(user.get_short_name().split())


def context(lines, subject):
    """What a letter says to each of its readers alike."""
    return {
        "lines": lines,
        "site_name": settings.SITE_NAME,
        "subject": subject,
        "choose": settings.SITE_URL + reverse("telling"),
    }


def headers(ident, stop):
    return {
        "Message-ID": ident,
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
    }


def stop_address(user, what):
    return settings.SITE_URL + reverse("notices_stop", args=[stop_token(user, what)])


def subject_of(line):
    return line.words.rstrip(".")


def late_subject(lines):
    """Of one letter for all that could not wait and had to: after an outage, or a night."""
    return subject_of(lines[0]) if len(lines) == 1 else f"{len(lines)} things that could not wait"


def digest(user, lines, *, key, kinds=()):
    count = "One thing" if len(lines) == 1 else f"{len(lines)} things"
    subject = f"{count} to read in Cairn"
    return letter(user, lines, key=key, subject=subject, what=DIGEST, families=families_of(kinds))


def too_late(count):
    """One line for all the reminders that could not be sent in time, so that an outage is said and never a storm."""
    if not count:
        return []
    words = "A reminder" if count == 1 else f"{count} reminders"
    return [Line(f"{words} came too late to send. Debriefs go on as planned.", address("notices"))]


# ---------------------------------------------------------------- stopping from the letter

STOP_SALT = "cairn.stop-telling"
STOP_FOR = timedelta(days=180)


def stop_token(user, what):
    """Opens one choice of one person. In letters that look like an address part, so that logs leave it out."""
    signed = signing.dumps([user.pk, str(what)], salt=STOP_SALT)
    return urlsafe_base64_encode(signed.encode())


def read_stop_token(token):
    """(user's id, what), or None for one that is broken, made up or old."""
    try:
        signed = urlsafe_base64_decode(token).decode()
        pk, what = signing.loads(signed, salt=STOP_SALT, max_age=STOP_FOR)
    except (ValueError, signing.BadSignature):
        return None
    return pk, what
