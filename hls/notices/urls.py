from django.urls import path

from hls.notices import views

urlpatterns = [
    path("notices/failed/", views.failed, name="notices_failed"),
    path("notices/failed/again/", views.try_again, name="notices_try_again"),
]
