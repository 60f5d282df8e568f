from django.urls import path

from debriefs.threads import views

urlpatterns = [
    path("debriefs/<int:pk>/sort/", views.sort, name="sort"),
    path("debriefs/answers/<int:pk>/make/", views.make, name="make"),
]
