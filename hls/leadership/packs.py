"""The facts of one pack, as they stand on the day: an agenda for a talk, frozen as plain JSON.

Story first, then what is asked, then figures. The same functions feed the overview (hls.leadership.facts).
"""

from cycles.questions.models import Question
from hls.leadership.facts import asks, counts, learning

MOST_ASKED, MOST_LISTED, MOST_CHANGED, MOST_PROMISED, MOST_DECIDED, MOST_LESSONS, MOST_QUESTIONS = 3, 5, 3, 4, 4, 3, 4


def collect(summary, today):
    """Everything a pack says, for one leadership group."""
    team = summary.team
    place = learning.learning(team.place_id)
    waiting = [asks.ask_fact(move, today) for move in asks.first_asked(place.pk, MOST_LISTED)]
    waits = counts.waits(place.pk, today)
    return {
        "place": place.name,
        "group": team.name,
        "meets": _long_day(team.next_meeting_on) if team.next_meeting_on and team.next_meeting_on >= today else "",
        "built": _long_day(today),
        "period": summary.period_words,
        "around": learning.around_words(place),
        "purpose": place.purpose or "",
        "story": learning.first_story(place),
        "asked": waiting[:MOST_ASKED],
        "waiting": waiting,
        "flow": counts.flow(place.pk).as_facts(),
        "waits": waits,
        "middle_wait": counts.middle_wait(waits),
        "measures": learning.measure_facts(place),
        "changed": [asks.change_fact(r, today) for r in asks.new_normals(place, MOST_CHANGED)],
        "promised": [asks.change_fact(r, today) for r in asks.promised(place, MOST_PROMISED)],
        "decided": _decided(place, summary, today),
        "lessons": [asks.lesson_fact(x, today) for x in asks.lessons_awaiting_reply(place.pk)[:MOST_LESSONS]],
        "questions": _questions(place.pk),
    }


def _questions(place):
    asked = Question.objects.in_set("governing", place).worded(place).filter(is_asked=True)
    return list(asked.values_list("asked", flat=True)[:MOST_QUESTIONS])


def _decided(place, summary, today):
    rows = asks.decisions(place.pk).filter(decided_on__range=(summary.period_start, summary.period_end))[:MOST_DECIDED]
    return [asks.decision_fact(row, today) for row in rows]


def _long_day(on):
    return f"{on:%A} {on.day} {on:%B %Y}"
