from django.urls import path

from cycles.lessons import views

urlpatterns = [
    path("lessons/", views.lesson_list, name="lessons"),
    path("cycles/<int:pk>/lessons/new/", views.lesson_new, name="lesson_new"),
    path("lessons/<int:pk>/", views.lesson, name="lesson"),
    path("lessons/<int:pk>/offer/", views.lesson_offer, name="lesson_offer"),
    path("lessons/<int:pk>/reply/", views.lesson_reply, name="lesson_reply"),
    path("lessons/<int:pk>/embed/", views.lesson_embed, name="lesson_embed"),
]
