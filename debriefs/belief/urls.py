from django.urls import path

from debriefs.belief import views

urlpatterns = [path("debriefs/<int:pk>/belief/", views.belief, name="belief")]
