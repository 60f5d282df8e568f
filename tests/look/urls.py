"""Our real addresses, and a few more that only tests may open."""

from datetime import timedelta
from pathlib import Path

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from hls import charts, errors
from hls.look.forms import CairnForm
from hls.look.icons import PATHS
from hls.urls import *  # noqa: F403
from hls.urls import urlpatterns as real

PAGE = Path(__file__).with_name("parts.html")
WORDS = "We cannot buy small things people need on the same day."


class PartsForm(CairnForm):
    text = forms.CharField(
        label="What is getting in the way?",
        help_text="A few words is fine.",
        widget=forms.Textarea,
        max_length=500,
    )
    level = forms.ChoiceField(
        label="How far does it reach?",
        choices=[("ind", "Ind"), ("sys", "Sys"), ("", "I am not sure")],
        widget=forms.RadioSelect,
    )
    seen = forms.MultipleChoiceField(
        label="Who has seen it?", choices=[("a", "North"), ("b", "South")], widget=forms.CheckboxSelectMultiple
    )
    due_on = forms.DateField(label="When shall we look again?")
    agree = forms.BooleanField(label="This is my own phone or computer")


class PlainForm(CairnForm):
    prefix = "plain"
    name = forms.CharField(label="What to call you", max_length=40)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Enquiry"), ("b", "Prototype")])


def drawings():
    points = [(f"{week} June", 2 + week % 3 + (1.5 if week > 14 else 0), 2 + week % 7) for week in range(1, 25)]
    rows = [("Team", [0, 0, 0, 0, 3]), ("Leadership", [2, 18])]
    contacts, costs = [("Housing", 9, 4), ("GP and nurses", 0, 1)], [("Jan", 1200), ("Feb", 900)]
    layers = [("Place", "Northbank"), ("Team", "North core team"), ("Person", "A life")]
    run = charts.run_chart(
        "run", "Is this helping?", points, high="a lot", low="not at all", lo=1, hi=7, events=[(13, "conversation")]
    )
    return [
        {"question": "Is this helping?", "svg": run, "n": charts.run_note(points), "table": charts.run_table(points)},
        {
            "question": "Too soon?",
            "svg": charts.run_chart("few", "Too soon?", [], high="a lot", low="no"),
            "n": "",
            "table": None,
        },
        {"question": "How long?", "svg": charts.ageing("age", rows), "n": "", "table": charts.ageing_table(rows)},
        {
            "question": "Who came?",
            "svg": charts.before_after("ba", "Who came?", contacts),
            "n": "",
            "table": charts.before_after_table(contacts),
        },
        {
            "question": "What did it cost?",
            "svg": charts.columns("co", "What did it cost?", costs, mark_at=1, mark="met Ana", unit="£"),
            "n": "",
            "table": charts.columns_table(costs, unit="£"),
        },
        {"question": "Where are we?", "svg": charts.wheel("wh", 1), "n": "", "table": None},
        {"question": "What rests on what?", "svg": charts.stack("st", layers, 1), "n": "", "table": None},
        {"question": "And lately?", "svg": charts.sparks("sp", "And lately?", [1, 3, 2]), "n": "", "table": None},
    ]


@login_not_required
def parts(request):
    context = {
        "form": PartsForm({"text": ""} if "wrong" in request.GET else None),
        "plain": PlainForm(),
        "words": WORDS,
        "icons": PATHS,
        "states": ["typing", "saved", "offline", "failed", "clash"],
        "scales": ["person", "team", "organisation", "place", "country"],
        "long_ago": timezone.now() - timedelta(days=67),
        "steps": [
            {"title": "Raised by North core team", "by": "14 September", "when": "past"},
            {"title": "With the leadership group", "when": "now", "text": "Decision asked for on 26 November."},
            {"title": "New normal", "when": "later"},
        ],
        "items": [
            {"pk": 1, "text": WORDS, "url": "#a", "meta": "10 min"},
            {"pk": 2, "text": "Listen", "url": "", "meta": ""},
        ],
        "drawings": drawings(),
    }
    return HttpResponse(engines["django"].from_string(PAGE.read_text()).render(context, request))


@login_not_required
def refused(request):
    raise PermissionDenied


@login_not_required
def broken(request):
    raise RuntimeError("a fault made on purpose")


@login_not_required
def kept(request):
    return HttpResponse("kept: " + request.POST.get("what_happened", ""))


@login_not_required
def away(request):
    return errors.unavailable(request)


urlpatterns = [
    path("parts/", parts),
    path("refused/", refused),
    path("broken/", broken),
    path("kept/", kept),
    path("away/", away),
    *real,
]
