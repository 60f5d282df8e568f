from django.urls import path

from cycles.measures import views

urlpatterns = [
    path("measures/", views.measure_list, name="measures"),
    path("cycles/<int:pk>/measures/new/", views.measure_new, name="measure_new"),
    path("measures/<int:pk>/purpose/", views.measure_serves, name="measure_serves"),
    path("measures/<int:pk>/", views.measure, name="measure"),
    path("measures/<int:pk>/readings/new/", views.reading_new, name="reading_new"),
    path("readings/<int:pk>/correct/", views.reading_correct, name="reading_correct"),
]
