from django.urls import path

from issues.barriers import views

urlpatterns = [path("answers/<int:pk>/issue/", views.raise_from_answer, name="from_answer")]
