from django.urls import path

from debriefs.paper import views

urlpatterns = [
    path("debriefs/paper/", views.sheet, name="paper"),
    path("debriefs/<int:pk>/paper/", views.sheet, name="paper_of"),
    path("debriefs/paper/enter/", views.enter, name="paper_enter"),
    path("debriefs/paper/draft/", views.draft, name="paper_draft"),
]
