from django.urls import path

from hls.statements import views

urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("who-sees-what/", views.who_sees_what, name="who_sees_what"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("offline/", views.offline, name="offline"),
]
