from django.urls import path

from cycles.measures import views

# The page of one question shows the sentences its answers came from: its address is in hls/pages/urls.py.
urlpatterns = [
    path("measures/", views.measure_list, name="measures"),
    path("cycles/<int:pk>/measures/new/", views.measure_new, name="measure_new"),
    path("measures/<int:pk>/purpose/", views.measure_serves, name="measure_serves"),
    path("measures/<int:pk>/readings/new/", views.reading_new, name="reading_new"),
    path("readings/<int:pk>/correct/", views.reading_correct, name="reading_correct"),
]
