from types import SimpleNamespace

import pytest
from django.urls import reverse

from cycles.models import Answer, Confirmation, Experiment, Guide, LearningCycle, Question, Statement, Story
from debriefs.models import Debrief
from issues.models import ForumCase, Issue
from tests import factories as f

CONSENT = {
    "reasons": ["home"],
    "blocked_by": "Two thresholds",
    "consent_given": "on",
    "consent_words": "Yes, tell them",
    "consent_on": "2026-01-05",
}
# Forms that make something new: page, where it sends what is typed, its box, what else it must have, what it makes.
NEW = {
    "start": ("cycles:start", None, "q", {"title": "Warm", "purpose": "Warm homes", "scale": "team"}, LearningCycle),
    "cycle": ("cycles:new", None, "purpose", {"title": "Warm homes", "scale": "team"}, LearningCycle),
    "issue": ("issues:new", None, "description", {}, Issue),
    "card": ("cycles:experiment_new", "cycle", "actions", {"question": "What if", "title": "Ask"}, Experiment),
    "statement": ("cycles:statement_new", "cycle", "text", {"sure": "hunch"}, Statement),
    "story": ("cycles:story_new", "cycle", "body", {"title": "She was asked"}, Story),
    "forum": ("issues:forum_bring", "case", "why", CONSENT, ForumCase),
    "life story": ("cycles:person_story_new", "case", "body", {"title": "She was asked"}, Story),
}


@pytest.fixture
def kept(request, here):
    """One of the forms: its page, where it sends what is typed, its first box, and what sending makes."""
    more, cycle = {}, here.cycle
    if request.param in ("life", "life story", "forum"):
        cycle = f.LearningCycleFactory(team=here.core, scale="person")
        here.case = f.CaseFactory(cycle=cycle, team=here.core, worker=here.worker)
    if request.param == "forum":
        f.ForumFactory(place=here.place)
    if request.param in NEW:
        page, about, box, more, model = NEW[request.param]
        where = [getattr(here, about).pk] if about else []
        if box == "q":
            box = f"q{Question.objects.filter(set='start').first().pk}-text"
        if "scale" in more:
            more = more | {"team": here.core.pk}
        found = (page, f"{page}_draft", where, box, model)
    elif request.param == "look":
        guide = Guide.objects.create(kind="principle", text="Listen first", cycle=here.cycle, by=here.worker)
        found = ("cycles:confirm", "cycles:confirm_draft", [here.core.pk], f"lived-{guide.pk}", Confirmation)
    elif request.param == "paper":
        found = ("debriefs:paper_enter", "debriefs:paper_draft", [], "now", Debrief)
    else:
        box = f"q{Question.objects.get(key='understand.factors').pk}-text"
        found = ("cycles:cycle_question_set", "cycles:cycle_question_draft", [cycle.pk, "understand"], box, Answer)
    page, draft, where, box, model = found
    before = model.objects.count()
    return SimpleNamespace(
        page=reverse(page, args=where),
        draft=reverse(draft, args=where),
        box=box,
        more=more,
        count=lambda: model.objects.count() - before,
    )
