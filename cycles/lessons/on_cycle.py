"""What the page of a cycle shows of its lessons, and of those that wait for its answer."""

from cycles.lessons.models import Lesson
from cycles.lessons.passed import queue_of

SHOWN = 3


def on_cycle(user, cycle):
    waiting = queue_of(user, cycle).count()
    return {
        "lessons": Lesson.objects.filter(cycle=cycle)[:SHOWN],
        "lessons_waiting": f"{waiting} lessons wait" if waiting > 1 else "A lesson waits" if waiting else "",
    }
