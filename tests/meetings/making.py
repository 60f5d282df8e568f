"""What meetings are tried with."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from issues.log import actions as log
from tests.factories import IssueFactory


def day(after=0):
    return timezone.localdate() + timedelta(days=after)


def raised(here, text="Letters run first"):
    issue = IssueFactory(cycle=here.cycle, raised_by=here.worker, description=text, words="Marie cried", level=2)
    log.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="May it wait?", by=here.worker)
    return issue


def end(client, meeting, **more):
    meeting.refresh_from_db()
    sent = {"version": meeting.version, "was_there": [s.user_id for s in meeting.seats.all()], "also_there": ""}
    return client.post(reverse("meetings:end", args=[meeting.pk]), sent | more)
