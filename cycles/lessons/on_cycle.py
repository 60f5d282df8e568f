"""What the page of a cycle shows of its lessons."""

from cycles.lessons.models import Lesson


def on_cycle(user, cycle):
    return {"lessons": Lesson.objects.filter(cycle=cycle)[:3]}
