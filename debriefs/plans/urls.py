from django.urls import path

from debriefs.plans import views

urlpatterns = [
    path("debriefs/plans/", views.plans, name="plans"),
    path("debriefs/plans/new/", views.new_plan, name="new_plan"),
    path("debriefs/plans/<int:pk>/", views.plan, name="plan"),
    path("debriefs/plans/<int:pk>/day-off/", views.day_off, name="day_off"),
    path("debriefs/<int:pk>/recorder/", views.take_turn, name="take_turn"),
    path("debriefs/plans/<int:pk>/pause/", views.pause, name="pause_plan"),
]
