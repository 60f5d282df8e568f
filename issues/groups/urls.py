from django.urls import path

from issues.groups import triage, views

urlpatterns = [
    path("triage/", triage.triage, name="triage"),
    path("groups/", views.group_list, name="groups"),
    path("groups/<slug:slug>/", views.group_page, name="group"),
    path("issues/<slug:ref>/answer/", views.answer, name="answer"),
]
