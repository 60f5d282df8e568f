from django.urls import path

from cycles.experiments import views

urlpatterns = [
    path("cycles/<int:pk>/experiments/new/", views.experiment_new, name="experiment_new"),
    path("experiments/<int:pk>/", views.experiment, name="experiment"),
    path("experiments/<int:pk>/edit/", views.experiment_edit, name="experiment_edit"),
    path("experiments/<int:pk>/start/", views.experiment_start, name="experiment_start"),
    path("experiments/<int:pk>/next/", views.experiment_next, name="experiment_next"),
]
