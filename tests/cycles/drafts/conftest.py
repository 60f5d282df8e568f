from types import SimpleNamespace

import pytest
from django.urls import reverse

from cycles.models import Answer, Confirmation, Guide, Question
from debriefs.models import Debrief
from tests import factories as f


@pytest.fixture
def kept(request, here):
    """One of the forms: its page, where it sends what is typed, its first box, and what sending makes."""
    if request.param == "look":
        guide = Guide.objects.create(kind="principle", text="Listen first", cycle=here.cycle, by=here.worker)
        found = ("cycles:confirm", "cycles:confirm_draft", [here.core.pk], f"lived-{guide.pk}", Confirmation)
    elif request.param == "paper":
        found = ("debriefs:paper_enter", "debriefs:paper_draft", [], "now", Debrief)
    else:
        cycle = here.cycle
        if request.param == "life":
            cycle = f.LearningCycleFactory(team=here.core, scale="person")
            f.CaseFactory(cycle=cycle, team=here.core, worker=here.worker)
        box = f"q{Question.objects.get(key='understand.factors').pk}-text"
        found = ("cycles:cycle_question_set", "cycles:cycle_question_draft", [cycle.pk, "understand"], box, Answer)
    page, draft, where, box, model = found
    return SimpleNamespace(
        page=reverse(page, args=where), draft=reverse(draft, args=where), box=box, count=model.objects.count
    )
