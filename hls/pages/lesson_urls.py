"""Addresses of lessons that need the debriefs which fed them or the issues that came of them."""

from django.urls import path

from hls.pages import lesson, trace

of_lessons = [
    path("lessons/<int:pk>/", lesson.lesson, name="lesson"),
    path("lessons/<int:pk>/embed/", lesson.lesson_embed, name="lesson_embed"),
    path("lessons/<int:pk>/seen/", lesson.lesson_seen, name="lesson_seen"),
    path("lessons/<int:pk>/issue/", lesson.lesson_issue, name="lesson_issue"),
    path("lessons/<int:pk>/trace/", trace.lesson_trace, name="lesson_trace"),
    path("lessons/offers/<int:pk>/", lesson.offer, name="offer"),
    path("lessons/offers/<int:pk>/reply/", lesson.offer_reply, name="offer_reply"),
    path("lessons/offers/<int:pk>/embed/", lesson.offer_embed, name="offer_embed"),
    path("lessons/offers/<int:pk>/trace/", trace.offer_trace, name="offer_trace"),
    path("issues/<str:ref>/trace/", trace.issue_trace, name="issue_trace"),
    path("debriefs/notes/<int:pk>/trace/", trace.note_trace, name="note_trace"),
]
