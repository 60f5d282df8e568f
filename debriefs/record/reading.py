"""A debrief as it is read: the words in their bands, what came of it, and what changed since."""

from itertools import groupby

from django.db.models import Count, Exists, OuterRef

from cycles.stories.models import Story
from debriefs.record.models import Debrief, DebriefAnswer, FollowUp, Produced
from debriefs.record.notes import BAND_WORDS, BELIEF, name_of, questions_for
from debriefs.tags.permissions import can_tag
from debriefs.threads.queries import threads_of
from issues.log.models import Issue, IssueStep, Response


def bands_of(debrief, user):
    """[(band, [(question, answers)])] in the order of the sandwich; prompts that nobody answered are left out."""
    went_on = Produced.objects.filter(contribution=OuterRef("contribution"), question=OuterRef("question"))
    answers = (
        DebriefAnswer.objects.visible_to(user)
        .filter(debrief=debrief)
        .select_related("contribution")
        .annotate(went_on=Exists(went_on))
        .prefetch_related("guide_tags__guide")
    )
    answers, said = list(answers), {}
    threads = threads_of(debrief, user, answers)
    for answer in answers:
        answer.debrief = debrief
        answer.threads = threads.get(answer.pk, [])
        answer.may_tag = is_heard(debrief) and can_tag(user, answer)
        said.setdefault(answer.question_id, []).append(answer)
    bands = []
    for question in questions_for(debrief):
        words = list(debrief.belief_notes.all()) if name_of(question) == BELIEF else said.get(question.pk, [])
        if not words:
            continue
        if not bands or bands[-1]["key"] != question.layer:
            title, gloss = BAND_WORDS[question.layer]
            bands.append({"key": question.layer, "title": title, "gloss": gloss, "prompts": []})
        bands[-1]["prompts"].append({"question": question, "answers": words})
    return bands


def follow_ups_of(debrief, user):
    """[(audience's word, follow-ups)]."""
    order = {audience.value: n for n, audience in enumerate(FollowUp.Audience)}
    rows = sorted(
        FollowUp.objects.visible_to(user).filter(debrief=debrief).select_related("owner", "produced"),
        key=lambda f: (order[f.audience], f.pk),
    )
    return [(FollowUp.Audience(key).label, list(some)) for key, some in groupby(rows, key=lambda f: f.audience)]


def outcomes_of(debrief, user):
    """What came of it: issues with what happened to each since, lessons, and how many answered each measure."""
    made = list(
        Produced.objects.visible_to(user)
        .filter(debrief=debrief)
        .select_related("sighting__issue", "lesson", "reading__measure", "story")
    )
    mine = Story.objects.visible_to(user).filter(pk__in=[row.story_id for row in made if row.story_id])
    sightings = [row.sighting for row in made if row.sighting_id]
    # Its own team can always see an issue it raised; the rule is asked all the same.
    allowed = set(
        Issue.objects.visible_to(user).filter(pk__in=[s.issue_id for s in sightings]).values_list("pk", flat=True)
    )
    readings = Produced.objects.visible_to(user).filter(debrief=debrief, reading__isnull=False)
    return {
        "issues": [
            {"issue": s.issue, "is_new": s.issue.raised_on == s.on and s.issue.raised_by_id == s.by_id}
            for s in sightings
            if s.issue_id in allowed
        ],
        "lessons": [row.lesson for row in made if row.lesson_id],
        "stories": list(mine),
        "measures": list(
            readings.values("reading__measure__question").annotate(n=Count("pk")).order_by("reading__measure__question")
        ),
        "echoes": echoes(allowed, user, debrief),
    }


CHANGES = (IssueStep.What.DECIDED, IssueStep.What.SYSTEM_CHANGE, IssueStep.What.COUNTERMEASURE, IssueStep.What.CLOSED)


def echoes(issues, user, debrief):
    """The newest thing that changed on each issue since the debrief: [(issue, step)]."""
    steps = (
        IssueStep.objects.visible_to(user)
        .filter(issue__in=issues, what__in=CHANGES, at__date__gt=debrief.held_on or debrief.planned_for)
        .exclude(words="")
        .select_related("issue")
        .order_by("issue", "-at", "-pk")
        .distinct("issue")
    )
    in_place = Response.State.IN_PLACE
    return [{"step": step, "is_done": step.state == in_place or step.what == IssueStep.What.CLOSED} for step in steps]


def is_heard(debrief):
    """Whether there is anything to read."""
    return debrief.state in (Debrief.State.HELD, Debrief.State.WRITTEN_UP)
