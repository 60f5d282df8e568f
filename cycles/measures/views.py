from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cycles.asking import ask, number
from cycles.lives.modes import mode_split
from cycles.measures import actions, forms
from cycles.measures.drawing import behind, period, picture, said
from cycles.measures.models import Measure, Reading
from cycles.questions.models import Question
from cycles.stack.models import Scale
from cycles.stack.permissions import can_change
from cycles.stack.serving import serving
from cycles.stack.views import about, cycle_to_change
from cycles.stories.models import Story


def measure_to_change(request, pk):
    measure = get_object_or_404(
        Measure.objects.visible_to(request.user).select_related("cycle__team", "experiment"), pk=pk
    )
    if not can_change(request.user, measure.cycle):
        raise PermissionDenied
    return measure


def about_measure(measure):
    return about(measure.cycle) | {"back": measure.get_absolute_url(), "back_label": measure.question}


@require_safe
def measure_list(request):
    """Questions by lens, effective first, narrowed by theme and audience; those of a single life stay with it."""
    asked = {name: request.GET.get(name, "") for name in ("theme", "audience")}
    found = Measure.objects.visible_to(request.user).exclude(cycle__scale=Scale.PERSON).filter(retired_on=None)
    found = found.filter(**{name: value for name, value in asked.items() if value})
    measures = found.select_related("cycle", "experiment").prefetch_related("readings__corrected_by")
    for measure in measures:
        standing = [r for r in measure.readings.all() if not hasattr(r, "corrected_by")]
        measure.newest = _line(standing[-1]) if standing else None
    groups = [
        (Measure.Lens(lens).label, list(rows)) for lens, rows in groupby(measures, key=lambda measure: measure.lens)
    ]
    page = {
        "groups": groups,
        "central": _central(asked, request.acting and request.acting.place_id),
        "is_filtered": any(asked.values()),
        **mode_split(request.user),
    }
    return TemplateResponse(request, "cycles/measures/list.html", page)


def _central(asked, place):
    """Four themes by two audiences: each of the eight stock questions opens the questions asked for it."""
    stock = {question.key: question.asked for question in Question.objects.in_set("central", place).worded(place)}
    rows = []
    for theme in Measure.Theme:
        cells = [
            {
                "audience": audience,
                "text": stock.get(f"c.{'lead' if audience == 'leaders' else 'team'}.{theme.value}", ""),
                "now": asked == {"theme": theme.value, "audience": audience.value},
            }
            for audience in Measure.Audience
        ]
        if theme != Measure.Theme.UNSAID:
            rows.append({"theme": theme, "cells": cells})
    return rows


def _line(reading):
    """A reading as the page shows it; `corrected` where a later one put it right."""
    return {
        "reading": reading,
        "period": period(reading),
        "said": said(reading),
        "behind": behind(reading),
        "corrected": hasattr(reading, "corrected_by"),
        "corrects": said(reading.corrects) if reading.corrects else "",
    }


@require_safe
def measure(request, pk):
    shown = get_object_or_404(
        Measure.objects.visible_to(request.user).select_related("cycle__team", "experiment", "serves"), pk=pk
    )
    readings = list(shown.readings.select_related("corrected_by", "corrects"))
    standing = [reading for reading in readings if not hasattr(reading, "corrected_by")]
    page = {
        "measure": shown,
        "can_change": can_change(request.user, shown.cycle),
        "picture": picture(shown, standing),
        "lines": [_line(reading) for reading in reversed(readings)],
        **serving(shown),
        "story": Story.objects.visible_to(request.user).shared_with_place().filter(cycle=shown.cycle).first(),
        **about(shown.cycle),
    }
    return TemplateResponse(request, "cycles/measures/measure.html", page)


def measure_new(request, pk):
    cycle = cycle_to_change(request, pk)
    first = {"experiment": number(request.GET.get("experiment", "")) or None}
    return ask(
        request,
        forms.MeasureForm(request.POST or None, cycle=cycle, initial=first),
        lambda said: actions.ask_question(cycle=cycle, by=request.user, **said),
        title="Ask a question",
        lede="Measures are for learning. There are no targets, and nobody is scored.",
        button="Ask it",
        said="It can have its first answer now.",
        **about(cycle),
    )


def measure_serves(request, pk):
    shown = measure_to_change(request, pk)
    return ask(
        request,
        forms.ServesForm(request.POST or None, cycle=shown.cycle, initial={"serves": shown.serves_id}),
        lambda said: actions.serve(measure=shown, by=request.user, **said),
        title="Which purpose does it serve?",
        lede=shown.question,
        said="Saved.",
        **about_measure(shown),
    )


def reading_new(request, pk):
    shown = measure_to_change(request, pk)
    return ask(
        request,
        forms.ReadingForm(request.POST or None),
        lambda said: actions.add_reading(measure=shown, by=request.user, **said) and shown,
        title="Add an answer",
        lede=shown.question,
        button="Add it",
        said="Added.",
        **about_measure(shown),
    )


def reading_correct(request, pk):
    reading = get_object_or_404(Reading.objects.visible_to(request.user).select_related("measure__cycle__team"), pk=pk)
    shown = reading.measure
    if not can_change(request.user, shown.cycle):
        raise PermissionDenied
    initial = {name: getattr(reading, name) for name in forms.ReadingForm._meta.fields}
    return ask(
        request,
        forms.ReadingForm(request.POST or None, initial=initial),
        lambda said: actions.correct_reading(reading=reading, by=request.user, **said) and shown,
        title="Put it right",
        lede="The first one stays on the page, crossed with its correction.",
        button="Put it right",
        said="Put right.",
        **about_measure(shown),
    )
