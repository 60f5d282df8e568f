from django.urls import path

from issues.tries import views

urlpatterns = [path("issues/<slug:ref>/experiment/", views.start, name="try")]
