from django.urls import path

from debriefs.calendars import views

urlpatterns = [
    path("debriefs/calendar/", views.calendars, name="calendars"),
    path("debriefs/calendar/<int:pk>/end/", views.revoke, name="revoke_feed"),
    path("calendar/<str:token>.ics", views.feed, name="feed"),
]
