from django.urls import path

from debriefs.follow_ups import views

urlpatterns = [
    path("debriefs/follow-ups/", views.follow_ups, name="follow_ups"),
    path("debriefs/follow-ups/<int:pk>/arrange/", views.arrange, name="arrange"),
    path("debriefs/follow-ups/<int:pk>/not-doing/", views.decline, name="decline"),
]
