from django.urls import path

from issues.tracks import views

urlpatterns = [
    path("issues/<slug:ref>/upkeep/", views.upkeep, name="upkeep"),
]
