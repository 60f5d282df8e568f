from django.urls import path

from issues.between import views

urlpatterns = [
    path("issues/<slug:ref>/ask/", views.ask_back, name="ask_back"),
    path("issues/<slug:ref>/questions/<int:pk>/", views.answer_back, name="answer_back"),
    path("issues/<slug:ref>/split/", views.split, name="split"),
]
