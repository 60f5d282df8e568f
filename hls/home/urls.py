from django.urls import path

from hls.home import views

urlpatterns = [
    path("today/", views.today, name="today"),
    path("today/notices/seen/", views.notices_seen, name="notices_seen"),
]
