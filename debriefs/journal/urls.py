from django.urls import path

from debriefs.journal import views

urlpatterns = [
    path("debriefs/journal/", views.journal, name="journal"),
    path("debriefs/journal/thread/", views.theme, name="thread"),
]
