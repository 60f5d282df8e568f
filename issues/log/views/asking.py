"""What the pages of this room share: finding the issue, and letting a rule's no land beside its field."""

from functools import cache

from django.contrib.postgres.aggregates import JSONBAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from cycles.prepared import Given, GivenSet, Prepared, asking, someone
from cycles.refusals import ChangedMeanwhile, Refused
from issues.between.models import IssueQuestion, Split
from issues.dossiers.models import Dossier
from issues.log.models import Better, FitAnswer, Issue, IssueAccess, Sighting
from issues.log.seen import seen_of
from issues.patterns.under import over
from issues.pledges.models import Pledge, Recommendation
from issues.talk.models import Comment
from issues.talk.watching import watched_by
from issues.tries.models import Try

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
        here = OuterRef("pk")
        rows = rows.annotate(
            fit_said=Subquery(_fit_answers(here)),
            better_said=Subquery(_better_answers(here)),
            has_own=Exists(Sighting.objects.filter(issue=here, by=someone())),
            has_tries=Exists(Try.objects.filter(issue=here)),
            has_comments=Exists(Comment.objects.filter(issue=here)),
            has_dossier=Exists(Dossier.objects.filter(issue=here)),
            went_between=Exists(IssueQuestion.objects.filter(issue=here))
            | Exists(Split.objects.filter(Q(issue=here) | Q(part=here)))
            | Exists(Pledge.objects.filter(issue=here))
            | Exists(Recommendation.objects.filter(issue=here)),
        )
    return Prepared(rows.select_related("place", *related).defer("search"))


def _fit_answers(issue):
    """The answers to “does this fix it?” beside the issue, so that its page asks once for both."""
    answers = FitAnswer.objects.filter(issue=issue).order_by().values("issue")
    said = JSONObject(pk="pk", by_id="by_id", fits="fits", words="words")
    return answers.annotate(said=JSONBAgg(said, order_by="pk")).values("said")


def _better_answers(issue):
    """The answers to “is it better in the work?”, likewise."""
    answers = Better.objects.filter(issue=issue, answered_at__isnull=False).order_by().values("issue")
    return answers.annotate(said=JSONBAgg(JSONObject(answer="answer", words="words"), order_by="pk")).values("said")


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
