from django.urls import path

from cycles.experiments import portfolio, views

# The page of an experiment and the crossing of a limit know debriefs and issues: hls/pages hangs them here.
urlpatterns = [
    path("experiments/", portfolio.experiments, name="experiments"),
    path("cycles/<int:pk>/experiments/", portfolio.cycle_experiments, name="cycle_experiments"),
    path("cycles/<int:pk>/experiments/new/", views.experiment_new, name="experiment_new"),
    path("cycles/<int:pk>/experiments/new/draft/", views.experiment_new_draft, name="experiment_new_draft"),
    path("experiments/<int:pk>/edit/", views.experiment_edit, name="experiment_edit"),
    path("experiments/<int:pk>/start/", views.experiment_start, name="experiment_start"),
    path("experiments/<int:pk>/next/", views.experiment_next, name="experiment_next"),
    path("experiments/<int:pk>/go-on/", views.experiment_resume, name="experiment_resume"),
    path("experiments/<int:pk>/limits/new/", views.limit_new, name="limit_new"),
    path("experiments/<int:pk>/lives/", views.experiment_take_in, name="experiment_take_in"),
    path("experiments/limits/<int:pk>/lift/", views.limit_lift, name="limit_lift"),
]
