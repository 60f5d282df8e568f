"""The list of debriefs, and the words that are looked for in them."""

from datetime import timedelta
from functools import cache
from types import SimpleNamespace
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import DateTimeField, F, Q, TextField
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from cycles.prepared import Given, GivenSet, Prepared, asking, someone
from debriefs.record import queries
from debriefs.record.forms import SearchForm
from debriefs.record.models import Debrief, DebriefAnswer, address_of
from debriefs.record.rows import COLUMNS, rows_html
from hls.limits import limited

PAGE = 20
FOUND_MOST = 50
MISSED_SHOWN = timedelta(days=14)


def debrief_list(request):
    now, user = timezone.now(), request.user
    past, older = _past(request)
    parts, whose = _parts(), asking(user)
    return TemplateResponse(
        request,
        "debriefs/list.html",
        {
            "coming": parts.coming.rows(**whose | {"now": now}),
            "drafts": queries.with_words(parts.drafts.rows(**whose)),
            "to_write_up": parts.to_write_up.rows(**whose, records_for=queries.records_for(user)),
            "missed": parts.missed.rows(**whose, since=now - MISSED_SHOWN),
            "past": past,
            "older": older,
            "newer": reverse("debriefs:list") if request.GET.get("before") else "",
            "search": SearchForm(),
            "in_a_team": bool(user.rights.teams),
        },
    )


@cache
def _parts():
    """What the list reads; the SQL of each is put together once."""
    user, moment = someone(), Given("moment", DateTimeField())
    missed = Debrief.objects.visible_to(user).filter(state=Debrief.State.MISSED, missed_because="")
    past = (
        Debrief.objects.visible_to(user)
        .exclude(state=Debrief.State.PLANNED)
        .exclude(state=Debrief.State.MISSED, missed_because="")
        .order_by("-planned_for", "-pk")
        .values_list(*COLUMNS, named=True)
    )
    before = Q(planned_for__lt=moment) | Q(planned_for=moment, pk__lt=Given("pk"))
    return SimpleNamespace(
        coming=Prepared(queries.debriefs_to_come(user, Given("now", DateTimeField()))[:5]),
        drafts=Prepared(queries.drafts_of(user)[:20]),
        to_write_up=Prepared(queries.written_up_by(user, GivenSet("records_for"))[:20]),
        missed=Prepared(missed.filter(planned_for__gt=Given("since", DateTimeField())).select_related("team")[:5]),
        past=Prepared(past[: PAGE + 1]),
        before=Prepared(past.filter(before)[: PAGE + 1]),
    )


def _past(request):
    """A page of what was held as rows, newest first, from where the page before stopped; and where the next begins."""
    at, _, pk = request.GET.get("before", "").partition("~")
    try:
        moment = parse_datetime(at)
    except ValueError:
        moment = None
    if moment and timezone.is_aware(moment) and pk.isdecimal() and len(pk) < 19:
        some = _parts().before.rows(**asking(request.user), moment=moment, pk=int(pk))
    else:
        some = _parts().past.rows(**asking(request.user))
    older = ""
    if len(some) > PAGE:
        last = some[PAGE - 1]
        older = f"{reverse('debriefs:list')}?{urlencode({'before': f'{last.planned_for.isoformat()}~{last.id}'})}"
    return rows_html(some[:PAGE]), older


@require_POST
@limited("search", 240, 60)
def search(request):
    """A POST, because the words someone looks for are words about people."""
    form = SearchForm(request.POST)
    found = []
    if form.is_valid():
        found = _found().rows(**asking(request.user), words=form.cleaned_data["q"])
        found = [{"url": address_of(row["debrief"]), **row} for row in found]
    context = {"form": form, "found": found, "most": FOUND_MOST}
    return TemplateResponse(request, "debriefs/search.html", context, status=422 if form.errors else 200)


@cache
def _found():
    """The newest answers that hold the words; its SQL is put together once."""
    query = SearchQuery(Given("words", TextField()), config="english", search_type="websearch")
    snippet = SearchHeadline("text", query, config="english", start_sel="", stop_sel="", max_words=40, min_words=20)
    rows = DebriefAnswer.objects.visible_to(someone()).filter(search=query).order_by("-debrief__planned_for", "-pk")
    shown = {"team": F("debrief__team__name"), "on": F("debrief__planned_for"), "asked": F("question__text")}
    return Prepared(rows.values("debrief", snippet=snippet, **shown)[:FOUND_MOST], plans_anew=True)
