from django.urls import path

from hls.leadership import views

urlpatterns = [
    path("overview/", views.overview, name="overview"),
    path("decisions/", views.decisions, name="decisions"),
    path("summaries/", views.summaries, name="summaries"),
    path("summaries/schedule/<int:team>/", views.summary_schedule, name="summary_schedule"),
    path("summaries/<int:pk>/", views.summary, name="summary"),
    path("summaries/<int:pk>.pdf", views.summary_pdf, name="summary_pdf"),
    path("summaries/<int:pk>/again/", views.summary_again, name="summary_again"),
    path("summaries/<int:pk>/discussed/", views.summary_discussed, name="summary_discussed"),
]
