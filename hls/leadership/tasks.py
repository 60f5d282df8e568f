"""Packs are built by a worker. The row carries the promise: claimed with a lease, written whole or not at all."""

from datetime import timedelta

import structlog
from celery import shared_task
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cycles.notices.actions import quick_connection, tell
from cycles.notices.models import Notice
from cycles.people.models import User
from hls.leadership import packs, sheets
from hls.leadership.actions import pack_of_the_month
from hls.leadership.facts import voices
from hls.leadership.models import Summary, SummarySchedule
from hls.leadership.permissions import can_ask

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=90)  # each step renews it; a killed worker's pack is taken up again after this
WAIT_AFTER_FAILURE = timedelta(seconds=30)
MOST_TRIES = 4
NO_RIGHT = "The person who asked may no longer read summaries, so it was not built."
NOT_BUILT = "It went wrong each time we tried. Ask again, or tell whoever runs this."


class Overtaken(Exception):
    """Our lease ran out and another worker has the pack now."""


@shared_task
def build_due():
    """Wake what is due: month packs whose day has come, packs asked for, and those that lost a voice."""
    today = timezone.localdate()
    for schedule in SummarySchedule.objects.filter(is_active=True, day_of_month__lte=today.day):
        end = today.replace(day=1) - timedelta(days=1)
        pack_of_the_month(schedule, period_start=end.replace(day=1), period_end=end)
    now = timezone.now()
    for pk in Summary.objects.due(now).values_list("pk", flat=True):
        nudge(pk)
    for summary in Summary.objects.built(now).defer("pdf"):
        if (summary.pages == 0 and summary.tries < MOST_TRIES) or voices.taken_back(summary.agenda):
            nudge(summary.pk)


def nudge(pk):
    """Ask a worker to look at a row. When the queue is away nothing is lost: the scan comes by each minute."""
    try:
        with quick_connection() as connection:
            build.apply_async((pk,), connection=connection, retry=False)
    except Exception as away:
        log.warning("summary_not_queued", summary=pk, why=type(away).__name__)


@shared_task
def build(pk):
    """Build one pack, or take a withdrawn voice out of one. Safe to run twice or beside itself."""
    now = timezone.now()
    if summary := claim(Summary.objects.due(now), pk, now):
        attempt(summary, build_new)
    elif summary := claim(Summary.objects.built(now), pk, now):
        attempt(summary, make_again)


def claim(rows, pk, now):
    """The row, if nobody else has it: only one of many workers sees its update change something."""
    until = now + LEASE
    if rows.filter(pk=pk).update(claimed_until=until, tries=F("tries") + 1):
        return Summary.objects.select_related("team", "place", "asked_by").get(pk=pk, claimed_until=until)
    return None


def attempt(summary, work):
    try:
        work(summary)
    except Overtaken:
        log.info("summary_overtaken", summary=summary.pk)
    except Exception as error:  # whatever it was, the row must say so or be tried again
        log.error("summary_failed", summary=summary.pk, error=type(error).__name__, tries=summary.tries)
        give_back(summary)


def give_back(summary):
    mine = Summary.objects.filter(pk=summary.pk, claimed_until=summary.claimed_until)
    if summary.state == Summary.State.ASKED and summary.tries >= MOST_TRIES:
        mine.update(state=Summary.State.FAILED, progress=NOT_BUILT, claimed_until=None)
    else:
        mine.update(claimed_until=timezone.now() + WAIT_AFTER_FAILURE, progress="That did not work. Trying again soon.")


def step(summary, words):
    """Say how far it is and keep the lease; stop if it is no longer ours."""
    until = timezone.now() + LEASE
    kept = Summary.objects.filter(pk=summary.pk, claimed_until=summary.claimed_until).update(
        progress=words, claimed_until=until
    )
    if not kept:
        raise Overtaken
    summary.claimed_until = until


def build_new(summary):
    if not asker_may(summary):
        refuse(summary)
        return
    today = timezone.localdate()
    step(summary, "Reading the log, the measures and the stories")
    facts = packs.collect(summary, today)
    finish(summary, facts, *drawn(summary, facts))


def make_again(summary):
    """Take out what was taken back since, and draw the PDF anew; the figures stay as they were."""
    gone = voices.taken_back(summary.agenda)
    if not gone and summary.pages:
        Summary.objects.filter(pk=summary.pk, claimed_until=summary.claimed_until).update(claimed_until=None)
        return
    facts = voices.without(summary.agenda, gone)
    finish(summary, facts, *drawn(summary, facts))


def drawn(summary, facts):
    """The PDF and its pages; an empty one where this machine can't draw it."""
    step(summary, "Drawing the pages")
    html = sheets.on_paper(facts)
    step(summary, "Writing the PDF")
    try:
        return sheets.pdf_of(html)
    except sheets.NoPdf:
        log.error("summary_without_pdf", summary=summary.pk)
        return b"", 0


def asker_may(summary):
    """Asked anew: a right that went since the asking builds nothing. The schedule of a group asks by itself."""
    if summary.asked_by_id is None:
        return True
    return can_ask(User.objects.get(pk=summary.asked_by_id), summary.place_id)


def refuse(summary):
    Summary.objects.filter(pk=summary.pk, claimed_until=summary.claimed_until).update(
        state=Summary.State.FAILED, progress=NO_RIGHT, claimed_until=None
    )


@transaction.atomic
def finish(summary, facts, pdf, pages):
    """Everything of a pack in one write: facts, stories, PDF, and the notice that it is there."""
    row = Summary.objects.select_for_update(of=("self",)).get(pk=summary.pk)
    if row.claimed_until != summary.claimed_until:
        raise Overtaken
    is_new = row.state == Summary.State.ASKED
    if is_new and not asker_may(summary):
        refuse(summary)
        return
    row.state, row.progress, row.claimed_until = Summary.State.READY, "", None
    row.agenda, row.pdf, row.pages = facts, pdf, pages
    row.tries = row.tries if not pages else 0
    row.built_at = row.built_at or timezone.now()
    row.save()
    row.stories.set({v["id"] for v in voices.each(facts) if v["kind"] == voices.STORY})
    if is_new:
        tell_readers(row)


def tell_readers(summary):
    """Whoever asked; or, for a month's pack, the group it is for."""
    if summary.asked_by_id:
        users, channel = [summary.asked_by], Notice.Channel.IN_APP
    else:
        members = summary.team.memberships.active(timezone.localdate())
        users, channel = User.objects.filter(memberships__in=members, is_active=True), Notice.Channel.DIGEST
    tell(
        users=users,
        place=summary.place,
        kind=Notice.Kind.SUMMARY_READY,
        subject_ref=summary.pk,
        key=f"summary-ready-{summary.pk}",
        channel=channel,
    )
