from django.urls import path

from cycles.questions import place_views, views
from cycles.questions.which import CYCLE, EXPERIMENT, TEAM

WHERE = {CYCLE: "cycles", EXPERIMENT: "experiments", TEAM: "teams"}


def for_each(rest, view, name):
    """The same page for a cycle, an experiment and a team, each under its own address and name."""
    return [
        path(f"{where}/<int:pk>/questions/{rest}", view, {"kind": kind}, name=f"{kind}_{name}")
        for kind, where in WHERE.items()
    ]


# A set, and one question over time, show the issues beside the answers: their addresses are in hls/pages/urls.py.
urlpatterns = [
    path("cycles/start/", views.start, name="start"),
    path("cycles/start/draft/", views.start_draft, name="start_draft"),
    *for_each("", views.index, "questions"),
    *for_each("<slug:name>/draft/", views.set_draft, "question_draft"),
    *for_each("<slug:name>/paper/", views.paper, "question_paper"),
    *for_each("<slug:name>/between/", views.compare, "questions_between"),
    path("cycles/<int:pk>/questions/<slug:name>/rhythm/", views.rhythm, name="rhythm"),
    path("questions/behaviours/", views.behaviours, name="behaviours"),
    path("answers/<int:pk>/back/", views.answer_back, name="answer_back"),
    path("place/questions/", place_views.questions, name="place_questions"),
    path("place/questions/new/", place_views.question_new, name="place_question_new"),
    path("place/questions/<str:key>/", place_views.question, name="place_question"),
    path("place/questions/<str:key>/original/", place_views.question_original, name="place_question_original"),
    path("place/questions/<str:key>/ask/", place_views.question_ask, name="place_question_ask"),
]
