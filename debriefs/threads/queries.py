"""The threads, read from either end: what a sentence became, and the sentence behind a thing. The team's own, both."""

from dataclasses import dataclass

from django.db.models import Q

from cycles.lessons.models import Lesson
from cycles.measures.models import Measure
from cycles.stories.models import Story
from debriefs.record.models import Produced
from issues.log.models import Issue


@dataclass
class Thread:
    """One thing made of a sentence. `url` is empty where the reader may not open it."""

    key: str
    kind: str
    name: str
    url: str
    words: str


def threads_of(debrief, user, answers):
    """{answer: [Thread]} of these answers of a debrief, in five reads however many there are.

    What was made while its notes were still a draft belongs to the answer that its prompt then had.
    """
    of_prompt = {(answer.contribution_id, answer.question_id): answer.pk for answer in answers}
    rows = list(
        Produced.objects.visible_to(user)
        .filter(Q(answer__isnull=False) | Q(question__isnull=False), debrief=debrief)
        .select_related("sighting__issue__place", "lesson", "reading__measure", "story", "follow_up")
    )
    seen = _seen(user, rows) if rows else {}
    found = {}
    for row in rows:
        answer = row.answer_id or of_prompt.get((row.contribution_id, row.question_id))
        found.setdefault(answer, []).append(_thread(row, seen))
    return found


def _seen(user, rows):
    """What of it this reader may open, each by its own room's rule."""
    wanted = {
        Issue: {row.sighting.issue_id for row in rows if row.sighting_id},
        Lesson: {row.lesson_id for row in rows if row.lesson_id},
        Measure: {row.reading.measure_id for row in rows if row.reading_id},
        Story: {row.story_id for row in rows if row.story_id},
    }
    return {
        model: set(model.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
        for model, keys in wanted.items()
    }


def _thread(row, seen):
    if row.follow_up_id:
        url = f"#follow-up-{row.follow_up_id}"
        return Thread(f"asked-{row.pk}", "Follow-up", row.follow_up.text, url, row.words)
    if row.sighting_id:
        thing, kind, name = row.sighting.issue, "Issue", row.sighting.issue.ref
        key = f"sighting-{row.sighting_id}"
    elif row.lesson_id:
        thing, kind, name, key = row.lesson, "Learning", "", f"lesson-{row.lesson_id}"
    elif row.reading_id:
        thing, kind, name = row.reading.measure, "Reading", row.reading.measure.question
        key = f"reading-{row.reading_id}"
    else:
        thing, kind, name, key = row.story, "Story", row.story.title, f"story-{row.story_id}"
    if thing.pk not in seen[type(thing)]:
        return Thread(key, kind, "", "", row.words)  # a draft story is its writer's alone
    return Thread(key, kind, name, thing.get_absolute_url(), row.words)


def words_behind(user, **thing):
    """The sentences that one thing was made from, for the people of their team: [Produced], one read.

    `thing` is one of story=, lesson=, measure=.
    """
    if measure := thing.pop("measure", None):
        thing["reading__measure"] = measure
    return list(
        Produced.objects.visible_to(user)
        .filter(~Q(words=""), answer__isnull=False, **thing)
        .select_related("debrief__team")
        .order_by("-at")[:40]
    )
