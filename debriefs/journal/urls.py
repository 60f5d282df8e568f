from django.urls import path

from debriefs.journal import views

urlpatterns = [
    path("debriefs/journal/", views.journal, name="journal"),
    path("debriefs/journal/found/", views.found, name="found"),
    path("debriefs/journal/thread/", views.theme, name="thread"),
]
