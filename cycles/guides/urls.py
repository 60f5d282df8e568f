from django.urls import path

from cycles.guides import views

urlpatterns = [
    path("cycles/<int:pk>/guides/", views.guides, name="guides"),
    path("guides/<int:pk>/retire/", views.guide_retire, name="guide_retire"),
]
