"""What an issue is called on an agenda: its words as they stand, so that a name taken out of them is out there too."""

from issues.meetings.models import AgendaItem, Meeting


def called(issue):
    return f"{issue.ref}: {issue.description}"[:300]


def open_agendas(issue):
    """The meetings still to be held that it comes before, locked; before the issue is, as in a meeting."""
    rows = Meeting.objects.filter(pk__in=AgendaItem.objects.filter(issue=issue).values("meeting"))
    return [row.pk for row in rows.coming().order_by("pk").select_for_update(of=("self",)).only("pk")]


def name_again(issue, meetings):
    """Minutes of a meeting that was held stand as they were."""
    if meetings:
        AgendaItem.objects.filter(issue=issue, meeting__in=meetings).update(title=called(issue))
