"""Pages that show several floors under one room's name; hls/urls.py hangs them in that room's list."""

from django.urls import path

from cycles.questions.urls import for_each
from debriefs.confirm.views import confirm
from hls.governing.urls import of_cycles as governing
from hls.pages.cycle import cycle
from hls.pages.experiment import experiment, limit_crossed
from hls.pages.guide import guide
from hls.pages.joined import joined
from hls.pages.lesson_urls import of_lessons
from hls.pages.life import person
from hls.pages.partnership import partnership
from hls.pages.pattern import patterns
from hls.pages.questions import question_history, question_set
from hls.pages.said import measure, story
from hls.pages.stack import stack
from hls.pages.statement import statement

of_cycles = [
    *governing,
    path("cycles/patterns/", patterns, name="patterns"),
    path("cycles/stack/", stack, name="stack"),
    path("cycles/<int:pk>/", cycle, name="cycle"),
    path("cycles/<int:pk>/joined/", joined, name="joined"),
    path("partnerships/<int:pk>/", partnership, name="partnership"),
    path("experiments/<int:pk>/", experiment, name="experiment"),
    path("experiments/limits/<int:pk>/crossed/", limit_crossed, name="limit_crossed"),
    path("learned/<int:pk>/", statement, name="statement"),
    path("guides/<int:pk>/", guide, name="guide"),
    path("teams/<int:pk>/confirm/", confirm, name="confirm"),
    path("stories/<int:pk>/", story, name="story"),
    path("measures/<int:pk>/", measure, name="measure"),
    path("people/<int:pk>/", person, name="person"),
    *for_each("<slug:name>/", question_set, "question_set"),
    *for_each("<str:key>/over-time/", question_history, "question_history"),
    *of_lessons,
]
