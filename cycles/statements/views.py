from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cycles.asking import ask, number
from cycles.drafts.pages import Kept
from cycles.stack.models import LearningCycle
from cycles.stack.permissions import can_change
from cycles.stack.views import about, cycle_to_change
from cycles.statements import actions, forms
from cycles.statements.models import Evidence, Statement
from cycles.statements.permissions import can_take_back
from cycles.statements.weighing import weigh

WITH_CYCLE = ("cycle__team", "cycle__steward", "cycle__case__worker", "experiment")


def find_statement(request, pk):
    return get_object_or_404(Statement.objects.visible_to(request.user).select_related(*WITH_CYCLE, "by"), pk=pk)


def statement_to_change(request, pk):
    statement = find_statement(request, pk)
    if not can_change(request.user, statement.cycle):
        raise PermissionDenied
    return statement


def about_statement(statement):
    return about(statement.cycle) | {"back": statement.get_absolute_url(), "back_label": "What we think we learned"}


@require_safe
def statement_list(request, pk):
    """All that a cycle thinks it learned; what is open again comes first."""
    cycle = get_object_or_404(LearningCycle.objects.shared_with(request.user).select_related("team"), pk=pk)
    found = Statement.objects.filter(cycle=cycle).in_order().select_related("experiment")
    page = {
        "cycle": cycle,
        "statements": weigh(found, request.user),
        "can_change": can_change(request.user, cycle),
        **about(cycle),
    }
    return TemplateResponse(request, "cycles/statements/list.html", page)


def statement_new(request, pk):
    cycle = cycle_to_change(request, pk)
    kept = _kept(request, cycle)
    first = {"experiment": number(request.GET.get("experiment", "")) or None} | kept.words
    return ask(
        request,
        forms.NewStatementForm(request.POST or None, cycle=cycle, initial=first),
        lambda said: actions.say(cycle=cycle, by=request.user, **said),
        title="Say what you think you learned",
        lede="Held lightly: what speaks for it and against it comes beside it, and it may open again.",
        button="Say it",
        said="Said. Now put beside it what speaks for it, and what speaks against it.",
        kept=kept,
        **about(cycle),
    )


@require_POST
def statement_new_draft(request, pk):
    """What the page sends by itself as someone types."""
    return _kept(request, cycle_to_change(request, pk)).typed()


def _kept(request, cycle):
    return Kept(
        request,
        f"statement-{cycle.pk}",
        called="What we think we learned",
        url=reverse("cycles:statement_new_draft", args=[cycle.pk]),
        page=reverse("cycles:statement_new", args=[cycle.pk]),
        back=about(cycle)["back"],
        cycle=cycle,
    )


def statement_edit(request, pk):
    statement = statement_to_change(request, pk)
    return ask(
        request,
        forms.EditStatementForm.of(statement, request.POST or None, cycle=statement.cycle),
        lambda said: actions.say_anew(statement=statement, by=request.user, **said),
        title="Say it anew",
        lede="How it was said before is kept.",
        said="Said anew.",
        **about_statement(statement),
    )


def evidence_new(request, pk):
    statement = statement_to_change(request, pk)
    side = request.GET.get("side", "")
    form = forms.EvidenceForm(request.POST or None, statement=statement, user=request.user, initial={"side": side})
    return ask(
        request,
        form,
        lambda said: actions.add_evidence(statement=statement, by=request.user, **said) and statement,
        title="Put something beside it",
        lede=statement.text,
        button="Add it",
        said="Added.",
        note="A story or an answer keeps its own readers: nobody sees more of it here than there.",
        **about_statement(statement),
    )


@require_POST
def evidence_take_back(request, pk):
    found = Evidence.objects.visible_to(request.user).select_related("statement__cycle__team")
    evidence = get_object_or_404(found, pk=pk)
    if not can_take_back(request.user, evidence):
        raise PermissionDenied
    actions.take_back(evidence=evidence)
    messages.success(request, "Taken back.")
    return redirect(evidence.statement)


def statement_reopen(request, pk):
    statement = statement_to_change(request, pk)
    return ask(
        request,
        forms.WhyForm(request.POST or None),
        lambda said: actions.reopen(statement=statement, by=request.user, **said),
        title="Open it again",
        lede=statement.text,
        button="Open it again",
        said="It is open again.",
        **about_statement(statement),
    )


def statement_settle(request, pk):
    statement = statement_to_change(request, pk)
    return ask(
        request,
        forms.SettleForm(request.POST or None),
        lambda said: actions.settle(statement=statement, by=request.user, **said),
        title="Where did the talk lead?",
        lede=statement.text,
        button="Record it",
        said="Recorded.",
        **about_statement(statement),
    )
