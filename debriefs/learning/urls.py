from django.urls import path

from debriefs.learning import views

urlpatterns = [path("debriefs/answers/<int:pk>/learned/", views.speak, name="speak")]
