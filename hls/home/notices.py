"""Notices on the screen: each line says what happened and where to read it, never the words themselves."""

from functools import cache

from django.db.models import Case, JSONField, OuterRef, Subquery, When
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from cycles.notices.models import Notice
from cycles.prepared import Asking, Prepared, asking, someone
from hls.look.words import day
from issues.forum_cases.models import ForumCase
from issues.log.models import Better, Issue
from issues.meetings.models import AgendaItem, Meeting

SHOWN = 6
REVIEWS = "issues:list?view=review"  # a page for all of them, not one for each
# What happened to an issue stands under "What changed because of you", in full.
HERE = {
    Notice.Kind.HOT_DEBRIEF: ("A hot debrief was called.", "Join it", "debriefs:debrief"),
    Notice.Kind.ISSUE_OFFERED: ("An issue was raised to your group.", "See what is asked", None),
    Notice.Kind.ISSUE_BETTER: (
        "Something was put in place for this some weeks ago. Is it better in the work?",
        "Say more",
        "issues:better",
    ),
    Notice.Kind.ISSUE_WAITS: ("An issue waits with your group.", "See what is asked", None),
    Notice.Kind.ISSUE_REVIEW: ("A countermeasure of your team is to be looked at again.", "See which", REVIEWS),
    Notice.Kind.ADVICE_ASKED: ("Something is asked of commissioners.", "Read it", "issues:recommendation"),
    Notice.Kind.ADVICE_WAITS: ("A recommendation waits for your answer.", "Read it", "issues:recommendation"),
    Notice.Kind.PROMISE_WAITS: ("A promise of your group is past its day.", "Say what became of it", "cycles:promise"),
    Notice.Kind.MEETING_CALLED: ("Your group is to meet.", "See the agenda", "meetings:meeting"),
    Notice.Kind.MEETING_MOVED: ("A meeting of your group was moved or called off.", "See when", "meetings:meeting"),
    Notice.Kind.AGENDA_SENT: ("The agenda of your group for {day} is there.", "Read it", "meetings:meeting"),
    Notice.Kind.MINUTES_READY: ("The minutes of your group are ready.", "Read them", "meetings:minutes"),
    Notice.Kind.PROMISE_MADE: ("A promise was made for your group.", "Read it", "cycles:promise"),
    Notice.Kind.CASE_BROUGHT: ("A case was brought to {team}.", "See the agenda it goes on", None),
    Notice.Kind.CASE_PLAN: ("There is a new plan for a case that you brought.", "Read it", "issues:forum_case"),
    Notice.Kind.CASE_AGENDA: ("A case that you brought comes to a meeting.", "Read it", "issues:forum_case"),
    Notice.Kind.WRITE_UP: ("A debrief waits to be written up.", "Write it up", "debriefs:debrief"),
    Notice.Kind.SUMMARY_READY: ("A summary is ready.", "Read it", "summary"),
    Notice.Kind.CASE_READ: (
        "A colleague outside their circle opened the page of someone you are alongside.",
        "See who and why",
        "cycles:person",
    ),
    Notice.Kind.GUIDE_ANSWERED: ("A rule or principle that you proposed was answered.", "Read why", "cycles:guide"),
    Notice.Kind.LINK_ASKED: ("Another cycle asks to be joined to yours.", "Read why, and answer", "cycles:joined"),
    Notice.Kind.LINK_ANSWERED: ("A cycle that yours asked to be joined to has answered.", "Read it", "cycles:joined"),
    Notice.Kind.VOICE_ANSWERED: ("Words that you brought were answered.", "Read the answer", "cycles:reviews"),
}


# What is no news once its day has come.
NEEDS_ABOUT = {Notice.Kind.ISSUE_BETTER, Notice.Kind.CASE_BROUGHT}
PASSES = {
    Notice.Kind.MEETING_CALLED,
    Notice.Kind.MEETING_MOVED,
    Notice.Kind.AGENDA_SENT,
    Notice.Kind.CASE_AGENDA,
}


def unseen(user):
    """To ask for what is new for this person."""
    return Asking(_unseen(), **asking(user))


@cache
def _unseen():
    rows = Notice.objects.visible_to(someone()).filter(seen_at=None, kind__in=HERE)
    asked = When(kind=Notice.Kind.ISSUE_BETTER, then=Subquery(_asked_about()))
    brought = When(kind=Notice.Kind.CASE_BROUGHT, then=Subquery(_brought_to()))
    rows = rows.annotate(about=Case(asked, brought, default=None, output_field=JSONField()))
    return Prepared(rows.order_by("-created_at", "-pk")[:SHOWN])


def _asked_about():
    """The issue of a question, where this person may still read it: nobody can answer about a number."""
    seen = Issue.objects.open_to(someone()).values("pk")
    asked = Better.objects.waiting().filter(pk=OuterRef("subject_ref"), user=someone(), issue__in=seen)
    return asked.values(told=JSONObject(words="issue__description"))[:1]


def _brought_to():
    """The forum of a case that it has yet to talk about, and its agenda where it has a place: never whose case it is.

    For those who are its members today, and for as long as there is consent.
    """
    user = someone()
    coming = AgendaItem.objects.filter(forum_case=OuterRef("pk"), meeting__in=Meeting.objects.coming())
    agenda = Subquery(coming.order_by("meeting__on", "pk").values("meeting")[:1])
    cases = ForumCase.objects.agreed().filter(
        pk=OuterRef("subject_ref"), state=ForumCase.State.BROUGHT, team__in=user.rights.teams
    )
    return cases.values(told=JSONObject(team="team__name", slug="team__slug", meeting=agenda))[:1]


def lines(notices, offers_at):
    """`offers_at`: where this person answers what is raised to their groups."""
    told, now = [], timezone.now()
    for notice in notices:
        if notice.kind in PASSES and notice.stale_at <= now:
            continue
        words, label, name = HERE[notice.kind]
        if notice.kind in NEEDS_ABOUT and not notice.about:
            continue
        url = _url(name, notice) if name else offers_at
        if notice.kind == Notice.Kind.CASE_BROUGHT:
            words, url = words.format(team=notice.about["team"]), _agenda_of(notice.about)
        if notice.kind == Notice.Kind.AGENDA_SENT:
            words = words.format(day=day(localtime(notice.stale_at)))  # it is over when the meeting begins
        is_question = notice.kind == Notice.Kind.ISSUE_BETTER
        told.append({"notice": notice, "words": words, "label": label, "url": url, "is_question": is_question})
    return told


def _url(name, notice):
    if name == REVIEWS:
        return f"{reverse('issues:list')}?view=review"
    return reverse(name, args=[notice.subject_ref])


def _agenda_of(brought):
    """The meeting that talks about it; the forum's meetings where none is called yet."""
    if brought["meeting"]:
        return reverse("meetings:meeting", args=[brought["meeting"]])
    return reverse("meetings:list", args=[brought["slug"]])
