"""What the pages of this room share: finding the issue, and letting a rule's no land beside its field."""

from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404

from cycles.prepared import Given, GivenSet, Prepared, asking, someone
from cycles.refusals import ChangedMeanwhile, Refused
from issues.dossiers.models import Dossier
from issues.log.models import Issue, IssueAccess
from issues.log.seen import seen_of
from issues.patterns.under import over
from issues.talk.watching import watched_by

SAVED, INVALID, CLASH = 200, 422, 409


def find_issue(request, ref, *related, with_seen=False):
    """The issue behind a ref like A-014, or 404. The place whose front door is open wins where two have one."""
    number = Issue.number_from_ref(ref)
    if number is None or number > 2**31 - 1:
        raise Http404
    found = _by_number(*related, with_seen=with_seen).rows(**asking(request.user), number=number)
    here = request.acting.place_id if request.acting else None
    found.sort(key=lambda issue: issue.place_id != here)
    if not found:
        raise Http404
    return found[0]


@cache
def _by_number(*related, with_seen):
    rows = Issue.objects.open_to(someone()).filter(place__in=GivenSet("places"), number=Given("number"))
    if with_seen:
        rows = rows.annotate(lies_under=over("pk", someone()))
        readers = IssueAccess.objects.filter(issue=OuterRef("pk")).order_by("team__name").values("team__name")
        rows = rows.annotate(seen=seen_of("pk"), readers=ArraySubquery(readers), is_watched=watched_by(someone()))
        rows = rows.annotate(has_dossier=Exists(Dossier.objects.filter(issue=OuterRef("pk"))))
    return Prepared(rows.select_related("place", *related).defer("search"))


def insist(allowed):
    if not allowed:
        raise PermissionDenied


def place_of(request):
    return request.acting.place if request.acting else None


def run(form, act):
    """Do `act` with a valid form; SAVED, or the status of the page that gives the typed words back."""
    if not form.is_valid():
        return INVALID
    try:
        act()
    except ChangedMeanwhile as no:
        form.add_error(None, str(no))
        return CLASH
    except Refused as no:
        form.add_error(no.field if no.field in form.fields else None, str(no))
        return INVALID
    return SAVED


def keep_version(form, version):
    """The words come back with the version they are now laid beside, so that saving again is a choice."""
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = version
